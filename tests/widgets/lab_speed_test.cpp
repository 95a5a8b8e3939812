// A million samples: the window goes on answering while they are counted, filtered, sorted, searched and
// scrolled. Prints what each takes.
#include "tests/widgets/made_lab.h"
#include "widgets/density_model.h"
#include "widgets/plane_plot.h"
#include "widgets/plane_view.h"
#include "widgets/sample_filter_bar.h"
#include "widgets/samples_table.h"
#include "widgets/samples_view.h"
#include "widgets/theme.h"
#include "widgets/what_if_model.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <algorithm>
#include <malloc.h>

using namespace stillroom;
using stillroom::test::MadeLab;

namespace {

constexpr int Rows = 1'000'000;
constexpr double WorstAllowed = 100; // ms between two looks of the event loop

/// The longest time for which the event loop looked at nothing.
class Watch : public QObject {
  public:
    Watch() {
        timer_.setTimerType(Qt::PreciseTimer);
        timer_.setInterval(4);
        connect(&timer_, &QTimer::timeout, this, [this] {
            worst_ = std::max(worst_, static_cast<double>(clock_.nsecsElapsed()) / 1e6);
            clock_.restart();
        });
        clock_.start();
        timer_.start();
    }
    double worst() {
        QTest::qWait(10);
        return worst_;
    }

  private:
    QTimer timer_;
    QElapsedTimer clock_;
    double worst_ = 0;
};

/// Bytes that were asked for and not given back.
double allocated() {
    const auto info = mallinfo2();
    return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

double at(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

} // namespace

class LabSpeedTest : public QObject {
    Q_OBJECT
  private:
    std::unique_ptr<MadeLab> made_;
    double before_ = 0; ///< bytes, with the data and the table of samples

    /// Bytes while both tabs show everything, in the midst of epoch 4, when most is held: this epoch, the one
    /// before, and both as one.
    static double heldBy(MadeLab& made, int rows) {
        PlaneView plane(&made.lab);
        SamplesView samples(&made.lab);
        for (auto* view : {static_cast<QWidget*>(&plane), static_cast<QWidget*>(&samples)}) {
            view->resize(1080, 760);
            view->show();
            if (!QTest::qWaitForWindowExposed(view))
                return -1;
        }
        made.tellEpoch(4, static_cast<std::size_t>(rows / 2));
        const bool seen = QTest::qWaitFor([&] { return made.lab.epoch() == 4; }, 10'000);
        QTest::keyClick(plane.plot(), Qt::Key_Right); // a what-if
        const bool asked = QTest::qWaitFor(
            [&] {
                const auto& answer = plane.whatIf()->answer();
                return samples.model()->rowCount() == rows && answer && answer->supposed;
            },
            10'000);
        QTest::qWait(1500); // counts that were under way hold theirs until they are done
        const double held = allocated();
        made.lab.forget();
        return seen && asked ? held : -1;
    }

  private Q_SLOTS:
    void initTestCase() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("a sanitizer makes everything several times slower: there is nothing to learn from times here");
#endif
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
        mallopt(M_MMAP_THRESHOLD, 65'536); // large pieces are counted whichever thread asks for them
        made_ = std::make_unique<MadeLab>(Rows);
        QVERIFY(made_->ready(120'000));
        before_ = allocated();
        QVERIFY(made_->run(2));
    }
    void cleanupTestCase() {
        made_.reset();
    }

    void aSnapshotIsTakenInWithoutAPause() {
        const auto traces = made_->traces(3); // made before the clock runs
        Watch watch;
        QElapsedTimer timer;
        timer.start();
        SnapshotEvent event;
        event.epoch = 3;
        event.step = 3 * made_->stepsPerEpoch();
        event.traces = traces;
        made_->tell(event);
        QVERIFY(QTest::qWaitFor([&] { return made_->lab.epoch() == 3; }, 10'000));
        qInfo("a snapshot is taken in within %lld ms; the window waited %.1f ms at most",
              static_cast<long long>(timer.elapsed()), watch.worst());
        QVERIFY(watch.worst() < WorstAllowed);
    }

    void thePlaneIsCountedAndDrawn() {
        PlaneView view(&made_->lab);
        view.resize(1080, 760);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QVERIFY(QTest::qWaitFor([&] { return view.density()->map() != nullptr; }, 10'000));
        QTest::qWait(200);
        std::vector<double> counted, drawn, whole;
        Watch watch;
        for (int i = 0; i < 14; ++i) { // each class, and all of them, twice
            QElapsedTimer timer;
            const auto before = view.density()->map();
            timer.start();
            made_->lab.chooseClass(i % 8 == 7 ? LabModel::AllClasses : i % 8);
            QVERIFY(QTest::qWaitFor([&] { return view.density()->map() != before; }, 10'000));
            whole.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            counted.push_back(view.density()->milliseconds());
            timer.restart();
            view.plot()->refreshAll();
            QCoreApplication::processEvents(); // the queued replot
            view.plot()->repaint();
            drawn.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        }
        qInfo("density: counted in p50 %.1f ms p95 %.1f ms, drawn in p50 %.1f ms p95 %.1f ms, asked to seen "
              "p50 "
              "%.1f ms p95 %.1f ms; the window waited %.1f ms at most",
              at(counted, 0.5), at(counted, 0.95), at(drawn, 0.5), at(drawn, 0.95), at(whole, 0.5),
              at(whole, 0.95), watch.worst());
        QVERIFY(at(counted, 0.5) + at(drawn, 0.5) < 50);
        QVERIFY(watch.worst() < WorstAllowed);

        // A line under a hand.
        made_->lab.chooseClass(LabModel::AllClasses);
        QTest::qWait(300);
        std::vector<double> answers, paints;
        int seen = 0;
        connect(view.whatIf(), &WhatIfModel::changed, &view, [&] {
            ++seen;
            answers.push_back(view.whatIf()->answer()->milliseconds);
        });
        const QPoint from = view.plot()->gripOf(ThresholdSide::Teacher)->toPoint();
        QTest::mousePress(view.plot(), Qt::LeftButton, {}, from);
        for (int move = 1; move <= 100; ++move) {
            QElapsedTimer timer;
            timer.start();
            QTest::mouseMove(view.plot(), from + QPoint(move, 0));
            paints.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            QTest::qWait(8);
        }
        QTest::mouseRelease(view.plot(), Qt::LeftButton, {}, from + QPoint(100, 0));
        QTest::qWait(200);
        qInfo("dragging: 100 moves, %d answers of p50 %.1f ms p95 %.1f ms, a move costs the window p95 %.1f "
              "ms; "
              "it waited %.1f ms at most",
              seen, at(answers, 0.5), at(answers, 0.95), at(paints, 0.95), watch.worst());
        QVERIFY(seen > 10);
        QVERIFY(watch.worst() < WorstAllowed);
        made_->lab.forget();
    }

    void whatItCostsInMemory() {
        // A window costs what it costs, whatever it shows: that much is taken off.
        MadeLab few(1000);
        QVERIFY(few.ready());
        const double beforeFew = allocated();
        QVERIFY(few.run(3));
        const double window = heldBy(few, 1000) - beforeFew;
        const double lab = heldBy(*made_, Rows) - before_;
        QVERIFY(window > 0 && lab > 0);
        const SampleTable& table = *made_->lab.table();
        const double ofTable = static_cast<double>(sizeof(table.rows[0]) + sizeof(table.labels[0]) +
                                                   sizeof(table.confidences[0]) + sizeof(table.gold[0]));
        const double perSample = (lab - window) / Rows + ofTable;
        qInfo("memory: %.1f bytes a sample, %.0f of them its table; %.1f MB for two windows with anything in "
              "them",
              perSample, ofTable, window / 1e6);
        QVERIFY(perSample <= 64);
    }

    void aMillionRowsAreListed() {
        SamplesView view(&made_->lab);
        view.resize(1080, 760);
        Watch watch;
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        const auto listed = [&] { return QTest::qWaitFor([&] { return !view.query()->busy(); }, 30'000); };
        QVERIFY(QTest::qWaitFor([&] { return view.model()->rowCount() == Rows; }, 10'000));
        qInfo("a million rows are there: the window waited %.1f ms at most", watch.worst());
        QVERIFY(watch.worst() < WorstAllowed);

        const auto measure = [&](const char* what, auto ask) {
            Watch during;
            QElapsedTimer timer;
            timer.start();
            ask();
            const bool done = listed();
            const auto took = static_cast<double>(timer.nsecsElapsed()) / 1e6;
            qInfo("%s: %d rows in %.0f ms; the window waited %.1f ms at most", what, view.model()->rowCount(),
                  took, during.worst());
            if (during.worst() >= WorstAllowed)
                qWarning("too long");
            return done && during.worst() < WorstAllowed ? took : 1e9;
        };
        for (const auto show : {SampleFilter::Show::Kept, SampleFilter::Show::Disagreement,
                                SampleFilter::Show::NeverKept, SampleFilter::Show::All}) {
            SampleFilter filter;
            filter.show = show;
            QVERIFY(measure(qPrintable("filter: " + SampleFilterBar::describe(show)),
                            [&] { view.list(filter); }) < 400);
        }
        for (const auto column : {SampleCells::Uncertainty, SampleCells::Confidence, SampleCells::VerdictNow,
                                  SampleCells::Text, SampleCells::Number})
            QVERIFY(measure(qPrintable("sort: " + SampleCells::title(column)),
                            [&] { Q_EMIT view.table()->horizontalHeader()->sectionClicked(column); }) < 8000);
        QVERIFY(measure("search: needle", [&] {
                    view.bar()->search()->setText("needle");
                    QTest::keyClick(view.bar()->search(), Qt::Key_Return);
                }) < 2000);
        view.bar()->search()->clear();
        QTest::keyClick(view.bar()->search(), Qt::Key_Return);
        QVERIFY(listed());
        QCOMPARE(view.model()->rowCount(), Rows);

        Watch scrolling;
        auto* bar = view.table()->verticalScrollBar();
        std::vector<double> costs;
        for (int i = 0; i < 60; ++i) {
            QElapsedTimer timer;
            timer.start();
            bar->setValue(static_cast<int>(static_cast<double>(bar->maximum()) * i / 59));
            view.table()->viewport()->repaint();
            costs.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            QCoreApplication::processEvents();
        }
        qInfo("scrolling: a page costs p50 %.1f ms p95 %.1f ms; the window waited %.1f ms at most",
              at(costs, 0.5), at(costs, 0.95), scrolling.worst());
        QVERIFY(scrolling.worst() < WorstAllowed);
        const std::pair<const char*, std::function<void()>> steps[] = {
            {"a row far down is chosen",
             [&] { view.table()->setCurrentIndex(view.model()->index(Rows - 5, 0)); }},
            {"all rows are chosen", [&] { view.table()->selectAll(); }},
            {"the first row is chosen", [&] { view.table()->selectRow(0); }}};
        for (const auto& [what, act] : steps) {
            Watch choosing;
            act();
            QTest::qWait(50);
            qInfo("%s: the window waited %.1f ms at most", what, choosing.worst());
            QVERIFY(choosing.worst() < WorstAllowed);
        }
    }
};

QTEST_MAIN(LabSpeedTest)
#include "lab_speed_test.moc"
