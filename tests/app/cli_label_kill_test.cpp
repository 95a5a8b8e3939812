// kill -9 while an LLM is asked, five times at random moments: in the end every row is in the store once, and
// no row was asked again after its answer had been stored.
#include "asked_folder.h"
#include "core/base/random.h"

#include <QSet>
#include <QtTest>
#include <ctime>

using namespace stillroom;
using test::AskedFolder;
using test::LlmServer;
using test::Said;

namespace {

constexpr int Rows = 10'000 / test::Slowness;
constexpr int Concurrency = 32;
constexpr int Kills = 5;

/// The rows whose answers are in the store, each as often as it is there.
QList<int> storedIn(const QString& store) {
    QList<int> rows;
    static const QRegularExpression name("row-(\\d+)");
    for (const auto& text : test::rowsOfCopy(store, "SELECT prompt FROM answers")) {
        int row = -1;
        for (auto found = name.globalMatch(text); found.hasNext();)
            row = found.next().captured(1).toInt();
        rows << row;
    }
    return rows;
}

} // namespace

class CliLabelKillTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void nothingLostNothingTwice();
};

void CliLabelKillTest::nothingLostNothingTwice() {
    const LlmServer server(test::askedClasses());
    const AskedFolder folder(Rows);
    QVERIFY(
        folder.good() &&
        folder.writeExperiment(server.baseUrl(), "  concurrency: " + QByteArray::number(Concurrency) + "\n"));
    QVector<int> timesWhenStored(Rows, -1); // how often it had been asked when it was first seen in the store
    qsizetype known = 0;
    Random random(static_cast<std::uint64_t>(std::time(nullptr)), "moments");
    for (int kill = 0; kill < Kills; ++kill) {
        auto cli = folder.cli();
        const auto before = server.answered();
        cli->start({"label", "e.yaml", "--quiet"});
        // After so many answers, and somewhere within the work on the next.
        const auto after = before + 1 + random.below(Rows / Kills - Rows / 50);
        while (server.answered() < after && !cli->waitForEnd(0))
            QThread::usleep(200);
        QThread::usleep(random.below(5000));
        cli->send(SIGKILL);
        const Said said = cli->finish();
        QVERIFY2(said.signal == SIGKILL, said.all());
        QVERIFY(server.waitUntilAlone()); // what it had sent before is counted too
        const auto stored = storedIn(folder.store());
        const QSet<int> different(stored.begin(), stored.end());
        QCOMPARE(different.size(), stored.size());
        QVERIFY2(stored.size() >= known, "an answer is gone");
        known = stored.size();
        QVERIFY2(server.answered() - known <= (kill + 1) * 8 * Concurrency,
                 qPrintable(QString("%1 answered, %2 stored").arg(server.answered()).arg(known)));
        const auto times = server.timesAsked(Rows);
        for (const int row : stored) {
            QVERIFY(row >= 0 && row < Rows);
            const int now = times[static_cast<std::size_t>(row)];
            QVERIFY(now >= 1);
            if (timesWhenStored[row] < 0)
                timesWhenStored[row] = now;
            QCOMPARE(now, timesWhenStored[row]);
        }
        qInfo("killed after %lld requests of %d rows: %lld answers stored", server.requests(), Rows,
              static_cast<long long>(known));
    }

    const Said said = folder.cli()->run({"label", "e.yaml", "--quiet", "--out", "answers.csv"});
    QVERIFY2(said.exitCode == 0, said.all());
    const auto stored = storedIn(folder.store());
    QCOMPARE(stored.size(), Rows);
    QCOMPARE(QSet<int>(stored.begin(), stored.end()).size(), Rows);
    QCOMPARE(test::answersIn(folder.file("answers.csv")).rows.size(), Rows);
    QCOMPARE(test::rowsOfCopy(folder.store(), "PRAGMA integrity_check"), QStringList("ok"));
    const auto times = server.timesAsked(Rows);
    for (int row = 0; row < Rows; ++row)
        if (timesWhenStored[row] >= 0)
            QCOMPARE(times[static_cast<std::size_t>(row)], timesWhenStored[row]);
    QCOMPARE(server.asked().size(), static_cast<std::size_t>(std::accumulate(times.begin(), times.end(), 0)));

    // Nothing is left to ask.
    const auto requests = server.requests();
    QCOMPARE(folder.cli()->run({"label", "e.yaml", "--quiet"}).exitCode, 0);
    QCOMPARE(server.requests(), requests);
    qInfo("%lld requests for %d rows: %lld were under way when the client was killed", requests, Rows,
          requests - Rows);
}

QTEST_GUILESS_MAIN(CliLabelKillTest)
#include "cli_label_kill_test.moc"
