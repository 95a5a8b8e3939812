// distributions, sample_statistics, bootstrap, test_set_bootstrap, paired_tests, mcnemar,
// multiple_comparisons and friedman of core/experiment, against numbers recorded from scipy 1.17 and
// statsmodels 0.15; the bootstraps' resamples were drawn in Python with the same streams.
// tests/peers/compare_statistics.py compares many more.
#include "core/engine/metrics.h"
#include "core/experiment/bootstrap.h"
#include "core/experiment/distributions.h"
#include "core/experiment/friedman.h"
#include "core/experiment/mcnemar.h"
#include "core/experiment/multiple_comparisons.h"
#include "core/experiment/paired_tests.h"
#include "core/experiment/test_set_bootstrap.h"

#include <QtTest>
#include <cmath>

using namespace stillroom;

namespace {

bool near(double ours, double theirs) {
    return std::fabs(ours - theirs) <= 1e-9 * std::max(1.0, std::fabs(theirs));
}

bool near(const std::vector<double>& ours, const std::vector<double>& theirs) {
    return ours.size() == theirs.size() && std::equal(ours.begin(), ours.end(), theirs.begin(),
                                                      [](double a, double b) { return near(a, b); });
}

double meanOf(std::span<const double> values) {
    return describe(values).mean;
}

const std::vector<double> differences{-0.0030, -0.0012, 0.0008, -0.0041, -0.0019};

} // namespace

class StatisticsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void distributions() {
        QVERIFY(near(normalQuantile(0.975), 1.959963984540054));
        QVERIFY(near(normalCdf(-3.5), 0.00023262907903552502));
        QCOMPARE(normalCdf(INFINITY), 1.0);
        QVERIFY(near(studentQuantile(0.975, 4), 2.7764451051977934));
        QVERIFY(near(studentTwoSided(-2.5, 4), 0.06676654481198814));
        QCOMPARE(studentTwoSided(INFINITY, 4), 0.0);
        QVERIFY(near(chiSquareAbove(3.84, 1), 0.05004352124870519));
        QVERIFY(near(signTestTwoSided(3, 17), 0.012725830078125));
        QCOMPARE(signTestTwoSided(14, 17), signTestTwoSided(3, 17));
        QCOMPARE(signTestTwoSided(0, 0), 1.0);
        QVERIFY(near(normalRangeCdf(3, 4), 0.8537285189523403));
        QVERIFY(near(normalRangeCdf(normalRangeQuantile(0.9, 6), 6), 0.9));
        QVERIFY(near(normalRangeQuantile(0.95, 2), 1.959963984540054 * std::sqrt(2.0)));
    }

    void meansAndTheirIntervals() {
        const auto said = describe(differences);
        QCOMPARE(said.count, std::size_t{5});
        QVERIFY(near(said.mean, -0.00188));
        QVERIFY(near(said.deviation, 0.00185930094390338));
        QCOMPARE(said.lowest, -0.0041);
        QCOMPARE(said.highest, 0.0008);
        const auto interval = meanInterval(differences, 0.95);
        QVERIFY(interval && near(interval->low, -0.004188627043871103));
        QVERIFY(near(interval->high, 0.00042862704387110337));
        QVERIFY(interval->covers(0) && !interval->covers(0.001));
        // One alone has no spread; the same again and again has none that rounding made.
        QVERIFY(!meanInterval(std::vector<double>{1}, 0.95));
        QVERIFY(std::isnan(describe({}).mean));
        QCOMPARE(describe(std::vector<double>{0.1, 0.1, 0.1}).deviation, 0.0);
        QCOMPARE(describe(std::vector<double>{0.1, 0.1, 0.1}).mean, 0.1);
        QCOMPARE(sortedQuantile(std::vector<double>{1, 2, 4}, 0.75), 3.0);
        QCOMPARE(sortedQuantile(std::vector<double>{1}, 0.75), 1.0);
    }

    void pairedTests() {
        const auto t = pairedTTest(differences);
        QVERIFY(near(t.statistic, -2.2609614712905017));
        QVERIFY(near(t.p, 0.08658833669771182));
        const auto w = wilcoxonTest(differences);
        QCOMPARE(w.statistic, 1.0);
        QVERIFY(near(w.p, 0.125));
        QVERIFY(near(signFlipTest(differences).p, 0.125));
        QVERIFY(near(cohenDz(differences), -1.0111327088627002));
        QVERIFY(near(hedgesGz(differences), -0.806767177324327));
        const std::vector<double> tied{0.5, 0.25, -0.25, 0, 1, 1, 0.75, -0.5};
        QCOMPARE(wilcoxonTest(tied).statistic, 5.0);
        QVERIFY(near(wilcoxonTest(tied).p, 0.171875));
        QVERIFY(near(signFlipTest(tied).p, 0.171875));
        std::vector<double> longer;
        for (int i = 0; i < 60; ++i)
            longer.push_back(((i * 37) % 101 - 40) / 8.0);
        QCOMPARE(wilcoxonTest(longer).statistic, 583.0); // with ties: by the normal approximation
        QVERIFY(near(wilcoxonTest(longer).p, 0.02263320893600752));
        longer.resize(30);
        for (auto& value : longer)
            value -= 1.0 / 16;
        QCOMPARE(wilcoxonTest(longer).statistic, 169.0); // without: exactly
        QVERIFY(near(wilcoxonTest(longer).p, 0.19807579927146435));
        // Too many flips to go through are drawn: about the same as exactly, and the same every time.
        const std::vector<double> many(longer.begin(), longer.begin() + 15);
        const double drawn = signFlipTest(many).p;
        QCOMPARE(signFlipTest(many).p, drawn);
        QVERIFY(std::fabs(drawn - pairedTTest(many).p) < 0.03);
        QCOMPARE(signFlipTest(std::vector<double>(100, 0.5)).p, 1.0 / (1 << 14)); // more than a word has bits
    }

    void pairedTestsOfWhatDoesNotVary() {
        const std::vector<double> same{0.25, 0.25, 0.25};
        QVERIFY(std::isinf(pairedTTest(same).statistic));
        QCOMPARE(pairedTTest(same).p, 0.0);
        QCOMPARE(signFlipTest(same).p, 0.25);
        QVERIFY(std::isinf(cohenDz(same)));
        const std::vector<double> zeros{0, 0, 0};
        QCOMPARE(pairedTTest(zeros).p, 1.0);
        QCOMPARE(wilcoxonTest(zeros).p, 1.0);
        QCOMPARE(signFlipTest(zeros).p, 1.0);
        QCOMPARE(cohenDz(zeros), 0.0);
        QCOMPARE(pairedTTest(std::vector<double>{0.5}).p, 1.0);
        QCOMPARE(signFlipTest({}).p, 1.0);
    }

    void bootstrapOverSeeds() {
        const std::vector<double> values{0.625, 0.65625, 0.6875, 0.671875, 0.703125};
        const auto replicates = bootstrapReplicates(values, meanOf, {0.95, 999, 1});
        const auto plain = percentileInterval(replicates, 0.95);
        QVERIFY(near(plain.low, 0.646875));
        QVERIFY(near(plain.high, 0.690625));
        const auto accelerated = acceleratedInterval(values, meanOf, replicates, 0.95);
        QVERIFY(near(accelerated.low, 0.64375));
        QVERIFY(near(accelerated.high, 0.6875));
        QCOMPARE(bootstrapMeanInterval(std::vector<double>{2}, {}).high, 2.0);
        QCOMPARE(bootstrapMeanInterval(std::vector<double>{2, 2, 2}, {}).low, 2.0);
    }

    void testSets() {
        const std::vector<std::int64_t> confusion{40, 3, 2, 5, 20, 5, 1, 4, 20};
        const auto one = testSetIntervals(confusion, {});
        QVERIFY(near(one.accuracy.low, 0.72));
        QVERIFY(near(one.accuracy.high, 0.88));
        QVERIFY(near(one.macroF1.low, 0.6949346328245247));
        QVERIFY(near(one.macroF1.high, 0.8644083036043305));
        const Metrics metrics = metricsOf(confusion, 3);
        QVERIFY(one.accuracy.covers(metrics.accuracy) && one.macroF1.covers(metrics.macroF1));

        std::vector<std::int32_t> gold;
        std::vector<std::int32_t> first;
        for (std::int32_t cell = 0; cell < 9; ++cell)
            for (std::int64_t i = 0; i < confusion[static_cast<std::size_t>(cell)]; ++i) {
                gold.push_back(cell / 3);
                first.push_back(cell % 3);
            }
        auto second = first;
        for (std::size_t i = 0; i < second.size(); i += 7)
            second[i] = (second[i] + 1) % 3;
        const auto difference = testSetDifferences(gold, first, second, 3, {});
        QVERIFY(near(difference.accuracy.low, 0.02));
        QVERIFY(near(difference.accuracy.high, 0.16));
        QVERIFY(near(difference.macroF1.low, 0.013061476808994589));
        QVERIFY(near(difference.macroF1.high, 0.15833931197318296));
        QVERIFY(difference.accuracyP < 0.05 && difference.accuracyP > 0);
        const auto none = testSetDifferences(gold, first, first, 3, {});
        QCOMPARE(none.accuracyP, 1.0);
        QCOMPARE(none.macroF1P, 1.0);
        QCOMPARE(none.accuracy.low, 0.0);
        QCOMPARE(none.macroF1.high, 0.0);
    }

    void mcnemar() {
        const auto result = mcnemarTest(12, 30);
        QVERIFY(near(result.exactP, 0.007915897334896727));
        QVERIFY(near(result.chiSquare, 6.880952380952381));
        QVERIFY(near(result.chiSquareP, 0.008711912962379598));
        QVERIFY(near(mcnemarTest(5, 1).exactP, 0.21875));
        QVERIFY(near(mcnemarTest(400, 350).exactP, 0.07350777405843484));
        QCOMPARE(mcnemarTest(7, 7).exactP, 1.0);
        QCOMPARE(mcnemarTest(7, 7).chiSquare, 0.0);
        QCOMPARE(mcnemarTest(0, 0).exactP, 1.0);
        const std::vector<std::int32_t> gold{0, 1, 2, 2, 1};
        const std::vector<std::int32_t> first{0, 1, 0, 2, 0};
        const std::vector<std::int32_t> second{1, 1, 2, 1, 2};
        const auto rows = mcnemarTest(gold, first, second);
        QCOMPARE(rows.rows, std::int64_t{5});
        QCOMPARE(rows.onlyFirst, std::int64_t{2});
        QCOMPARE(rows.onlySecond, std::int64_t{1});
        QCOMPARE(rows.exactP, 1.0);
    }

    void manyComparisons() {
        const std::vector<double> p{0.01, 0.04, 0.03, 0.005, 0.2};
        QVERIFY(near(holmCorrected(p), {0.04, 0.09, 0.09, 0.025, 0.2}));
        QVERIFY(near(benjaminiHochbergCorrected(p), {0.025, 0.05, 0.05, 0.025, 0.2}));
        QVERIFY(holmCorrected({}).empty());
        QVERIFY(near(holmCorrected(std::vector<double>{0.7, 0.8}), {1, 1}));
    }

    void ranks() {
        const auto result =
            friedmanTest({{0.9, 0.8, 0.7}, {0.85, 0.85, 0.6}, {0.7, 0.75, 0.65}, {0.9, 0.7, 0.8}});
        QVERIFY(result.has_value());
        QCOMPARE(result->dataSets, std::size_t{4});
        QVERIFY(near(result->chiSquare, 4.133333333333334));
        QVERIFY(near(result->p, 0.12660710278908355));
        QVERIFY(near(result->averageRanks, {1.375, 1.875, 2.75}));
        QVERIFY(!friedmanTest({{0.9, 0.8}}));
        const auto tied = friedmanTest({{1, 1}, {2, 2}});
        QVERIFY(tied && near(tied->p, 1) && near(tied->averageRanks, {1.5, 1.5}));
        QVERIFY(near(nemenyiDifference(3, 4, 0.95), 1.657246577699061));
        QVERIFY(near(nemenyiDifference(5, 10, 0.95), 1.9288277551893116));
        QVERIFY(near(nemenyiDifference(11, 5, 0.95), 6.751504765123184));
    }
};

QTEST_GUILESS_MAIN(StatisticsTest)
#include "statistics_test.moc"
