// Extend and Branch through the window, the whole way: the menu, the dialog, training, and what is in the run
// folders afterwards. What is stored of them is compared with runs that never stopped elsewhere
// (app.cli_resume_test, core/training/resumed_session_test).
#include "driven_window.h"
#include "widgets/go_on_dialog.h"

#include "core/experiment/run_folder.h"
#include "core/experiment/run_summary.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QSpinBox>
#include <filesystem>

using namespace stillroom;

class GoingOnTest : public QObject {
    Q_OBJECT
    QTemporaryDir scratch_;
    std::unique_ptr<MainWindow> window_;
    QString run_;

    [[nodiscard]] QStringList runs() const {
        return QDir(scratch_.filePath("runs")).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    }
    static StoredRun stored(const QString& run) {
        auto read = StoredRun::open(run.toStdString());
        if (!read)
            qFatal("%s", read.error().message.c_str());
        return *std::move(read);
    }
    static int validations(const StoredRun& run) {
        return static_cast<int>(
            std::count_if(run.evaluations.begin(), run.evaluations.end(),
                          [](const EvaluationEvent& event) { return event.split == Split::Validation; }));
    }
    GoOnDialog* choose(const QString& text) {
        test::action(*window_, text)->trigger();
        auto* dialog = window_->findChild<GoOnDialog*>();
        if (dialog == nullptr || !QTest::qWaitFor([&] { return dialog->goButton()->isEnabled(); }, 20'000))
            return nullptr;
        return dialog;
    }
    /// Until it trains, and then to its end.
    bool trains() {
        return test::waitFor(*window_, RunState::Running) && test::waitFor(*window_, RunState::Finished);
    }

  private Q_SLOTS:
    void initTestCase() {
        test::prepareApplication();
        QVERIFY(bool(loadEngine()));
        // Long enough that nobody misses that it runs.
        const QString yaml = test::writeExperiment(scratch_, 20'000, 3);
        window_ = test::makeReadyWindow(scratch_, yaml);
        QVERIFY(window_->document()->set("training.checkpoint.keep", "3"));
        window_->controller()->run();
        QVERIFY(trains());
        run_ = window_->controller()->runFolder();
        QCOMPARE(validations(stored(run_)), 3);
        test::forget(*window_);
    }
    void cleanupTestCase() {
        test::forget(*window_);
        window_.reset();
    }

    void extended() {
        auto* dialog = choose("Extend…");
        QVERIFY(dialog != nullptr);
        QVERIFY2(dialog->facts().contains("3.0 of 3 epochs"), qPrintable(dialog->facts()));
        dialog->epochs()->setValue(5);
        dialog->goButton()->click();
        QVERIFY(trains());
        // In its own folder, two epochs more; what was there stays.
        QCOMPARE(runs().size(), 1);
        QCOMPARE(window_->controller()->runFolder(), run_);
        const StoredRun run = stored(run_);
        QVERIFY(run.finished && run.end.outcome == Outcome::Completed);
        QCOMPARE(run.experiment.training.epochs, 5);
        QCOMPARE(validations(run), 5);
        QCOMPARE(run.resumes.size(), std::size_t{1});
        QCOMPARE(run.resumes[0], 3 * run.started.stepsPerEpoch);
        QCOMPARE(run.end.step, 5 * run.started.stepsPerEpoch);
        QCOMPARE(static_cast<std::int64_t>(run.steps.size()), run.end.step); // each step once
        // And the window shows all of it.
        QCOMPARE(window_->controller()->live().evaluations().size(), std::size_t{5});
        QCOMPARE(window_->controller()->live().step(), run.end.step);
        test::forget(*window_);
    }

    void branched() {
        const StoredRun parent = stored(run_);
        const RunSummary before = *summarizeRun(run_.toStdString());
        QVERIFY(window_->document()->set("selection.student_scale", "0.5"));
        auto* dialog = choose("Branch from checkpoint…");
        QVERIFY(dialog != nullptr);
        QVERIFY(dialog->takesSettings()->isChecked());
        QVERIFY(dialog->checkpoints()->count() >= 1);
        // From the oldest there is.
        dialog->checkpoints()->setCurrentIndex(dialog->checkpoints()->count() - 1);
        Q_EMIT dialog->checkpoints()->activated(dialog->checkpoints()->currentIndex());
        QVERIFY(QTest::qWaitFor([&] { return dialog->goButton()->isEnabled(); }, 20'000));
        const auto step = dialog->checkpoints()->currentData().toLongLong();
        QVERIFY(dialog->takesSettings()->isChecked());
        dialog->goButton()->click();
        // The window's change is not saved: it is asked whether it is to be.
        QTest::qWait(200);
        for (auto* box : window_->findChildren<QMessageBox*>())
            if (auto* discard = box->button(QMessageBox::Discard))
                discard->click();
        if (step < parent.end.step)
            QVERIFY(trains());
        else
            QVERIFY(QTest::qWaitFor([&] { return runs().size() == 2; }, 60'000) &&
                    test::waitFor(*window_, RunState::Finished));
        QCOMPARE(runs().size(), 2);
        const QString folder = window_->controller()->runFolder();
        QVERIFY(folder != run_);
        const StoredRun run = stored(folder);
        QVERIFY(run.finished && run.end.outcome == Outcome::Completed);
        QCOMPARE(QFileInfo(QString::fromStdString(run.origin.branchOf)).fileName(),
                 QFileInfo(run_).fileName());
        QCOMPARE(run.origin.branchStep, step);
        QCOMPARE(settingValue(run.experiment, "selection.student_scale"), std::string("0.5"));
        // Up to the checkpoint it is its parent.
        QVERIFY(static_cast<std::int64_t>(run.steps.size()) >= step);
        for (std::size_t i = 0; i < static_cast<std::size_t>(step); ++i) {
            QCOMPARE(run.steps[i].kept, parent.steps[i].kept);
            QCOMPARE(run.steps[i].loss, parent.steps[i].loss);
        }
        // Its parent is as it was.
        const RunSummary after = *summarizeRun(run_.toStdString());
        QCOMPARE(after.steps, before.steps);
        QCOMPARE(after.test->accuracy, before.test->accuracy);
        QCOMPARE(after.settings, before.settings);
    }
};

QTEST_MAIN(GoingOnTest)
#include "going_on_test.moc"
