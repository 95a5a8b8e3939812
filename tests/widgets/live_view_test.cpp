// What a drain costs the window at ten thousand steps a second: model, figures, one plot drawn and painted.
#include "widgets/live_view.h"

#include "tests/widgets/synthetic_run.h"
#include "widgets/run_controller.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>
#include <QThread>
#include <algorithm>

using namespace stillroom;
using stillroom::test::SyntheticRun;

class LiveViewTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void aDrainIsCheap() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
        ExperimentDocument document;
        RunController controller(&document, {});
        LiveView view(&controller);
        view.resize(1080, 780);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        std::vector<std::string> names;
        for (int k = 0; k < 26; ++k)
            names.push_back("a class of which the name is long, " + std::to_string(k));
        SyntheticRun run(26, 64'000, 200); // 200,000 steps
        controller.live().begin("llkd", names);
        controller.live().apply(run.started());
        std::vector<double> costs; // of the moments in which there was something to do
        const auto measure = [&](auto work) {
            QElapsedTimer timer;
            timer.start();
            work();
            if (const double cost = static_cast<double>(timer.nsecsElapsed()) / 1e6; cost > 0.2)
                costs.push_back(cost);
        };
        while (run.step() < run.totalSteps()) {
            const auto steps = run.steps(666);
            measure([&] {
                controller.live().apply(steps);
                if (run.step() % 3000 < 666)
                    controller.live().apply(run.evaluation());
                Q_EMIT controller.drained();
            });
            QElapsedTimer period;
            period.start();
            while (period.elapsed() < 33) {
                measure([] {
                    QCoreApplication::processEvents();
                }); // the queued replot, the painting, the view's clock
                QThread::msleep(1);
            }
        }
        std::sort(costs.begin(), costs.end());
        const double median = costs[costs.size() / 2], p99 = costs[costs.size() * 99 / 100];
        qInfo("%zu pieces of work: p50 %.1f ms, p99 %.1f ms, worst %.1f ms", costs.size(), median, p99,
              costs.back());
        QVERIFY2(median < 15, "half of a frame at most, even in a debug build");
    }
};

QTEST_MAIN(LiveViewTest)
#include "live_view_test.moc"
