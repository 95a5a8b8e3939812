#include "core/teacher/teacher_loader.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <chrono>

using namespace stillroom;

namespace {

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

std::string everything(const Error& error) {
    std::string text = error.message;
    for (const auto& detail : error.details)
        text += '\n' + detail;
    return text;
}

} // namespace

class TeacherLoaderTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;

    void write(const char* name, const QByteArray& content) {
        QFile file(folder_->filePath(QString::fromUtf8(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    }

    [[nodiscard]] LoadContext context(BadRowPolicy badRows = BadRowPolicy::Stop) const {
        LoadContext context;
        context.root = folder_->path().toStdString();
        context.badRows = badRows;
        return context;
    }

    static DataSettings trainingOn(const char* file, const char* gold = "gold") {
        DataSettings data;
        data.train.files = {file};
        data.train.id = "id";
        data.train.text = "text";
        data.train.gold = gold;
        return data;
    }

    static TeacherSettings columns() {
        TeacherSettings teacher;
        teacher.label = "said";
        teacher.confidence = "sure";
        return teacher;
    }

    static TeacherSettings ownFile(const char* file, const char* id = "id") {
        TeacherSettings teacher = columns();
        teacher.kind = TeacherKind::File;
        teacher.file = file;
        teacher.id = id;
        return teacher;
    }

    std::string problem(const DataSettings& data, const TeacherSettings& teacher,
                        BadRowPolicy badRows = BadRowPolicy::Stop) const {
        const auto examples = loadExamples(data, teacher, context(badRows));
        return examples ? std::string("no error") : everything(examples.error());
    }

  private Q_SLOTS:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        QVERIFY(folder_->isValid());
        write("a.csv", "id,text,gold,said,sure\n"
                       "x1,one,yes,yes,0.9\n"
                       "x2,two,no,yes,0.6\n"
                       "x3,three,yes,,\n"
                       "x4,four,,no,1\n");
        write("b.csv", "id,text,gold\nx1,one,yes\nx2,two,no\nx3,three,yes\nx4,four,no\n");
    }

    void renamesWhatTheTeacherSaid() {
        write("a.csv", "id,text,gold,said,sure\n1,a,joy,1,0.5\n2,b,sadness,grief,1\n3,c,joy,0,0.75\n");
        DataSettings data = trainingOn("a.csv");
        data.rename = {{"0", "sadness"}, {"grief", "sadness"}, {"1", "joy"}};
        auto examples = loadExamples(data, columns(), context());
        QVERIFY2(examples, examples ? "" : everything(examples.error()).c_str());
        QCOMPARE(examples->dataset.classes(), (std::vector<std::string>{"joy", "sadness"}));
        QCOMPARE(examples->teacher.label(0), 0);
        QCOMPARE(examples->teacher.label(1), 1);
        QCOMPARE(examples->teacher.label(2), 1);
        data.rename.emplace_back("greif", "sadness");
        const std::string sentence = problem(data, columns());
        QVERIFY2(contains(sentence, "data.rename makes 'sadness' of 'greif'") &&
                     contains(sentence, "did you mean 'grief'?"),
                 sentence.c_str());
        // Without gold the classes are what the teacher's labels are called in the end.
        data = trainingOn("a.csv", "");
        data.rename = {{"0", "sadness"}, {"grief", "sadness"}, {"1", "joy"}};
        examples = loadExamples(data, columns(), context());
        QVERIFY2(examples, examples ? "" : everything(examples.error()).c_str());
        QCOMPARE(examples->dataset.classes(), (std::vector<std::string>{"joy", "sadness"}));
    }

    void addsTheProbabilitiesOfLabelsThatBecomeOne() {
        write("a.csv", "id,text,gold,p_1,p_0,p_2\n1,a,sad,0.25,0.25,0.5\n2,b,glad,0.5,0.5,0\n");
        DataSettings data = trainingOn("a.csv");
        data.rename = {{"0", "sad"}, {"1", "glad"}, {"2", "glad"}};
        TeacherSettings teacher;
        teacher.probabilities = "p_";
        const auto examples = loadExamples(data, teacher, context());
        QVERIFY2(examples, examples ? "" : everything(examples.error()).c_str());
        QCOMPARE(examples->dataset.classes(), (std::vector<std::string>{"glad", "sad"}));
        QCOMPARE(examples->teacher.label(0), 0);
        QCOMPARE(examples->teacher.confidence(0), 0.75F);
        QCOMPARE(examples->teacher.confidence(1), 0.5F);
    }

    void aFileOfItsOwnInAnotherFormOfWriting() {
        write("a.csv", "id,text,gold\nK\xC3\xA4se,a,x\nBrot,b,y\n");
        write("t.csv", "K\xE4se;x;0.5\nBrot;y;1\n");
        TeacherSettings teacher = ownFile("t.csv", "1");
        teacher.label = "2";
        teacher.confidence = "3";
        teacher.delimiter = ";";
        teacher.header = false;
        teacher.encoding = "windows-1252";
        const auto examples = loadExamples(trainingOn("a.csv"), teacher, context());
        QVERIFY2(examples, examples ? "" : everything(examples.error()).c_str());
        QCOMPARE(examples->teacher.confidence(0), 0.5F);
        QCOMPARE(examples->teacher.label(1), 1);
    }

    void columnsInOnePass() {
        const auto examples = loadExamples(trainingOn("a.csv"), columns(), context());
        QVERIFY2(examples, examples ? "" : everything(examples.error()).c_str());
        const auto& [dataset, teacher, report, untaught] = *examples;
        QCOMPARE(dataset.classes(), (std::vector<std::string>{"no", "yes"}));
        QCOMPARE(teacher.size(), std::size_t{4});
        QCOMPARE(teacher.label(0), 1);
        QCOMPARE(teacher.confidence(0), 0.9F);
        QCOMPARE(teacher.label(1), 1);
        QVERIFY(!teacher.has(2));
        QCOMPARE(teacher.label(3), 0);
        QCOMPARE(untaught, 1);
        QCOMPARE(report.badRows.count, 0);
    }

    void withoutGoldTheTeachersLabelsAreTheClasses() {
        const auto examples = loadExamples(trainingOn("a.csv", ""), columns(), context());
        QVERIFY(examples);
        QCOMPARE(examples->dataset.classes(), (std::vector<std::string>{"no", "yes"}));
        QVERIFY(!examples->dataset.hasGold(Split::Train));
        QCOMPARE(examples->teacher.label(0), 1);
    }

    void badAnswersAreBadRows_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("sentence");
        QTest::newRow("no class")
            << QByteArray("yess,0.5")
            << QByteArray("a.csv, line 3, column said: label 'yess' is none of the 2 classes; did "
                          "you mean 'yes'?");
        QTest::newRow("no number") << QByteArray("yes,high")
                                   << QByteArray(
                                          "a.csv, line 3, column sure: confidence 'high' is not a number");
        QTest::newRow("NaN") << QByteArray("yes,NaN")
                             << QByteArray("a.csv, line 3, column sure: confidence NaN");
        QTest::newRow("below 0") << QByteArray("yes,-0.5")
                                 << QByteArray(
                                        "a.csv, line 3, column sure: confidence -0.5 is not between 0 and 1");
        QTest::newRow("above 1") << QByteArray("yes,1.7")
                                 << QByteArray(
                                        "a.csv, line 3, column sure: confidence 1.7 is not between 0 and 1");
    }

    void badAnswersAreBadRows() {
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, sentence);
        write("a.csv",
              "id,text,gold,said,sure\nx1,one,yes,yes,0.9\nx2,two,no," + answer + "\nx3,three,no,no,1\n");
        const auto message = problem(trainingOn("a.csv"), columns());
        QVERIFY2(contains(message, sentence.constData()), message.c_str());
        QVERIFY2(contains(message, "1 bad row"), message.c_str());
        // Skipped, it is counted and not learnt from; the others are as they were.
        const auto examples = loadExamples(trainingOn("a.csv"), columns(), context(BadRowPolicy::Skip));
        QVERIFY(examples);
        QCOMPARE(examples->report.badRows.count, 1);
        int taught = 0;
        for (std::size_t row = 0; row < examples->dataset.size(); ++row) {
            if (!examples->teacher.has(row)) {
                QCOMPARE(examples->dataset.id(row), std::string_view("x2"));
                continue;
            }
            ++taught;
            QCOMPARE(examples->teacher.label(row), examples->dataset.gold(row));
        }
        QCOMPARE(taught, 2);
    }

    void aColumnThatIsNotThere() {
        auto teacher = columns();
        teacher.confidence = "confidence";
        const auto message = problem(trainingOn("a.csv"), teacher);
        QVERIFY2(contains(message, "a.csv") && contains(message, "'confidence'") &&
                     contains(message, "'sure'"),
                 message.c_str());
    }

    void aColumnForEachClass() {
        write("p.csv", "id,text,gold,p_yes,p_no\nx1,one,yes,0.75,0.25\nx2,two,no,0.5,0.4\nx3,three,no,,\n");
        auto teacher = TeacherSettings{};
        teacher.probabilities = "p_";
        const auto message = problem(trainingOn("p.csv"), teacher);
        QVERIFY2(contains(message, "p.csv, line 3, column p_: the probabilities sum to 0.9, not to 1"),
                 message.c_str());
        const auto examples = loadExamples(trainingOn("p.csv"), teacher, context(BadRowPolicy::Skip));
        QVERIFY(examples);
        std::array<float, 2> q{};
        examples->teacher.distribution(0, q);
        QCOMPARE(q[0], 0.25F); // no, yes: sorted
        QCOMPARE(q[1], 0.75F);
        QCOMPARE(examples->untaught, 1);
    }

    void jsonObjectsAndArrays() {
        write("j.jsonl", "{\"id\":1,\"text\":\"one\",\"q\":{\"b\":0.75,\"a\":0.25}}\n"
                         "{\"id\":2,\"text\":\"two\",\"q\":null}\n"
                         "{\"id\":3,\"text\":\"three\",\"q\":{\"a\":1}}\n");
        TeacherSettings teacher;
        teacher.probabilities = "q";
        const auto objects = loadExamples(trainingOn("j.jsonl", ""), teacher, context());
        QVERIFY2(objects, objects ? "" : everything(objects.error()).c_str());
        QCOMPARE(objects->dataset.classes(), (std::vector<std::string>{"a", "b"}));
        QCOMPARE(objects->teacher.label(0), 1);
        QCOMPARE(objects->teacher.confidence(2), 1.0F);
        QCOMPARE(objects->untaught, 1);

        write("k.jsonl", "{\"id\":1,\"text\":\"one\",\"q\":[0.75,0.25]}\n");
        auto data = trainingOn("k.jsonl", "");
        QVERIFY(contains(problem(data, teacher), "data.classes"));
        data.classes = {"z", "a"};
        const auto arrays = loadExamples(data, teacher, context());
        QVERIFY(arrays);
        QCOMPARE(arrays->teacher.label(0), 0);
        QCOMPARE(arrays->teacher.confidence(0), 0.75F);
    }

    void goldIsATeacher() {
        TeacherSettings teacher;
        teacher.kind = TeacherKind::Gold;
        const auto examples = loadExamples(trainingOn("a.csv"), teacher, context());
        QVERIFY(examples);
        QCOMPARE(examples->teacher.label(1), 0);
        QCOMPARE(examples->teacher.confidence(1), 1.0F);
        QVERIFY(examples->teacher.origin(1) == TeacherOrigin::Gold);
        QCOMPARE(examples->untaught, 1); // x4 has no gold
        auto data = trainingOn("a.csv", "");
        data.classes = {"no", "yes"};
        QVERIFY(contains(problem(data, teacher), "data.train.gold"));
    }

    void aTeacherIsSimulated() {
        TeacherSettings teacher;
        teacher.kind = TeacherKind::Simulated;
        teacher.accuracy = 1;
        const auto examples = loadExamples(trainingOn("b.csv"), teacher, context());
        QVERIFY(examples);
        QVERIFY(examples->teacher.hasVectors());
        for (std::size_t row = 0; row < 4; ++row)
            QCOMPARE(examples->teacher.label(row), examples->dataset.gold(row));
    }

    void nothingSaidAtAll() {
        write("a.csv", "id,text,gold,said,sure\nx1,one,yes,,\nx2,two,no,,0.5\n");
        const auto message = problem(trainingOn("a.csv"), columns());
        QVERIFY2(contains(message, "none of the 2 training texts has an answer"), message.c_str());
    }

    void heldOutRowsKeepTheirAnswers() {
        QByteArray rows = "id,text,gold,said,sure\n";
        for (int i = 0; i < 400; ++i)
            rows += QByteArray::number(i) + ",text," + (i % 2 == 0 ? "yes" : "no") + "," +
                    (i % 3 == 0 ? "yes" : "no") + ",0.5\n";
        write("many.csv", rows);
        write("said.csv", rows);
        auto data = trainingOn("many.csv");
        data.holdout.validation = 0.25;
        const auto beside = loadExamples(data, columns(), context());
        const auto byRow = loadExamples(data, ownFile("said.csv", ""), context());
        const auto byId = loadExamples(data, ownFile("said.csv"), context());
        QVERIFY(beside && byRow && byId);
        QVERIFY(beside->dataset.rows(Split::Validation).size() > 60);
        for (std::size_t row = 0; row < 400; ++row) {
            const int expected = std::atoi(std::string(beside->dataset.id(row)).c_str()) % 3 == 0 ? 1 : 0;
            QCOMPARE(beside->teacher.label(row), expected);
            QCOMPARE(byRow->teacher.label(row), expected);
            QCOMPARE(byId->teacher.label(row), expected);
        }
        QCOMPARE(byRow->untaught, 0);
    }

    // A file of the teacher's own.

    void joinedById() {
        write("t.jsonl",
              "{\"id\":\"x4\",\"said\":\"no\",\"sure\":0.5}\n{\"id\":\"x1\",\"said\":\"yes\",\"sure\":0.75}\n"
              "{\"id\":\"x2\",\"said\":null,\"sure\":null}\n");
        const auto examples = loadExamples(trainingOn("b.csv"), ownFile("t.jsonl"), context());
        QVERIFY2(examples, examples ? "" : everything(examples.error()).c_str());
        QCOMPARE(examples->teacher.label(0), 1);
        QCOMPARE(examples->teacher.confidence(0), 0.75F);
        QVERIFY(!examples->teacher.has(1) && !examples->teacher.has(2));
        QCOMPARE(examples->teacher.label(3), 0);
        QCOMPARE(examples->untaught, 2);
    }

    void joinedByRow() {
        write("t.tsv", "said\tsure\nyes\t0.75\n\t\nno\t0.5\n");
        const auto examples = loadExamples(trainingOn("b.csv"), ownFile("t.tsv", ""), context());
        QVERIFY2(examples, examples ? "" : everything(examples.error()).c_str());
        QCOMPARE(examples->teacher.label(0), 1);
        QVERIFY(!examples->teacher.has(1));
        QCOMPARE(examples->teacher.label(2), 0);
        QVERIFY(!examples->teacher.has(3));
        QCOMPARE(examples->untaught, 2);
    }

    void withoutGoldTheFileHasTheClasses() {
        write("t.csv", "id,said,sure\nx1,spam,1\nx2,ham,1\nx3,ham,1\n");
        const auto examples = loadExamples(trainingOn("b.csv", ""), ownFile("t.csv"), context());
        QVERIFY2(examples, examples ? "" : everything(examples.error()).c_str());
        QCOMPARE(examples->dataset.classes(), (std::vector<std::string>{"ham", "spam"}));
        QCOMPARE(examples->teacher.label(0), 1);
    }

    void rowsWithoutATextAreBad() {
        write("t.csv", "id,said,sure\nx1,yes,1\nx9,yes,1\nx1,no,1\n,no,1\nx2,no,2\nx3,maybe,1\n");
        const auto message = problem(trainingOn("b.csv"), ownFile("t.csv"));
        for (const char* sentence :
             {"5 bad rows in 1 file", "t.csv, line 3, column id: there is no text with the id 'x9'",
              "t.csv, line 4, column id: id 'x1' occurs already in line 2",
              "t.csv, line 5, column id: the id is empty", "t.csv, line 6, column sure: confidence 2 is not",
              "t.csv, line 7, column said: label 'maybe' is none"})
            QVERIFY2(contains(message, sentence), message.c_str());
        const auto examples =
            loadExamples(trainingOn("b.csv"), ownFile("t.csv"), context(BadRowPolicy::Skip));
        QVERIFY(examples);
        QCOMPARE(examples->report.badRows.count, 5);
        QCOMPARE(examples->untaught, 3);
        QCOMPARE(examples->teacher.label(0), 1);
    }

    void recordsPastTheLastTextAreBad() {
        write("t.csv", "said,sure\nyes,1\nno,1\nyes,1\nno,1\nyes,1\n");
        const auto message = problem(trainingOn("b.csv"), ownFile("t.csv", ""));
        QVERIFY2(contains(message, "t.csv, line 6: there is no text for record 5: the training files have 4"),
                 message.c_str());
    }

    void skippedRowsForbidJoiningByRow() {
        write("b.csv", "id,text,gold\nx1,one,yes\nx1,two,no\nx3,three,no\n");
        write("t.csv", "id,said,sure\nx1,yes,1\n,no,1\nx3,no,1\n");
        const auto message = problem(trainingOn("b.csv"), ownFile("t.csv", ""), BadRowPolicy::Skip);
        QVERIFY2(contains(message, "teacher.id"), message.c_str());
        QVERIFY(loadExamples(trainingOn("b.csv"), ownFile("t.csv"), context(BadRowPolicy::Skip)));
    }

    void noTextHasARow() {
        write("t.csv", "id,said,sure\ny1,yes,1\ny2,no,1\n");
        auto message = problem(trainingOn("b.csv"), ownFile("t.csv"), BadRowPolicy::Skip);
        QVERIFY2(contains(message, "none of the 4 training texts") && contains(message, "teacher.id"),
                 message.c_str());
        QVERIFY2(contains(message, "'y1'"), message.c_str());
    }

    void aFileOverAllSplitsIsWelcome() {
        write("v.csv", "id,text,gold\nv1,five,yes\n");
        write("t.csv", "id,said,sure\nx1,yes,1\nv1,no,0.5\n");
        auto data = trainingOn("b.csv");
        data.validation = data.train;
        data.validation.files = {"v.csv"};
        const auto examples = loadExamples(data, ownFile("t.csv"), context());
        QVERIFY2(examples, examples ? "" : everything(examples.error()).c_str());
        const auto row = examples->dataset.rows(Split::Validation)[0];
        QCOMPARE(examples->teacher.label(row), 0);
    }

    void missingFilesAndColumns() {
        QVERIFY(contains(problem(trainingOn("b.csv"), ownFile("t.csv")), "teacher.file"));
        QVERIFY(contains(problem(trainingOn("b.csv"), ownFile("")), "teacher.file is missing"));
        write("t.csv", "id,said,sure\nx1,yes,1\n");
        QVERIFY(contains(problem(trainingOn("b.csv"), ownFile("t.csv", "key")), "teacher.id"));
        write("t.xyz", "id,said,sure\nx1,yes,1\n");
        QVERIFY(contains(problem(trainingOn("b.csv"), ownFile("t.xyz")), "teacher.format"));
        auto plain = ownFile("t.xyz");
        plain.format = "csv";
        QVERIFY(loadExamples(trainingOn("b.csv"), plain, context()));
        write("t.csv", "id,said,sure\nx1,\"yes,1\n");
        QVERIFY(contains(problem(trainingOn("b.csv"), ownFile("t.csv")), "t.csv"));
    }

    void cancelledIsCancelled() {
        write("t.csv", "id,said,sure\nx1,yes,1\n");
        Progress progress;
        progress.cancel();
        auto cancelled = context();
        cancelled.progress = &progress;
        const auto examples = loadExamples(trainingOn("b.csv"), ownFile("t.csv"), cancelled);
        QVERIFY(!examples);
        QVERIFY(examples.error().kind == ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TeacherLoaderTest)
#include "teacher_loader_test.moc"
