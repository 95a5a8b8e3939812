// What the dialog offers, and that what it plans is what was chosen. That a plan is carried out well is
// tested with the window (app.crash_test) and with core/experiment/resume.h.
#include "widgets/go_on_dialog.h"

#include "tests/core/experiment/made_events.h"

#include <QCheckBox>
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

class GoOnDialogTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;
    QString run_;

    GoOnDialog* open(GoOn how, const QString& run, const Experiment& window = {}) {
        auto* dialog = new GoOnDialog(how, run, scratch_.filePath("runs"), window);
        dialog->open();
        return dialog;
    }

  private Q_SLOTS:
    void initTestCase() {
        auto run = RunFolder::create(scratch_.filePath("runs").toStdString(), madeExperiment(), madeOrigin());
        QVERIFY(run);
        StartedEvent started;
        started.device = "cpu";
        started.threads = 1;
        started.samples = 1000;
        started.epochs = 10;
        started.stepsPerEpoch = 50;
        QVERIFY((*run)->record({started, StateEvent{SessionState::Running, 0}, madeSteps(1, 75)}));
        run_ = QString::fromStdString((*run)->path());
    }

    void withoutARunNothingCanBeDone() {
        auto* dialog = open(GoOn::Resume, {});
        QVERIFY(!dialog->goButton()->isEnabled());
        dialog->close();
    }

    void whatIsNoRunIsSaid() {
        auto* dialog = open(GoOn::Resume, scratch_.path());
        QTRY_VERIFY(dialog->facts().isEmpty()); // it says what is wrong instead
        QVERIFY(!dialog->goButton()->isEnabled());
        dialog->close();
    }

    void aRunThatWasCutOffIsResumed() {
        auto* dialog = open(GoOn::Resume, run_);
        QTRY_VERIFY(dialog->goButton()->isEnabled());
        QVERIFY2(dialog->facts().contains("made · cut off · 75 steps, 1.5 of 10 epochs"),
                 qPrintable(dialog->facts()));
        QSignalSpy planned(dialog, &GoOnDialog::planned);
        ResumePlan plan;
        connect(dialog, &GoOnDialog::planned, this, [&](const ResumePlan& p) { plan = p; });
        dialog->goButton()->click();
        QTRY_VERIFY(planned.count() == 1 || !dialog->problem().isEmpty());
        if (planned.isEmpty()) // else the dialog is gone
            QFAIL(qPrintable(dialog->problem()));
        QCOMPARE(QString::fromStdString(plan.parent), run_);
        QVERIFY(!plan.branches);
    }

    void moreEpochsArePlanned() {
        auto* dialog = open(GoOn::Extend, run_);
        QTRY_VERIFY(dialog->goButton()->isEnabled());
        QCOMPARE(dialog->epochs()->value(), 15);
        QCOMPARE(dialog->epochs()->minimum(), 11);
        dialog->epochs()->setValue(23);
        ResumePlan plan;
        QSignalSpy planned(dialog, &GoOnDialog::planned);
        connect(dialog, &GoOnDialog::planned, this, [&](const ResumePlan& p) { plan = p; });
        dialog->goButton()->click();
        QTRY_VERIFY(planned.count() == 1 || !dialog->problem().isEmpty());
        if (planned.isEmpty()) // else the dialog is gone
            QFAIL(qPrintable(dialog->problem()));
        QCOMPARE(plan.experiment.training.epochs, 23);
    }

    void aBranchNeedsACheckpoint() {
        Experiment window = madeExperiment();
        window.selection.studentScale = 0.25;
        auto* dialog = open(GoOn::Branch, run_, window);
        QTRY_VERIFY(!dialog->facts().contains("…"));
        QVERIFY(!dialog->goButton()->isEnabled()); // this run was cut off before it had one
        QCOMPARE(dialog->checkpoints()->count(), 0);
        dialog->close();
    }
};

QTEST_MAIN(GoOnDialogTest)
#include "go_on_dialog_test.moc"
