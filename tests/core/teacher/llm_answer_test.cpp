// From replies to distributions: cases worked by hand.
#include "core/teacher/llm_answer.h"

#include <QTest>
#include <cmath>
#include <numeric>

using namespace stillroom;

namespace {

LlmChoices three() {
    return {{"A", "B", "C"}, {0, 1, 2}, {"wild_fire", "flood", "other"}};
}

LlmChoices shuffled() {
    return {{"A", "B", "C"}, {2, 0, 1}, {"wild_fire", "flood", "other"}};
}

bool close(const std::vector<float>& q, const std::vector<double>& expected) {
    if (q.size() != expected.size())
        return false;
    for (std::size_t i = 0; i < q.size(); ++i)
        if (std::abs(static_cast<double>(q[i]) - expected[i]) > 1e-6)
            return false;
    return std::abs(std::accumulate(q.begin(), q.end(), 0.0) - 1) < 1e-6;
}

LlmReply::Alternatives alternatives(const std::vector<std::pair<std::string, double>>& probabilities) {
    LlmReply::Alternatives all;
    for (const auto& [token, probability] : probabilities)
        all.emplace_back(token, std::log(probability));
    return all;
}

int placeIn(const LlmChoices& choices, const char* text) {
    return choiceOfText(choices, text);
}

} // namespace

class LlmAnswerTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void allLettersReturned();
    void theShuffleIsUndone();
    void lettersThatWereNotReturned();
    void markupAndCase();
    void nothingOfTheChoices();
    void oddNumbers();
    void stated_data();
    void stated();
    void votes();
    void whatATextNames();
    void repliesAsServersSendThem();
    void byTheWayOfAsking();
};

void LlmAnswerTest::allLettersReturned() {
    // A .5 + " A" .1, B .2, C .1, and .1 for "The": .6 .2 .1 of .9
    const auto answer = fromLogProbabilities(
        alternatives({{"A", .5}, {"B", .2}, {" A", .1}, {"The", .1}, {"C", .1}}), three());
    QVERIFY2(answer.refused.empty(), answer.refused.c_str());
    QVERIFY(close(answer.q, {2 / 3.0, 2 / 9.0, 1 / 9.0}));
    QVERIFY(std::abs(answer.outside - .1) < 1e-9);
    QCOMPARE(answer.origin, TeacherOrigin::LogProbabilities);
}

void LlmAnswerTest::theShuffleIsUndone() {
    const auto answer = fromLogProbabilities(alternatives({{"A", .6}, {"B", .3}, {"C", .1}}), shuffled());
    QVERIFY(close(answer.q, {.3, .1, .6}));
}

void LlmAnswerTest::lettersThatWereNotReturned() {
    // B .7 and .1 for "Well"; .2 unseen, shared by A and C: .1 .7 .1 of .9
    const auto answer = fromLogProbabilities(alternatives({{"B", .7}, {"Well", .1}}), three());
    QVERIFY(close(answer.q, {1 / 9.0, 7 / 9.0, 1 / 9.0}));
    QVERIFY(std::abs(answer.outside - .1) < 1e-9);
    QCOMPARE(answer.origin, TeacherOrigin::PartialLogProbabilities);
}

void LlmAnswerTest::markupAndCase() {
    for (const char* token : {"B", " B", "\u2581B", "\u0120B", "(B", "B)", "**B", "\"B\"", "B.", "\nB"})
        QVERIFY2(choiceOfToken(three(), token) == 1, token);
    for (const char* token : {"b", "", " ", "Ba", "AB", "D", "."})
        QVERIFY2(choiceOfToken(three(), token) == -1, token);
}

void LlmAnswerTest::nothingOfTheChoices() {
    QVERIFY(!fromLogProbabilities(alternatives({{"I", .9}, {"Sorry", .1}}), three()).refused.empty());
    QVERIFY(
        !fromLogProbabilities({{"A", -std::numeric_limits<double>::infinity()}}, three()).refused.empty());
    QVERIFY(!fromLogProbabilities({}, three()).refused.empty());
}

void LlmAnswerTest::oddNumbers() {
    // Rounded by the server: more than 1 in all, a positive logarithm, one that is no number.
    const auto answer =
        fromLogProbabilities({{"A", 0.001}, {"B", std::log(.1)}, {"C", std::nan("")}}, three());
    QVERIFY(close(answer.q, {1 / 1.1, .1 / 1.1, 0}));
    QVERIFY(answer.outside < 1e-9);
}

void LlmAnswerTest::stated_data() {
    QTest::addColumn<QString>("reply");
    QTest::addColumn<int>("label"); // −1: refused
    QTest::addColumn<double>("confidence");
    const auto row = [](const char* name, const char* reply, int label, double confidence) {
        QTest::newRow(name) << QString(reply) << label << confidence;
    };
    row("plain", R"({"label": "B", "confidence": 0.8})", 1, .8);
    row("by name", R"({"label": "Wild fire", "confidence": 0.25})", 0, .25);
    row("label and name", R"({"label": "B. flood", "confidence": 1})", 1, 1);
    row("percent", R"({"label": "C", "confidence": 85})", 2, .85);
    row("percent in words", R"({"label": "C", "confidence": "85 %"})", 2, .85);
    row("half a percent", R"({"label": "C", "confidence": "0.5%"})", 2, .005);
    row("fenced", "Sure!\n```json\n{\"Label\": \"A\", \"Confidence\": 0.6}\n```\nAnything else?", 0, .6);
    row("braces before", R"(The set {x} says {"label": "A", "confidence": 0.5})", 0, .5);
    row("a brace in a text", R"({"why": "} {", "label": "A", "confidence": 0.5})", 0, .5);
    row("after thinking",
        R"(<think>{"label": "A", "confidence": 1}</think>{"label": "B", "confidence": 0.9})", 1, .9);
    row("no such class", R"({"label": "earthquake", "confidence": 0.9})", -1, 0);
    row("no confidence", R"({"label": "A"})", -1, 0);
    row("too sure", R"({"label": "A", "confidence": 101})", -1, 0);
    row("negative", R"({"label": "A", "confidence": -0.1})", -1, 0);
    row("no number", R"({"label": "A", "confidence": "high"})", -1, 0);
    row("cut", R"({"label": "A", "confid)", -1, 0);
    row("words", "I cannot help with that.", -1, 0);
    row("empty", "", -1, 0);
}

void LlmAnswerTest::stated() {
    QFETCH(QString, reply);
    QFETCH(int, label);
    QFETCH(double, confidence);
    const auto answer = fromStated(reply.toStdString(), three());
    if (label < 0) {
        QVERIFY(!answer.refused.empty());
        return;
    }
    QVERIFY2(answer.refused.empty(), answer.refused.c_str());
    QCOMPARE(answer.label, label);
    QVERIFY(std::abs(static_cast<double>(answer.confidence) - confidence) < 1e-6);
    // The rest is spread evenly.
    TeacherOutputs outputs(1, 3);
    answer.putInto(outputs, 0);
    std::vector<float> q(3);
    outputs.distribution(0, q);
    std::vector<double> expected(3, (1 - confidence) / 2);
    expected[static_cast<std::size_t>(label)] = confidence;
    QVERIFY(close(q, expected));
    QCOMPARE(outputs.label(0), label);
    QCOMPARE(outputs.origin(0), TeacherOrigin::Stated);
}

void LlmAnswerTest::votes() {
    const std::vector<std::string> texts{"B", "(B)", "flood", "B. flood", "A", "I cannot say"};
    const auto answer = fromVotes(texts, three());
    QVERIFY(close(answer.q, {.2, .8, 0}));
    QVERIFY(std::abs(answer.outside - 1 / 6.0) < 1e-9);
    QCOMPARE(answer.origin, TeacherOrigin::Votes);
    QVERIFY(!fromVotes(std::vector<std::string>{"no", ""}, three()).refused.empty());
}

void LlmAnswerTest::whatATextNames() {
    QCOMPARE(placeIn(three(), " b\n"), 1);
    QCOMPARE(placeIn(three(), "Answer: C"), 2);
    QCOMPARE(placeIn(three(), "The answer: **B**."), 1);
    QCOMPARE(placeIn(three(), "WILD_FIRE"), 0);
    QCOMPARE(placeIn(three(), "B) because water\nstands high"), 1);
    QCOMPARE(placeIn(three(), "A\nB"), -1); // which one?
    QCOMPARE(placeIn(three(), "A or B"), -1);
    QCOMPARE(placeIn(three(), "I'm sorry, I cannot."), -1);
    QCOMPARE(placeIn(three(), "<think>A or B?</think>\nC"), 2);
    QCOMPARE(placeIn(shuffled(), "other"), 0);
    // As small models say it.
    QCOMPARE(placeIn(three(), "The text belongs to class B."), 1);
    QCOMPARE(placeIn(three(), "I would take option (C), because of the wind."), 2);
    QCOMPARE(placeIn(three(), "It is Class A, and class A it stays."), 0);
    QCOMPARE(placeIn(three(), "It could be class A or class B."), -1);
    QCOMPARE(placeIn(three(), "It does not belong to class A."), -1);
    QCOMPARE(placeIn(three(), "This isn't class A."), -1);
    QCOMPARE(placeIn(three(), "Of its class a text can say little."), -1);
}

void LlmAnswerTest::repliesAsServersSendThem() {
    const auto reply = readReply(
        R"({"id": "x", "choices": [{"index": 0, "finish_reason": "length", "message": {"role": "assistant",
            "content": "\nB"}, "logprobs": {"content": [
              {"token": "\n", "logprob": -0.1, "top_logprobs": [{"token": "\n", "logprob": -0.1}]},
              {"token": "B", "logprob": -0.2, "bytes": [66], "top_logprobs": [
                {"token": "B", "logprob": -0.2}, {"token": "A", "logprob": -2}]}]}}],
            "usage": {"prompt_tokens": 30, "completion_tokens": 2}})");
    QVERIFY2(reply, reply ? "" : reply.error().message.c_str());
    QCOMPARE(reply->choices.size(), std::size_t(1));
    QVERIFY(reply->choices[0].cut);
    QCOMPARE(reply->choices[0].first.size(), std::size_t(2)); // of the first token that is not a space
    QCOMPARE(reply->choices[0].first[1].first, std::string("A"));
    QCOMPARE(reply->promptTokens, std::int64_t(30));
    // Whole numbers, no alternatives but the token itself, a refusal, parts, broken UTF-8.
    QVERIFY(readReply(R"({"choices":[{"message":{"content":"A"},"logprobs":{"content":[{"token":"A",)"
                      R"("logprob":0}]}}]})")
                ->choices[0]
                .first.size() == 1);
    QCOMPARE(readReply(R"({"choices":[{"message":{"content":null,"refusal":"No."}}]})")->choices[0].content,
             std::string("No."));
    QCOMPARE(readReply(R"({"choices":[{"message":{"content":[{"type":"text","text":"A"}]}}]})")
                 ->choices[0]
                 .content,
             std::string("A"));
    QVERIFY(readReply("{\"choices\":[{\"message\":{\"content\":\"\xC3\"}}]}").has_value());
    for (const char* wrong : {"", "<html>", "[]", "{}", R"({"choices": []})", R"({"choices": [{}]})",
                              R"({"choices": {"message": 1}})", "{\"choices\": [", "null"})
        QVERIFY2(!readReply(wrong), wrong);
    QVERIFY(!readReply(std::string(100'000, '[')));
    QCOMPARE(readErrorMessage(R"({"error": {"message": "no\nsuch model"}})"), std::string("no\nsuch model"));
    QCOMPARE(readErrorMessage(R"({"error": "busy"})"), std::string("busy"));
    QCOMPARE(readErrorMessage("<html>"), std::string());
    const auto list = readReplies(R"([{"choices":[{"message":{"content":"A"}}]},)"
                                  R"({"choices":[{"message":{"content":"B"}}]}])");
    QVERIFY(list && list->size() == 2);
}

void LlmAnswerTest::byTheWayOfAsking() {
    LlmSettings settings;
    const auto reply = readReply(R"({"choices":[{"message":{"content":"A"}},{"message":{"content":"B"}}]})");
    const std::vector<LlmReply> replies{*reply, *reply};
    QVERIFY(readAnswer(settings, replies, three()).refused.find("no log-probabilities") != std::string::npos);
    settings.ask = LlmAsk::Votes;
    settings.samples = 3; // the fourth came with the others and is not asked for
    QVERIFY(close(readAnswer(settings, replies, three()).q, {2 / 3.0, 1 / 3.0, 0}));
    settings.ask = LlmAsk::Stated;
    QVERIFY(!readAnswer(settings, replies, three()).refused.empty());
    QVERIFY(!readAnswer(settings, {}, three()).refused.empty());
}

QTEST_GUILESS_MAIN(LlmAnswerTest)
#include "llm_answer_test.moc"
