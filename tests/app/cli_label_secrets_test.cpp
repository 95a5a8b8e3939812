// A marked key, and servers that say it back: afterwards no byte of it is anywhere that a program of ours has
// written.
#include "asked_folder.h"

#include <QtTest>

using namespace stillroom;
using test::AskedFolder;
using test::Behaviour;
using test::Fault;
using test::LlmServer;
using test::Said;

namespace {

/// With what addresses, JSON and base64 write in another way.
const QByteArray Key = "sk-MARKED/key+with=all~of.it_7f3a9c";
const QByteArray Middle = "MARKED"; // of any part of it that would be shown

/// All the ways in which it could have been written.
QList<QByteArray> formsOf(const QByteArray& key) {
    QList<QByteArray> forms{key,    key.toPercentEncoding(), key.toPercentEncoding().toLower(),   key.toHex(),
                            Middle, Middle.toHex(),          QByteArray("MARKED").toLower() + "/"};
    // Base64 of a longer text holds one of three: the key may begin at any of three places.
    for (int before = 0; before < 3; ++before) {
        const QByteArray whole = (QByteArray(before, 'x') + key).toBase64(QByteArray::OmitTrailingEquals);
        forms << whole.mid(before == 0 ? 0 : 4, whole.size() - (before == 0 ? 2 : 6));
    }
    return forms;
}

/// The first file below `folder` with one of the forms in it, or what else has them; empty: none.
QString foundIn(const QString& folder, const Said& said) {
    const auto forms = formsOf(Key);
    const auto has = [&](const QByteArray& bytes) {
        return std::any_of(forms.begin(), forms.end(),
                           [&](const auto& form) { return bytes.contains(form); });
    };
    if (has(said.out))
        return "stdout: " + QString::fromUtf8(said.out);
    if (has(said.err))
        return "stderr: " + QString::fromUtf8(said.err);
    for (QDirIterator entry(folder, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
         entry.hasNext();)
        if (const QString file = entry.next(); has(test::readFile(file)) || has(file.toUtf8()))
            return file;
    return {};
}

} // namespace

Q_DECLARE_METATYPE(Behaviour)

class CliLabelSecretsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void itWouldBeFound();
    void saidBack_data();
    void saidBack();
    void inTheYaml();
    void whenItEndsByAFault();

  private:
    static std::unique_ptr<test::Cli> cliWithKey(const AskedFolder& folder) {
        auto cli = folder.cli();
        cli->setVariable("OPENAI_API_KEY", QString::fromLatin1(Key));
        cli->setVariable("HOME", folder.path());
        return cli;
    }
};

/// Who looks can see.
void CliLabelSecretsTest::itWouldBeFound() {
    for (const auto& written :
         {Key, "x" + (QByteArray("ab") + Key + "c").toBase64(), Key.toPercentEncoding(),
          QByteArray("Bearer ") + Key, "y" + (QByteArray("a") + Key + "cd").toBase64()}) {
        const QTemporaryDir folder;
        QVERIFY(test::writeFile(folder.filePath("log"), "before" + written + "after"));
        QVERIFY2(!foundIn(folder.path(), {}).isEmpty(), written.constData());
    }
    const QTemporaryDir folder;
    QVERIFY(test::writeFile(folder.filePath("log"), "the key of the environment was refused"));
    QCOMPARE(foundIn(folder.path(), {}), QString());
}

void CliLabelSecretsTest::saidBack_data() {
    QTest::addColumn<Behaviour>("behaviour");
    QTest::newRow("never") << Behaviour{};
    for (const int status : {400, 401, 404, 429, 500})
        QTest::addRow("with %d", status) << Behaviour{
            Fault::Status, status, {}, "{\"error\": {\"message\": \"no such key: $AUTHORIZATION\"}}"};
    QTest::newRow("in a plain body") << Behaviour{Fault::Status, 401, {}, "you said $AUTHORIZATION"};
    QTest::newRow("in a header") << Behaviour{Fault::Status, 500,
                                              "X-Key: " + Key + "\r\nRetry-After: " + Key + "\r\n", "{}"};
    QTest::newRow("in an address") << Behaviour{
        Fault::Status, 307, "Location: http://127.0.0.1:9/?key=" + Key.toPercentEncoding() + "\r\n", "{}"};
    QTest::newRow("URL-encoded") << Behaviour{
        Fault::Status, 400, {}, "{\"error\": {\"message\": \"" + Key.toPercentEncoding() + "\"}}"};
    QTest::newRow("in base64") << Behaviour{
        Fault::Status, 400, {}, "{\"error\": {\"message\": \"" + Key.toBase64() + "\"}}"};
    QTest::newRow("escaped, as JSON has it")
        << Behaviour{Fault::Status,
                     400,
                     {},
                     R"({"error": {"message": "sk-MARKED\/key\u002Bwith\u003dall~of.it_7f3a9c"}})"};
    // Messages are shown in part, and connections end where they will.
    for (int before : {255, 275, 285, 295})
        QTest::addRow("after %d bytes", before) << Behaviour{
            Fault::Status, 400, {}, "{\"error\": {\"message\": \"" + QByteArray(before, 'x') + Key + "\"}}"};
    QTest::newRow("cut off within it")
        << Behaviour{Fault::CloseMidway, 500, {}, "{\"error\": {\"message\": \"" + Key.left(20)};
    QTest::newRow("as the answer") << Behaviour{
        Fault::Reply, 200, {}, "Your key is $AUTHORIZATION, is it not?"};
}

void CliLabelSecretsTest::saidBack() {
    QFETCH(Behaviour, behaviour);
    const LlmServer server(test::askedClasses(),
                           [=](int row, int) { return row % 5 == 4 ? behaviour : Behaviour{}; });
    for (const bool json : {false, true}) {
        const AskedFolder folder(30);
        QVERIFY(folder.writeExperiment(server.baseUrl(), "  retries: 0\n  concurrency: 2\n"));
        const QStringList more = json ? QStringList("--json") : QStringList();
        const Said said =
            cliWithKey(folder)->run(QStringList{"label", "e.yaml", "--out", "answers.csv"} + more);
        QCOMPARE(said.signal, 0);
        QVERIFY2(said.exitCode == 0 || said.exitCode == 3, said.all());
        QCOMPARE(server.asked().back().authorization, "Bearer " + Key); // it was used
        QCOMPARE(foundIn(folder.path(), said), QString());
        for (const char* command : {"check", "run"}) {
            const Said later = cliWithKey(folder)->run(QStringList{command, "e.yaml"} + more);
            QCOMPARE(later.signal, 0);
            QCOMPARE(foundIn(folder.path(), later), QString());
        }
        QVERIFY(QFile::exists(folder.store()));
        if (behaviour.fault == Fault::None)
            QCOMPARE(test::runsIn(folder.file("runs")).size(), 1);
    }
}

/// A key in the experiment is refused, and not repeated.
void CliLabelSecretsTest::inTheYaml() {
    const LlmServer server(test::askedClasses());
    for (const char* name : {"api_key", "key", "token"}) {
        const AskedFolder folder(10);
        QVERIFY(folder.writeExperiment(server.baseUrl(), QByteArray("  ") + name + ": sk-MARKED-in-yaml\n"));
        const Said said = folder.cli()->run({"label", "e.yaml"});
        QVERIFY2(said.exitCode == 3, said.all());
        QVERIFY2(said.err.contains("OPENAI_API_KEY"), said.all());
        QVERIFY2(!said.err.contains("MARKED") && said.out.isEmpty(), said.all());
        QCOMPARE(server.requests(), 0);
    }
}

/// Ended by a fault while it asks: neither what it prints nor a core file has the key.
void CliLabelSecretsTest::whenItEndsByAFault() {
    LlmServer server(test::askedClasses());
    server.setDelay(20);
    for (const int signal : {SIGSEGV, SIGABRT}) {
        const AskedFolder folder(3000);
        QVERIFY(folder.writeExperiment(server.baseUrl(), "  concurrency: 4\n"));
        auto cli = cliWithKey(folder);
        cli->startThrough({"bash", "-c", "ulimit -c unlimited; exec \"$0\" \"$@\""});
        const auto before = server.answered();
        cli->start({"label", "e.yaml"});
        QTRY_VERIFY_WITH_TIMEOUT(server.answered() >= before + 20, 60'000);
        cli->send(signal);
        const Said said = cli->finish();
        QVERIFY2(said.signal == signal || test::Slowness > 1, said.all());
        QCOMPARE(foundIn(folder.path(), said), QString());
        QVERIFY(server.waitUntilAlone());
    }
}

QTEST_GUILESS_MAIN(CliLabelSecretsTest)
#include "cli_label_secrets_test.moc"
