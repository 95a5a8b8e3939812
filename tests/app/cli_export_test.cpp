// `export`: what it writes, what it says, and that what is wrong is said in one sentence and leaves nothing.
#include "cli_process.h"
#include "made_up_data.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

using namespace stillroom;
using test::Cli;
using test::Said;

class CliExportTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void tensorboard();
    void inWords();
    void aStudent();
    void aStudentInWords();
    void whatIsWrong_data();
    void whatIsWrong();

  private:
    QTemporaryDir folder_;
    QStringList runs_; ///< relative to it
};

void CliExportTest::initTestCase() {
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 400));
    QVERIFY(test::writeFile(folder_.filePath("e.yaml"),
                            QByteArray::fromStdString(test::experimentYaml("data.csv", 2))));
    for (const char* seed : {"1", "2"}) {
        const Said said = Cli(folder_.path()).run({"run", "e.yaml", "--json", "--seed", seed});
        QVERIFY2(said.exitCode == 0, said.all());
        runs_ << said.json().value("run").toString();
    }
    // Another run of the same name, elsewhere.
    QVERIFY(QDir(folder_.path()).mkpath("elsewhere"));
    QVERIFY(
        QFile::link(folder_.filePath(runs_[0]), folder_.filePath("elsewhere/") + runs_[0].section('/', -1)));
}

void CliExportTest::tensorboard() {
    const Said said = Cli(folder_.path())
                          .run(QStringList{"export"} + runs_ +
                               QStringList{"--format", "tensorboard", "--out", "out", "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(said.err, QByteArray());
    QCOMPARE(said.json().value("format").toString(), QString("tensorboard"));
    const auto exports = said.json().value("exports").toArray();
    QCOMPARE(exports.size(), 2);
    QCOMPARE(test::everythingIn(folder_.filePath("out")).size(), 2);
    for (qsizetype i = 0; i < 2; ++i) {
        const auto one = exports[i].toObject();
        QCOMPARE(one.value("run").toString(), runs_[i]);
        QCOMPARE(one.value("folder").toString(), "out/" + runs_[i].section('/', -1));
        QVERIFY(one.value("steps").toInt() > 0);
        QVERIFY(one.value("scalars").toInt() > 3 * one.value("steps").toInt());
        const auto files = test::everythingIn(folder_.filePath(one.value("folder").toString()));
        QCOMPARE(files.size(), 1);
        QVERIFY(files[0].startsWith("events.out.tfevents."));
    }
}

void CliExportTest::inWords() {
    const Said said =
        Cli(folder_.path()).run({"export", runs_[0] + '/', "--format", "tensorboard", "--out", "words"});
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY2(said.out.startsWith("words/" + runs_[0].section('/', -1).toUtf8()), said.all());
    QVERIFY2(said.err.contains("tensorboard --logdir words"), said.all());
}

void CliExportTest::aStudent() {
    const Said said = Cli(folder_.path())
                          .run({"export", runs_[0], "--format", "onnx", "--weights", "int8", "--out",
                                "student", "--licence", "mit", "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(said.err, QByteArray());
    const auto json = said.json();
    QCOMPARE(json.value("kind").toString(), QString("ngram"));
    const auto file = json.value("files").toArray().first().toObject();
    QCOMPARE(file.value("name").toString(), QString("model.onnx"));
    QCOMPARE(file.value("bytes").toInt(), QFileInfo(folder_.filePath("student/model.onnx")).size());
    QVERIFY(3 * file.value("bytes").toInt() < 2 * json.value("student_bytes").toInt());
    const auto compared = json.value("compared").toObject();
    QVERIFY(compared.value("texts").toInt() > 8);
    const double difference = compared.value("largest_difference").toDouble();
    QVERIFY(difference > 0 && difference < 0.1);
    // Measured before and after, on what the run itself was measured on.
    for (const char* which : {"student", "export"}) {
        const auto measure = json.value(which).toObject();
        QVERIFY2(measure.value("accuracy").toDouble() > 0.5, said.all());
    }
    const QByteArray card = test::readFile(folder_.filePath("student/README.md"));
    QVERIFY(card.contains("license: mit") && card.contains("| this export (int8 weights) |"));
    // And its own small form, read by this program again.
    const Said own = Cli(folder_.path())
                         .run({"export", runs_[0], "--format", "safetensors", "--weights", "half", "--out",
                               "own", "--json"});
    QVERIFY2(own.exitCode == 0, own.all());
    const Said again = Cli(folder_.path())
                           .run({"export", "own/student.safetensors", "--format", "huggingface", "--out",
                                 "again", "--json"});
    QVERIFY2(again.exitCode == 0, again.all());
    QCOMPARE(again.json().value("compared").toObject().value("from").toString(), QString("built-in texts"));
    QVERIFY(again.json().value("student").isNull());
}

void CliExportTest::aStudentInWords() {
    const Said said =
        Cli(folder_.path())
            .run({"export", runs_[1], "--format", "torchscript", "--out", "words-of-a-student"});
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY2(said.out.startsWith("words-of-a-student  torchscript, full weights\n"), said.all());
    QVERIFY2(said.out.contains("the same label, largest difference of a probability"), said.all());
    QVERIFY(QFile::exists(folder_.filePath("words-of-a-student/model.pt")));
}

void CliExportTest::whatIsWrong_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("says");
    const QStringList out{"--format", "tensorboard", "--out", "wrong"};
    QTest::newRow("format") << QStringList{runs_[0], "--format", "onxx", "--out", "wrong"} << 2
                            << QByteArray(
                                   "--format onxx: there is no such format; the formats are: tensorboard, "
                                   "bundle, torchscript, onnx, huggingface, safetensors");
    QTest::newRow("no data") << QStringList{runs_[0], "--format", "onnx",   "--out",
                                            "wrong",  "--data",   "nowhere"}
                             << 2 << QByteArray("--data nowhere: there is no such folder");
    QTest::newRow("no run") << QStringList{"runs/no"} + out << 3 << QByteArray("runs/no");
    QTest::newRow("no run's folder") << QStringList{"runs"} + out << 3 << QByteArray("run.sqlite");
    QTest::newRow("the second is none") << QStringList{runs_[0], "e.yaml"} + out << 3 << QByteArray("e.yaml");
    QTest::newRow("two of a name") << QStringList{runs_[0], "elsewhere/" + runs_[0].section('/', -1)} + out
                                   << 2 << runs_[0].section('/', -1).toUtf8();
    QTest::newRow("two students") << QStringList{runs_[0], runs_[1], "--format", "onnx", "--out", "wrong"}
                                  << 2 << QByteArray("exports one student");
    QTest::newRow("weights") << QStringList{runs_[0], "--format", "onnx", "--weights",
                                            "int4",   "--out",    "wrong"}
                             << 2 << QByteArray("full, half or int8, not 'int4'");
    QTest::newRow("int8 for transformers")
        << QStringList{runs_[0], "--format", "huggingface", "--weights", "int8", "--out", "wrong"} << 2
        << QByteArray("take half");
    QTest::newRow("a licence for numbers")
        << QStringList{runs_[0], "--licence", "mit"} + out << 2 << QByteArray("are of a student");
    QTest::newRow("no student") << QStringList{"e.yaml", "--format", "onnx", "--out", "none"} << 3
                                << QByteArray("e.yaml");
    QTest::newRow("something else is there") << QStringList{runs_[0], "--format", "onnx", "--out", "runs"}
                                             << 3 << QByteArray("is not an export alone");
    QTest::newRow("a file in the way")
        << QStringList{runs_[0], "--format", "tensorboard", "--out", "e.yaml"} << 3 << QByteArray("e.yaml");
}

void CliExportTest::whatIsWrong() {
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, says);
    const Said said = Cli(folder_.path()).run(QStringList{"export", "--quiet"} + arguments);
    QVERIFY2(said.exitCode == exitCode, said.all());
    QVERIFY2(said.lines().size() == 1 && said.err.contains(says), said.all());
    for (const auto& left : test::everythingIn(folder_.filePath("wrong")))
        QVERIFY2(!left.startsWith('.'), qPrintable(left));
}

QTEST_GUILESS_MAIN(CliExportTest)
#include "cli_export_test.moc"
