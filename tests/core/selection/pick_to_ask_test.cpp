#include "core/selection/pick_to_ask.h"

#include <QtTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

using namespace stillroom;

namespace {

using Places = std::vector<std::uint32_t>;

} // namespace

class PickToAskTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void theMostUncertain();
    void classesByTurns();
    void chanceFollowsTheOdds();
    void chanceIsRepeatable();
    void neverTwiceNeverTooMany();
};

void PickToAskTest::theMostUncertain() {
    const std::array u{0.2F, 0.9F, 0.5F, 0.9F, 0.1F};
    QCOMPARE(pickMostUncertain(u, 3), (Places{1, 3, 2})); // of equals the earlier first
    QCOMPARE(pickMostUncertain(u, 0), Places{});
    QCOMPARE(pickMostUncertain(u, 9), (Places{1, 3, 2, 0, 4}));
}

void PickToAskTest::classesByTurns() {
    //                         class 0: 0 (.9) 2 (.8) 3 (.7) 5 (.3) · class 1: none · class 2: 4 (.4) 1 (.2)
    const std::array u{0.9F, 0.2F, 0.8F, 0.7F, 0.4F, 0.3F};
    const std::array<std::int32_t, 6> labels{0, 2, 0, 0, 2, 0};
    QCOMPARE(pickByClass(u, labels, 3, 3), (Places{0, 4, 2}));
    QCOMPARE(pickByClass(u, labels, 3, 5), (Places{0, 4, 2, 1, 3})); // class 2 has no more
    QCOMPARE(pickByClass(u, labels, 3, 6), (Places{0, 4, 2, 1, 3, 5}));
}

void PickToAskTest::chanceFollowsTheOdds() {
    // One of three with odds u²: 0.01 : 0.04 : 0.09 = 1 : 4 : 9.
    const std::array u{0.1F, 0.2F, 0.3F, 0.0F};
    std::array<int, 4> counts{};
    Random random(7, "test");
    constexpr int Draws = 42'000;
    for (int i = 0; i < Draws; ++i)
        ++counts.at(pickByChance(u, 2, 1, random).front());
    for (const auto& [place, odds] : {std::pair(0, 1.0), std::pair(1, 4.0), std::pair(2, 9.0)}) {
        const double wanted = Draws * odds / 14, sd = std::sqrt(wanted * (1 - odds / 14));
        QVERIFY2(std::abs(counts.at(static_cast<std::size_t>(place)) - wanted) < 4 * sd,
                 qPrintable(QString::number(counts.at(static_cast<std::size_t>(place)))));
    }
    QCOMPARE(counts[3], 0); // nothing to learn there
    QCOMPARE(pickByChance(u, 2, 4, random).back(), std::uint32_t{3});
}

void PickToAskTest::chanceIsRepeatable() {
    std::vector<float> u(1000);
    Random made(1, "made");
    for (auto& value : u)
        value = static_cast<float>(made.uniform());
    Random a(3, "x"), b(3, "x"), c(4, "x");
    const auto picked = pickByChance(u, 4, 100, a);
    QCOMPARE(pickByChance(u, 4, 100, b), picked);
    QVERIFY(pickByChance(u, 4, 100, c) != picked);
    double mean = 0;
    for (const auto place : picked)
        mean += static_cast<double>(u[place]) / 100;
    QVERIFY2(mean > 0.75, qPrintable(QString::number(mean))); // of odds u⁴ the mean is 5/6
}

void PickToAskTest::neverTwiceNeverTooMany() {
    Random random(5, "many");
    for (int trial = 0; trial < 200; ++trial) {
        const std::size_t size = 1 + random.below(40), count = random.below(50);
        std::vector<float> u(size);
        std::vector<std::int32_t> labels(size);
        for (std::size_t i = 0; i < size; ++i) {
            u[i] = static_cast<float>(random.below(5)) / 4;
            labels[i] = static_cast<std::int32_t>(random.below(3));
        }
        for (const auto& picked : {pickMostUncertain(u, count), pickByChance(u, 2, count, random),
                                   pickByClass(u, labels, 3, count)}) {
            QCOMPARE(picked.size(), std::min(size, count));
            QCOMPARE(std::set(picked.begin(), picked.end()).size(), picked.size());
            QVERIFY(std::all_of(picked.begin(), picked.end(), [size](auto place) { return place < size; }));
        }
    }
}

QTEST_GUILESS_MAIN(PickToAskTest)
#include "pick_to_ask_test.moc"
