// Plane and Samples over real runs: epochs are played back from the run folder, the biography says what the
// core says of the stored run, what is dragged and applied while training is an edit in flight, and what is
// pointed at in the plane is listed among the samples.
#include "tests/app/window_under_test.h"

#include "core/engine/engine.h"
#include "core/experiment/run_folder.h"
#include "core/lab/biography.h"
#include "tests/app/made_up_data.h"
#include "widgets/biography_panel.h"
#include "widgets/epoch_bar.h"
#include "widgets/plane_plot.h"
#include "widgets/sample_filter_bar.h"
#include "widgets/sample_query.h"
#include "widgets/samples_table.h"
#include "widgets/what_if_model.h"

#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace stillroom;

class LabTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;

    std::unique_ptr<MainWindow> makeReadyWindow(int epochs, int rows = 3000) {
        const QString data = scratch_.filePath(QStringLiteral("data-%1.csv").arg(rows)),
                      yaml = scratch_.filePath("made-up.yaml");
        if (!QFile::exists(data) && !test::writeData(data, rows))
            qFatal("cannot write");
        QFile file(yaml);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        const std::string text = test::experimentYaml(data, epochs);
        file.write(text.data(), static_cast<qint64>(text.size()));
        file.close();
        RunPlaces places;
        places.runsFolder = scratch_.filePath("runs");
        auto window = std::make_unique<MainWindow>(places);
        window->resize(1440, 900);
        window->show();
        window->openExperiment(yaml);
        if (!waitFor(*window, RunState::Ready))
            qFatal("the experiment was not read");
        return window;
    }

    static bool waitFor(MainWindow& window, RunState state, int milliseconds = 60'000) {
        return QTest::qWaitFor([&] { return window.controller()->state() == state; }, milliseconds);
    }

    static bool runToTheEnd(MainWindow& window, std::int64_t epochs) {
        window.controller()->run();
        return waitFor(window, RunState::Starting) && waitFor(window, RunState::Finished) &&
               QTest::qWaitFor([&] { return window.lab()->epoch() == epochs && window.lab()->asked(); },
                               10'000);
    }

    static QToolButton* link(QWidget& view, const QString& text) {
        for (auto* found : view.findChildren<QToolButton*>())
            if (found->text() == text && found->isVisible())
                return found;
        return nullptr;
    }

    static void drag(PlanePlot* plot, ThresholdSide side, QPoint way) {
        const auto grip = plot->gripOf(side);
        QVERIFY(grip.has_value());
        const QPoint from = grip->toPoint();
        QTest::mousePress(plot, Qt::LeftButton, {}, from);
        QTest::mouseMove(plot, from + way / 2);
        QTest::mouseMove(plot, from + way);
        QTest::mouseRelease(plot, Qt::LeftButton, {}, from + way);
    }

  private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
    }

    void epochsArePlayedBackFromTheRunFolder() {
        auto window = makeReadyWindow(5);
        window->tabs()->setCurrentWidget(window->planeView());
        std::vector<std::weak_ptr<const Snapshot>> live;
        connect(window->lab(), &LabModel::snapshotChanged, this,
                [&] { live.push_back(window->lab()->snapshot()); });
        QVERIFY(runToTheEnd(*window, 5));
        // Only the newest is in memory.
        const auto now = window->lab()->snapshot();
        QTest::qWait(300); // counts that were under way hold theirs until they are done
        for (const auto& one : live)
            QVERIFY(one.expired() || one.lock() == now);

        const std::string folder = window->controller()->runFolder().toStdString();
        const auto stored = StoredRun::open(folder);
        QVERIFY(stored);
        QSignalSpy shown(window->lab(), &LabModel::snapshotChanged);
        EpochBar* bar = window->planeView()->epochs();
        std::vector<std::int64_t> played;
        std::vector<std::vector<double>> bars;
        connect(window->lab(), &LabModel::snapshotChanged, this, [&] {
            const auto& snapshot = window->lab()->snapshot();
            if (!snapshot)
                return;
            const auto epoch = snapshot->info().epoch;
            const auto file = Snapshot::open(snapshotPath(folder, epoch));
            QVERIFY(file);
            QVERIFY(std::equal(snapshot->traces().begin(), snapshot->traces().end(),
                               (*file)->traces().begin(), (*file)->traces().end()));
            played.push_back(epoch);
            bars.push_back(window->lab()->baseline().thresholds.student);
        });
        bar->setPlaying(true);
        QVERIFY(bar->playing());
        QVERIFY(QTest::qWaitFor([&] { return !bar->playing(); }, 20'000));
        QCOMPARE(played, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
        QVERIFY(window->lab()->follows());
        // The thresholds of an epoch are those of its last window.
        for (std::size_t i = 0; i < 4; ++i) {
            const std::int64_t last = stored->started.stepsPerEpoch * played[i];
            std::vector<double> wanted;
            for (const auto& record : stored->windows)
                if (record.lastStep <= last)
                    wanted = record.thresholds.student;
            QCOMPARE(bars[i].size(), wanted.size());
            for (std::size_t k = 0; k < wanted.size(); ++k)
                QVERIFY(std::abs(bars[i][k] - wanted[k]) < 1e-12);
        }
    }

    void theBiographyIsTheCores() {
        auto window = makeReadyWindow(4, 12'000);
        window->tabs()->setCurrentWidget(window->samplesView());
        QVERIFY(runToTheEnd(*window, 4));
        SamplesView* view = window->samplesView();
        QVERIFY(QTest::qWaitFor([&] { return view->model()->rowCount() > 2000; }, 10'000));

        const std::string folder = window->controller()->runFolder().toStdString();
        const auto stored = StoredRun::open(folder);
        QVERIFY(stored);
        const SampleTable table(window->controller()->examples()->set);
        std::vector<std::shared_ptr<const Snapshot>> snapshots;
        for (const auto epoch : snapshotEpochs(folder)) {
            auto one = Snapshot::open(snapshotPath(folder, epoch), table.size());
            QVERIFY(one);
            snapshots.push_back(*one);
        }
        BiographyInput input;
        input.table = &table;
        input.classes = &stored->origin.classes;
        input.snapshots = snapshots;
        input.windows = stored->windows;
        input.stepsPerEpoch = stored->started.stepsPerEpoch;
        input.batch = stored->started.batch;
        input.seed = stored->experiment.training.seed;
        input.selection = &stored->experiment.selection;
        int kept = 0, refused = 0;
        for (std::uint32_t sample = 3; sample < table.size(); sample += 149) {
            view->table()->setCurrentIndex(view->model()->index(view->model()->rowOf(sample), 0));
            const auto wanted = biographyOf(input, sample);
            QCOMPARE(wanted.size(), std::size_t{4});
            auto* sentences = view->biography()->sentences();
            const auto says = [&](std::size_t i) { return sentences->item(static_cast<int>(i))->text(); };
            QVERIFY(
                QTest::qWaitFor([&] { return view->biography()->told() == std::optional(sample); }, 10'000));
            QCOMPARE(sentences->count(), 4);
            for (std::size_t i = 0; i < 4; ++i) {
                QVERIFY2(says(i).endsWith(QString::fromStdString(wanted[i].sentence)), qPrintable(says(i)));
                QVERIFY(says(i).startsWith(QStringLiteral("epoch %1").arg(i + 1)));
                // And what the sentence says is what training did.
                const bool was = snapshots[i]->traces()[sample].kept();
                QCOMPARE(says(i).contains("Kept"), was);
                ++(was ? kept : refused);
            }
        }
        qInfo("%d kept, %d refused", kept, refused);
        QVERIFY(kept > 5);
        QVERIFY(refused > 5);
    }

    void appliedWhileTrainingIsAnEditInFlight() {
        auto window = makeReadyWindow(4000, 6000);
        window->tabs()->setCurrentWidget(window->planeView());
        window->controller()->run();
        QVERIFY(QTest::qWaitFor([&] { return window->lab()->asked(); }, 60'000));
        PlanePlot* plot = window->planeView()->plot();
        QVERIFY(QTest::qWaitFor([&] { return plot->gripOf(ThresholdSide::Student).has_value(); }, 10'000));
        drag(plot, ThresholdSide::Teacher, {-25, 0});
        QVERIFY(window->lab()->hypothesis().any());
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto& answer = window->planeView()->whatIf()->answer();
                return answer && answer->supposed;
            },
            10'000));
        const int before = window->document()->undoStack()->count();
        QTest::mouseClick(window->planeView()->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(window->document()->undoStack()->count(), before + 1);
        const double scale = window->document()->experiment().selection.teacherScale.from;
        QVERIFY(scale < 1);
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->live().edits().size() == 1; }, 10'000));
        QCOMPARE(window->controller()->live().edits()[0].changes[0].key,
                 std::string("selection.teacher_scale"));
        QCOMPARE(window->controller()->state(), RunState::Running);
        QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->live().edits().size() == 2; }, 10'000));
        QCOMPARE(window->document()->experiment().selection.teacherScale.from, 1.0);
        window->controller()->stop();
        QVERIFY(waitFor(*window, RunState::Finished));
        window->document()->undoStack()->setClean();
    }

    void whatIsPointedAtIsListed() {
        auto window = makeReadyWindow(3);
        QVERIFY(runToTheEnd(*window, 3));
        window->tabs()->setCurrentWidget(window->planeView());
        PlanePlot* plot = window->planeView()->plot();
        QVERIFY(QTest::qWaitFor([&] { return plot->gripOf(ThresholdSide::Teacher).has_value(); }, 10'000));
        drag(plot, ThresholdSide::Teacher, {60, 0});
        const auto leaves = [&]() -> std::int64_t {
            const auto& answer = window->planeView()->whatIf()->answer();
            return answer && answer->supposed ? answer->then.all.leaves : 0;
        };
        QVERIFY(QTest::qWaitFor([&] { return leaves() > 0; }, 10'000));
        QTest::qWait(100);
        auto* leave = link(*window->planeView(), grouped(leaves()));
        QVERIFY(leave != nullptr);
        leave->click();
        SamplesView* samples = window->samplesView();
        QCOMPARE(window->tabs()->currentWidget(), samples);
        QVERIFY(QTest::qWaitFor([&] { return !samples->query()->busy(); }, 10'000));
        QCOMPARE(std::int64_t{samples->model()->rowCount()}, leaves());

        window->tabs()->setCurrentWidget(window->planeView());
        const QPoint a = plot->pixelOf(0.75, 0.5).toPoint(), b = plot->pixelOf(0.92, 0.02).toPoint();
        QTest::mousePress(plot, Qt::LeftButton, Qt::ShiftModifier, a);
        QTest::mouseMove(plot, (a + b) / 2);
        QTest::mouseMove(plot, b);
        QTest::mouseRelease(plot, Qt::LeftButton, Qt::ShiftModifier, b);
        link(*window->planeView(), "show in Samples")->click();
        QCOMPARE(window->tabs()->currentWidget(), samples);
        QVERIFY(QTest::qWaitFor([&] { return !samples->query()->busy(); }, 10'000));
        const auto& lab = *window->lab();
        std::vector<std::uint32_t> inside;
        const SampleFilter& filter = samples->bar()->filter();
        for (std::uint32_t i = 0; i < lab.table()->size(); ++i) {
            const float c = lab.table()->confidences[i], u = lab.snapshot()->traces()[i].uncertainty();
            if (c >= filter.confidenceLow && c <= filter.confidenceHigh && u >= filter.uncertaintyLow &&
                u <= filter.uncertaintyHigh)
                inside.push_back(i);
        }
        QVERIFY(!inside.empty());
        QVERIFY(std::abs(filter.confidenceHigh - 0.92F) < 0.005F);
        QCOMPARE(samples->model()->rows(), inside);
    }

    void aRuleThatDoesNotAskTheStudent() {
        auto window = makeReadyWindow(2);
        QVERIFY(
            window->document()->setAll("rule", {{"selection.rule", "teacher"}, {"selection.cut", "0.8"}}));
        window->tabs()->setCurrentWidget(window->planeView());
        window->controller()->run();
        QVERIFY(waitFor(*window, RunState::Starting));
        QVERIFY(waitFor(*window, RunState::Finished));
        QVERIFY(QTest::qWaitFor([&] { return window->lab()->epoch() == 2; }, 10'000));
        QVERIFY(!window->lab()->asked());
        PlanePlot* plot = window->planeView()->plot();
        QVERIFY(QTest::qWaitFor([&] { return plot->gripOf(ThresholdSide::Teacher).has_value(); }, 10'000));
        drag(plot, ThresholdSide::Teacher, {40, 0});
        window->lab()->apply();
        QVERIFY(window->document()->experiment().selection.cut->from > 0.8);
        window->document()->undoStack()->undo();
        QCOMPARE(window->document()->experiment().selection.cut->from, 0.8);
        window->document()->undoStack()->setClean();
    }
};

QTEST_MAIN(LabTest)
#include "lab_test.moc"
