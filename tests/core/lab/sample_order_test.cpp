#include "core/lab/sample_filter.h"

#include "made_table.h"

#include <QtTest>
#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>

using namespace stillroom;
using test::Made;
using Numbers = std::vector<std::uint32_t>;

namespace {

/// std::stable_sort with what is unknown last.
template <class Key>
Numbers reference(Numbers samples, bool ascending,
                  const std::function<std::optional<Key>(std::uint32_t)>& keyOf) {
    std::stable_sort(samples.begin(), samples.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto keyA = keyOf(a);
        const auto keyB = keyOf(b);
        if (!keyA || !keyB)
            return keyA.has_value() && !keyB.has_value();
        return ascending ? *keyA < *keyB : *keyB < *keyA;
    });
    return samples;
}

Numbers shuffled(std::size_t count, Random& random) {
    Numbers samples(count);
    std::iota(samples.begin(), samples.end(), 0U);
    shuffle(samples, random);
    return samples;
}

/// Few letters, a zero byte among them, common beginnings, many equal ones.
std::string drawText(Random& random) {
    static const std::vector<std::string> letters = {"a", "b", std::string(1, '\0'), "é", "\xFF"};
    std::string text(random.below(3) * 7, 'x');
    for (std::uint32_t i = random.below(9); i > 0; --i)
        text += letters[random.below(static_cast<std::uint32_t>(letters.size()))];
    return text;
}

} // namespace

class SampleOrderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyColumn_data();
    void everyColumn();
    void idsThatAreNumbers();
    void manyWithOneBeginning();
    void nothingKnown();
};

void SampleOrderTest::everyColumn_data() {
    QTest::addColumn<int>("samples");
    QTest::newRow("none") << 0;
    QTest::newRow("one") << 1;
    QTest::newRow("few") << 60;
    QTest::newRow("many") << 20'000;
}

void SampleOrderTest::everyColumn() {
    QFETCH(int, samples);
    constexpr int Classes = 7;
    Random random(8, "order", static_cast<std::uint64_t>(samples));
    auto made = test::drawSamples(static_cast<std::size_t>(samples), Classes, random);
    for (auto& sample : made) {
        sample.text = drawText(random);
        sample.id = random.uniform() < 0.5 ? std::to_string(random.below(3000)) : drawText(random);
    }
    const auto table = test::madeTable(Classes, made);
    const auto traces = test::drawTraces(table.size(), Classes, random);
    SampleHistory history(table.size());
    for (std::int64_t epoch = 1; epoch <= 5; ++epoch)
        history.add(epoch, test::drawTraces(table.size(), Classes, random));
    const FilterInput input{&table, traces, &history, {}, {}};
    const Numbers given = shuffled(table.size(), random);

    using Real = std::function<std::optional<double>(std::uint32_t)>;
    const auto atLeastOne = [](double value) { return value > 0 ? std::optional(value) : std::nullopt; };
    const auto notNegative = [](double value) { return value >= 0 ? std::optional(value) : std::nullopt; };
    const std::vector<std::pair<SampleColumn, Real>> columns = {
        {SampleColumn::Number, [](std::uint32_t s) { return s; }},
        {SampleColumn::Gold, [&](std::uint32_t s) { return notNegative(table.gold[s]); }},
        {SampleColumn::TeacherLabel, [&](std::uint32_t s) { return table.labels[s]; }},
        {SampleColumn::Confidence, [&](std::uint32_t s) { return table.confidences[s]; }},
        {SampleColumn::StudentLabel, [&](std::uint32_t s) { return notNegative(traces[s].studentLabel()); }},
        {SampleColumn::Uncertainty, [&](std::uint32_t s) { return notNegative(traces[s].uncertainty()); }},
        {SampleColumn::KeptTimes, [&](std::uint32_t s) { return history.keptTimes(s); }},
        {SampleColumn::FirstKept, [&](std::uint32_t s) { return atLeastOne(history.firstKept(s)); }},
        {SampleColumn::LastKept, [&](std::uint32_t s) { return atLeastOne(history.lastKept(s)); }}};
    for (const bool ascending : {true, false}) {
        for (const auto& [column, keyOf] : columns) {
            Numbers sorted = given;
            sortSamples(column, ascending, input, sorted);
            QCOMPARE(sorted, reference<double>(given, ascending, keyOf));
        }
        Numbers sorted = given;
        sortSamples(SampleColumn::Text, ascending, input, sorted);
        QCOMPARE(sorted,
                 reference<std::string>(given, ascending, [&](std::uint32_t s) { return made[s].text; }));
        sorted = given;
        sortSamples(SampleColumn::Id, ascending, input, sorted);
        using Id = std::pair<double, std::string>; // numbers before all others
        QCOMPARE(sorted, reference<Id>(given, ascending, [&](std::uint32_t s) {
                     const std::string& id = made[s].id;
                     const bool isNumber =
                         !id.empty() && id.find_first_not_of("0123456789") == std::string::npos;
                     return isNumber ? Id(std::stod(id), "") : Id(1e300, id);
                 }));
    }
}

void SampleOrderTest::idsThatAreNumbers() {
    std::vector<Made> made;
    for (const char* id :
         {"10", "9", "b", "007", "7", "1234567890123456789", "98765432109876543210", "a", "-1", ""})
        made.push_back({0, 0.5F, -1, "", id});
    const auto table = test::madeTable(1, made);
    const FilterInput input{&table, {}, nullptr, {}, {}};
    Numbers samples = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    sortSamples(SampleColumn::Id, true, input, samples);
    QCOMPARE(samples, (Numbers{3, 4, 1, 0, 5, 9, 8, 6, 7, 2}));
    samples = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    sortSamples(SampleColumn::Id, false, input, samples);
    QCOMPARE(samples, (Numbers{2, 7, 6, 8, 9, 5, 0, 1, 3, 4})); // 007 and 7 are equal: they stay in order
}

/// A prompt before every text, and texts of nothing else: no depth of recursion, no time lost.
void SampleOrderTest::manyWithOneBeginning() {
    const std::string prompt(3000, 'p');
    std::vector<Made> made;
    for (int i = 0; i < 3000; ++i) {
        std::string text = prompt;
        if (i % 2 == 1)
            text += std::to_string(i % 977);
        made.push_back({0, 0.5F, -1, text});
    }
    for (int i = 0; i < 200; ++i) // each goes on a little longer with the others than the next
        made.push_back({0, 0.5F, -1, prompt.substr(0, static_cast<std::size_t>(10 * i))});
    const auto table = test::madeTable(1, made);
    const FilterInput input{&table, {}, nullptr, {}, {}};
    Random random(9, "prompt");
    const Numbers given = shuffled(table.size(), random);
    for (const bool ascending : {true, false}) {
        Numbers sorted = given;
        sortSamples(SampleColumn::Text, ascending, input, sorted);
        QCOMPARE(sorted,
                 reference<std::string>(given, ascending, [&](std::uint32_t s) { return made[s].text; }));
    }
}

void SampleOrderTest::nothingKnown() {
    const auto table = test::madeTable(1, {{0, 0.5F}, {0, 0.5F}, {0, 0.5F}});
    const FilterInput input{&table, {}, nullptr, {}, {}};
    for (const auto column : {SampleColumn::Gold, SampleColumn::StudentLabel, SampleColumn::Uncertainty,
                              SampleColumn::KeptTimes, SampleColumn::FirstKept, SampleColumn::LastKept}) {
        Numbers samples = {2, 0, 1};
        sortSamples(column, false, input, samples);
        QCOMPARE(samples, (Numbers{2, 0, 1}));
    }
}

QTEST_GUILESS_MAIN(SampleOrderTest)
#include "sample_order_test.moc"
