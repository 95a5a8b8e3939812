// Pictures of Plane and Samples, to be looked at: before, during and after a run, light and dark, large and
// small, with whatever can happen in them, into build/screenshots/ of the source tree. With $STILLROOM_DATA
// also over HumAID; those pictures show people's texts and stay where they are.
#include "tests/app/window_under_test.h"

#include "core/engine/engine.h"
#include "tests/app/made_up_data.h"
#include "tests/app/pictures.h"
#include "widgets/biography_panel.h"
#include "widgets/epoch_bar.h"
#include "widgets/plane_plot.h"
#include "widgets/projector.h"
#include "widgets/sample_filter_bar.h"
#include "widgets/sample_query.h"
#include "widgets/samples_table.h"

#include <QDir>
#include <QLineEdit>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

namespace {

const QSize Large(1440, 900), Small(1024, 700);

} // namespace

class LabScreenshotsTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;
    test::Pictures pictures_{QStringLiteral("lab-")};

    /// Workers have answered, and what was asked to be drawn later is drawn.
    static void settle(MainWindow& window) {
        for (int i = 0; i < 6; ++i)
            QTest::qWait(60);
        QVERIFY(QTest::qWaitFor([&] { return !window.samplesView()->query()->busy(); }, 20'000));
        QTest::qWait(60);
    }

    void shoot(MainWindow& window, const QString& name) {
        settle(window);
        pictures_.save(window, name, 1);
    }

    void shootAll(MainWindow& window, const QString& name) {
        pictures_.inEveryLook(window, {Large, Small},
                              [&](const QString& look) { shoot(window, name + u'-' + look); });
        applyTheme(ThemeMode::Light);
        window.resize(Large);
    }

    /// Both tabs.
    void shootTabs(MainWindow& window, const QString& name) {
        window.tabs()->setCurrentWidget(window.planeView());
        shootAll(window, name + QStringLiteral("-plane"));
        window.tabs()->setCurrentWidget(window.samplesView());
        shootAll(window, name + QStringLiteral("-samples"));
    }

    static void dragLine(MainWindow& window, ThresholdSide side, QPoint way) {
        auto* plot = window.planeView()->plot();
        const auto grip = plot->gripOf(side);
        QVERIFY(grip.has_value());
        const QPoint from = grip->toPoint();
        QTest::mousePress(plot, Qt::LeftButton, {}, from);
        for (int step = 1; step <= 4; ++step)
            QTest::mouseMove(plot, from + way * step / 4);
        QTest::mouseRelease(plot, Qt::LeftButton, {}, from + way);
    }

    std::unique_ptr<MainWindow> makeWindow(const QString& dataRoot = {}) {
        RunPlaces places;
        places.dataRoot = dataRoot;
        places.runsFolder = scratch_.filePath("runs");
        auto window = std::make_unique<MainWindow>(places);
        window->resize(Large);
        window->show();
        window->settings()->showPage(PageId::Selection);
        return window;
    }

    static bool waitFor(MainWindow& window, RunState state, int milliseconds = 120'000) {
        return QTest::qWaitFor([&] { return window.controller()->state() == state; }, milliseconds);
    }

    QString experiment(int epochs) {
        const QString data = scratch_.filePath("tweets.csv"), yaml = scratch_.filePath("made-up.yaml");
        if (!QFile::exists(data) && !test::writeData(data, 12'000))
            return {};
        QFile file(yaml);
        if (!file.open(QIODevice::WriteOnly))
            return {};
        const std::string text = test::experimentYaml(data, epochs);
        file.write(text.data(), static_cast<qint64>(text.size()));
        return yaml;
    }

    void afterARun(MainWindow& window, const QString& name) {
        shootTabs(window, name + QStringLiteral("-after"));
        // A class of one's own, another colour, another threshold.
        window.tabs()->setCurrentWidget(window.planeView());
        dragLine(window, ThresholdSide::Student, {0, -40});
        dragLine(window, ThresholdSide::Teacher, {-30, 0});
        shootAll(window, name + QStringLiteral("-dragged"));
        window.lab()->forget();
        window.lab()->chooseClass(3);
        window.planeView()->plot()->setColour(PlanePlot::Colour::Right);
        settle(window);
        dragLine(window, ThresholdSide::Student, {0, -30});
        shootAll(window, name + QStringLiteral("-class"));
        window.lab()->forget();
        window.lab()->chooseClass(LabModel::AllClasses);
        window.lab()->look(2);
        auto* plot = window.planeView()->plot();
        const QPoint from = plot->pixelOf(0.8, 0.3).toPoint(), to = plot->pixelOf(0.93, 0.12).toPoint();
        QTest::mousePress(plot, Qt::LeftButton, Qt::ShiftModifier, from);
        QTest::mouseMove(plot, (from + to) / 2);
        QTest::mouseMove(plot, to);
        QTest::mouseRelease(plot, Qt::LeftButton, Qt::ShiftModifier, to);
        shootAll(window, name + QStringLiteral("-brushed"));
        for (auto* button : window.planeView()->findChildren<QToolButton*>())
            if (button->text() == "show in Samples")
                button->click();
        settle(window);
        auto* table = window.samplesView()->table();
        QVERIFY(window.samplesView()->model()->rowCount() > 4);
        table->setCurrentIndex(table->model()->index(3, SampleCells::Text));
        QTest::qWait(400);
        shootAll(window, name + QStringLiteral("-life"));
        window.lab()->follow();
        SampleFilter filter;
        filter.show = SampleFilter::Show::Disagreement;
        window.samplesView()->list(filter);
        QTest::mouseClick(table->horizontalHeader()->viewport(), Qt::LeftButton, {},
                          QPoint(table->columnViewportPosition(SampleCells::Uncertainty) + 20, 10));
        shootAll(window, name + QStringLiteral("-disagreement"));
        setProjector(true);
        window.resize(1920, 1080);
        shoot(window, name + QStringLiteral("-projector-samples"));
        window.tabs()->setCurrentWidget(window.planeView());
        shoot(window, name + QStringLiteral("-projector-plane"));
        setProjector(false);
        window.resize(Large);
        shoot(window, name + QStringLiteral("-projector-off"));
        window.tabs()->setCurrentWidget(window.samplesView());
        filter = {};
        filter.text = "no text has these words";
        window.samplesView()->list(filter);
        shoot(window, name + QStringLiteral("-nothing-found"));
        window.samplesView()->list({});
    }

  private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
    }

    void beforeAnything() {
        auto window = makeWindow();
        shootTabs(*window, "empty");
    }

    void beforeARun() {
        auto window = makeWindow();
        window->openExperiment(experiment(12));
        QVERIFY(waitFor(*window, RunState::Ready));
        shootTabs(*window, "before");
        window->tabs()->setCurrentWidget(window->planeView());
        settle(*window);
        dragLine(*window, ThresholdSide::Teacher, {70, 0});
        shootAll(*window, "before-dragged");
        window->lab()->forget();
        window->document()->setAll("rule", {{"selection.rule", "random"}, {"selection.ratio", "0.2"}});
        shootAll(*window, "before-random");
        window->document()->undoStack()->setClean();
    }

    void duringAndAfterARun() {
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
        auto window = makeWindow();
        window->openExperiment(experiment(40));
        QVERIFY(waitFor(*window, RunState::Ready));
        window->tabs()->setCurrentWidget(window->planeView());
        window->controller()->run();
        QVERIFY(QTest::qWaitFor([&] { return window->lab()->epochs() >= 3; }, 60'000));
        window->controller()->pause();
        QVERIFY(waitFor(*window, RunState::Paused));
        shootTabs(*window, "during");
        window->controller()->run();
        QVERIFY(waitFor(*window, RunState::Finished));
        afterARun(*window, "made-up");
        window->document()->undoStack()->setClean();
    }

    void demo() {
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
        auto window = makeWindow();
        window->openExperiment("demo");
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto state = window->controller()->state();
                return state == RunState::Ready || state == RunState::Broken;
            },
            60'000));
        if (window->controller()->state() != RunState::Ready)
            QSKIP("WordNet is not installed (package wordnet-base)");
        window->controller()->run();
        QVERIFY(waitFor(*window, RunState::Finished, 300'000));
        afterARun(*window, "demo");
        window->document()->undoStack()->setClean();
    }

    void humaid() {
        const QString data = qEnvironmentVariable("STILLROOM_DATA");
        if (data.isEmpty() || !QDir(data).exists("humaid"))
            QSKIP("$STILLROOM_DATA names no folder with HumAID");
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
        auto window = makeWindow(data);
        window->openExperiment("humaid-llkd");
        QVERIFY(waitFor(*window, RunState::Ready));
        window->controller()->run();
        QVERIFY(waitFor(*window, RunState::Finished, 300'000));
        afterARun(*window, "humaid");
        window->document()->undoStack()->setClean();
    }
};

QTEST_MAIN(LabScreenshotsTest)
#include "lab_screenshots_test.moc"
