// The import wizard, driven by clicks and keys over files of many shapes: what comes out is an experiment
// whose data can be read, with as many rows and classes as were written.
#include "tests/app/import_shapes.h"

#include "core/teacher/teacher_loader.h"

#include <QDir>

using namespace stillroom;
using namespace stillroom::test;

namespace {

const QString Shared = QStringLiteral(STILLROOM_SOURCE_DIR "/../shared/data");

} // namespace

class ImportWizardTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;

    QString write(const QString& name, const QByteArray& bytes) {
        const QString path = scratch_.filePath(name);
        QDir().mkpath(QFileInfo(path).absolutePath());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("a test file could not be written");
        return path;
    }

    /// As a run would read it.
    static Result<Dataset> prepared(const MainWindow& window, BadRowPolicy bad = BadRowPolicy::Stop) {
        const Experiment& experiment = window.document()->experiment();
        LoadContext context{window.controller()->dataRoot().toStdString(), bad, nullptr};
        const bool taught = experiment.teacher.kind != TeacherKind::Columns ||
                            !experiment.teacher.label.empty() || !experiment.teacher.probabilities.empty();
        if (!taught) {
            Labels labels;
            auto loaded = loadData(experiment.data, context, labels);
            if (!loaded)
                return fail(loaded.error());
            return std::move(loaded->dataset);
        }
        auto loaded = loadExamples(experiment.data, experiment.teacher, context);
        if (!loaded)
            return fail(loaded.error());
        return std::move(loaded->dataset);
    }

  private Q_SLOTS:
    void initTestCase() { test::prepareApplication(); }

    void filesOfManyShapes_data() {
        QTest::addColumn<int>("number");
        const auto all = shapes();
        QVERIFY(all.size() >= 20);
        for (int i = 0; i < all.size(); ++i)
            QTest::newRow(qPrintable(all[i].name)) << i;
    }

    void filesOfManyShapes() {
        QFETCH(int, number);
        const Shape shape = shapes()[number];
        auto window = test::makeWindow(scratch_);
        test::DrivenWizard wizard(*window);
        QVERIFY(wizard.open({write(shape.name, shape.bytes)}));
        for (int page = ImportWizard::Files; page < ImportWizard::PageCount; ++page) {
            QVERIFY2(page == ImportWizard::Classes || wizard.waitUntilSettled(),
                     qPrintable(wizard.problem()));
            if (page == ImportWizard::Classes)
                QTRY_VERIFY(wizard.problem() != QString("Counting labels…"));
            if (shape.onPage)
                shape.onPage(wizard, page);
            if (QTest::currentTestFailed())
                return;
            if (page < ImportWizard::Report)
                QVERIFY2(wizard.next(false), qPrintable(wizard.problem()));
        }
        QVERIFY(window->document()->undoStack()->count() == 0); // nothing yet
        QVERIFY2(wizard.finish(), qPrintable(shape.name));

        const Experiment& experiment = window->document()->experiment();
        QCOMPARE(window->document()->undoStack()->count(), 1);
        if (!shape.text.isEmpty())
            QCOMPARE(QString::fromStdString(experiment.data.train.text), shape.text);
        if (!shape.text.isEmpty())
            QCOMPARE(QString::fromStdString(experiment.data.train.gold), shape.gold);
        const auto data = prepared(*window, window->controller()->badRows());
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(static_cast<int>(data->size()), shape.rows);
        QCOMPARE(data->classCount(), shape.classes);
        for (std::size_t row = 0; row < data->size(); ++row)
            QVERIFY(data->text(row).find("\xef\xbf\xbd") == std::string_view::npos);
        if (shape.check)
            shape.check(experiment);
        // What was found out is written down and read again.
        const auto again = parseExperiment(window->document()->yaml().toStdString(), "what the wizard made");
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QCOMPARE(again->data, experiment.data);
        window->document()->undoStack()->undo();
        QCOMPARE(window->document()->experiment(), Experiment());
        test::forget(*window);
    }

    void whatIsNoDataIsASentence_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty.csv") << QByteArray();
        QByteArray binary("\x7f"
                          "ELF\x02\x01\x01",
                          7);
        for (int i = 0; i < 3000; ++i)
            binary += static_cast<char>(i * 37 % 251);
        QTest::newRow("binary.csv") << binary + QByteArray(64, '\0');
    }

    void whatIsNoDataIsASentence() {
        QFETCH(QByteArray, bytes);
        auto window = test::makeWindow(scratch_);
        test::DrivenWizard wizard(*window);
        const QString name = QTest::currentDataTag();
        QVERIFY(wizard.open({write(name, bytes)}));
        QTRY_VERIFY(wizard.problem().contains(name));
        QVERIFY(!wizard.canGoOn());
        // Left out, another beside it is enough.
        QVERIFY(test::chooseByKeys(wizard.named<QComboBox>("Use " + name + " for"), "leave out"));
        QVERIFY(!wizard.canGoOn());
        test::dropOn(wizard.get(), {write("beside.csv", lines(30, ',', "id,text,label"))});
        QVERIFY(wizard.waitUntilSettled());
        QVERIFY(wizard.goTo(ImportWizard::Report));
        QVERIFY(wizard.finish());
        QCOMPARE(window->document()->experiment().data.train.files.size(), std::size_t{1});
        test::forget(*window);
    }

    void threeFilesAreThreeSplits() {
        auto window = test::makeWindow(scratch_);
        test::DrivenWizard wizard(*window);
        const QByteArray other = lines(20, ',', "id,text,label").replace("\n1", "\n9"); // ids of their own
        QVERIFY(wizard.open(
            {write("three/my_train.csv", lines(60, ',', "id,text,label")),
             write("three/my_dev.csv", QByteArray(other).replace("row ", "line ")),
             write("three/my_test.tsv", lines(20, '\t', "id\tcontent\tlabel").replace("\n1", "\n8"))}));
        QVERIFY(wizard.goTo(ImportWizard::Columns));
        // What the test calls otherwise is guessed, and said.
        QVERIFY(wizard.says("Test has its text in “content”, not in “text”"));
        QVERIFY(wizard.goTo(ImportWizard::Report));
        // The same sentences were written into training and test.
        QVERIFY(wizard.says("20 texts stand in more than one split"));
        QVERIFY(wizard.finish());
        const auto& data = window->document()->experiment().data;
        QCOMPARE(data.validation.files.size(), std::size_t{1});
        QCOMPARE(data.test.text, std::string("content"));
        QCOMPARE(data.holdout.validation, 0.0);
        const auto read = prepared(*window);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->rows(Split::Test).size(), std::size_t{20});
        test::forget(*window);
    }

    void keysThatPassOverARoleTakeNothingAway() {
        auto window = test::makeWindow(scratch_);
        test::DrivenWizard wizard(*window);
        QVERIFY(wizard.open({write("passing.csv", lines(60, ',', "id,text,label"))}));
        QVERIFY(wizard.goTo(ImportWizard::Columns));
        // From "text" over "id" to "gold class" and back.
        QVERIFY(test::chooseByKeys(wizard.roleOf("text"), "gold class"));
        QCOMPARE(wizard.roleOf("id")->currentText(), QString("id"));
        QCOMPARE(wizard.roleOf("label")->currentText(), QString("– nothing –"));
        QVERIFY(wizard.problem().contains("which column is the text"));
        QVERIFY(test::chooseByKeys(wizard.roleOf("text"), "text"));
        QCOMPARE(wizard.roleOf("label")->currentText(), QString("gold class"));
        QVERIFY(wizard.canGoOn());
        QTest::keyClick(wizard.get(), Qt::Key_Escape);
    }

    void cancelLeavesTheExperimentAlone() {
        auto window = test::makeReadyWindow(scratch_, test::writeExperiment(scratch_, 500, 2));
        const Experiment before = window->document()->experiment();
        auto* open = test::action(*window, "Import…");
        QVERIFY(open != nullptr);
        open->trigger();
        test::DrivenWizard wizard(*window);
        QVERIFY(wizard.find());
        QVERIFY(wizard.problem().startsWith("Add a file"));
        QVERIFY(wizard.says("Drop files or a folder here"));
        test::dropOn(wizard.get(), {write("other.csv", lines(60, ';', "id;text;label"))});
        QVERIFY(wizard.waitUntilSettled());
        QVERIFY(wizard.goTo(ImportWizard::Report));
        QTest::mouseClick(wizard.button("Cancel"), Qt::LeftButton);
        QTRY_VERIFY(window->findChildren<ImportWizard*>().isEmpty());
        QCOMPARE(window->document()->experiment(), before);
        QCOMPARE(window->document()->undoStack()->count(), 0);
        QVERIFY(!window->document()->dirty());
    }

    void stepsGoBackByTheTabs() {
        auto window = test::makeWindow(scratch_);
        test::DrivenWizard wizard(*window);
        QVERIFY(wizard.open({write("steps.csv", lines(60, ',', "id,text,label"))}));
        QVERIFY(wizard.goTo(ImportWizard::Classes));
        QVERIFY(wizard.rename("joy", "delight"));
        auto* steps = wizard->findChild<QTabBar*>();
        QTest::mouseClick(steps, Qt::LeftButton, {}, steps->tabRect(ImportWizard::Columns).center());
        QCOMPARE(wizard->page(), int(ImportWizard::Columns));
        QVERIFY(!steps->isTabEnabled(ImportWizard::Report));
        QVERIFY(wizard.goTo(ImportWizard::Report));
        QVERIFY(wizard.finish());
        QCOMPARE(window->document()->experiment().data.rename.size(), std::size_t{1}); // it was kept
        test::forget(*window);
    }

    void humaid() {
        const QString folder = Shared + "/humaid";
        if (!QDir(folder).exists())
            QSKIP("HumAID is not there: its files belong into ../shared/data/humaid");
        auto window = test::makeWindow(scratch_);
        test::DrivenWizard wizard(*window);
        QVERIFY(wizard.open({folder}));
        QVERIFY(wizard.goTo(ImportWizard::Classes));
        QCOMPARE(wizard.named<QTableWidget>("Labels and their classes")->rowCount(), 10);
        QVERIFY(wizard.goTo(ImportWizard::Report));
        QVERIFY(wizard.finish());
        const Experiment& experiment = window->document()->experiment();
        QCOMPARE(experiment.data.train.files.size(), std::size_t{10});
        QCOMPARE(experiment.data.train.text, std::string("tweet_text"));
        QCOMPARE(experiment.teacher.label, std::string("predicted_label"));
        QCOMPARE(experiment.teacher.confidence, std::string("confidence"));
        QVERIFY(experiment.data.unescapeHtml);
        const auto data = prepared(*window);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->rows(Split::Train).size(), std::size_t{44373});
        QCOMPARE(data->rows(Split::Validation).size(), std::size_t{6463});
        QCOMPARE(data->rows(Split::Test).size(), std::size_t{12560});
        QCOMPARE(data->classCount(), 10);
        test::forget(*window);
    }

    void emotion() {
        const QString folder = Shared + "/emotion";
        if (!QDir(folder).exists())
            QSKIP("emotion is not there: its files belong into ../shared/data/emotion");
        auto window = test::makeWindow(scratch_);
        test::DrivenWizard wizard(*window);
        QVERIFY(wizard.open({folder}));
        QVERIFY(wizard.goTo(ImportWizard::Report));
        QVERIFY(wizard.waitUntilSettled());
        // 33 of the 52 stand twice within one split.
        QVERIFY(wizard.says("52 texts stand more than once in all"));
        QVERIFY(wizard.says("19 texts stand in more than one split"));
        QCOMPARE(wizard.named<NumberTable>("Texts in more than one split")->rowCount(), 19);
        QVERIFY(wizard.finish());
        const auto data = prepared(*window);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->rows(Split::Train).size(), std::size_t{16000});
        QCOMPARE(data->rows(Split::Validation).size(), std::size_t{2000});
        QCOMPARE(data->rows(Split::Test).size(), std::size_t{2000});
        QCOMPARE(data->classCount(), 6);
        test::forget(*window);
    }
};

QTEST_MAIN(ImportWizardTest)
#include "import_wizard_test.moc"
