// Where a key comes from, and that it goes nowhere.
#include "core/teacher/api_key.h"

#include <QElapsedTimer>
#include <QTest>

using namespace stillroom;

namespace {

LlmSettings settingsFor(const char* address) {
    LlmSettings settings;
    settings.baseUrl = address;
    settings.model = "m";
    settings.keyVariable = "STILLROOM_TEST_KEY";
    return settings;
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string refusalOf(const LlmSettings& settings) {
    const auto checked = checkLlm(settings);
    return checked ? std::string() : checked.error().message;
}

} // namespace

class ApiKeyTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { qunsetenv("STILLROOM_TEST_KEY"); }

    void fromTheEnvironment() {
        qputenv("STILLROOM_TEST_KEY", " sk-abc/1 \n");
        const auto key = findApiKey(settingsFor("https://api.example.com/v1"));
        QVERIFY(key && *key == "sk-abc/1");
        qputenv("STILLROOM_TEST_KEY", "sk-a\r\nHost: b");
        const auto wrong = findApiKey(settingsFor("https://api.example.com/v1"));
        QVERIFY(!wrong && !holds(wrong.error().message, "sk-a"));
        QVERIFY(holds(wrong.error().message, "STILLROOM_TEST_KEY"));
    }

    void thisMachineNeedsNone() {
        QElapsedTimer timer;
        timer.start();
        for (const char* address :
             {"http://127.0.0.1:8080/v1", "http://localhost/v1", "http://[::1]:80/v1"}) {
            const auto key = findApiKey(settingsFor(address));
            QVERIFY(key && key->empty());
        }
        QVERIFY(timer.elapsed() < 1000); // no keychain was asked
    }

    /// Here no keychain is running, or it has no such key; it must not be waited for long.
    void anotherMachineNeedsOne() {
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 2; ++i) {
            const auto key = findApiKey(settingsFor("https://nowhere.invalid/v1"));
            QVERIFY(!key);
            QVERIFY2(holds(key.error().message, "STILLROOM_TEST_KEY"), key.error().message.c_str());
            QVERIFY(holds(key.error().message, "nowhere.invalid"));
        }
        QVERIFY(timer.elapsed() < 20'000);
    }

    void scrubbed() {
        QCOMPARE(withoutKey("bad key sk-a/b: sk-a/b", "sk-a/b"), std::string("bad key [key]: [key]"));
        QCOMPARE(withoutKey(R"({"key":"sk-a\/b"})", "sk-a/b"), std::string(R"({"key":"[key]"})"));
        QCOMPARE(withoutKey("?k=sk-a%2Fb", "sk-a/b"), std::string("?k=[key]"));
        QCOMPARE(withoutKey("nothing", ""), std::string("nothing"));
        QCOMPARE(withoutKey("k keys", "key"), std::string("k [key]s"));
        QCOMPARE(withoutKey(R"(sk\u002da\/b sk%2da/b)", "sk-a/b"), std::string("[key] [key]"));
        const QByteArray key = "sk-0123456789abcdef/+";
        for (const auto& before : {"", "a", "ab", "abc"}) {
            const QByteArray base64 = (before + key + "!").toBase64();
            QVERIFY(withoutKey(base64.toStdString(), key.toStdString()).find("[key]") != std::string::npos);
        }
        QCOMPARE(withoutKey(key.toHex().toStdString(), key.toStdString()), std::string("[key]"));
    }

    void scrubbedInPart() {
        const std::string key = "sk-0123456789abcdef";
        QCOMPARE(withoutPartsOfKey("wrong: sk-01234...", key), std::string("wrong: [key]..."));
        QCOMPARE(withoutPartsOfKey("wrong: ...9abcdef, " + key, key),
                 std::string("wrong: ...9abcdef, [key]"));
        QCOMPARE(withoutPartsOfKey("wrong: ...89abcdef", key), std::string("wrong: ...[key]"));
        QCOMPARE(withoutPartsOfKey("a short key says nothing", "short key"),
                 std::string("a [key] says nothing"));
    }

    void addresses() {
        for (const char* good : {"https://api.openai.com/v1", "http://127.0.0.1:8080/v1",
                                 "http://localhost:1/v1", "http://[::1]:8080/v1", "http://127.9.9.9/v1/"})
            QVERIFY2(refusalOf(settingsFor(good)).empty(), refusalOf(settingsFor(good)).c_str());
        for (const char* bad : {"", "api.openai.com", "ftp://a/v1", "https://",
                                "https://a/v1/chat/completions", "https://a/v1?x=1", "https://a/v1#x"})
            QVERIFY2(!refusalOf(settingsFor(bad)).empty(), bad);
        auto plain = settingsFor("http://192.168.1.5:8000/v1");
        QVERIFY(holds(refusalOf(plain), "teacher.insecure_http: true"));
        plain.insecureHttp = true;
        QVERIFY(refusalOf(plain).empty());
        for (const char* odd : {"http://127.0.0.1.evil.com/v1", "http://localhost.evil.com/v1"})
            QVERIFY2(holds(refusalOf(settingsFor(odd)), "insecure_http"), odd);
    }

    void noSentenceShowsAKey() {
        const std::string user = refusalOf(settingsFor("https://me:sk-secret@api.example.com/v1"));
        QVERIFY(!user.empty() && !holds(user, "sk-secret"));
        const std::string query = refusalOf(settingsFor("https://api.example.com/v1?key=sk-secret"));
        QVERIFY(!query.empty() && !holds(query, "sk-secret"));
        auto settings = settingsFor("https://api.example.com/v1");
        settings.keyVariable = "sk-secret"; // the key where its variable's name goes
        QVERIFY(!refusalOf(settings).empty() && !holds(refusalOf(settings), "sk-secret"));
    }

    void ranges() {
        auto settings = settingsFor("https://api.example.com/v1");
        settings.concurrency = 0;
        QVERIFY(holds(refusalOf(settings), "teacher.concurrency is 0; it must be from 1 to 256"));
        settings = settingsFor("https://api.example.com/v1");
        settings.timeout = 0;
        QVERIFY(holds(refusalOf(settings), "teacher.timeout"));
        settings = settingsFor("https://api.example.com/v1");
        settings.budgetMoney = 1;
        QVERIFY(holds(refusalOf(settings), "teacher.prompt_price"));
        settings.promptPrice = 2;
        QVERIFY(refusalOf(settings).empty());
        settings.budgetCalls = -1;
        QVERIFY(holds(refusalOf(settings), "teacher.budget.calls"));
    }

    void secretNames() {
        for (const char* name : {"api_key", "API-Key", "key", "token", "password", "openai_api_key"})
            QVERIFY2(isSecretName(name), name);
        for (const char* name : {"key_variable", "max_tokens", "tokens", "model"})
            QVERIFY2(!isSecretName(name), name);
    }
};

QTEST_GUILESS_MAIN(ApiKeyTest)
#include "api_key_test.moc"
