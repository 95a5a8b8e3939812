// `export --format bundle` and `unpack`: a run goes away as one file and is a run again elsewhere.
#include "cli_process.h"
#include "made_up_data.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace stillroom;
using test::Cli;
using test::Said;

class CliBundleTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void thereAndBack();
    void goesOnElsewhere();
    void inWords();
    void whatIsWrong_data();
    void whatIsWrong();

  private:
    QTemporaryDir folder_;
    QString run_; ///< relative to it
};

void CliBundleTest::initTestCase() {
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 500));
    QVERIFY(test::writeFile(folder_.filePath("e.yaml"),
                            QByteArray::fromStdString(test::experimentYaml("data.csv", 3))));
    const Said said = Cli(folder_.path()).run({"run", "e.yaml", "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    run_ = said.json().value("run").toString();
}

void CliBundleTest::thereAndBack() {
    Cli cli(folder_.path());
    const Said packed = cli.run({"export", run_, "--format", "bundle", "--out", "a.zip", "--json"});
    QVERIFY2(packed.exitCode == 0, packed.all());
    QCOMPARE(packed.err, QByteArray());
    QCOMPARE(packed.json().value("file").toString(), QString("a.zip"));
    QCOMPARE(packed.json().value("bytes").toInt(), QFileInfo(folder_.filePath("a.zip")).size());
    const QByteArray bytes = test::readFile(folder_.filePath("a.zip"));
    const QByteArray text = test::readFile(folder_.filePath("data.csv")).split('\n')[1].split(',')[1];
    QVERIFY(!text.isEmpty() && !bytes.contains(text));

    const Said opened = cli.run({"unpack", "a.zip", "--runs", "elsewhere/runs", "--json"});
    QVERIFY2(opened.exitCode == 0, opened.all());
    const QString run = opened.json().value("run").toString();
    QVERIFY(run.startsWith("elsewhere/runs/"));
    QCOMPARE(test::integrityOf(folder_.filePath(run)), QString("ok"));
    const Said here = cli.run({"evaluate", run_, "--json"}), there = cli.run({"evaluate", run, "--json"});
    QVERIFY2(there.exitCode == 0, there.all());
    QCOMPARE(there.json().value("test"), here.json().value("test"));
    const Said compared = cli.run({"compare", run_, run, "--format", "json"});
    QVERIFY2(compared.exitCode == 0, compared.all());
    QCOMPARE(test::readFile(folder_.filePath(run) + "/checkpoints/best/student.safetensors"),
             test::readFile(folder_.filePath(run_) + "/checkpoints/best/student.safetensors"));
}

void CliBundleTest::goesOnElsewhere() {
    Cli cli(folder_.path());
    QVERIFY(cli.run({"export", run_, "--format", "bundle", "--out", "b.zip"}).exitCode == 0);
    const Said without = cli.run({"unpack", "b.zip", "--runs", "without", "--json"});
    const Said refused = cli.run({"resume", without.json().value("run").toString(), "--epochs", "5"});
    QVERIFY2(refused.exitCode == 3, refused.all());
    QVERIFY(cli.run({"export", run_, "--format", "bundle", "--out", "b.zip", "--checkpoint"}).exitCode == 0);
    const Said with = cli.run({"unpack", "b.zip", "--runs", "with", "--json"});
    const Said resumed = cli.run({"resume", with.json().value("run").toString(), "--epochs", "5", "--json"});
    QVERIFY2(resumed.exitCode == 0, resumed.all());
}

void CliBundleTest::inWords() {
    Cli cli(folder_.path());
    const Said packed = cli.run({"export", run_, "--format", "bundle", "--out", "c.zip"});
    QVERIFY2(packed.exitCode == 0 && packed.out.startsWith("c.zip  "), packed.all());
    const Said opened = cli.run({"unpack", "c.zip", "--runs", "d"});
    QVERIFY2(opened.exitCode == 0 && opened.out.startsWith("d/") && opened.out.count('\n') == 1,
             opened.all());
    const Said again = cli.run({"unpack", "c.zip", "--runs", "d"});
    QVERIFY2(again.exitCode == 0 && again.out.trimmed() == opened.out.trimmed() + "-2", again.all());
}

void CliBundleTest::whatIsWrong_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, const QStringList& arguments, int exitCode, const char* says) {
        QTest::newRow(name) << arguments << exitCode << QByteArray(says);
    };
    row("two runs", {"export", run_, run_, "--format", "bundle", "--out", "x.zip"}, 2, "holds one run");
    row("weights of a bundle", {"export", run_, "--format", "bundle", "--out", "x.zip", "--weights", "half"},
        2, "a bundle holds the run as it is");
    row("a checkpoint of a student", {"export", run_, "--format", "onnx", "--out", "x", "--checkpoint"}, 2,
        "--checkpoint is of --format bundle");
    row("no run", {"export", "no", "--format", "bundle", "--out", "x.zip"}, 3, "no: there is no such run");
    row("a folder in the way", {"export", run_, "--format", "bundle", "--out", "runs"}, 3, "runs");
    row("into the run", {"export", run_, "--format", "bundle", "--out", run_ + "/run.sqlite"}, 3,
        "the run's own folder");
    row("no bundle", {"unpack", "e.yaml"}, 3, "e.yaml is no bundle");
    row("no file", {"unpack", "no.zip"}, 3, "no.zip: there is no such file");
}

void CliBundleTest::whatIsWrong() {
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, says);
    const QStringList before = test::everythingIn(folder_.path());
    const Said said = Cli(folder_.path()).run(arguments + QStringList{"--quiet"});
    QVERIFY2(said.exitCode == exitCode, said.all());
    QVERIFY2(said.lines().size() == 1 && said.err.contains(says), said.all());
    QCOMPARE(test::everythingIn(folder_.path()), before);
}

QTEST_GUILESS_MAIN(CliBundleTest)
#include "cli_bundle_test.moc"
