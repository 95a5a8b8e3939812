// Ctrl-C: what was learnt so far is kept, and it is said where.
#include "cli_process.h"
#include "core/experiment/run_folder.h"
#include "made_up_data.h"

#include <QTemporaryDir>
#include <QtTest>
#include <unistd.h>

using namespace stillroom;
using test::Cli;
using test::Said;

namespace {

/// Whether a process has set a handler for SIGINT, as the kernel says.
bool catchesInterrupt(pid_t pid) {
    const QByteArray status = test::readFile(QStringLiteral("/proc/%1/status").arg(pid));
    const auto at = status.indexOf("SigCgt:");
    const auto mask =
        status.mid(at + 7, status.indexOf('\n', at) - at - 7).trimmed().toULongLong(nullptr, 16);
    return at >= 0 && ((mask >> (SIGINT - 1)) & 1U) != 0;
}

} // namespace

class CliInterruptTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void whileTraining_data();
    void whileTraining();
    void whileReading();
    void theSecondOneKills();

  private:
    /// Starts and waits for the moment from which on Ctrl-C is asked for. False: it was over before.
    static bool startAndWait(Cli& cli, const QStringList& arguments);
    QTemporaryDir folder_;
};

void CliInterruptTest::initTestCase() {
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 3000));
    QVERIFY(test::writeFile(folder_.filePath("e.yaml"), // would take hours
                            QByteArray::fromStdString(test::experimentYaml("data.csv", 200'000))));
    // Half a second's reading: one file under many names, its rows without ids.
    QVERIFY(test::writeData(folder_.filePath("part0.csv"), 100'000));
    for (int part = 1; part < 20; ++part)
        QCOMPARE(
            ::link(QFile::encodeName(folder_.filePath("part0.csv")).constData(),
                   QFile::encodeName(folder_.filePath(QStringLiteral("part%1.csv").arg(part))).constData()),
            0);
    QByteArray yaml = QByteArray::fromStdString(test::experimentYaml("part*.csv", 1));
    yaml.replace(", id: id", "");
    QVERIFY(test::writeFile(folder_.filePath("large.yaml"), yaml));
}

bool CliInterruptTest::startAndWait(Cli& cli, const QStringList& arguments) {
    cli.start(arguments);
    while (cli.pid() > 0 && !catchesInterrupt(cli.pid()))
        if (cli.waitForEnd(0))
            return false;
    return cli.pid() > 0;
}

void CliInterruptTest::whileTraining_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("Ctrl-C") << SIGINT;
    QTest::newRow("a batch system's SIGTERM") << SIGTERM;
}

void CliInterruptTest::whileTraining() {
    QFETCH(int, signal);
    Cli cli(folder_.path());
    cli.start({"run", "e.yaml", "--json"});
    QVERIFY(cli.waitForWord("epoch 3"));
    cli.send(signal);
    const Said said = cli.finish();
    QVERIFY2(said.exitCode == 130, said.all());
    const auto last = said.lines().last();
    const auto json = said.json();
    QCOMPARE(json.value("outcome"), QJsonValue("stopped"));
    const QString run = json.value("run").toString();
    const auto steps = static_cast<std::int64_t>(json.value("steps").toDouble());
    QVERIFY(steps > 0);
    QVERIFY2(last.contains(QStringLiteral("stopped after %1 steps").arg(steps)) && last.contains(run),
             said.all());

    const QString folder = folder_.filePath(run);
    const auto stored = StoredRun::open(folder.toStdString());
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    QVERIFY(stored->finished);
    QVERIFY(stored->end.outcome == Outcome::Stopped);
    QCOMPARE(stored->end.step, steps);
    QCOMPARE(stored->end.test.accuracy, json.value("test").toObject().value("accuracy").toDouble());
    QVERIFY(!stored->bestStudent.empty());
    for (const char* file : {"best/student.safetensors", "last/state.safetensors"})
        QVERIFY2(test::readFile(folder + "/checkpoints/" + file).size() > 1000, file);
    QCOMPARE(QFileInfo(folder + "/checkpoints/last").symLinkTarget().section('/', -1).toLongLong(),
             static_cast<qlonglong>(steps));

    const Said evaluated = Cli(folder_.path()).run({"evaluate", run, "--json"});
    QVERIFY2(evaluated.exitCode == 0, evaluated.all());
    QCOMPARE(evaluated.json().value("validation").toObject().value("macro_f1"),
             json.value("validation").toObject().value("macro_f1"));
}

void CliInterruptTest::whileReading() {
    for (const QString command : {"run", "check"}) {
        const QTemporaryDir folder;
        Cli cli(folder.path());
        QVERIFY(startAndWait(cli, {command, folder_.filePath("large.yaml"), "--json"}));
        cli.send(SIGINT);
        const Said said = cli.finish();
        QVERIFY2(said.exitCode == 130, said.all());
        QCOMPARE(said.out, QByteArray());
        QVERIFY2(said.lines().size() == 1 && said.err.startsWith("stillroom-cli: "), said.all());
        QVERIFY2(said.err.contains("cancelled") || said.err.contains("interrupted"), said.all());
        QVERIFY(test::everythingIn(folder.path()).isEmpty());
    }
}

/// The first one is answered within a moment; the second has to come within it, which it may miss now and
/// then.
void CliInterruptTest::theSecondOneKills() {
    int killed = 0;
    for (int attempt = 0; attempt < 20 && killed == 0; ++attempt) {
        const QTemporaryDir folder;
        Cli cli(folder.path());
        QVERIFY(startAndWait(cli, {"check", folder_.filePath("large.yaml")}));
        cli.send(SIGINT);
        while (cli.pid() > 0 && catchesInterrupt(cli.pid()) && !cli.waitForEnd(0)) {
        }
        cli.send(SIGINT);
        const Said said = cli.finish();
        QVERIFY2(said.signal == SIGINT || said.exitCode == 130, said.all());
        killed += said.signal == SIGINT ? 1 : 0;
    }
    QVERIFY(killed > 0);
}

QTEST_GUILESS_MAIN(CliInterruptTest)
#include "cli_interrupt_test.moc"
