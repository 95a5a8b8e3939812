// widgets/export_student_dialog.h: what it offers, what it does, what it says.
#include "tests/app/pictures.h"
#include "tests/made_run.h"
#include "tests/made_student.h"
#include "widgets/export_student_dialog.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTemporaryDir>
#include <QtTest>

using namespace stillroom;

class ExportStudentDialogTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void aRunWithoutAStudent();
    void int8IsNotForEveryFormat();
    void exports();
    void saysWhatIsWrong();
    void closingCancels();

  private:
    [[nodiscard]] QPointer<ExportStudentDialog> open(const QString& run) const {
        auto* dialog = new ExportStudentDialog(run, folder_.path(), {});
        dialog->show();
        return dialog;
    }
    QTemporaryDir folder_;
    QString run_, without_;
};

void ExportStudentDialogTest::initTestCase() {
    run_ = QString::fromStdString(test::writeMadeRun(folder_.path().toStdString(), {}));
    without_ = QString::fromStdString(test::writeMadeRun(folder_.path().toStdString(), {.seed = 2}));
    QVERIFY(test::giveStudent(run_.toStdString()));
}

void ExportStudentDialogTest::aRunWithoutAStudent() {
    const auto dialog = open(without_);
    QTRY_VERIFY(dialog->facts().contains("holds no student"));
    QVERIFY(!dialog->exportButton()->isEnabled());
    dialog->chooseRun(folder_.path()); // no run
    QTRY_VERIFY(dialog->facts().contains("run.sqlite"));
    QVERIFY(!dialog->exportButton()->isEnabled());
    dialog->chooseRun(run_);
    QTRY_VERIFY(dialog->exportButton()->isEnabled());
    QVERIFY(dialog->facts().contains("test accuracy"));
    dialog->close();
}

void ExportStudentDialogTest::int8IsNotForEveryFormat() {
    const auto dialog = open(run_);
    auto* weights = dialog->weights();
    const int int8 = weights->findData(static_cast<int>(ExportWeights::Int8));
    const auto enabled = [&] {
        return qobject_cast<QStandardItemModel*>(weights->model())->item(int8)->isEnabled();
    };
    weights->setCurrentIndex(int8);
    QVERIFY(enabled());
    dialog->format()->setCurrentIndex(
        dialog->format()->findData(static_cast<int>(ExportFormat::HuggingFace)));
    QVERIFY(!enabled());
    QCOMPARE(weights->currentData().toInt(), static_cast<int>(ExportWeights::Half));
    QCOMPARE(dialog->place()->text(), run_ + "/output/huggingface");
    dialog->close();
}

void ExportStudentDialogTest::exports() {
    const auto dialog = open(run_);
    QSignalSpy exported(dialog, &ExportStudentDialog::exported);
    QTRY_VERIFY(dialog->exportButton()->isEnabled());
    dialog->format()->setCurrentIndex(dialog->format()->findData(static_cast<int>(ExportFormat::Onnx)));
    dialog->licence()->setText("mit");
    const QString to = folder_.filePath("taken/away");
    QTest::keyClick(dialog->place(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(dialog->place(), to);
    dialog->format()->setCurrentIndex(0); // does not change what was typed
    QCOMPARE(dialog->place()->text(), to);
    dialog->exportButton()->click();
    QVERIFY(dialog->working());
    QVERIFY(!dialog->exportButton()->isEnabled());
    QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, 60000);
    QCOMPARE(exported[0][0].toString(), to);
    QVERIFY(QFile::exists(to + "/model.pt") && QFile::exists(to + "/README.md"));
    QVERIFY2(dialog->result().contains("108 have the same label"), qPrintable(dialog->result()));
    QVERIFY(!dialog->working() && dialog->exportButton()->isEnabled());
    test::Pictures().save(*dialog, "export-student");
    dialog->close();
    QTRY_VERIFY(dialog.isNull());
}

void ExportStudentDialogTest::saysWhatIsWrong() {
    const auto dialog = open(run_);
    QTRY_VERIFY(dialog->exportButton()->isEnabled());
    QTest::keyClick(dialog->place(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(dialog->place(), run_); // the run itself
    dialog->exportButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(dialog->result().contains("is there already and is not an export"), 60000);
    QVERIFY(dialog->exportButton()->isEnabled());
    dialog->close();
}

void ExportStudentDialogTest::closingCancels() {
    const auto dialog = open(run_);
    QTRY_VERIFY(dialog->exportButton()->isEnabled());
    const QString to = folder_.filePath("never");
    QTest::keyClick(dialog->place(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(dialog->place(), to);
    dialog->exportButton()->click();
    dialog->reject();
    QTRY_VERIFY_WITH_TIMEOUT(dialog.isNull(), 60000);
    for (const auto& name :
         QDir(folder_.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot))
        QVERIFY2(!name.startsWith('.'), qPrintable(name));
}

QTEST_MAIN(ExportStudentDialogTest)
#include "export_student_dialog_test.moc"
