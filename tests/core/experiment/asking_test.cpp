// Rounds of asking, with a student of three lines in place of Torch's.
#include "core/experiment/asking.h"

#include "core/base/random.h"
#include "core/experiment/run.h"

#include "fake_engine.h"
#include "run_fixture.h"

#include <QtTest>
#include <algorithm>
#include <map>
#include <set>

using namespace stillroom;

namespace {

constexpr int Texts = 400;

/// A text is one word, "n17": 20 words, each of one class but the last four, of which nobody can tell.
/// Held-out texts stand between.
std::shared_ptr<const Dataset> madeData() {
    DatasetBuilder builder;
    Random random(11, "texts");
    for (int i = 0; i < Texts; ++i) {
        const auto word = random.below(20);
        const int gold = static_cast<int>(word < 16 ? word % 2 : random.below(2));
        builder.add(std::to_string(i), "n" + std::to_string(word), gold,
                    i % 10 == 9 ? Split::Validation : Split::Train);
    }
    return std::make_shared<const Dataset>(builder.finish({"even", "odd"}));
}

std::shared_ptr<const TeacherOutputs> goldTeacher(const Dataset& data) {
    auto teacher = std::make_shared<TeacherOutputs>(data.size(), data.classCount());
    for (const auto row : data.rows(Split::Train))
        if (row % 40 != 0) // of these it says nothing
            teacher->set(row, data.gold(row), 1, TeacherOrigin::Gold);
    return teacher;
}

/// Counts which classes a word had; a word that it does not know may be either.
class CountingStudent : public Student {
  public:
    explicit CountingStudent(const DistillationSet& set) : classes_(set.data->classes()) {
        for (const auto row : set.trainingRows()) {
            auto& seen = counts_[std::string(set.data->text(row))];
            ++seen.at(static_cast<std::size_t>(set.teacher->label(row)));
        }
    }
    [[nodiscard]] const std::vector<std::string>& classes() const override { return classes_; }
    [[nodiscard]] std::string describe() const override { return "counting"; }
    Result<void> predict(std::span<const std::string_view> texts, std::span<float> out) const override {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const auto found = counts_.find(std::string(texts[i]));
            const auto seen = found == counts_.end() ? std::array{0, 0} : found->second;
            out[2 * i] = static_cast<float>(1 + seen[0]) / static_cast<float>(2 + seen[0] + seen[1]);
            out[2 * i + 1] = 1 - out[2 * i];
        }
        return {};
    }

  private:
    std::vector<std::string> classes_;
    std::map<std::string, std::array<int, 2>> counts_;
};

class CountingEngine : public FakeEngine {
  public:
    CountingEngine() : FakeEngine({}) {}
    Result<std::unique_ptr<Session>> start(SessionSpec spec, EventSink sink) override {
        trainedOn.push_back(spec.set.trainingRows().size());
        student_ = std::make_unique<CountingStudent>(spec.set);
        auto end = madeEnd();
        end.validation = *evaluateStudent(*student_, *spec.set.data, Split::Validation);
        return std::make_unique<FakeSession>(
            std::move(sink), [end](FakeSession& fake) { fake.say(end); }, stops);
    }
    Result<std::unique_ptr<Student>> openStudent(const std::string&) override { return std::move(student_); }

    std::vector<std::size_t> trainedOn; ///< samples, by session

  private:
    std::unique_ptr<CountingStudent> student_;
};

/// Somebody who is really asked, and whose answers are kept.
class StoringSource : public RecordedAnswers {
  public:
    StoringSource(std::shared_ptr<const Dataset> data, std::shared_ptr<const TeacherOutputs> teacher,
                  std::map<std::uint32_t, int>& store)
        : RecordedAnswers(std::move(data), std::move(teacher)), store_(store) {}
    Result<void> ask(std::span<const std::uint32_t> rows, TeacherOutputs& answers,
                     const AnswerWatch& watch) override {
        if (!refusal.empty() && store_.size() > 60)
            return fail(refusal);
        for (const auto row : rows)
            if (store_.count(row) == 0)
                ++store_[row];
            else
                ++known;
        return RecordedAnswers::ask(rows, answers, watch);
    }
    std::string refusal;
    int known = 0; ///< rows that were in the store already

  private:
    std::map<std::uint32_t, int>& store_;
};

Experiment madeAsking(const char* asking) {
    Experiment e = madeExperiment();
    if (auto done = setSetting(e, "asking", asking); !done)
        qFatal("%s", done.error().message.c_str());
    return e;
}

constexpr const char* Usual =
    "{calls: 100, rounds: 5, first: 0.2, diversity: none, uncertainty: margin, seed: 3}";

struct Asked {
    Result<AskingResult> result = fail("not asked");
    std::vector<AskingRound> rounds; ///< as told
    CountingEngine engine;
    std::map<std::uint32_t, int> store;
};

void askAll(
    Asked& asked, const char* asking, const AskingWatch& watch = [](const AskingState&) { return true; }) {
    const auto data = madeData();
    StoringSource source(data, goldTeacher(*data), asked.store);
    asked.result = askInRounds(asked.engine, madeAsking(asking), data, source, "", watch,
                               [&](const AskingRound& round) { asked.rounds.push_back(round); });
}

const std::vector<AskedRow>& rowsOf(const Asked& asked) {
    return asked.result->record.rows;
}

} // namespace

class AskingTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void sizesOfRounds();
    void theBudgetAndNoMore_data();
    void theBudgetAndNoMore();
    void itAsksWhatTheStudentDoesNotKnow();
    void theSeedDecides();
    void oneSeedBeginsWithTheSameTexts();
    void killedBetweenRounds();
    void stoppedByThePerson();
    void aSourceThatFails();
    void fewerTextsThanCalls();
    void whatWasAskedIsKeptWithTheRun();
    void aRunOfWhatWasNotAskedIsRefused();
    void otherDataThanWasAsked();
};

void AskingTest::sizesOfRounds() {
    const auto sizes = [](const char* asking) { return roundSizes(madeAsking(asking).asking); };
    using Sizes = std::vector<std::int64_t>;
    QCOMPARE(sizes("{calls: 100, rounds: 5, first: 0.2}"), (Sizes{20, 20, 20, 20, 20}));
    QCOMPARE(sizes("{calls: 10, rounds: 4, first: 0.5}"), (Sizes{5, 2, 2, 1}));
    QCOMPARE(sizes("{calls: 4, rounds: 4, first: 0.9}"), (Sizes{1, 1, 1, 1})); // one each at least
    QCOMPARE(sizes("{calls: 1000, rounds: 2, first: 0.0001}"), (Sizes{1, 999}));
    QCOMPARE(sizes("{calls: 100, pick: random}"), (Sizes{100}));
}

void AskingTest::theBudgetAndNoMore_data() {
    QTest::addColumn<QByteArray>("asking");
    for (const char* how : {"diversity: none", "diversity: classes", "diversity: chance", "pick: random"})
        QTest::newRow(how) << QByteArray("{calls: 100, seed: 3, ") + how + "}";
}

void AskingTest::theBudgetAndNoMore() {
    QFETCH(QByteArray, asking);
    Asked asked;
    askAll(asked, asking.constData());
    QVERIFY2(asked.result, asked.result ? "" : asked.result.error().message.c_str());
    const auto data = madeData();
    const auto teacher = goldTeacher(*data);
    QCOMPARE(rowsOf(asked).size(), std::size_t{100});
    std::set<std::uint32_t> rows;
    for (const auto& [row, round] : rowsOf(asked)) {
        QVERIFY(rows.insert(row).second); // none twice
        QVERIFY(data->split(row) == Split::Train && teacher->has(row));
    }
    for (std::uint32_t row = 0; row < data->size(); ++row) {
        QCOMPARE(asked.result->answers.has(row), rows.count(row) == 1);
        if (rows.count(row) == 1)
            QCOMPARE(asked.result->answers.label(row), teacher->label(row));
    }
    std::int64_t calls = 0;
    for (const auto& round : asked.rounds) {
        calls += round.calls;
        QCOMPARE(round.answered, round.calls);
        QCOMPARE(round.right, round.withGold);
        QCOMPARE(round.labelCount[0] + round.labelCount[1], round.answered);
        QVERIFY(round.validation.rows > 0 || &round == &asked.rounds.back());
    }
    QCOMPARE(calls, std::int64_t{100});
    QCOMPARE(asked.engine.trainedOn.size(), asked.rounds.size() - 1);
}

void AskingTest::itAsksWhatTheStudentDoesNotKnow() {
    Asked asked;
    askAll(asked, Usual);
    QVERIFY(asked.result);
    QCOMPARE(asked.engine.trainedOn, (std::vector<std::size_t>{20, 40, 60, 80}));
    // 4 of 20 words are of both classes: a fifth of what is drawn at random.
    const auto data = madeData();
    std::map<int, double> hard;
    for (const auto& [row, round] : rowsOf(asked))
        hard[round] += std::stoi(std::string(data->text(row).substr(1))) >= 16 ? 1 : 0;
    // At random 80 texts would have 16 of them, give or take 3.6. Not every round has many: what was asked
    // twice each way is known better than a word that was seen once.
    const double later = hard[2] + hard[3] + hard[4] + hard[5];
    QVERIFY2(hard[1] <= 10, qPrintable(QString::number(hard[1])));
    QVERIFY2(later >= 28, qPrintable(QString::number(later)));
}

void AskingTest::theSeedDecides() {
    Asked one, again, other;
    constexpr const char* Chance = "{calls: 100, rounds: 5, diversity: chance, seed: 3}";
    askAll(one, Chance);
    askAll(again, Chance);
    askAll(other, "{calls: 100, rounds: 5, diversity: chance, seed: 4}");
    QVERIFY(one.result && again.result && other.result);
    QVERIFY(rowsOf(one) == rowsOf(again));
    QVERIFY(rowsOf(one) != rowsOf(other));
}

void AskingTest::oneSeedBeginsWithTheSameTexts() {
    Asked uncertain, random;
    askAll(uncertain, Usual);
    askAll(random, "{calls: 100, pick: random, seed: 3}");
    QVERIFY(uncertain.result && random.result);
    QVERIFY(std::equal(rowsOf(uncertain).begin(), rowsOf(uncertain).begin() + 20, rowsOf(random).begin()));
    QVERIFY(!std::equal(rowsOf(uncertain).begin(), rowsOf(uncertain).end(), rowsOf(random).begin(),
                        [](const AskedRow& a, const AskedRow& b) { return a.row == b.row; }));
}

void AskingTest::killedBetweenRounds() {
    Asked whole;
    askAll(whole, Usual);
    QVERIFY(whole.result);
    for (int last = 1; last <= 4; ++last) {
        Asked cut;
        askAll(cut, Usual, [last](const AskingState& state) { return state.round <= last; });
        QVERIFY(!cut.result);
        QCOMPARE(static_cast<int>(cut.store.size()), 20 * last);

        const auto data = madeData();
        StoringSource source(data, goldTeacher(*data), cut.store);
        const auto resumed = askInRounds(
            cut.engine, madeAsking(Usual), data, source, "", [](const AskingState&) { return true; },
            [](const AskingRound&) {});
        QVERIFY(resumed);
        QVERIFY(resumed->record.rows == rowsOf(whole));
        QCOMPARE(source.known, 20 * last); // what was answered before is known
        QCOMPARE(cut.store.size(), std::size_t{100});
    }
}

void AskingTest::stoppedByThePerson() {
    Asked asked;
    askAll(asked, Usual, [](const AskingState& state) { return state.round < 3; });
    QVERIFY(!asked.result);
    QVERIFY(asked.result.error().kind == ErrorKind::Cancelled);
    QCOMPARE(asked.result.error().message,
             std::string("asking, round 3 of 5, 40 of 100 calls spent: interrupted"));
}

void AskingTest::aSourceThatFails() {
    Asked asked;
    const auto data = madeData();
    StoringSource source(data, goldTeacher(*data), asked.store);
    source.refusal = "the key was refused";
    const auto result = askInRounds(
        asked.engine, madeAsking(Usual), data, source, "", [](const AskingState&) { return true; },
        [](const AskingRound&) {});
    QVERIFY(!result);
    QCOMPARE(result.error().message,
             std::string("asking, round 5 of 5, 80 of 100 calls spent: the key was refused"));
    asked.engine.refusal.clear();
}

void AskingTest::fewerTextsThanCalls() {
    Asked asked;
    askAll(asked, "{calls: 350}"); // 360 training texts, of 10 of which nothing is known
    QVERIFY2(asked.result, asked.result ? "" : asked.result.error().message.c_str());
    Asked more;
    askAll(more, "{calls: 351}");
    QVERIFY(!more.result);
    QCOMPARE(
        more.result.error().message,
        std::string("asking.calls is 351, but there are only 350 texts to ask about; lower it, or take it "
                    "away to learn from all of them"));
    QVERIFY(more.store.empty());
}

void AskingTest::whatWasAskedIsKeptWithTheRun() {
    Asked asked;
    askAll(asked, Usual);
    QVERIFY(asked.result);
    const QTemporaryDir folder;
    const auto data = madeData();
    RunOptions options;
    options.runsFolder = folder.filePath("runs").toStdString();
    options.asking = asked.result->record;
    const DistillationSet all{data, goldTeacher(*data)};
    const auto set = onlyAsked(all, rowsOf(asked));
    QVERIFY(set);
    QCOMPARE(set->trainingRows().size(), std::size_t{100});
    auto run = Run::start(asked.engine, madeAsking(Usual), *set, options);
    QVERIFY2(run, run ? "" : run.error().message.c_str());
    while (!(*run)->finished())
        (*run)->wait(std::chrono::milliseconds(100));
    const std::string path = (*run)->folder();
    run->reset();

    QCOMPARE(ask(path, "SELECT COUNT(DISTINCT row) FROM asked").toInt(), 100);
    QCOMPARE(ask(path, "SELECT SUM(calls) FROM asking_rounds").toInt(), 100);
    const auto stored = StoredRun::open(path);
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    QVERIFY(stored->origin.asking.rows == rowsOf(asked));
    QCOMPARE(stored->origin.asking.rounds.size(), std::size_t{5});
    QCOMPARE(stored->origin.asking.rounds[1].validation.accuracy, asked.rounds[1].validation.accuracy);
    QCOMPARE(stored->origin.asking.rounds[4].validation.rows, std::int64_t{0});
    QVERIFY(stored->experiment.asking == madeAsking(Usual).asking);
    QCOMPARE(stored->origin.teacherRows, std::int64_t{100});
}

void AskingTest::aRunOfWhatWasNotAskedIsRefused() {
    const QTemporaryDir folder;
    const auto data = madeData();
    RunOptions options;
    options.runsFolder = folder.filePath("runs").toStdString();
    CountingEngine engine;
    const auto run = Run::start(engine, madeAsking(Usual), {data, goldTeacher(*data)}, options);
    QVERIFY(!run);
    QVERIFY(run.error().message.find("stillroom-cli run") != std::string::npos);
    QVERIFY(everythingIn(folder.path()).isEmpty());
}

void AskingTest::otherDataThanWasAsked() {
    const auto data = madeData();
    const DistillationSet all{data, goldTeacher(*data)};
    for (const std::uint32_t row : {9U, 4000U}) { // held out; beyond the end
        const auto set = onlyAsked(all, std::vector<AskedRow>{{1, 1}, {row, 2}});
        QVERIFY(!set);
        QVERIFY(set.error().message.find("--data") != std::string::npos);
    }
}

QTEST_GUILESS_MAIN(AskingTest)
#include "asking_test.moc"
