// An LLM asked in each of three ways, end to end: an experiment file, `label`, `check`, `run`. What is stored
// is what the server said, every row's distribution sums to 1, and nobody is asked twice.
#include "asked_folder.h"

#include <QJsonArray>
#include <QtTest>
#include <cmath>

using namespace stillroom;
using test::AskedFolder;
using test::LlmServer;
using test::Said;

namespace {

constexpr int Rows = 120;
constexpr int Classes = 4;

/// The distribution of a row as the CSV has it: K numbers.
std::vector<double> probabilitiesOf(const test::Answers& answers, int row) {
    std::vector<double> q;
    for (const auto& name : test::askedClasses())
        q.push_back(answers.rows.value(row).value(answers.columns.indexOf("p_" + name)).toDouble());
    return q;
}

double numberOf(const Said& said, const QString& part, const QString& name) {
    return said.json().value(part).toObject().value(name).toDouble(-1);
}

} // namespace

class CliLabelTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void threeWays_data();
    void threeWays();
    void votesOfAServerWithFewAnswers_data();
    void votesOfAServerWithFewAnswers();
    void votesSurviveAKill();
    void aModelThatRefusesMaxTokens_data();
    void aModelThatRefusesMaxTokens();
    void aLimitAndThenTheRest();
    void dryRunAsksNobody();
    void serverAndModelOfTheCommandLine();
    void aChangedTemplateAsksAgain();
    void refusedRowsAreListedAndAskedAgain();
    void interrupted();
    void budgetOfCalls();
    void withoutAnswers();
};

void CliLabelTest::threeWays_data() {
    QTest::addColumn<QByteArray>("teacher");
    QTest::newRow("logprobs") << QByteArray("  ask: logprobs\n");
    QTest::newRow("logprobs, shuffled") << QByteArray("  ask: logprobs\n  shuffle_choices: true\n");
    QTest::newRow("stated") << QByteArray("  ask: stated\n");
    QTest::newRow("votes") << QByteArray("  ask: votes\n  samples: 8\n");
    QTest::newRow("votes, shuffled") << QByteArray("  ask: votes\n  samples: 8\n  shuffle_choices: true\n");
}

void CliLabelTest::threeWays() {
    QFETCH(QByteArray, teacher);
    const LlmServer server(test::askedClasses());
    const AskedFolder folder(Rows);
    QVERIFY(folder.good() && folder.writeExperiment(server.baseUrl(), teacher));

    const Said said = folder.cli()->run({"label", "e.yaml", "--json", "--out", "answers.csv"});
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY2(!said.json().isEmpty(), said.all());
    const auto times = server.timesAsked(Rows);
    QCOMPARE(std::count(times.begin(), times.end(), 1), Rows);
    QCOMPARE(server.requests(), Rows); // none of those that only measure the student

    const auto answers = test::answersIn(folder.file("answers.csv"));
    QCOMPARE(answers.rows.size(), Rows);
    int agree = 0;
    for (int row = 0; row < Rows; ++row) {
        const auto q = probabilitiesOf(answers, row);
        const auto truth = LlmServer::distribution(row, Classes);
        double sum = 0;
        for (const double p : q)
            sum += p;
        QVERIFY2(std::abs(sum - 1) < 1e-6,
                 qPrintable(QString("row %1 sums to %2").arg(row).arg(sum, 0, 'g', 9)));
        const auto first = std::max_element(q.begin(), q.end()) - q.begin();
        const QString label = answers.rows[row].value(answers.columns.indexOf("label"));
        QCOMPARE(label, test::askedClasses()[first]);
        agree += first == test::saidOf(row) ? 1 : 0;
        if (teacher.contains("logprobs"))
            for (std::size_t k = 0; k < Classes; ++k)
                QVERIFY2(std::abs(q[k] - truth[k]) < 1e-6,
                         qPrintable(QString("row %1: %2, not %3").arg(row).arg(q[k]).arg(truth[k])));
        if (teacher.contains("stated")) {
            const double most = truth[static_cast<std::size_t>(test::saidOf(row))];
            QVERIFY(std::abs(q[static_cast<std::size_t>(test::saidOf(row))] - most) < 2e-6);
            for (std::size_t k = 0; k < Classes; ++k)
                if (static_cast<int>(k) != test::saidOf(row))
                    QVERIFY(std::abs(q[k] - (1 - most) / (Classes - 1)) < 2e-6);
        }
        if (teacher.contains("votes"))
            for (const double p : q) // eighths
                QVERIFY(std::abs(8 * p - std::round(8 * p)) < 1e-5);
    }
    QVERIFY2(teacher.contains("votes") ? agree > Rows * 3 / 4 : agree == Rows,
             qPrintable(QString::number(agree)));

    // Again: all is known.
    const Said again = folder.cli()->run({"label", "e.yaml", "--json"});
    QVERIFY2(again.exitCode == 0, again.all());
    QCOMPARE(server.requests(), Rows);

    // And then without a server.
    QVERIFY(folder.writeExperiment("http://127.0.0.1:9/v1", teacher));
    const Said checked = folder.cli()->run({"check", "e.yaml", "--json"});
    QVERIFY2(checked.exitCode == 0, checked.all());
    QCOMPARE(numberOf(checked, "teacher", "rows"), double(Rows));
    QVERIFY2(numberOf(checked, "teacher", "accuracy") > 0.75, checked.all());
    const Said ran = folder.cli()->run({"run", "e.yaml", "--json"});
    QVERIFY2(ran.exitCode == 0, ran.all());
    QVERIFY2(numberOf(ran, "test", "accuracy") > 0.5, ran.all());
    QCOMPARE(numberOf(ran, "samples", "total"), double(Rows));
    QCOMPARE(server.requests(), Rows);
}

void CliLabelTest::votesOfAServerWithFewAnswers_data() {
    QTest::addColumn<int>("most");
    QTest::addColumn<bool>("refuses");
    QTest::newRow("one whatever n is") << 1 << false;
    QTest::newRow("three at most") << 3 << false;
    QTest::newRow("refuses n") << 1 << true;
}

/// Not every server gives n answers at once: then it is asked more often, and the votes are as many.
void CliLabelTest::votesOfAServerWithFewAnswers() {
    QFETCH(int, most);
    QFETCH(bool, refuses);
    LlmServer server(test::askedClasses());
    server.setMostAnswers(most, refuses);
    const AskedFolder folder(30);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  ask: votes\n  samples: 8\n"));
    const Said said = folder.cli()->run({"label", "e.yaml", "--json", "--out", "answers.csv"});
    QVERIFY2(said.exitCode == 0, said.all());
    const auto answers = test::answersIn(folder.file("answers.csv"));
    QCOMPARE(answers.rows.size(), 30);
    int mixed = 0;
    for (int row = 0; row < 30; ++row) {
        const auto q = probabilitiesOf(answers, row);
        double sum = 0;
        for (const double p : q) {
            QVERIFY(std::abs(8 * p - std::round(8 * p)) < 1e-5);
            mixed += p > 0 && p < 1 ? 1 : 0;
            sum += p;
        }
        QVERIFY(std::abs(sum - 1) < 1e-6);
    }
    QVERIFY(mixed > 10); // the eight were not one answer counted eight times
}

/// Asked one by one, with every row begun and none whole: who starts again asks for the rest alone.
void CliLabelTest::votesSurviveAKill() {
    constexpr int some = 4, samples = 100;
    LlmServer server(test::askedClasses());
    server.setMostAnswers(1, false);
    server.setDelay(5);
    const AskedFolder folder(some);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  concurrency: 4\n  ask: votes\n  samples: 100\n"));
    for (int kill = 1; kill <= 2; ++kill) {
        auto cli = folder.cli();
        cli->start({"label", "e.yaml"});
        QTRY_VERIFY_WITH_TIMEOUT(server.answered() >= kill * some * samples / 3, 60'000);
        cli->send(SIGKILL);
        cli->finish();
        QVERIFY(server.waitUntilAlone());
        QCOMPARE(test::rowsOfCopy(folder.store(), "SELECT count(*) FROM answers"), QStringList("0"));
    }
    const Said said = folder.cli()->run({"label", "e.yaml", "--json", "--out", "answers.csv"});
    QVERIFY2(said.exitCode == 0, said.all());
    // Lost is what was under way or not on the disk yet, at either time.
    QVERIFY2(server.requests() >= some * samples && server.requests() <= some * samples + 2 * 3 * some,
             qPrintable(QString::number(server.requests())));
    QCOMPARE(said.json().value("known").toInt(), some);
    const auto answers = test::answersIn(folder.file("answers.csv"));
    for (int row = 0; row < some; ++row)
        for (const double p : probabilitiesOf(answers, row)) // hundredths: no vote is missing
            QVERIFY(std::abs(100 * p - std::round(100 * p)) < 1e-4);
    QCOMPARE(test::rowsOfCopy(folder.store(), "SELECT count(*) FROM begun"), QStringList("0"));
}

void CliLabelTest::aModelThatRefusesMaxTokens_data() {
    QTest::addColumn<QByteArray>("teacher");
    QTest::newRow("logprobs") << QByteArray("  ask: logprobs\n");
    QTest::newRow("votes") << QByteArray("  ask: votes\n  samples: 8\n");
}

/// It is found out by the first rows, and holds for all the others.
void CliLabelTest::aModelThatRefusesMaxTokens() {
    QFETCH(QByteArray, teacher);
    constexpr int concurrency = 4;
    LlmServer server(test::askedClasses());
    server.refuseMaxTokens();
    const AskedFolder folder(Rows);
    QVERIFY(folder.writeExperiment(server.baseUrl(), teacher + "  concurrency: 4\n"));
    const Said said = folder.cli()->run({"label", "e.yaml", "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(said.json().value("known").toInt(), Rows);
    QCOMPARE(said.json().value("failed").toInt(-1), 0);
    QVERIFY2(server.requests() > Rows && server.requests() <= Rows + concurrency,
             qPrintable(QString::number(server.requests())));
    QVERIFY(server.lastBody().contains("\"max_completion_tokens\""));
    QVERIFY(!server.lastBody().contains("\"max_tokens\""));
    // The name is no part of what is remembered.
    const auto requests = server.requests();
    QCOMPARE(folder.cli()->run({"label", "e.yaml"}).exitCode, 0);
    QCOMPARE(server.requests(), requests);
}

void CliLabelTest::aLimitAndThenTheRest() {
    const LlmServer server(test::askedClasses());
    const AskedFolder folder(Rows);
    QVERIFY(folder.writeExperiment(server.baseUrl()));
    const Said some = folder.cli()->run({"label", "e.yaml", "--limit", "50"});
    QVERIFY2(some.exitCode == 0, some.all());
    QCOMPARE(server.requests(), 50);
    // Texts that were not asked are left out of training, and that is no error.
    const Said ran = folder.cli()->run({"run", "e.yaml", "--json"});
    QVERIFY2(ran.exitCode == 0, ran.all());
    QCOMPARE(numberOf(ran, "samples", "total"), double(50));
    const Said rest = folder.cli()->run({"label", "e.yaml"});
    QVERIFY2(rest.exitCode == 0, rest.all());
    const auto times = server.timesAsked(Rows);
    QCOMPARE(std::count(times.begin(), times.end(), 1), Rows);
}

void CliLabelTest::dryRunAsksNobody() {
    const LlmServer server(test::askedClasses());
    const AskedFolder folder(Rows);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  prompt_price: 1000000\n  answer_price: 0\n"));
    const Said said = folder.cli()->run({"label", "e.yaml", "--dry-run"});
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(server.requests(), 0);
    QVERIFY2(said.out.contains("120"), said.all());
    QVERIFY(!QFile::exists(folder.store()) ||
            test::rowsOfCopy(folder.store(), "SELECT count(*) FROM answers") == QStringList("0"));
}

void CliLabelTest::serverAndModelOfTheCommandLine() {
    const LlmServer server(test::askedClasses()), other(test::askedClasses());
    const AskedFolder folder(10);
    QVERIFY(folder.writeExperiment(other.baseUrl()));
    const Said said =
        folder.cli()->run({"label", "e.yaml", "--base-url", server.baseUrl(), "--model", "another-model"});
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(other.requests(), 0);
    QCOMPARE(server.requests(), 10);
    QVERIFY2(server.lastBody().contains("\"another-model\""), server.lastBody().constData());
}

void CliLabelTest::aChangedTemplateAsksAgain() {
    const LlmServer server(test::askedClasses());
    const AskedFolder folder(20);
    QVERIFY(folder.writeExperiment(server.baseUrl()));
    QCOMPARE(folder.cli()->run({"label", "e.yaml"}).exitCode, 0);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  descriptions: {cat: it purrs}\n"));
    QCOMPARE(folder.cli()->run({"label", "e.yaml"}).exitCode, 0);
    QCOMPARE(server.timesAsked(20), std::vector<int>(20, 2));
    QVERIFY(server.lastBody().contains("it purrs"));
    // Back to the first: both are remembered.
    QVERIFY(folder.writeExperiment(server.baseUrl()));
    QCOMPARE(folder.cli()->run({"label", "e.yaml"}).exitCode, 0);
    QCOMPARE(server.requests(), 40);
}

void CliLabelTest::refusedRowsAreListedAndAskedAgain() {
    LlmServer server(test::askedClasses(), [](int row, int) {
        return row == 7 ? test::Behaviour{test::Fault::Reply, 200, {}, "I would rather not say, sorry."}
                        : test::Behaviour{};
    });
    const AskedFolder folder(20);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  ask: stated\n"));
    const Said said = folder.cli()->run({"label", "e.yaml"});
    QVERIFY2((said.out + said.err).contains("I would rather not say, sorry."), said.all());
    // Not again by itself, as that would cost and say the same.
    folder.cli()->run({"label", "e.yaml"});
    QCOMPARE(server.timesAsked(20), std::vector<int>(20, 1));
    server.setRule({});
    const Said again = folder.cli()->run({"label", "e.yaml", "--again", "--out", "answers.csv"});
    QVERIFY2(again.exitCode == 0, again.all());
    QCOMPARE(server.requests(), 21);
    QCOMPARE(server.timesAsked(20)[7], 2);
    QCOMPARE(test::answersIn(folder.file("answers.csv")).rows.size(), 20);
}

/// Ctrl-C: exit code 130, and what was answered is not asked again.
void CliLabelTest::interrupted() {
    LlmServer server(test::askedClasses());
    server.setDelay(20);
    const AskedFolder folder(2000);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  concurrency: 4\n"));
    auto cli = folder.cli();
    cli->start({"label", "e.yaml"});
    QTRY_VERIFY_WITH_TIMEOUT(server.answered() >= 50, 60'000);
    cli->send(SIGINT);
    const Said said = cli->finish();
    QVERIFY2(said.exitCode == 130, said.all());
    QVERIFY(server.waitUntilAlone());
    const auto stopped = server.requests();
    QVERIFY2(stopped < 1000, qPrintable(QString::number(stopped)));
    server.setDelay(0);
    const Said rest = folder.cli()->run({"label", "e.yaml"});
    QVERIFY2(rest.exitCode == 0, rest.all());
    const auto times = server.timesAsked(2000);
    QVERIFY(std::all_of(times.begin(), times.end(), [](int t) { return t == 1 || t == 2; }));
    QVERIFY2(server.requests() <= 2000 + 4, qPrintable(QString::number(server.requests())));
}

void CliLabelTest::budgetOfCalls() {
    const LlmServer server(test::askedClasses());
    const AskedFolder folder(Rows);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  budget: {calls: 30}\n"));
    const Said said = folder.cli()->run({"label", "e.yaml"});
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY2((said.out + said.err).contains("budget"), said.all());
    QCOMPARE(server.requests(), 30);
}

void CliLabelTest::withoutAnswers() {
    const AskedFolder folder(10);
    QVERIFY(folder.writeExperiment("http://127.0.0.1:9/v1"));
    for (const char* command : {"check", "run"}) {
        const Said said = folder.cli()->run({command, "e.yaml"});
        QCOMPARE(said.exitCode, 3);
        QVERIFY2(said.err.contains("stillroom-cli label"), said.all());
    }
}

QTEST_GUILESS_MAIN(CliLabelTest)
#include "cli_label_test.moc"
