#include "core/lab/sample_filter.h"

#include "made_table.h"

#include <QtTest>

using namespace stillroom;
using Show = SampleFilter::Show;

namespace {

/// One sample, as the header says it.
bool holds(const SampleFilter& filter, const FilterInput& input, std::size_t i) {
    const SampleTable& table = *input.table;
    const bool traced = !input.traces.empty();
    const SampleTrace trace = traced ? input.traces[i] : SampleTrace();
    const Verdict verdict = trace.verdict();
    const bool now = !input.keptNow.empty() && input.keptNow[i] != 0;
    const bool then = !input.keptThen.empty() && input.keptThen[i] != 0;
    const bool both = !input.keptNow.empty() && !input.keptThen.empty();
    switch (filter.show) {
    case Show::All:
        break;
    case Show::Kept:
        if (verdict != Verdict::Kept)
            return false;
        break;
    case Show::RefusedByTeacher:
        if (verdict != Verdict::TeacherUnsure && verdict != Verdict::BothRefuse)
            return false;
        break;
    case Show::RefusedByStudent:
        if (verdict != Verdict::StudentSure && verdict != Verdict::BothRefuse)
            return false;
        break;
    case Show::NeverKept:
        if (input.history != nullptr && input.history->keptTimes(i) > 0)
            return false;
        break;
    case Show::TeacherWrong:
        if (table.gold[i] < 0 || table.gold[i] == table.labels[i])
            return false;
        break;
    case Show::Disagreement:
        if (trace.studentLabel() < 0 || trace.studentLabel() == table.labels[i])
            return false;
        break;
    case Show::Enters:
        if (!both || !then || now)
            return false;
        break;
    case Show::Leaves:
        if (!both || !now || then)
            return false;
        break;
    }
    if (filter.label >= 0 && table.labels[i] != filter.label)
        return false;
    if (filter.goldLabel >= 0 && table.gold[i] != filter.goldLabel)
        return false;
    if (table.confidences[i] < filter.confidenceLow || table.confidences[i] > filter.confidenceHigh)
        return false;
    const bool anyUncertainty = filter.uncertaintyLow == 0 && filter.uncertaintyHigh == 1;
    return anyUncertainty || (trace.scored() && trace.uncertainty() >= filter.uncertaintyLow &&
                              trace.uncertainty() <= filter.uncertaintyHigh);
}

} // namespace

class SampleFilterTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void sameAsOneByOne();
    void whatIsMissing();
    void filtersColumns();
};

void SampleFilterTest::sameAsOneByOne() {
    constexpr int Classes = 4;
    Random random(4, "filter");
    const auto table = test::madeTable(Classes, test::drawSamples(10'000, Classes, random)); // several pieces
    const auto traces = test::drawTraces(table.size(), Classes, random);
    SampleHistory history(table.size());
    history.add(1, traces);
    history.add(2, test::drawTraces(table.size(), Classes, random));
    std::vector<std::uint8_t> now;
    std::vector<std::uint8_t> then;
    for (std::size_t i = 0; i < table.size(); ++i) {
        now.push_back(random.uniform() < 0.4);
        then.push_back(random.uniform() < 0.4);
    }
    const FilterInput input{&table, traces, &history, now, then};
    std::vector<std::uint32_t> found = {1, 2, 3}; // what was there goes
    std::size_t results = 0;
    for (int round = 0; round < 200; ++round) {
        SampleFilter filter;
        filter.show = static_cast<Show>(round % 9);
        if (random.uniform() < 0.3)
            filter.label = static_cast<int>(random.below(Classes));
        if (random.uniform() < 0.3)
            filter.goldLabel = static_cast<int>(random.below(Classes));
        if (random.uniform() < 0.5) // ends that samples have exactly
            filter.confidenceLow = static_cast<float>(0.05 * static_cast<double>(random.below(21)));
        if (random.uniform() < 0.5)
            filter.confidenceHigh = static_cast<float>(random.uniform());
        if (random.uniform() < 0.5)
            filter.uncertaintyLow = 0.125F * static_cast<float>(random.below(9));
        if (random.uniform() < 0.5)
            filter.uncertaintyHigh = 0.125F * static_cast<float>(random.below(9));
        std::vector<std::uint32_t> expected;
        for (std::size_t i = 0; i < table.size(); ++i)
            if (holds(filter, input, i))
                expected.push_back(static_cast<std::uint32_t>(i));
        filterColumns(filter, input, found);
        QCOMPARE(found, expected);
        results += found.size();
    }
    QVERIFY(results > 10'000); // not all of them empty
}

void SampleFilterTest::whatIsMissing() {
    const auto table = test::madeTable(2, {{0, 0.5F, 1}, {1, 0.5F, 1}});
    const FilterInput input{&table, {}, nullptr, {}, {}};
    const auto count = [&](SampleFilter filter) {
        std::vector<std::uint32_t> found;
        filterColumns(filter, input, found);
        return found.size();
    };
    QCOMPARE(count({}), std::size_t{2});
    for (const auto show : {Show::Kept, Show::RefusedByTeacher, Show::RefusedByStudent, Show::Disagreement,
                            Show::Enters, Show::Leaves})
        QCOMPARE(count({.show = show}), std::size_t{0});
    QCOMPARE(count({.show = Show::NeverKept}), std::size_t{2});
    QCOMPARE(count({.show = Show::TeacherWrong}), std::size_t{1});
    QCOMPARE(count({.uncertaintyLow = 0.1F}), std::size_t{0});
    const auto none = test::madeTable(2, {});
    std::vector<std::uint32_t> found;
    filterColumns({}, {&none, {}, nullptr, {}, {}}, found);
    QVERIFY(found.empty());
}

void SampleFilterTest::filtersColumns() {
    SampleFilter filter;
    QVERIFY(!filter.filtersColumns());
    filter.text = "word";
    QVERIFY(!filter.filtersColumns());
    filter.confidenceHigh = 0.5F;
    QVERIFY(filter.filtersColumns());
    QVERIFY((SampleFilter{.show = Show::Kept}).filtersColumns());
}

QTEST_GUILESS_MAIN(SampleFilterTest)
#include "sample_filter_test.moc"
