// The dialog writes what it was asked for, says what is wrong, and can be stopped.
#include "widgets/report_dialog.h"

#include "tests/made_run.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

class ReportDialogTest : public QObject {
    Q_OBJECT
    QTemporaryDir scratch_;
    QString run_, other_;

    ReportDialog* open(const QStringList& runs) {
        auto* dialog = new ReportDialog(runs, scratch_.filePath("runs"));
        dialog->open();
        return dialog;
    }

  private Q_SLOTS:
    void initTestCase() {
        applyTheme(ThemeMode::Light);
        const std::string runs = scratch_.filePath("runs").toStdString();
        run_ = QString::fromStdString(test::writeMadeRun(runs, {}));
        test::MadeRun made;
        made.rule = "all";
        other_ = QString::fromStdString(test::writeMadeRun(runs, made));
    }

    void withoutARunNothingCanBeDone() {
        auto* dialog = open({});
        QVERIFY(!dialog->writeButton()->isEnabled());
        dialog->addRun(run_);
        dialog->addRun(run_); // once is enough
        QCOMPARE(dialog->runs()->count(), 1);
        QVERIFY(dialog->writeButton()->isEnabled());
        QVERIFY(dialog->out()->placeholderText().endsWith("output/report"));
        dialog->close();
    }

    void itWritesWhereItIsTold() {
        auto* dialog = open({run_, other_});
        const QString out = scratch_.filePath("here");
        dialog->out()->setText(out);
        dialog->texts()->setChecked(false);
        QSignalSpy written(dialog, &ReportDialog::written);
        dialog->writeButton()->click();
        QVERIFY(!dialog->writeButton()->isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(written.size(), 1, 60'000);
        QCOMPARE(written[0][0].toString(), out + "/report.html");
        QVERIFY(QFile::exists(out + "/report.html") && QFile::exists(out + "/report.pdf"));
        QVERIFY(dialog->openButton()->isVisible() && dialog->openPdfButton()->isVisible());
        QVERIFY2(dialog->said().contains("could not be read"),
                 qPrintable(dialog->said())); // made runs have no data
        QDir().mkpath(QStringLiteral(STILLROOM_BINARY_DIR "/../screenshots"));
        dialog->grab().save(QStringLiteral(STILLROOM_BINARY_DIR "/../screenshots/report-dialog.png"));
        dialog->close();
    }

    void whatIsWrongIsSaid() {
        auto* dialog = open({run_});
        const QString out = scratch_.filePath("mine");
        QVERIFY(QDir().mkpath(out) && QFile(out + "/file").open(QIODevice::WriteOnly));
        dialog->out()->setText(out);
        dialog->writeButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(dialog->said().contains("is there already"), 60'000);
        QVERIFY(dialog->writeButton()->isEnabled());
        QVERIFY(!dialog->openButton()->isVisible());
        dialog->close();
    }

    void dataThatAreElsewhere() {
        auto* dialog = open({run_});
        dialog->data()->setText(scratch_.filePath("no-data"));
        dialog->out()->setText(scratch_.filePath("other"));
        dialog->writeButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->said().isEmpty(), 30'000);
        QVERIFY2(dialog->said().contains("no-data"), qPrintable(dialog->said()));
        QVERIFY(!QFile::exists(scratch_.filePath("other")));
        dialog->close();
    }

    void itCanBeStopped() {
        auto* dialog = open({run_, other_});
        const QString out = scratch_.filePath("stopped");
        dialog->out()->setText(out);
        dialog->writeButton()->click();
        dialog->reject(); // stays open to say so
        QVERIFY(dialog->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(dialog->said().contains("cancelled"), 60'000);
        QVERIFY(!QFile::exists(out));
        dialog->reject();
        QVERIFY(!dialog->isVisible());
    }

    void closedWhileItWritesItLeavesNothing() {
        auto* dialog = open({run_});
        dialog->out()->setText(scratch_.filePath("gone"));
        dialog->writeButton()->click();
        delete dialog;
        QVERIFY(!QFile::exists(scratch_.filePath("gone/report.html")) ||
                QFile::exists(scratch_.filePath("gone/report.pdf"))); // all or nothing
    }
};

QTEST_MAIN(ReportDialogTest)
#include "report_dialog_test.moc"
