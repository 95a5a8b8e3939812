// Each thing that a server can do wrong: a sentence on stderr, an exit code, and the other rows answered and
// stored.
#include "asked_folder.h"

#include <QDateTime>
#include <QLocale>
#include <QtTest>

using namespace stillroom;
using test::AskedFolder;
using test::Behaviour;
using test::Fault;
using test::LlmServer;
using test::Said;

namespace {

constexpr int Rows = 40;
constexpr int Bad = 7; ///< the row at which the server misbehaves
constexpr int Always = 1000;

/// Once more after a failure, and not long for an answer.
const QByteArray Hasty =
    "  concurrency: 4\n  timeout: " + QByteArray::number(test::Slowness > 1 ? 20 : 5) + "\n  retries: 1\n";

LlmServer::Rule misbehaving(const Behaviour& behaviour, int times) {
    return [=](int row, int time) { return row == Bad && time < times ? behaviour : Behaviour{}; };
}

QByteArray httpDate(const QDateTime& when) {
    return QLocale::c().toString(when.toUTC(), "ddd, dd MMM yyyy hh:mm:ss 'GMT'").toLatin1();
}

/// A certificate that nobody has signed, for another name, as key.pem and certificate.pem. False: there is no
/// openssl.
bool makeCertificate(const QString& folder) {
    QProcess openssl;
    openssl.setWorkingDirectory(folder);
    openssl.start("openssl", {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                              "/CN=nobody.test", "-keyout", "key.pem", "-out", "certificate.pem"});
    return openssl.waitForFinished() && openssl.exitCode() == 0;
}

} // namespace

Q_DECLARE_METATYPE(Behaviour)

class CliLabelFaultsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void oneRow_data();
    void oneRow();
    void waitsAsLongAsItIsAsked_data();
    void waitsAsLongAsItIsAsked();
    void endsAll_data();
    void endsAll();
    void aRedirectIsNotFollowed();
    void aBadCertificate();
    void nobodyListens();
    void plainHttpElsewhere();
};

void CliLabelFaultsTest::oneRow_data() {
    QTest::addColumn<Behaviour>("behaviour");
    QTest::addColumn<bool>("retried"); // whether it is asked a second time
    QTest::addColumn<QString>("says");
    const auto fault = [](const char* name, const Behaviour& behaviour, bool retried, const char* says) {
        QTest::newRow(name) << behaviour << retried << QString(says);
    };
    fault("500", {Fault::Status, 500, {}, "{\"error\": {\"message\": \"out of memory, alas\"}}"}, true,
          "500");
    fault("503 without a body", {Fault::Status, 503}, true, "503");
    fault("hangs", {Fault::Hang}, true, "second");
    fault("drips", {Fault::Drip}, true, "second");
    fault("closes midway", {Fault::CloseMidway}, true, "connection");
    fault("closes at once", {Fault::CloseAtOnce}, true, "connection");
    fault("no HTTP", {Fault::NotHttp}, true, "connection");
    fault("wrong JSON", {Fault::WrongJson}, true, "JSON");
    fault("wrong schema", {Fault::WrongSchema}, true, "choices");
    fault("10 MB", {Fault::Huge}, false, "longer than 1 MiB");
    fault("400", {Fault::Status, 400, {}, "{\"error\": {\"message\": \"this text is too long for me\"}}"},
          false, "this text is too long for me");
    // By the other name once, and no more.
    fault("400 that names max_completion_tokens",
          {Fault::Status, 400, {}, "{\"error\": {\"message\": \"use max_completion_tokens, please\"}}"}, true,
          "use max_completion_tokens, please");
}

/// A row that fails again and again is given up, listed, and asked when `label` is called again; one that
/// fails once is answered by the second request.
void CliLabelFaultsTest::oneRow() {
    QFETCH(Behaviour, behaviour);
    QFETCH(bool, retried);
    QFETCH(QString, says);
    LlmServer server(test::askedClasses(), misbehaving(behaviour, Always));
    const AskedFolder folder(Rows);
    QVERIFY(folder.writeExperiment(server.baseUrl(), Hasty));
    const Said said = folder.cli()->run({"label", "e.yaml", "--out", "answers.csv"});
    QVERIFY2(said.signal == 0 && said.exitCode == 0, said.all()); // most of it is done
    QVERIFY2(said.err.contains(says.toUtf8()), said.all());
    QVERIFY2(said.err.contains("1 failed"), said.all());
    QCOMPARE(test::answersIn(folder.file("answers.csv")).rows.size(), Rows - 1);
    std::vector<int> expected(Rows, 1);
    // Qt asks once more by itself where a connection ends before anything was said.
    expected[Bad] = server.timesAsked(Rows)[Bad];
    QCOMPARE(server.timesAsked(Rows), expected);
    QVERIFY2(behaviour.fault == Fault::CloseAtOnce || behaviour.fault == Fault::NotHttp
                 ? expected[Bad] >= 2
                 : expected[Bad] == (retried ? 2 : 1),
             qPrintable(QString::number(expected[Bad])));

    // What was answered is there, and is not asked again; the one is.
    server.setRule({});
    const Said again = folder.cli()->run({"label", "e.yaml", "--json", "--out", "answers.csv"});
    QVERIFY2(again.exitCode == 0, again.all());
    ++expected[Bad];
    QCOMPARE(server.timesAsked(Rows), expected);
    QCOMPARE(test::answersIn(folder.file("answers.csv")).rows.size(), Rows);

    if (!retried)
        return;
    LlmServer better(test::askedClasses(), misbehaving(behaviour, 1));
    const AskedFolder other(Rows);
    QVERIFY(other.writeExperiment(better.baseUrl(), Hasty));
    const Said fine = other.cli()->run({"label", "e.yaml", "--json"});
    QVERIFY2(fine.exitCode == 0 && fine.json().value("failed").toInt(-1) == 0, fine.all());
    QCOMPARE(fine.json().value("known").toInt(), Rows);
    expected[Bad] = 2;
    QCOMPARE(better.timesAsked(Rows), expected);
}

void CliLabelFaultsTest::waitsAsLongAsItIsAsked_data() {
    QTest::addColumn<bool>("date");
    QTest::addColumn<int>("status");
    QTest::newRow("seconds") << false << 429;
    QTest::newRow("a date") << true << 429;
    QTest::newRow("seconds, of 503") << false << 503;
}

/// Retry-After holds for all rows: nobody is asked before it is over.
void CliLabelFaultsTest::waitsAsLongAsItIsAsked() {
    QFETCH(bool, date);
    QFETCH(int, status);
    constexpr int seconds = 3;
    std::atomic<qint64> told{0}; // when, by the wall clock
    LlmServer server(test::askedClasses(), [&](int row, int time) {
        if (row != Bad || time > 0)
            return Behaviour{};
        const auto now = QDateTime::currentDateTimeUtc();
        told = now.toMSecsSinceEpoch();
        return Behaviour{
            Fault::Status, status,
            "Retry-After: " + (date ? httpDate(now.addSecs(seconds + 1)) : QByteArray::number(seconds)) +
                "\r\n",
            "{}"};
    });
    server.setDelay(20);
    const auto started = QDateTime::currentMSecsSinceEpoch();
    const AskedFolder folder(Rows);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  concurrency: 4\n  retries: 1\n"));
    const Said said = folder.cli()->run({"label", "e.yaml"});
    QVERIFY2(said.exitCode == 0, said.all());
    std::vector<int> expected(Rows, 1);
    expected[Bad] = 2;
    QCOMPARE(server.timesAsked(Rows), expected);
    // A few were under way when it was told; then silence for as long as was asked.
    int during = 0, after = 0;
    for (const auto& asked : server.asked()) {
        const auto since = started + asked.at - told;
        during += since > 500 && since < seconds * 1000 - 200 ? 1 : 0;
        after += since >= seconds * 1000 - 200 ? 1 : 0;
    }
    QCOMPARE(during, 0);
    QVERIFY(after > 10);
    QVERIFY2(said.milliseconds < (seconds + 20) * 1000, said.all());
}

void CliLabelFaultsTest::endsAll_data() {
    QTest::addColumn<Behaviour>("behaviour");
    QTest::addColumn<QString>("says");
    QTest::newRow("401") << Behaviour{Fault::Status, 401, {}, "{\"error\": {\"message\": \"no such key\"}}"}
                         << QString("key");
    QTest::newRow("403") << Behaviour{Fault::Status, 403, {}, "no"} << QString("key");
    QTest::newRow("404") << Behaviour{Fault::Status,
                                      404,
                                      {},
                                      "{\"error\": {\"message\": \"no model of that name\"}}"}
                         << QString("no model of that name");
}

/// What cannot be better for another row: one sentence, and the server is left alone. What had been answered
/// stays.
void CliLabelFaultsTest::endsAll() {
    QFETCH(Behaviour, behaviour);
    QFETCH(QString, says);
    LlmServer server(test::askedClasses(), [=](int row, int) { return row >= 20 ? behaviour : Behaviour{}; });
    const AskedFolder folder(2000);
    QVERIFY(folder.writeExperiment(server.baseUrl(), "  concurrency: 4\n"));
    const Said said = folder.cli()->run({"label", "e.yaml"});
    QVERIFY2(said.exitCode == 3, said.all());
    QVERIFY2(said.err.contains(says.toUtf8()), said.all());
    QVERIFY2(said.err.contains(QByteArray::number(behaviour.status)), said.all());
    QVERIFY2(server.requests() <= 20 + 4 + 4, qPrintable(QString::number(server.requests())));
    server.setRule({});
    const auto before = server.timesAsked(2000);
    QCOMPARE(folder.cli()->run({"label", "e.yaml"}).exitCode, 0);
    const auto now = server.timesAsked(2000);
    for (std::size_t row = 0; row < 20; ++row)
        QCOMPARE(now[row], before[row]);
}

void CliLabelFaultsTest::aRedirectIsNotFollowed() {
    const LlmServer elsewhere(test::askedClasses());
    const LlmServer server(test::askedClasses(), [&](int, int) {
        return Behaviour{Fault::Status, 307,
                         "Location: " + elsewhere.baseUrl().toUtf8() + "/chat/completions\r\n", "{}"};
    });
    const AskedFolder folder(Rows);
    QVERIFY(folder.writeExperiment(server.baseUrl(), Hasty));
    auto cli = folder.cli();
    cli->setVariable("OPENAI_API_KEY", "sk-redirected");
    const Said said = cli->run({"label", "e.yaml"});
    QVERIFY2(said.exitCode == 3, said.all());
    QVERIFY2(said.err.contains("redirect"), said.all());
    QCOMPARE(server.asked()[0].authorization, QByteArray("Bearer sk-redirected"));
    QCOMPARE(elsewhere.requests(), 0);
    QCOMPARE(elsewhere.mostConnections(), 0);
}

void CliLabelFaultsTest::aBadCertificate() {
    const AskedFolder folder(Rows);
    if (!makeCertificate(folder.path()))
        QSKIP("there is no openssl that could make a certificate");
    const LlmServer server(test::askedClasses(), {}, folder.file("certificate.pem"), folder.file("key.pem"));
    QVERIFY(server.baseUrl().startsWith("https:"));
    QVERIFY(folder.writeExperiment(server.baseUrl(), Hasty));
    auto cli = folder.cli();
    cli->setVariable("OPENAI_API_KEY", "sk-encrypted");
    const Said said = cli->run({"label", "e.yaml"});
    QVERIFY2(said.exitCode == 3, said.all());
    QVERIFY2(said.err.contains("certificate"), said.all());
    QCOMPARE(server.requests(), 0); // nothing was said to it, the key least of all

    // The server itself is a good one: somebody who looks at no certificate is answered.
    QSslSocket careless;
    careless.setPeerVerifyMode(QSslSocket::VerifyNone);
    careless.connectToHostEncrypted("127.0.0.1", static_cast<quint16>(QUrl(server.baseUrl()).port()));
    QVERIFY(careless.waitForEncrypted(20'000));
    careless.write("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");
    QVERIFY(careless.waitForReadyRead(20'000));
    QVERIFY(careless.readAll().startsWith("HTTP/1.1 200 "));
}

void CliLabelFaultsTest::nobodyListens() {
    const AskedFolder folder(Rows);
    QString address;
    {
        const LlmServer gone(test::askedClasses());
        address = gone.baseUrl();
    }
    QVERIFY(folder.writeExperiment(address, Hasty));
    const Said said = folder.cli()->run({"label", "e.yaml"});
    QVERIFY2(said.exitCode == 3, said.all());
    QVERIFY2(said.err.contains("127.0.0.1") && said.err.contains("connection"), said.all());
}

void CliLabelFaultsTest::plainHttpElsewhere() {
    const AskedFolder folder(Rows);
    QVERIFY(
        folder.writeExperiment("http://192.0.2.1/v1", Hasty)); // an address that is nobody's, for documents
    const Said said = folder.cli()->run({"label", "e.yaml"});
    QVERIFY2(said.exitCode == 3, said.all());
    QVERIFY2(said.err.contains("insecure_http"), said.all());
    QVERIFY2(said.milliseconds < 10'000 * test::Slowness, said.all());
}

QTEST_GUILESS_MAIN(CliLabelFaultsTest)
#include "cli_label_faults_test.moc"
