// An experiment with `asking:` whose teacher is an LLM behind a server: it is asked about just those texts,
// and about none twice, though the process is killed in every round.
#include "asked_folder.h"
#include "core/experiment/run_folder.h"

#include <QtTest>
#include <map>

using namespace stillroom;
using test::AskedFolder;
using test::Behaviour;
using test::Fault;
using test::LlmServer;
using test::Said;

namespace {

constexpr int Rows = 300;
constexpr int Calls = 80;

/// Four rounds of 20.
constexpr const char* Asking = "asking={calls: 80, rounds: 4, first: 0.25, seed: 3}";

QStringList asking() {
    return {"run", "e.yaml", "--json", "--set", Asking};
}

/// Which rows a run asked about, and in which round. Training texts stand in the order of their numbers.
std::map<int, int> roundsOf(const AskedFolder& folder, const Said& said) {
    std::map<int, int> rounds;
    const auto stored = StoredRun::open(folder.file(said.json()["run"].toString()).toStdString());
    if (stored)
        for (const auto& [row, round] : stored->origin.asking.rows)
            rounds[static_cast<int>(row)] = round;
    return rounds;
}

int storedIn(const AskedFolder& folder) {
    return test::rowsOfCopy(folder.store(), "SELECT count(*) FROM answers").value(0).toInt();
}

} // namespace

class CliAskingLlmTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void asksWhatItPicksAndNothingElse();
    void killedInEveryRound();
    void whatIsRefusedCountsAndIsNotLearntFrom();
    void theTeachersBudgetIsOfAllRounds();
};

void CliAskingLlmTest::asksWhatItPicksAndNothingElse() {
    const LlmServer server(test::askedClasses());
    const AskedFolder folder(Rows);
    QVERIFY(folder.good() && folder.writeExperiment(server.baseUrl()));
    const Said said = folder.cli()->run(asking());
    QVERIFY2(said.exitCode == 0, said.all());
    const auto rounds = roundsOf(folder, said);
    QCOMPARE(rounds.size(), std::size_t{Calls});
    const auto times = server.timesAsked(Rows);
    for (int row = 0; row < Rows; ++row)
        QCOMPARE(times[static_cast<std::size_t>(row)], rounds.count(row) == 1 ? 1 : 0);
    QCOMPARE(server.requests(), Calls); // and about no held-out text
    QCOMPARE(said.json()["samples"].toObject()["total"].toInt(), Calls);
    QCOMPARE(said.json()["teacher"].toObject()["accuracy"].toDouble(), 1.0); // gold is what the server says

    // From here on nobody is asked, whether there is a server or not.
    QVERIFY(folder.writeExperiment("http://127.0.0.1:9/v1"));
    const Said again = folder.cli()->run(asking());
    QVERIFY2(again.exitCode == 0, again.all());
    QCOMPARE(roundsOf(folder, again), rounds);
    const Said replayed = folder.cli()->run({"replay", said.json()["run"].toString(), "--json"});
    QVERIFY2(replayed.exitCode == 0, replayed.all());
    QVERIFY2(replayed.json()["replay_of"].toObject()["identical"].toBool(), replayed.all());
    QCOMPARE(server.requests(), Calls);
}

void CliAskingLlmTest::killedInEveryRound() {
    LlmServer server(test::askedClasses());
    server.setDelay(100);
    const AskedFolder folder(Rows), whole(Rows);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  concurrency: 4\n"));
    qint64 twice = 0; // requests whose answers no store could have: they were under way
    for (int round = 1; round <= 4; ++round) {
        auto cli = folder.cli();
        cli->start(asking());
        // In the first round's asking, the second's, …
        QTRY_VERIFY_WITH_TIMEOUT(server.answered() - twice >= 20 * (round - 1) + 7 || cli->waitForEnd(0),
                                 120'000);
        cli->send(SIGKILL);
        const Said said = cli->finish();
        QVERIFY2(said.signal == SIGKILL, said.all());
        QVERIFY(server.waitUntilAlone());
        twice = server.requests() - storedIn(folder);
    }
    const Said said = folder.cli()->run(asking());
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(server.requests(), Calls + twice);
    QCOMPARE(storedIn(folder), Calls);

    // The same texts in the same rounds as if nothing had happened.
    server.setDelay(0);
    QVERIFY(whole.writeExperiment(server.baseUrl()));
    const Said undisturbed = whole.cli()->run(asking());
    QVERIFY2(undisturbed.exitCode == 0, undisturbed.all());
    QCOMPARE(roundsOf(folder, said).size(), std::size_t{Calls});
    QCOMPARE(roundsOf(folder, said), roundsOf(whole, undisturbed));
    QCOMPARE(said.json()["test"].toObject(), undisturbed.json()["test"].toObject());
}

void CliAskingLlmTest::whatIsRefusedCountsAndIsNotLearntFrom() {
    const LlmServer server(test::askedClasses(), [](int row, int) {
        return row % 5 == 0 ? Behaviour{Fault::Reply, 200, {}, "I would rather not say, sorry."}
                            : Behaviour{};
    });
    const AskedFolder folder(Rows);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  ask: stated\n"));
    const Said said = folder.cli()->run(asking());
    QVERIFY2(said.exitCode == 0, said.all());
    int refused = 0;
    for (const auto& [row, round] : roundsOf(folder, said))
        refused += row % 5 == 0 ? 1 : 0;
    QVERIFY(refused > 0);
    QCOMPARE(server.requests(), Calls);
    QCOMPARE(said.json()["asking"].toObject()["answered"].toInt(), Calls - refused);
    QCOMPARE(said.json()["samples"].toObject()["total"].toInt(), Calls - refused);
    QVERIFY2(said.err.contains(" without an answer"), said.all());
}

void CliAskingLlmTest::theTeachersBudgetIsOfAllRounds() {
    const LlmServer server(test::askedClasses());
    const AskedFolder folder(Rows);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  budget: {calls: 50}\n"));
    const Said said = folder.cli()->run(asking());
    QVERIFY2(said.exitCode != 0 && said.out.isEmpty(), said.all());
    QVERIFY2(said.err.contains("asking, round 3 of 4, 40 of 80 calls spent: teacher.budget is spent"),
             said.all());
    QCOMPARE(server.requests(), 50);
    // Another run may spend as much again, and needs less.
    const Said rest = folder.cli()->run(asking());
    QVERIFY2(rest.exitCode == 0, rest.all());
    QCOMPARE(server.requests(), Calls);
}

QTEST_GUILESS_MAIN(CliAskingLlmTest)
#include "cli_asking_llm_test.moc"
