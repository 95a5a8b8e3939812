#include "core/selection/moving_statistics.h"

#include "core/base/random.h"

#include <QtTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

using namespace stillroom;

class MovingStatisticsTest : public QObject {
    Q_OBJECT

    static bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

  private Q_SLOTS:
    void classThatNeverOccursTakesNoPart() {
        // Classes 0 and 1 fall from 0.8 to 0.4 and 0.2 while class 2, never given, stays at 0.8.
        MovingStatistics statistics(3);
        statistics.start(0.8);
        const std::vector<std::int32_t> labels = {0, 1};
        statistics.onlyClassesOf(labels);
        const std::vector<float> values = {0.0F, -0.4F}; // decay 0.5: m = 0.4 and 0.2, g = 0.3
        statistics.update(values, labels, 0.5, std::nullopt);
        std::vector<double> thresholds;
        statistics.thresholds(1, true, thresholds);
        QVERIFY(std::abs(thresholds[0] - 0.3) < 1e-7); // its class is the largest that occurs
        QVERIFY(std::abs(thresholds[1] - 0.15) < 1e-7);
    }

    void quantilesAreNumpysDefault() {
        // numpy.quantile([4, 1, 3, 2], q): position q·3 in 1 2 3 4.
        const std::array<float, 4> values = {4, 1, 3, 2};
        std::vector<std::int32_t> scratch;
        QCOMPARE(quantileOf(values, 0, scratch), 1.0);
        QCOMPARE(quantileOf(values, 1, scratch), 4.0);
        QCOMPARE(quantileOf(values, 0.5, scratch), 2.5);
        QVERIFY(near(quantileOf(values, 0.8, scratch), 3.4));                  // position 2.4
        const std::array<float, 5> mixed = {-2, 0.5F, -0.25F, 1e30F, -1e-30F}; // −2 −0.25 −1e-30 0.5 1e30
        QCOMPARE(quantileOf(mixed, 0, scratch), -2.0);
        QCOMPARE(quantileOf(mixed, 0.25, scratch), -0.25);
        QCOMPARE(quantileOf(mixed, 0.75, scratch), 0.5);
        QCOMPARE(quantileOf(mixed, 1, scratch), static_cast<double>(1e30F));
        const std::array<float, 1> one = {7};
        QCOMPARE(quantileOf(one, 0.3, scratch), 7.0);
    }

    void quantilesAgainstSorting() {
        Random random(4, "quantiles");
        std::vector<std::int32_t> scratch;
        for (int round = 0; round < 3000; ++round) {
            std::vector<float> values(1 + random.below(90));
            for (auto& value : values)
                value = static_cast<float>(round % 3 == 0   ? 0.6 + 0.05 * random.below(4) // ties
                                           : round % 3 == 1 ? random.uniform()
                                                            : 2e3 * (random.uniform() - 0.5));
            const double q = round % 7 == 0 ? 0.5 : random.uniform();
            auto sorted = values;
            std::sort(sorted.begin(), sorted.end());
            const double at = q * static_cast<double>(sorted.size() - 1);
            const auto left = static_cast<std::size_t>(at);
            const double low = sorted[left];
            const double high = sorted[std::min(left + 1, sorted.size() - 1)];
            QVERIFY(near(quantileOf(values, q, scratch), low + (high - low) * (at - std::floor(at))));
        }
        const float nan = std::numeric_limits<float>::quiet_NaN();
        QCOMPARE(quantileOf(std::array<float, 3>{nan, 1, 2}, 0.5, scratch), 2.0);
        QVERIFY(std::isnan(quantileOf(std::array<float, 3>{nan, 1, 2}, 1, scratch)));
        QCOMPARE(quantileOf(std::array<float, 3>{-nan, 1, 2}, 0, scratch), 1.0); // whatever its sign
    }

    void startAndOneStepByHand() {
        MovingStatistics statistics(3);
        QVERIFY(!statistics.started());
        // Values exact in float. Class 0: 0.5 and 0.75, class 2: 0.25; class 1 does not occur.
        const std::array<float, 3> first = {0.5F, 0.75F, 0.25F};
        const std::array<std::int32_t, 3> labels = {0, 0, 2};
        statistics.start(first, labels, std::nullopt);
        QVERIFY(near(statistics.global(), 0.5));
        QVERIFY(near(statistics.byClass()[0], 0.625));
        QVERIFY(near(statistics.byClass()[1], 0.5)); // the mean of all
        QVERIFY(near(statistics.byClass()[2], 0.25));
        // λ = 0.9: global 0.9·0.5 + 0.1·0.75 = 0.525; class 1: 0.9·0.5 + 0.1·0.75 = 0.525; the others stay.
        const std::array<float, 2> second = {1.0F, 0.5F};
        const std::array<std::int32_t, 2> ones = {1, 1};
        statistics.update(second, ones, 0.9, std::nullopt);
        QVERIFY(near(statistics.global(), 0.525));
        QVERIFY(near(statistics.byClass()[0], 0.625));
        QVERIFY(near(statistics.byClass()[1], 0.525));
        QVERIFY(near(statistics.byClass()[2], 0.25));
        // 2 · 0.525 · (m / 0.625): 1.05, 0.882, 0.42.
        std::vector<double> thresholds;
        statistics.thresholds(2, true, thresholds);
        QVERIFY(near(thresholds[0], 1.05) && near(thresholds[1], 0.882) && near(thresholds[2], 0.42));
        statistics.thresholds(2, false, thresholds);
        QVERIFY(near(thresholds[0], 1.05) && near(thresholds[1], 1.05) && near(thresholds[2], 1.05));
    }

    void quantileMovesTheGlobalAloneAndAbsentClassesStartAtTheMean() {
        MovingStatistics statistics(3);
        const std::array<float, 2> values = {0.25F, 0.75F};
        const std::array<std::int32_t, 2> labels = {0, 1};
        statistics.start(values, labels, 1.0);
        QVERIFY(near(statistics.global(), 0.75));
        QVERIFY(near(statistics.byClass()[0], 0.25));
        QVERIFY(near(statistics.byClass()[1], 0.75));
        QVERIFY(near(statistics.byClass()[2], 0.5));
    }

    void theFirstUpdateStarts() {
        MovingStatistics statistics(2);
        const std::array<float, 2> values = {0.25F, 0.75F};
        const std::array<std::int32_t, 2> labels = {0, 0};
        statistics.update({}, {}, 0.99, std::nullopt);
        QVERIFY(!statistics.started());
        statistics.update(values, labels, 0.99, std::nullopt);
        QVERIFY(statistics.started());
        QVERIFY(near(statistics.global(), 0.5));
        QVERIFY(near(statistics.byClass()[0], 0.5) && near(statistics.byClass()[1], 0.5));
    }

    void allZeroDividesNothingByNothing() {
        MovingStatistics statistics(2);
        statistics.start(0);
        std::vector<double> thresholds;
        statistics.thresholds(1, true, thresholds);
        QCOMPARE(thresholds, (std::vector<double>{0, 0}));
    }

    void stateIsChecked() {
        MovingStatistics statistics(2);
        statistics.start(0.5);
        auto state = statistics.state();
        QVERIFY(MovingStatistics::fits(state, 2));
        QVERIFY(!MovingStatistics::fits(state, 3));
        state[2] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(!MovingStatistics::fits(state, 2));
    }
};

QTEST_GUILESS_MAIN(MovingStatisticsTest)
#include "moving_statistics_test.moc"
