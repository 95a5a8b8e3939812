// What an LLM said before, without asking it: as a teacher's outputs, as a teacher of loaded examples, and
// what asking for the rest would cost.
#include "core/teacher/answer_store.h"
#include "core/teacher/labelling.h"
#include "core/teacher/llm_prompt.h"
#include "core/teacher/llm_request.h"
#include "core/teacher/teacher_loader.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace stillroom;

namespace {

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// As a server sends it; outside of the class, where moc would stumble over it.
std::string replyOf(const std::string& letter) {
    return R"([{"choices":[{"message":{"content":")" + letter + R"("},"logprobs":{"content":[{"token":")" +
           letter + R"(","logprob":-0.5,"top_logprobs":[{"token":")" + letter +
           R"(","logprob":-0.223143551314},{"token":"The","logprob":-2.302585092994}]}]}}]}])";
}

} // namespace

class StoredAnswersTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    LlmSettings settings_;
    Dataset data_;
    [[nodiscard]] std::string root() const { return folder_.path().toStdString(); }

    /// As if the server had answered `letter` for the row.
    bool put(std::size_t row, const std::string& letter, const std::string& refused = {}) {
        const auto prompt = LlmPrompt::load(settings_, root(), data_.classes());
        AnswerStore store;
        if (!prompt || !store.open(answersPath(settings_, root()), AnswerStore::Mode::Write))
            return false;
        StoredAnswer answer;
        answer.key = answerKey(settings_, prompt->ask(data_.text(row)));
        answer.model = settings_.model;
        answer.replies = replyOf(letter);
        answer.refused = refused;
        answer.promptTokens = 100;
        answer.answerTokens = 1;
        return store.put({&answer, 1}).has_value();
    }

  private Q_SLOTS:
    void init() {
        QVERIFY(folder_.isValid());
        settings_ = {};
        settings_.baseUrl = "http://127.0.0.1:9/v1";
        settings_.model = "m";
        settings_.answers = QString::fromUtf8(QTest::currentTestFunction()).toStdString() + ".sqlite";
        DatasetBuilder builder;
        builder.add("a", "smoke", 0, Split::Train);
        builder.add("b", "water", 1, Split::Train);
        builder.add("c", "smoke", 0, Split::Train);
        builder.add("d", "wind", 1, Split::Test);
        data_ = builder.finish({"fire", "flood"});
    }

    void asOutputs() {
        auto outputs = storedAnswers(settings_, root(), data_);
        QVERIFY2(outputs, outputs ? "" : outputs.error().message.c_str());
        QVERIFY(!outputs->has(0)); // there is no store, and none is made
        QVERIFY(!QFile::exists(folder_.filePath("asOutputs.sqlite")));
        QFile empty(folder_.filePath("asOutputs.sqlite")); // whoever made it was killed before it had tables
        QVERIFY(empty.open(QIODevice::WriteOnly));
        empty.close();
        outputs = storedAnswers(settings_, root(), data_);
        QVERIFY2(outputs, outputs ? "" : outputs.error().message.c_str());
        QVERIFY(!outputs->has(0));
        const auto cost = estimateLabelling({settings_, {0, 1}, root(), false}, data_);
        QVERIFY2(cost, cost ? "" : cost.error().message.c_str());
        QCOMPARE(cost->known, std::int64_t(0));
        QCOMPARE(QFile(folder_.filePath("asOutputs.sqlite")).size(), 0); // looked at, and no more
        QVERIFY(put(0, "A"));
        QVERIFY(put(1, "I", "none of the likely first tokens is one of the choices' letters"));
        outputs = storedAnswers(settings_, root(), data_);
        QVERIFY(outputs.has_value());
        QVERIFY(outputs->has(0) && outputs->has(2)); // the same text, the same prompt
        QVERIFY(!outputs->has(1) && !outputs->has(3));
        // A .8, .1 elsewhere, .1 unseen: .8 and .1 of .9
        std::vector<float> q(2);
        outputs->distribution(0, q);
        QVERIFY(std::abs(q[0] - 8 / 9.0F) < 1e-6F && std::abs(q[1] - 1 / 9.0F) < 1e-6F);
        QCOMPARE(outputs->origin(0), TeacherOrigin::PartialLogProbabilities);
        settings_.examples = {{"rain", "flood"}}; // another prompt
        outputs = storedAnswers(settings_, root(), data_);
        QVERIFY(outputs && !outputs->has(0));
    }

    void asATeacher() {
        QFile file(folder_.filePath("train.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("id,text,gold\na,smoke,fire\nb,water,flood\n");
        file.close();
        DataSettings data;
        data.train.files = {"train.csv"};
        data.train.id = "id";
        data.train.text = "text";
        data.train.gold = "gold";
        TeacherSettings teacher;
        teacher.kind = TeacherKind::Llm;
        teacher.llm = settings_;
        const LoadContext context{root(), BadRowPolicy::Stop, nullptr};
        const auto none = loadExamples(data, teacher, context);
        QVERIFY(!none);
        QVERIFY2(holds(none.error().message, "stillroom-cli label"), none.error().message.c_str());
        QVERIFY(put(1, "B"));
        const auto loaded = loadExamples(data, teacher, context);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QCOMPARE(loaded->untaught, std::int64_t(1));
        QVERIFY(loaded->teacher.has(1) && loaded->teacher.label(1) == 1);
    }

    void whatItWouldCost() {
        settings_.promptPrice = 2;
        settings_.answerPrice = 10;
        const LabellingRequest request{settings_, {0, 1, 2}, root(), false};
        const auto guessed = estimateLabelling(request, data_);
        QVERIFY2(guessed, guessed ? "" : guessed.error().message.c_str());
        QCOMPARE(guessed->rows, std::int64_t(3));
        QCOMPARE(guessed->known, std::int64_t(0));
        QCOMPARE(guessed->answerTokens, 3.0);
        // Four bytes a token and four tokens a message: two messages, with "smoke", "water" and "smoke" in
        // them.
        const auto prompt = LlmPrompt::load(settings_, root(), data_.classes());
        double bytes = 0;
        for (const auto& message : prompt->ask("smoke").messages)
            bytes += static_cast<double>(message.content.size());
        QVERIFY(std::abs(guessed->promptTokens - 3 * (8 + bytes / 4)) < 1e-6);
        QVERIFY(std::abs(guessed->money - (2 * guessed->promptTokens + 10 * 3.0) / 1e6) < 1e-12);
        QVERIFY(holds(guessed->firstPrompt, "A. fire") && holds(guessed->firstPrompt, "smoke"));
        // What a server has counted is better: 100 and 1 of each.
        QVERIFY(put(0, "A"));
        const auto counted = estimateLabelling(request, data_);
        QCOMPARE(counted->known, std::int64_t(2)); // two rows have that text
        QCOMPARE(counted->promptTokens, 100.0);
        QCOMPARE(counted->answerTokens, 1.0);
    }

    void whatIsWrongBeforeAsking() {
        const auto data = std::make_shared<const Dataset>(data_);
        settings_.prompt = "nothere";
        const auto noPrompt = Labelling::start({settings_, {0}, root(), false}, data);
        QVERIFY(!noPrompt && holds(noPrompt.error().message, "teacher.prompt is 'nothere'"));
        settings_.prompt.clear();
        settings_.baseUrl = "http://192.0.2.1/v1";
        const auto plain = Labelling::start({settings_, {0}, root(), false}, data);
        QVERIFY(!plain && holds(plain.error().message, "insecure_http"));
    }

    /// Nothing to ask: no key is looked for, no server either.
    void allKnown() {
        QVERIFY(put(0, "A"));
        QVERIFY(put(1, "I", "no class"));
        settings_.baseUrl = "https://nowhere.invalid/v1";
        settings_.keyVariable = "STILLROOM_NO_SUCH_KEY";
        auto labelling =
            Labelling::start({settings_, {0, 1, 2}, root(), false}, std::make_shared<const Dataset>(data_));
        QVERIFY(labelling.has_value());
        const auto result = (*labelling)->wait();
        QVERIFY2(result, result ? "" : result.error().message.c_str());
        QCOMPARE(result->state.known, std::int64_t(3));
        QCOMPARE(result->state.refused, std::int64_t(1));
        QCOMPARE(result->state.asked, std::int64_t(0));
        QCOMPARE(result->problems.size(), std::size_t(1));
        QCOMPARE(result->problems[0].row, 1U);
        QCOMPARE(result->problems[0].reply, std::string("I"));
        QVERIFY(result->state.finished && result->ended.empty());
    }
};

QTEST_GUILESS_MAIN(StoredAnswersTest)
#include "stored_answers_test.moc"
