#include "core/lab/what_if.h"

#include "made_table.h"

#include <QtTest>
#include <cmath>

using namespace stillroom;
using test::Made;

namespace {

/// As the header says it, one sample after the other, in double.
struct Reference {
    WhatIfResult result;
    std::vector<std::uint8_t> keep, keepBaseline;

    Reference(const SampleTable& table, std::span<const SampleTrace> traces, const Thresholds& thresholds,
              const Thresholds* baseline) {
        result.byClass.resize(static_cast<std::size_t>(table.classCount));
        for (std::size_t i = 0; i < table.size(); ++i) {
            const bool scored = !traces.empty() && !std::isnan(traces[i].uncertainty());
            result.notScored += !scored;
            const auto passes = [&](const std::vector<double>& side, double value) {
                return side.empty() || atLeast(value, side[static_cast<std::size_t>(table.labels[i])]);
            };
            const auto kept = [&](const Thresholds& of) {
                return passes(of.teacher, table.confidences[i]) &&
                       (!scored || passes(of.student, traces[i].uncertainty()));
            };
            const bool teacher = passes(thresholds.teacher, table.confidences[i]);
            const bool student = !scored || passes(thresholds.student, traces[i].uncertainty());
            keep.push_back(kept(thresholds));
            keepBaseline.push_back(baseline != nullptr && kept(*baseline));
            for (auto* counts : {&result.byClass[static_cast<std::size_t>(table.labels[i])], &result.all}) {
                ++counts->samples;
                counts->withGold += table.gold[i] >= 0;
                counts->right += table.gold[i] == table.labels[i];
                counts->kept += keep.back();
                counts->refusedByTeacher += !teacher;
                counts->refusedByStudent += !student;
                counts->refusedByBoth += !teacher && !student;
                counts->keptWithGold += keep.back() && table.gold[i] >= 0;
                counts->keptRight += keep.back() && table.gold[i] == table.labels[i];
                counts->enters += baseline != nullptr && keep.back() && !keepBaseline.back();
                counts->leaves += baseline != nullptr && !keep.back() && keepBaseline.back();
            }
        }
    }
};

bool same(const WhatIfCounts& a, const WhatIfCounts& b) {
    return a.samples == b.samples && a.withGold == b.withGold && a.right == b.right && a.kept == b.kept &&
           a.refusedByTeacher == b.refusedByTeacher && a.refusedByStudent == b.refusedByStudent &&
           a.refusedByBoth == b.refusedByBoth && a.keptWithGold == b.keptWithGold &&
           a.keptRight == b.keptRight && a.enters == b.enters && a.leaves == b.leaves;
}

bool same(const WhatIfResult& a, const WhatIfResult& b) {
    return same(a.all, b.all) && a.notScored == b.notScored && a.byClass.size() == b.byClass.size() &&
           std::equal(a.byClass.begin(), a.byClass.end(), b.byClass.begin(),
                      [](const auto& x, const auto& y) { return same(x, y); });
}

/// Off, a value that samples have exactly, or anything.
std::vector<double> drawSide(int classes, Random& random) {
    std::vector<double> side;
    if (random.uniform() < 0.2)
        return side;
    for (int k = 0; k < classes; ++k)
        side.push_back(random.uniform() < 0.5 ? 0.125 * random.below(10) : random.uniform() * 1.1);
    return side;
}

} // namespace

class WhatIfTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand();
    void sameAsReference_data();
    void sameAsReference();
    void tiesOfConfidence();
    void nothingAtAll();
    void usedAgain();
};

void WhatIfTest::byHand() {
    const auto table =
        test::madeTable(2, {{0, 0.9F, 0}, {0, 0.7F, 1}, {1, 0.9F, -1}, {1, 0.6F, 1}, {0, 0.8F, 0}});
    const float notAsked = std::numeric_limits<float>::quiet_NaN();
    const std::vector<SampleTrace> traces = {{Verdict::Kept, 0.5F, 0},
                                             {Verdict::Kept, 0.25F, 1},
                                             {Verdict::Kept, 0.75F, 1},
                                             {Verdict::Kept, 0.125F, 0},
                                             {Verdict::Unseen, notAsked, -1}};
    const Thresholds now{{0.8, 0.5}, {0.5, 0.5}, {}};
    const Thresholds before{{0.5, 0.95}, {}, {}};
    WhatIf whatIf;
    std::vector<std::uint8_t> keep;
    std::vector<std::uint8_t> keepBefore;
    const auto& result = whatIf.compute(table, traces, now, &before, &keep, &keepBefore);
    // 0 both pass; 1 neither; 2 both; 3 the student is sure; 4 not asked.
    QCOMPARE(keep, (std::vector<std::uint8_t>{1, 0, 1, 0, 1}));
    QCOMPARE(keepBefore, (std::vector<std::uint8_t>{1, 1, 0, 0, 1}));
    QCOMPARE(result.notScored, 1);
    const auto& first = result.byClass[0];
    QCOMPARE(first.samples, 3);
    QCOMPARE(first.withGold, 3);
    QCOMPARE(first.right, 2);
    QCOMPARE(first.kept, 2);
    QCOMPARE(first.refusedByTeacher, 1);
    QCOMPARE(first.refusedByStudent, 1);
    QCOMPARE(first.refusedByBoth, 1);
    QCOMPARE(first.keptWithGold, 2);
    QCOMPARE(first.keptRight, 2);
    QCOMPARE(first.enters, 0);
    QCOMPARE(first.leaves, 1);
    const auto& second = result.byClass[1];
    QCOMPARE(second.kept, 1);
    QCOMPARE(second.refusedByTeacher, 0);
    QCOMPARE(second.refusedByStudent, 1);
    QCOMPARE(second.keptWithGold, 0);
    QCOMPARE(second.enters, 1);
    QCOMPARE(result.all.kept, 3);
    QCOMPARE(result.all.enters, 1);
    QCOMPARE(result.all.leaves, 1);
}

void WhatIfTest::sameAsReference_data() {
    QTest::addColumn<int>("samples");
    QTest::addColumn<int>("classes");
    QTest::newRow("one class") << 501 << 1;
    QTest::newRow("few") << 7 << 3;
    QTest::newRow("more classes than samples") << 50 << 400;
    QTest::newRow("several parts") << 150'001 << 26;
}

void WhatIfTest::sameAsReference() {
    QFETCH(int, samples);
    QFETCH(int, classes);
    Random random(3, "what if", static_cast<std::uint64_t>(samples));
    const auto table =
        test::madeTable(classes, test::drawSamples(static_cast<std::size_t>(samples), classes, random));
    const auto traces = test::drawTraces(table.size(), classes, random);
    std::vector<std::unique_ptr<WhatIf>> crews;
    for (const int threads : {1, 2, 3, 4})
        crews.push_back(std::make_unique<WhatIf>(threads));
    for (int round = 0; round < 12; ++round) {
        const Thresholds thresholds{drawSide(classes, random), drawSide(classes, random), {}};
        const Thresholds baseline{drawSide(classes, random), drawSide(classes, random), {}};
        const bool compare = round % 3 != 0;
        const std::span<const SampleTrace> seen =
            round % 4 == 3 ? std::span<const SampleTrace>() : std::span<const SampleTrace>(traces);
        const Reference reference(table, seen, thresholds, compare ? &baseline : nullptr);
        for (const auto& whatIf : crews) {
            std::vector<std::uint8_t> keep;
            std::vector<std::uint8_t> keepBaseline;
            const auto& result = whatIf->compute(table, seen, thresholds, compare ? &baseline : nullptr,
                                                 &keep, compare ? &keepBaseline : nullptr);
            QVERIFY(same(result, reference.result));
            QCOMPARE(keep, reference.keep);
            if (compare)
                QCOMPARE(keepBaseline, reference.keepBaseline);
            QVERIFY(same(whatIf->compute(table, seen, thresholds, compare ? &baseline : nullptr),
                         reference.result)); // without masks
        }
    }
}

/// Every float around where atLeast changes its mind.
void WhatIfTest::tiesOfConfidence() {
    for (const double threshold : {0.95, 0.1, 1.0 / 3, 1.0, 1e-30, 0.0}) {
        std::vector<Made> samples;
        auto value = static_cast<float>(threshold * (1 - 1e-6));
        for (int i = 0; i < 60; ++i)
            value = std::nextafter(value, -1.0F);
        for (int i = 0; i < 150; ++i) {
            if (value >= 0 && value <= 1) // no confidence is beyond
                samples.push_back({0, value});
            value = std::nextafter(value, 2.0F);
        }
        const auto table = test::madeTable(1, samples);
        std::vector<std::uint8_t> keep;
        WhatIf().compute(table, {}, {{threshold}, {}, {}}, nullptr, &keep);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < table.size(); ++i) {
            QCOMPARE(keep[i] == 1, atLeast(static_cast<double>(table.confidences[i]), threshold));
            kept += keep[i];
        }
        QVERIFY(kept > 0 && (threshold == 0 || kept < table.size()));
    }
}

void WhatIfTest::nothingAtAll() {
    const auto table = test::madeTable(3, {});
    WhatIf whatIf(2);
    const auto& result = whatIf.compute(table, {}, {{0.5, 0.5, 0.5}, {}, {}});
    QCOMPARE(result.byClass.size(), std::size_t{3});
    QCOMPARE(result.all.samples, 0);
    QCOMPARE(result.notScored, 0);
}

/// Another table, another number of classes: nothing of before is left.
void WhatIfTest::usedAgain() {
    WhatIf whatIf(2);
    const auto large = test::madeTable(5, {{4, 0.9F, 4}, {3, 0.9F, 4}});
    const auto small = test::madeTable(1, {{0, 0.2F, 0}});
    whatIf.compute(large, {}, {});
    const auto& result = whatIf.compute(small, {}, {{0.1}, {}, {}});
    QCOMPARE(result.byClass.size(), std::size_t{1});
    QCOMPARE(result.all.kept, 1);
    QCOMPARE(result.all.keptRight, 1);
    QCOMPARE(result.all.enters, 0);
}

QTEST_GUILESS_MAIN(WhatIfTest)
#include "what_if_test.moc"
