// core/engine/evaluate.cpp, by hand-worked cases.
#include "core/engine/engine.h"

#include <QtTest>
#include <cmath>
#include <map>

using namespace stillroom;

namespace {

/// Says what it was told for a text.
class Table : public Student {
  public:
    Table(std::vector<std::string> classes, std::map<std::string, std::vector<float>, std::less<>> rows)
        : classes_(std::move(classes)), rows_(std::move(rows)) {}
    [[nodiscard]] const std::vector<std::string>& classes() const override { return classes_; }
    [[nodiscard]] std::string describe() const override { return "table"; }
    Result<void> predict(std::span<const std::string_view> texts, std::span<float> out) const override {
        if (out.size() != texts.size() * classes_.size())
            return fail("wrong size");
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const auto row = rows_.find(texts[i]);
            if (row == rows_.end())
                return fail("no such text");
            std::copy(row->second.begin(), row->second.end(),
                      out.begin() + static_cast<std::ptrdiff_t>(i * classes_.size()));
        }
        largest = std::max(largest, texts.size());
        return {};
    }
    mutable std::size_t largest = 0;

  private:
    std::vector<std::string> classes_;
    std::map<std::string, std::vector<float>, std::less<>> rows_;
};

} // namespace

class EvaluateTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand();
    void classesInAnotherOrder();
    void aClassThatTheStudentNeverMet();
    void aClassThatTheDataDoNotHave();
    void noGold();
    void manyRows();
    void whatTheStudentRefuses();
};

void EvaluateTest::byHand() {
    DatasetBuilder builder;
    builder.add("1", "train", 0, Split::Train); // of another split
    builder.add("2", "a", 0, Split::Test);
    builder.add("3", "b", 1, Split::Test);
    builder.add("4", "c", 1, Split::Test);
    builder.add("5", "unknown", Dataset::NoLabel, Split::Test);
    const Dataset data = builder.finish({"no", "yes"});
    const Table student({"no", "yes"}, {{"a", {0.75F, 0.25F}}, {"b", {0.5F, 0.5F}}, {"c", {0.0F, 1.0F}}});
    const auto metrics = evaluateStudent(student, data, Split::Test);
    QVERIFY2(metrics, metrics ? "" : metrics.error().message.c_str());
    QCOMPARE(metrics->rows, std::int64_t{3});
    QCOMPARE(metrics->confusion, (std::vector<std::int64_t>{1, 0, 1, 1})); // a tie goes to the first
    QCOMPARE(metrics->accuracy, 2.0 / 3);
    QCOMPARE(metrics->macroF1, 2.0 / 3); // both classes: 2·(1/2)·1 / (3/2)
    QVERIFY(std::abs(metrics->loss - (-std::log(0.75) - std::log(0.5)) / 3) < 1e-9);
}

void EvaluateTest::classesInAnotherOrder() {
    DatasetBuilder builder;
    builder.add("1", "a", 0, Split::Test);
    builder.add("2", "b", 2, Split::Test);
    const Dataset data = builder.finish({"x", "y", "z"});
    const Table student({"z", "x", "y"}, {{"a", {0.1F, 0.8F, 0.1F}}, {"b", {0.7F, 0.2F, 0.1F}}});
    const auto metrics = evaluateStudent(student, data, Split::Test);
    QVERIFY(metrics);
    QCOMPARE(metrics->accuracy, 1.0);
    QCOMPARE(metrics->confusion, (std::vector<std::int64_t>{1, 0, 0, 0, 0, 0, 0, 0, 1}));
    QVERIFY(std::abs(metrics->loss - (-std::log(0.8) - std::log(0.7)) / 2) < 1e-7);
}

void EvaluateTest::aClassThatTheStudentNeverMet() {
    DatasetBuilder builder;
    builder.add("1", "a", 2, Split::Test);
    const Dataset data = builder.finish({"x", "y", "new"});
    const Table student({"x", "y"}, {{"a", {0.4F, 0.6F}}});
    const auto metrics = evaluateStudent(student, data, Split::Test);
    QVERIFY(metrics);
    QCOMPARE(metrics->accuracy, 0.0);
    QCOMPARE(metrics->confusion[2 * 3 + 1], std::int64_t{1});
    QVERIFY(std::abs(metrics->loss + std::log(1e-12)) < 1e-9);
}

void EvaluateTest::aClassThatTheDataDoNotHave() {
    DatasetBuilder builder;
    builder.add("1", "a", 0, Split::Test);
    const Dataset data = builder.finish({"x", "y"});
    const auto metrics = evaluateStudent(Table({"x", "other"}, {}), data, Split::Test);
    QVERIFY(!metrics);
    QCOMPARE(metrics.error().message,
             std::string("the student knows a class 'other' that the data do not have; it was "
                         "trained on other classes"));
}

void EvaluateTest::noGold() {
    DatasetBuilder builder;
    builder.add("1", "a", Dataset::NoLabel, Split::Test);
    const Dataset data = builder.finish({"x", "y"});
    const auto metrics = evaluateStudent(Table({"x", "y"}, {}), data, Split::Test);
    QVERIFY(!metrics);
    QCOMPARE(metrics.error().message, std::string("the test data have no gold labels to evaluate against"));
}

void EvaluateTest::manyRows() {
    DatasetBuilder builder;
    for (int i = 0; i < 10'001; ++i)
        builder.add(std::to_string(i), i % 3 == 0 ? "a" : "b", i % 3 == 0 ? 0 : 1, Split::Validation);
    const Dataset data = builder.finish({"x", "y"});
    const Table student({"x", "y"}, {{"a", {0.9F, 0.1F}}, {"b", {0.2F, 0.8F}}});
    const auto metrics = evaluateStudent(student, data, Split::Validation);
    QVERIFY(metrics);
    QCOMPARE(metrics->rows, std::int64_t{10'001});
    QCOMPARE(metrics->accuracy, 1.0);
    QVERIFY(student.largest < 10'001); // in pieces: memory does not grow with the data
}

void EvaluateTest::whatTheStudentRefuses() {
    DatasetBuilder builder;
    builder.add("1", "a", 0, Split::Test);
    const Dataset data = builder.finish({"x", "y"});
    const auto metrics = evaluateStudent(Table({"x", "y"}, {}), data, Split::Test);
    QVERIFY(!metrics);
    QCOMPARE(metrics.error().message, std::string("no such text"));
}

QTEST_GUILESS_MAIN(EvaluateTest)
#include "evaluate_test.moc"
