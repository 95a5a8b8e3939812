// `run`, `check`, `evaluate` and `devices` as a script sees them: exit codes, one JSON object, the same
// numbers again.
#include "cli_process.h"
#include "made_up_data.h"

#include <QJsonArray>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QtTest>

using namespace stillroom;
using test::Cli;
using test::Said;

namespace {

/// A number of run.sqlite, as another program reads it.
double inDatabase(const QString& run, const QString& sql) {
    double value = qQNaN();
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "reader");
        database.setConnectOptions("QSQLITE_OPEN_READONLY");
        database.setDatabaseName(run + "/run.sqlite");
        database.open();
        QSqlQuery query(database);
        if (query.exec(sql) && query.next())
            value = query.value(0).toDouble();
    }
    QSqlDatabase::removeDatabase("reader");
    return value;
}

QByteArray studentOf(const QString& run) {
    return test::readFile(run + "/checkpoints/best/student.safetensors");
}

bool isNear(double a, double b) {
    return std::abs(a - b) <= 1e-9;
}

} // namespace

class CliRunTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void everyNameIsThere();
    void numbersAgreeWithTheRecord();
    void textForPeople();
    void sameSeedSameStudent();
    void storedExperimentRunsAgain();
    void evaluateGivesTheSameNumbers();
    void withoutGold();
    void checkTellsOfTheDataWhatTheyAreLike();
    void optionsChangeSettings();
    void dataRoots();
    void checkAndDevices();
    void checkLoadsNoTorch();
    void experimentsByName();
    void wrongUsage_data();
    void wrongUsage();
    void stdoutIsFull();

  private:
    Said cli(const QStringList& arguments) { return Cli(folder_.path()).run(arguments); }
    QJsonObject ran(const QStringList& more = {});

    QTemporaryDir folder_;
    QJsonObject first_; ///< what the first run said
};

/// `run` with --json on the CPU, where it is repeatable, or {} where it failed.
QJsonObject CliRunTest::ran(const QStringList& more) {
    const Said said = cli(QStringList{"run", "made-up.yaml", "--json", "--device", "cpu"} + more);
    if (said.exitCode != 0)
        qWarning("%s", said.all());
    return said.exitCode == 0 ? said.json() : QJsonObject();
}

void CliRunTest::initTestCase() {
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 3000));
    QVERIFY(test::writeFile(folder_.filePath("made-up.yaml"),
                            QByteArray::fromStdString(test::experimentYaml("data.csv", 4))));
    first_ = ran({"--seed", "7"});
    QVERIFY(!first_.isEmpty());
}

void CliRunTest::everyNameIsThere() {
    const auto number = [](const QJsonObject& object, const char* name) {
        return object.value(QLatin1String(name)).isDouble();
    };
    QVERIFY(first_.value("run").isString());
    QVERIFY(QFileInfo(folder_.filePath(first_.value("run").toString())).isDir());
    QVERIFY(first_.value("run").toString().startsWith("runs/"));
    QCOMPARE(first_.value("rule"), QJsonValue("llkd"));
    QCOMPARE(first_.value("seed"), QJsonValue(7));
    QCOMPARE(first_.value("device"), QJsonValue("cpu"));
    QVERIFY(first_.value("threads").toInt() >= 1);
    for (const char* split : {"validation", "test"})
        for (const char* name : {"accuracy", "macro_f1"})
            QVERIFY2(number(first_.value(QLatin1String(split)).toObject(), name), name);
    for (const char* name : {"total", "seen", "gradient", "distinct", "gradient_share", "distinct_share"})
        QVERIFY2(number(first_.value("samples").toObject(), name), name);
    QVERIFY(number(first_, "kept_precision"));
    for (const char* name : {"load", "train", "evaluate", "total"})
        QVERIFY2(number(first_.value("seconds").toObject(), name), name);
}

void CliRunTest::numbersAgreeWithTheRecord() {
    const QString run = folder_.filePath(first_.value("run").toString());
    const auto samples = first_.value("samples").toObject();
    const auto sample = [&](const char* name) { return samples.value(QLatin1String(name)).toDouble(); };
    QCOMPARE(sample("gradient"), inDatabase(run, "SELECT sum(kept) FROM steps"));
    QVERIFY(sample("gradient") > 0);
    QVERIFY(sample("distinct") <= sample("gradient"));
    QVERIFY(isNear(sample("gradient_share"), sample("gradient") / (4 * sample("total"))));
    QVERIFY(isNear(sample("distinct_share"), sample("distinct") / sample("total")));
    QCOMPARE(sample("total") * 4, inDatabase(run, "SELECT sum(candidates) FROM steps"));
    QVERIFY(isNear(first_.value("kept_precision").toDouble(),
                   inDatabase(run, "SELECT 1.0 * sum(kept_right) / sum(kept_with_gold) FROM steps")));
    // The best on validation, and what it does on test.
    const auto validation = first_.value("validation").toObject();
    QVERIFY(isNear(validation.value("macro_f1").toDouble(),
                   inDatabase(run, "SELECT max(macro_f1) FROM evaluations WHERE split = 'validation'")));
    const auto tested = first_.value("test").toObject();
    QVERIFY(isNear(tested.value("accuracy").toDouble(),
                   inDatabase(run, "SELECT accuracy FROM evaluations WHERE split = 'test'")));
    QVERIFY(tested.value("accuracy").toDouble() > 0.3); // something was learnt: nine classes
    const auto seconds = first_.value("seconds").toObject();
    QVERIFY(seconds.value("load").toDouble() + seconds.value("train").toDouble() +
                seconds.value("evaluate").toDouble() <=
            seconds.value("total").toDouble());
}

void CliRunTest::textForPeople() {
    const Said said = cli({"run", "made-up.yaml"});
    QCOMPARE(said.exitCode, 0);
    QVERIFY2(said.out.contains("macro-F1") && said.out.contains("run folder runs/"), said.all());
    QCOMPARE(said.err.count("epoch "), 4 + 1); // each validation, and the test
    QVERIFY2(!said.err.contains('\r') && !said.err.contains('\x1b'), said.all()); // no terminal, no bar

    const Said quiet = cli({"run", "made-up.yaml", "--quiet", "--json"});
    QCOMPARE(quiet.exitCode, 0);
    QCOMPARE(quiet.err, QByteArray());
    QVERIFY(!quiet.json().isEmpty());
}

void CliRunTest::sameSeedSameStudent() {
    const auto again = ran({"--seed", "7"});
    const auto other = ran({"--seed", "8"});
    for (const char* name : {"validation", "test", "samples", "kept_precision", "steps", "flops"})
        QCOMPARE(again.value(QLatin1String(name)), first_.value(QLatin1String(name)));
    QVERIFY(again.value("run") != first_.value("run"));
    const QByteArray student = studentOf(folder_.filePath(first_.value("run").toString()));
    QVERIFY(student.size() > 1000);
    QVERIFY(studentOf(folder_.filePath(again.value("run").toString())) == student);
    QVERIFY(studentOf(folder_.filePath(other.value("run").toString())) != student);
}

void CliRunTest::storedExperimentRunsAgain() {
    const QString run = folder_.filePath(first_.value("run").toString());
    const Said said = cli({"run", run + "/experiment.yaml", "--data", ".", "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    const auto again = said.json();
    QCOMPARE(again.value("seed"), QJsonValue(7));
    for (const char* name : {"validation", "test", "samples", "kept_precision"})
        QCOMPARE(again.value(QLatin1String(name)), first_.value(QLatin1String(name)));
    QVERIFY(studentOf(folder_.filePath(again.value("run").toString())) == studentOf(run));
}

void CliRunTest::evaluateGivesTheSameNumbers() {
    // From anywhere: the run knows where its data are.
    const QTemporaryDir elsewhere;
    const QString run = folder_.filePath(first_.value("run").toString());
    const Said said = Cli(elsewhere.path()).run({"evaluate", run, "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    const auto evaluated = said.json();
    for (const char* split : {"validation", "test"}) {
        const auto now = evaluated.value(QLatin1String(split)).toObject();
        const auto then = first_.value(QLatin1String(split)).toObject();
        for (const char* name : {"accuracy", "macro_f1", "rows", "f1"})
            QCOMPARE(now.value(QLatin1String(name)), then.value(QLatin1String(name)));
        QVERIFY(std::abs(now.value("loss").toDouble() - then.value("loss").toDouble()) < 1e-5);
    }
    QVERIFY(test::everythingIn(elsewhere.path()).isEmpty());

    const Said none = cli({"evaluate", "runs/none"});
    QCOMPARE(none.exitCode, 3);
    QCOMPARE(none.lines().size(), 1);
    QVERIFY(none.err.contains("runs/none"));
}

void CliRunTest::withoutGold() {
    QByteArray yaml = QByteArray::fromStdString(test::experimentYaml("data.csv", 2));
    yaml.replace(", gold: gold", "");
    QVERIFY(test::writeFile(folder_.filePath("no-gold.yaml"), yaml));
    const Said said = cli({"run", "no-gold.yaml", "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    const auto json = said.json();
    for (const char* name : {"validation", "test", "kept_precision", "teacher"})
        QVERIFY2(json.value(QLatin1String(name)).isNull(), name);
    QVERIFY(said.err.contains("validation gold"));
    const Said evaluated = cli({"evaluate", json.value("run").toString(), "--json"});
    QVERIFY2(evaluated.exitCode == 0, evaluated.all());
    QVERIFY(evaluated.json().contains("test") && evaluated.json().value("test").isNull());
    QCOMPARE(cli({"check", "no-gold.yaml"}).exitCode, 0);
}

void CliRunTest::checkTellsOfTheDataWhatTheyAreLike() {
    QVERIFY(test::writeFile(folder_.filePath("twice.csv"),
                            "id,text,gold\n1,same,a\n2,same,b\n3,other,a\n4,,a\n"));
    QVERIFY(test::writeFile(folder_.filePath("twice-test.csv"), "id,text,gold\n5, same,a\n6,new,b\n"));
    QVERIFY(test::writeFile(
        folder_.filePath("twice.yaml"),
        "name: twice\ndata:\n  train: {files: twice.csv, id: id, text: text, gold: gold}\n"
        "  test: {files: twice-test.csv, id: id, text: text, gold: gold}\nteacher: {kind: gold}\n"));
    const Said said = cli({"check", "twice.yaml"});
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY2(said.out.contains(
                 "repeated     1 text stands more than once, 1 of them in more than one split (1 with"),
             said.all());
    QVERIFY2(
        said.out.contains("0 to 5 characters, half of them up to 4; 1 repeated, 1 empty; largest class 3.0"),
        said.all());
    const auto profile = cli({"check", "twice.yaml", "--json"}).json().value("profile").toObject();
    QCOMPARE(profile.value("repeated_texts"), QJsonValue(1));
    QCOMPARE(profile.value("shared_texts"), QJsonValue(1));
    const auto train = profile.value("splits").toObject().value("train").toObject();
    QCOMPARE(train.value("duplicates"), QJsonValue(1));
    QCOMPARE(train.value("empty"), QJsonValue(1));
    QCOMPARE(train.value("by_class").toArray(), (QJsonArray{3, 1}));
    QCOMPARE(profile.value("shared").toArray().at(0).toArray().at(2).toObject().value("id"), QJsonValue("5"));
    QVERIFY(!profile.value("splits").toObject().contains("validation"));
}

void CliRunTest::optionsChangeSettings() {
    const auto all = ran({"--set", "selection.rule=all", "--set", "training.epochs=2", "--threads", "1",
                          "--runs", "deep/er/runs"});
    QCOMPARE(all.value("rule"), QJsonValue("all"));
    QCOMPARE(all.value("epochs"), QJsonValue(2));
    QCOMPARE(all.value("threads"), QJsonValue(1));
    QCOMPARE(all.value("device"), QJsonValue("cpu"));
    QCOMPARE(all.value("samples").toObject().value("gradient_share"), QJsonValue(1));
    QVERIFY(all.value("run").toString().startsWith("deep/er/runs/"));
    const QByteArray stored =
        test::readFile(folder_.filePath(all.value("run").toString() + "/experiment.yaml"));
    for (const char* line : {"rule: all", "epochs: 2", "threads: 1", "device: cpu"})
        QVERIFY2(stored.contains(line), line);

    const auto before = test::everythingIn(folder_.filePath("runs"));
    const Said gpu = cli({"run", "made-up.yaml", "--device", "cuda:99", "--json"});
    QCOMPARE(gpu.exitCode, 3);
    QCOMPARE(gpu.out, QByteArray());
    QVERIFY2(gpu.lines().size() == 1 && gpu.err.contains("cuda:99"), gpu.all());
    QCOMPARE(test::everythingIn(folder_.filePath("runs")), before);
}

void CliRunTest::dataRoots() {
    const QTemporaryDir elsewhere;
    const QString yaml = elsewhere.filePath("made-up.yaml");
    QVERIFY(QFile::copy(folder_.filePath("made-up.yaml"), yaml));
    const Said missing = cli({"check", yaml});
    QCOMPARE(missing.exitCode, 3);
    QVERIFY2(missing.err.contains("data.csv"), missing.all());

    Cli fromVariable(folder_.path());
    fromVariable.setVariable("STILLROOM_DATA", folder_.path());
    QCOMPARE(fromVariable.run({"check", yaml}).exitCode, 0);
    QCOMPARE(cli({"check", yaml, "--data", "."}).exitCode, 0);

    Cli overruled(folder_.path());
    overruled.setVariable("STILLROOM_DATA", elsewhere.path());
    QCOMPARE(overruled.run({"check", "made-up.yaml"}).exitCode, 3);
    QCOMPARE(overruled.run({"check", "made-up.yaml", "--data", folder_.path()}).exitCode, 0);
}

void CliRunTest::checkAndDevices() {
    const Said said = cli({"check", "made-up.yaml", "--json", "--quiet"});
    QCOMPARE(said.exitCode, 0);
    QCOMPARE(said.err, QByteArray());
    const auto data = said.json().value("data").toObject();
    QCOMPARE(data.value("train").toInt() + data.value("validation").toInt() + data.value("test").toInt(),
             3000);
    QCOMPARE(data.value("train"), first_.value("samples").toObject().value("total"));
    QCOMPARE(data.value("classes").toArray().size(), static_cast<qsizetype>(test::ClassNames.size()));
    QCOMPARE(said.json().value("teacher"), first_.value("teacher"));
    QVERIFY(cli({"check", "made-up.yaml"}).out.contains("その他の関連情報"));

    const Said devices = cli({"devices", "--json"});
    QCOMPARE(devices.exitCode, 0);
    const auto list = devices.json().value("devices").toArray();
    QCOMPARE(list.first().toObject().value("name"), QJsonValue("cpu"));
    QVERIFY(devices.json().value("threads").toInt() >= 1);
    for (const char* name : {"libtorch", "blas"})
        QVERIFY2(!devices.json().value(QLatin1String(name)).toString().isEmpty(), name);
}

void CliRunTest::checkLoadsNoTorch() {
    const auto loaded = [this](const QString& command) {
        Cli cli(folder_.path());
        cli.setVariable("LD_DEBUG", "files"); // the loader says on stderr what it opens
        return cli.run({command, "made-up.yaml"}).err;
    };
    const QByteArray checking = loaded("check");
    QVERIFY(checking.contains("libstillroom_experiment.so"));
    QVERIFY(!checking.contains("torch") && !checking.contains("libc10"));
    QVERIFY(loaded("run").contains("libtorch"));
}

void CliRunTest::experimentsByName() {
    const Said demo = cli({"check", "demo", "--json"});
    if (demo.exitCode == 3 && demo.err.contains("wordnet"))
        qInfo("WordNet is not installed (package wordnet-base); the demo was found, its data were not");
    else
        QCOMPARE(demo.json().value("name"), QJsonValue("demo"));
    const Said wrong = cli({"check", "demmo"});
    QCOMPARE(wrong.exitCode, 3);
    QVERIFY2(wrong.lines().size() == 1 && wrong.err.contains("did you mean 'demo'"), wrong.all());
}

void CliRunTest::wrongUsage_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const QStringList& arguments, const QByteArray& says) {
        QTest::newRow(qPrintable(arguments.join(' ') + ' ')) << arguments << says;
    };
    row({}, "name a command");
    row({"chek"}, "did you mean 'check'");
    row({"frobnicate", "x.yaml"}, "no command 'frobnicate'");
    row({"--frobnicate"}, "--frobnicate");
    row({"run"}, "experiment");
    row({"run", "made-up.yaml", "--frobnicate"}, "--frobnicate");
    row({"run", "made-up.yaml", "another.yaml"}, "another.yaml");
    row({"run", "made-up.yaml", "--seed", "seven"}, "seven");
    row({"run", "made-up.yaml", "--bad-rows", "keep"}, "stop or skip");
    row({"run", "made-up.yaml", "--set", "seed"}, "key=value");
    row({"run", "made-up.yaml", "--set", "selection.decai=1"}, "selection.decay");
    row({"run", "made-up.yaml", "--set", "selection.decay=often"}, "selection.decay");
}

void CliRunTest::wrongUsage() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    const Said said = cli(arguments);
    QVERIFY2(said.exitCode == 2, said.all());
    QCOMPARE(said.out, QByteArray());
    QVERIFY2(said.lines().size() == 1 && said.err.startsWith("stillroom-cli: "), said.all());
    QVERIFY2(said.err.contains(says), said.all());
}

void CliRunTest::stdoutIsFull() {
    if (!QFile::exists("/dev/full"))
        QSKIP("there is no /dev/full here");
    Cli cli(folder_.path());
    cli.sendOutputTo("/dev/full");
    const Said said = cli.run({"check", "made-up.yaml", "--json"});
    QVERIFY2(said.exitCode == 4 && said.err.contains("standard output"), said.all());
}

QTEST_GUILESS_MAIN(CliRunTest)
#include "cli_run_test.moc"
