// kill -9 while an LLM is asked, five times at random moments: in the end every row is in the store once, and
// no row was asked again after its answer had been stored.
#include "asked_folder.h"
#include "core/base/random.h"
#include "core/experiment/experiment.h"
#include "core/experiment/prepare.h"

#include <QtTest>
#include <ctime>
#include <numeric>

using namespace stillroom;
using test::AskedFolder;
using test::LlmServer;
using test::Said;

namespace {

constexpr int Rows = 10'000 / test::Slowness;
constexpr int Concurrency = 32;
constexpr int Kills = 5;

/// The rows that a store answers, by the program's own reading, from a copy: what a killed process left is
/// neither repaired nor opened where it lies.
std::vector<int> answeredIn(const AskedFolder& folder) {
    const QTemporaryDir place;
    for (const char* ending : {"", "-wal"})
        if (QFile::exists(folder.store() + ending))
            QFile::copy(folder.store() + ending, place.filePath("copy.sqlite") + ending);
    auto experiment = readExperiment(folder.file("e.yaml").toStdString());
    if (!experiment)
        qFatal("%s", experiment.error().message.c_str());
    experiment->teacher.llm.answers = place.filePath("copy.sqlite").toStdString();
    LoadContext context;
    context.root = folder.path().toStdString();
    const auto prepared = prepare(*experiment, context);
    std::vector<int> rows;
    if (!prepared) // nothing was answered yet
        return rows;
    for (const auto row : prepared->set.trainingRows()) {
        const std::string_view text = prepared->set.data->text(row);
        rows.push_back(QByteArray(text.data(), static_cast<qsizetype>(text.find(' '))).mid(4).toInt());
    }
    return rows;
}

/// Answers in the store, and how many of them are of different prompts.
std::pair<qint64, qint64> countsIn(const QString& store) {
    return {test::rowsOfCopy(store, "SELECT count(*) FROM answers").value(0).toLongLong(),
            test::rowsOfCopy(store, "SELECT count(DISTINCT key) FROM answers").value(0).toLongLong()};
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
    std::vector<int> timesWhenStored(Rows,
                                     -1); // how often it had been asked when it was first seen in the store
    qint64 known = 0;
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
        const auto stored = answeredIn(folder);
        const auto [answers, different] = countsIn(folder.store());
        QCOMPARE(answers, static_cast<qint64>(stored.size()));
        QCOMPARE(different, answers);
        QVERIFY2(answers >= known, "an answer is gone");
        known = answers;
        QVERIFY2(server.answered() - known <= (kill + 1) * 8 * Concurrency,
                 qPrintable(QString("%1 answered, %2 stored").arg(server.answered()).arg(known)));
        const auto times = server.timesAsked(Rows);
        for (const int row : stored) {
            QVERIFY(row >= 0 && row < Rows);
            const int now = times[static_cast<std::size_t>(row)];
            int& then = timesWhenStored[static_cast<std::size_t>(row)];
            QVERIFY(now >= 1);
            if (then < 0)
                then = now;
            QCOMPARE(now, then);
        }
        qInfo("killed after %lld requests of %d rows: %lld answers stored", server.requests(), Rows, known);
    }

    const Said said = folder.cli()->run({"label", "e.yaml", "--quiet", "--out", "answers.csv"});
    QVERIFY2(said.exitCode == 0, said.all());
    auto stored = answeredIn(folder);
    std::sort(stored.begin(), stored.end());
    std::vector<int> all(Rows);
    std::iota(all.begin(), all.end(), 0);
    QCOMPARE(stored, all);
    QCOMPARE(countsIn(folder.store()), (std::pair<qint64, qint64>(Rows, Rows)));
    QCOMPARE(test::answersIn(folder.file("answers.csv")).rows.size(), Rows);
    QCOMPARE(test::rowsOfCopy(folder.store(), "PRAGMA integrity_check"), QStringList("ok"));
    const auto times = server.timesAsked(Rows);
    for (std::size_t row = 0; row < times.size(); ++row)
        if (timesWhenStored[row] >= 0)
            QCOMPARE(times[row], timesWhenStored[row]);
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
