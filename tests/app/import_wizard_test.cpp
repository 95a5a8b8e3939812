// The import wizard, driven by clicks and keys over files of many shapes: what comes out is an experiment
// whose data can be read, with as many rows and classes as were written.
#include "tests/app/driven_wizard.h"

#include "core/teacher/teacher_loader.h"

#include <QDir>
#include <functional>

using namespace stillroom;

namespace {

const QString Shared = QStringLiteral(STILLROOM_SOURCE_DIR "/../shared/data");
const QList<QByteArray> Moods = {"joy", "anger", "fear"};

/// Texts of several words, each another one.
QByteArray textOf(int row) {
    return "row " + QByteArray::number(row) + " says that it feels like number " +
           QByteArray::number(row * 7919 % 1000) + " today";
}

/// `rows` lines of id, text, label between `delimiter`s.
QByteArray lines(int rows, char delimiter, const QByteArray& header, const QByteArray& end = "\n") {
    QByteArray all = header.isEmpty() ? QByteArray() : header + end;
    for (int row = 0; row < rows; ++row)
        all += QByteArray::number(row + 100) + delimiter + textOf(row) + delimiter + Moods[row % 3] + end;
    return all;
}

QByteArray utf16(const QString& text, bool big, bool mark) {
    QByteArray bytes;
    const auto put = [&](char16_t unit) {
        const char low = static_cast<char>(unit & 0xff), high = static_cast<char>(unit >> 8);
        bytes += big ? high : low;
        bytes += big ? low : high;
    };
    if (mark)
        put(0xfeff);
    for (const QChar c : text)
        put(c.unicode());
    return bytes;
}

/// What a file is, what is done on the way, and what comes of it.
struct Shape {
    QString name; ///< of the file
    QByteArray bytes;
    int rows; ///< good ones
    int classes;
    QString text, gold;                                             ///< the experiment's columns
    std::function<void(test::DrivenWizard&, int page)> onPage = {}; ///< before Next is clicked there
    std::function<void(const Experiment&)> check = {};
};

QList<Shape> shapes() {
    QList<Shape> all;
    all << Shape{"comma.csv", lines(60, ',', "id,text,label"), 60, 3, "text", "label", {}, [](const auto& e) {
                     QVERIFY(e.data.train.delimiter.empty());
                     QCOMPARE(e.data.train.id, std::string("id"));
                     QCOMPARE(e.teacher.kind, TeacherKind::Simulated);
                     QCOMPARE(e.data.holdout.validation, 0.1);
                 }};
    all << Shape{
        "semicolon.csv", lines(60, ';', "id;text;label"), 60, 3, "text", "label", {}, [](const auto& e) {
            QCOMPARE(e.data.train.delimiter, std::string(";"));
        }};
    all << Shape{"tab.tsv", lines(60, '\t', "id\ttext\tlabel"), 60, 3, "text", "label"};
    all << Shape{"bar.csv", lines(60, '|', "id|text|label"),
                 60,        3,
                 "text",    "label",
                 {},        [](const auto& e) { QCOMPARE(e.data.train.delimiter, std::string("|")); }};
    all << Shape{"windows-lines.csv", lines(60, ',', "id,text,label", "\r\n"), 60, 3, "text", "label"};
    all << Shape{"marked.csv", QByteArray("\xef\xbb\xbf") + lines(60, ',', "id,text,label"), 60, 3, "text",
                 "label"};
    all << Shape{
        "no-ending.data", lines(60, ',', "id,text,label"), 60, 3, "text", "label", {}, [](const auto& e) {
            QCOMPARE(e.data.train.format, std::string("csv"));
        }};

    QByteArray quoted = "text,label\n";
    for (int row = 0; row < 40; ++row)
        quoted += "\"" + textOf(row) + ",\nand a \"\"second\"\" line\"," + Moods[row % 3] + "\n";
    all << Shape{"quoted-lines.csv", quoted, 40, 3, "text", "label"};

    QByteArray loose = "text\tlabel\n"; // a quote that is only a quote
    for (int row = 0; row < 40; ++row)
        loose += (row % 9 == 4 ? "\"" : "") + textOf(row) + "\t" + Moods[row % 3] + "\n";
    all << Shape{"loose-quotes.tsv", loose, 40, 3, "text", "label"};

    QByteArray bare;
    for (int row = 0; row < 60; ++row)
        bare += Moods[row % 3] + "," + textOf(row) + "\n";
    all << Shape{"no-header.csv",
                 bare,
                 60,
                 3,
                 "2",
                 "1",
                 [](test::DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Format)
                         QCOMPARE(wizard.named<QComboBox>("First line")->currentText(),
                                  QString("is a record already (found)"));
                 },
                 [](const auto& e) { QVERIFY(!e.data.train.header); }};
    all << Shape{
        "header-denied.csv",
        lines(60, ',', "id,text,label"),
        61,
        4,
        "2",
        "3",
        [](test::DrivenWizard& wizard, int page) {
            if (page == ImportWizard::Format) {
                QVERIFY(test::chooseByKeys(wizard.named<QComboBox>("First line"), "is a record already"));
                QVERIFY(wizard.waitUntilSettled());
                QCOMPARE(wizard.preview()->horizontalHeaderItem(1)->text(), QString("2"));
            }
            if (page == ImportWizard::Columns)
                QVERIFY(test::chooseByKeys(wizard.roleOf("3"), "gold class"));
        }};

    const QString wide = QString::fromUtf8(lines(60, ',', "id,text,label")).replace("feels", "fühlt");
    all << Shape{"wide-little.csv", utf16(wide, false, true), 60, 3, "text", "label"};
    all << Shape{"wide-big.csv", utf16(wide, true, true), 60, 3, "text", "label"};
    QByteArray old = lines(60, ',', "id,text,label");
    old.replace("feels", "f\xfchlt \x93so\x94");
    all << Shape{"windows-1252.csv", old, 60, 3, "text", "label", {}, [](const auto& e) {
                     QCOMPARE(e.data.train.encoding, std::string("windows-1252"));
                 }};

    QByteArray json, numbers;
    for (int row = 0; row < 60; ++row) {
        json += "{\"text\": \"" + textOf(row) + "\", \"label\": \"" + Moods[row % 3] + "\"}\n";
        numbers += "{\"text\": \"" + textOf(row) + "\", \"label\": " + QByteArray::number(row % 3) + "}\n";
    }
    all << Shape{"lines.jsonl", json, 60, 3, "text", "label"};
    all << Shape{"numbers.jsonl",
                 numbers,
                 60,
                 3,
                 "text",
                 "label",
                 [](test::DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Classes) {
                         QVERIFY(wizard.rename("0", "sadness"));
                         QVERIFY(wizard.rename("1", "joy"));
                         QVERIFY(wizard.rename("2", "love"));
                     }
                 },
                 [](const auto& e) {
                     QCOMPARE(e.data.rename.size(), std::size_t{3});
                     QCOMPARE(e.data.rename[0], (std::pair<std::string, std::string>("0", "sadness")));
                 }};
    all << Shape{"merged.csv",
                 lines(60, ',', "id,text,label"),
                 60,
                 2,
                 "text",
                 "label",
                 [](test::DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Classes) {
                         QVERIFY(wizard.rename("fear", "anger"));
                         QVERIFY(wizard.says("3 labels become 2 classes"));
                     }
                 }};

    QByteArray labelled = "text;label\n", medical;
    for (int row = 0; row < 60; ++row)
        labelled += textOf(row) + ";" + Moods[row % 3] + "\n";
    for (int block = 0; block < 12; ++block) {
        medical += "###" + QByteArray::number(24290000 + block) + "\n";
        for (int row = 0; row < 5; ++row)
            medical += QByteArray(row < 2   ? "METHODS"
                                  : row < 4 ? "RESULTS"
                                            : "CONCLUSIONS") +
                       "\t" + textOf(block * 5 + row) + " .\n";
        medical += "\n";
    }
    all << Shape{"moods.txt", labelled, 60, 3, {}, {}};
    all << Shape{"abstracts.txt", medical, 60, 3, {}, {}};

    QByteArray texts = "text\n";
    for (int row = 0; row < 60; ++row)
        texts += textOf(row) + "\n";
    all << Shape{"only-texts.csv",
                 texts,
                 60,
                 2,
                 "text",
                 "",
                 [](test::DrivenWizard& wizard, int page) {
                     if (page != ImportWizard::Classes)
                         return;
                     QVERIFY(wizard.problem().contains("at least two"));
                     QVERIFY(!wizard.canGoOn());
                     for (const char* name : {"good", "bad"}) {
                         QTest::mouseClick(wizard.link<QToolButton>("add a class"), Qt::LeftButton);
                         QVERIFY(wizard.type(name));
                     }
                 },
                 [](const auto& e) {
                     QCOMPARE(e.data.classes, (std::vector<std::string>{"good", "bad"}));
                 }};

    QByteArray huge = "text,label\n";
    for (int row = 0; row < 24; ++row)
        huge += textOf(row) + " " + QByteArray(200'000, static_cast<char>('a' + row)) + "," + Moods[row % 2] +
                "\n";
    all << Shape{"huge-fields.csv", huge, 24, 2, "text", "label"};

    QByteArray ragged = lines(60, ',', "id,text,label");
    ragged += "900,too few\n901,too,many,fields\n";
    all << Shape{"ragged.csv", ragged, 60, 3, "text", "label", [](test::DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Report) {
                         auto* bad = wizard.named<NumberTable>("Bad rows");
                         QCOMPARE(bad->rowCount(), 2);
                         QVERIFY(bad->item(0, 0)->text().contains("ragged.csv, line 62"));
                         auto* skip = wizard.link<QCheckBox>("Leave the 2 bad rows out");
                         skip->setFocus();
                         QTest::keyClick(skip, Qt::Key_Space);
                         QVERIFY(skip->isChecked());
                     }
                 }};

    QByteArray vectors = "text,class,p_joy,p_anger,p_fear\n",
               said = "text,class,predicted_label,confidence\n";
    for (int row = 0; row < 60; ++row) {
        vectors += textOf(row) + "," + Moods[row % 3] + (row % 2 ? ",0.7,0.2,0.1\n" : ",0.1,0.1,0.8\n");
        said += textOf(row) + "," + Moods[row % 3] + "," + Moods[row % 2] + ",0.8\n";
    }
    all << Shape{"vectors.csv", vectors, 60, 3, "text", "class", {}, [](const auto& e) {
                     QCOMPARE(e.teacher.kind, TeacherKind::Columns);
                     QCOMPARE(e.teacher.probabilities, std::string("p_"));
                     QVERIFY(e.teacher.label.empty());
                 }};
    all << Shape{"said.csv", said, 60, 3, "text", "class", {}, [](const auto& e) {
                     QCOMPARE(e.teacher.label, std::string("predicted_label"));
                     QCOMPARE(e.teacher.confidence, std::string("confidence"));
                 }};
    all << Shape{"vectors-chosen.csv",
                 QByteArray(vectors).replace("p_", "says."),
                 60,
                 3,
                 "text",
                 "class",
                 [](test::DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Columns)
                         QVERIFY(test::chooseByClicks(wizard.roleOf("says.anger"), "teacher's probability"));
                 },
                 [](const auto& e) { QCOMPARE(e.teacher.probabilities, std::string("says.")); }};

    QByteArray papers = "title,abstract,label\n";
    for (int row = 0; row < 60; ++row)
        papers += "Paper " + QByteArray::number(row) + "," + textOf(row) + "," + Moods[row % 3] + "\n";
    all << Shape{"papers.csv",
                 papers,
                 60,
                 3,
                 "title",
                 "label",
                 {},
                 [](const auto& e) {
                     QCOMPARE(e.data.train.moreText, std::vector<std::string>{"abstract"}); }};
    all << Shape{"entities.csv",
                 lines(60, ',', "id,text,label").replace("says", "says &amp; means"),
                 60,
                 3,
                 "text",
                 "label",
                 {},
                 [](const auto& e) { QVERIFY(e.data.unescapeHtml); }};
    return all;
}

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
        QVERIFY(wizard.says("52 texts stand in more than one split"));
        QCOMPARE(wizard.named<NumberTable>("Texts in more than one split")->rowCount(), 52);
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
