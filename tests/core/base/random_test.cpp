#include "core/base/random.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

using namespace stillroom;

class RandomTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void xoshiroGivesItsPublishedNumbers();
    void xoshiroFollowsItsDefinition();
    void mix64IsSplitmix();
    void fnv1aGivesItsPublishedNumbers();
    void aSeedNamesAStream();
    void purposeAndPartSeparateStreams();
    void restoreContinuesTheStream();
    void uniformStaysInRangeWithTheRightMean();
    void belowCoversItsRangeEvenly();
    void shuffleIsAPermutationAndEveryOrderComes();
};

// The first outputs for the state {1, 2, 3, 4}, as other implementations test them too (rand_xoshiro, numpy).
void RandomTest::xoshiroGivesItsPublishedNumbers() {
    Random random(0, "");
    random.restore({1, 2, 3, 4});
    for (const std::uint64_t expected :
         {11520ULL, 0ULL, 1509978240ULL, 1215971899390074240ULL, 1216172134540287360ULL,
          607988272756665600ULL, 16172922978634559625ULL, 8476171486693032832ULL, 10595114339597558777ULL,
          2904607092377533576ULL})
        QCOMPARE(random.next(), expected);
}

// The same generator once more, written from its paper with named words instead of an array.
void RandomTest::xoshiroFollowsItsDefinition() {
    Random random(42, "shuffle", 7);
    auto [a, b, c, d] = random.state();
    const auto rotate = [](std::uint64_t x, int k) { return (x << k) + (x >> (64 - k)); };
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t expected = rotate(b * 5, 7) * 9;
        QCOMPARE(random.next(), expected);
        const std::uint64_t shifted = b << 17;
        const std::uint64_t c1 = c ^ a, d1 = d ^ b;
        b = b ^ c1;
        a = a ^ d1;
        c = c1 ^ shifted;
        d = rotate(d1, 45);
    }
}

void RandomTest::mix64IsSplitmix() {
    // splitmix64 seeded with 0: its state grows by the golden ratio, which mix64 adds itself.
    constexpr std::uint64_t Golden = 0x9e3779b97f4a7c15ULL;
    QCOMPARE(mix64(0), 0xe220a8397b1dcdafULL);
    QCOMPARE(mix64(Golden), 0x6e789e6aa1b965f4ULL);
    QCOMPARE(mix64(2 * Golden), 0x06c45d188009454fULL);
}

void RandomTest::fnv1aGivesItsPublishedNumbers() {
    QCOMPARE(fnv1a(""), 0xcbf29ce484222325ULL);
    QCOMPARE(fnv1a("a"), 0xaf63dc4c8601ec8cULL);
    QCOMPARE(fnv1a("foobar"), 0x85944171f73967e8ULL);
    QCOMPARE(fnv1a("bar", fnv1a("foo")), fnv1a("foobar"));
}

void RandomTest::aSeedNamesAStream() {
    Random one(1, "init"), again(1, "init"), other(2, "init");
    QCOMPARE(one.state(), again.state());
    QVERIFY(one.state() != other.state());
    QCOMPARE(one.next(), again.next());
}

void RandomTest::purposeAndPartSeparateStreams() {
    std::set<std::uint64_t> firsts;
    for (const char* purpose : {"init", "shuffle", "random rule"})
        for (std::uint64_t part = 0; part < 100; ++part)
            firsts.insert(Random(1, purpose, part).next());
    QCOMPARE(firsts.size(), std::size_t{300});
}

void RandomTest::restoreContinuesTheStream() {
    Random random(3, "shuffle");
    random.next();
    const Random::State state = random.state();
    const std::uint64_t next = random.next();
    Random other(9, "else");
    other.restore(state);
    QCOMPARE(other.next(), next);
}

void RandomTest::uniformStaysInRangeWithTheRightMean() {
    Random random(4, "uniform");
    double sum = 0;
    constexpr int Count = 100000;
    for (int i = 0; i < Count; ++i) {
        const double value = random.uniform();
        QVERIFY(value >= 0 && value < 1);
        sum += value;
    }
    // Standard error 0.0009: five of them.
    QVERIFY(std::abs(sum / Count - 0.5) < 0.0046);
}

void RandomTest::belowCoversItsRangeEvenly() {
    Random random(5, "below");
    std::vector<int> counts(7);
    constexpr int Count = 70000;
    for (int i = 0; i < Count; ++i)
        ++counts.at(random.below(7));
    for (const int count : counts)
        QVERIFY2(std::abs(count - Count / 7) < 500, qPrintable(QString::number(count)));
    QCOMPARE(random.below(1), 0U);
}

void RandomTest::shuffleIsAPermutationAndEveryOrderComes() {
    Random random(6, "shuffle");
    std::vector<int> many(1000);
    std::iota(many.begin(), many.end(), 0);
    auto shuffled = many;
    shuffle(shuffled, random);
    QVERIFY(shuffled != many);
    std::sort(shuffled.begin(), shuffled.end());
    QCOMPARE(shuffled, many);

    std::map<std::vector<int>, int> orders;
    for (int i = 0; i < 6000; ++i) {
        std::vector<int> three{0, 1, 2};
        shuffle(three, random);
        ++orders[three];
    }
    QCOMPARE(orders.size(), std::size_t{6});
    for (const auto& [order, count] : orders)
        QVERIFY2(std::abs(count - 1000) < 150, qPrintable(QString::number(count)));
}

QTEST_GUILESS_MAIN(RandomTest)
#include "random_test.moc"
