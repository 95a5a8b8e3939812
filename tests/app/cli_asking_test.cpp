// An experiment with `asking:`, from the command line: asked, trained, recorded, done again, interrupted,
// killed.
#include "cli_process.h"
#include "core/experiment/run_folder.h"
#include "made_up_data.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>
#include <set>

using namespace stillroom;
using test::Cli;
using test::Said;

namespace {

std::set<std::uint32_t> rowsOf(const StoredRun& run) {
    std::set<std::uint32_t> rows;
    for (const auto& asked : run.origin.asking.rows)
        rows.insert(asked.row);
    return rows;
}

} // namespace

class CliAskingTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void asksThenTrains();
    void doneAgain();
    void lookedAtAfterwards();
    void atRandom();
    void interruptedInARound();
    void killedInARound();
    void moreCallsThanTexts();

  private:
    StoredRun open(const QString& run) {
        auto stored = StoredRun::open(run.toStdString());
        return stored ? *std::move(stored) : StoredRun{};
    }
    QTemporaryDir folder_;
    QString run_; ///< of asksThenTrains
};

void CliAskingTest::initTestCase() {
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 3000));
    const std::string asking = "asking: {calls: 400, rounds: 4, first: 0.25}\n";
    QVERIFY(test::writeFile(folder_.filePath("e.yaml"),
                            QByteArray::fromStdString(test::experimentYaml("data.csv", 5, asking))));
    // A round of it takes a minute or more.
    QVERIFY(test::writeFile(folder_.filePath("long.yaml"),
                            QByteArray::fromStdString(test::experimentYaml("data.csv", 200'000, asking))));
}

void CliAskingTest::asksThenTrains() {
    Cli cli(folder_.path());
    const Said said = cli.run({"run", "e.yaml", "--json", "--threads", "1"});
    QVERIFY2(said.exitCode == 0, said.all());
    const QJsonObject json = said.json();
    run_ = json["run"].toString();
    QCOMPARE(json["samples"].toObject()["total"].toInt(), 400);
    QVERIFY(json["test"].toObject()["accuracy"].toDouble() > 0);
    const QJsonObject asking = json["asking"].toObject();
    QCOMPARE(asking["calls"].toInt(), 400);
    QCOMPARE(asking["answered"].toInt(), 400);
    const QJsonArray rounds = asking["rounds"].toArray();
    QCOMPARE(rounds.size(), 4);
    for (const auto& round : rounds)
        QCOMPARE(round.toObject()["calls"].toInt(), 100);
    QVERIFY(rounds[0].toObject()["validation"].toObject()["accuracy"].toDouble() > 0);
    QVERIFY(rounds[3].toObject()["validation"].isNull());
    QVERIFY2(said.err.contains("round 2: 200 of 400 calls spent, "), said.all());
    QVERIFY2(said.err.contains("400 texts, "), said.all()); // what the run itself was trained on

    run_ = folder_.filePath(run_);
    const StoredRun stored = open(run_);
    QCOMPARE(rowsOf(stored).size(), std::size_t{400});
    QCOMPARE(stored.origin.asking.rounds.size(), std::size_t{4});
    QCOMPARE(stored.experiment.asking.calls, std::int64_t{400});
}

void CliAskingTest::doneAgain() {
    Cli cli(folder_.path());
    const Said replayed = cli.run({"replay", run_, "--json"});
    QVERIFY2(replayed.exitCode == 0, replayed.all());
    QVERIFY2(replayed.json()["replay_of"].toObject()["identical"].toBool(), replayed.all());
    QVERIFY2(!replayed.err.contains("calls spent"), replayed.all()); // nobody was asked
    QCOMPARE(rowsOf(open(folder_.filePath(replayed.json()["run"].toString()))), rowsOf(open(run_)));

    const Said again = cli.run({"run", "e.yaml", "--json", "--threads", "1", "--runs", "again"});
    QVERIFY2(again.exitCode == 0, again.all());
    QVERIFY(open(folder_.filePath(again.json()["run"].toString())).origin.asking.rows ==
            open(run_).origin.asking.rows);
    const Said other = cli.run({"run", "e.yaml", "--json", "--threads", "1", "--set", "asking.seed=2"});
    QVERIFY2(other.exitCode == 0, other.all());
    QVERIFY(rowsOf(open(folder_.filePath(other.json()["run"].toString()))) != rowsOf(open(run_)));
}

void CliAskingTest::lookedAtAfterwards() {
    Cli cli(folder_.path());
    const Said evaluated = cli.run({"evaluate", run_, "--json"});
    QVERIFY2(evaluated.exitCode == 0, evaluated.all());
    const Said selected = cli.run({"select", "--run", run_, "--json"});
    QVERIFY2(selected.exitCode == 0, selected.all());
    QCOMPARE(selected.json()["samples"].toInt(), 400);
}

void CliAskingTest::atRandom() {
    Cli cli(folder_.path());
    const Said said = cli.run({"run", "e.yaml", "--json", "--threads", "1", "--set",
                               "asking={calls: 400, pick: random, seed: 1}", "--runs", "random"});
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(said.json()["asking"].toObject()["rounds"].toArray().size(), 1);
    const auto random = open(folder_.filePath(said.json()["run"].toString()));
    const auto rounds = open(run_);
    QVERIFY(rowsOf(random) != rowsOf(rounds));
    for (std::size_t i = 0; i < 100; ++i) // the first round is of the same texts
        QCOMPARE(random.origin.asking.rows[i].row, rounds.origin.asking.rows[i].row);
}

void CliAskingTest::interruptedInARound() {
    Cli cli(folder_.path());
    cli.start({"run", "long.yaml", "--json", "--threads", "1", "--runs", "interrupted"});
    QVERIFY(cli.waitForWord("asking about 400 of 2,"));
    QTest::qWait(300 * test::Slowness);
    cli.send(SIGINT);
    const Said said = cli.finish();
    QVERIFY2(said.exitCode == 130, said.all());
    QVERIFY2(said.out.isEmpty() && said.err.contains("asking, round 1 of 4, "), said.all());
    QVERIFY(test::everythingIn(folder_.filePath("interrupted")).isEmpty());
}

void CliAskingTest::killedInARound() {
    Cli cli(folder_.path());
    cli.start({"run", "e.yaml", "--json", "--threads", "1", "--runs", "killed"});
    QVERIFY(cli.waitForWord("round 2: "));
    cli.send(SIGKILL);
    cli.finish();
    const Said again = cli.run({"run", "e.yaml", "--json", "--threads", "1", "--runs", "killed"});
    QVERIFY2(again.exitCode == 0, again.all());
    QVERIFY(open(folder_.filePath(again.json()["run"].toString())).origin.asking.rows ==
            open(run_).origin.asking.rows);
}

void CliAskingTest::moreCallsThanTexts() {
    Cli cli(folder_.path());
    const Said said = cli.run({"run", "e.yaml", "--set", "asking.calls=5000", "--runs", "none"});
    QVERIFY2(said.exitCode == 3, said.all());
    QVERIFY2(said.err.contains("asking.calls is 5,000, but there are only 2,"), said.all());
    QVERIFY(!QDir(folder_.filePath("none")).exists());
}

QTEST_GUILESS_MAIN(CliAskingTest)
#include "cli_asking_test.moc"
