#include "core/selection/top_share.h"

#include <QtTest>
#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

using namespace stillroom;

namespace {

struct Kept {
    std::vector<int> keep;
    float lowest;
};

Kept kept(const std::vector<float>& numbers, std::size_t count, std::uint64_t epoch = 0) {
    TopShare share;
    std::ranges::copy(numbers, share.numbers(numbers.size()).begin());
    std::vector<std::uint32_t> samples(numbers.size());
    std::iota(samples.begin(), samples.end(), 0U);
    Decision decision;
    const float lowest = share.keep(samples, SampleHash(1, epoch), count, Verdict::LossHigh, decision);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (decision.verdicts[i] != (decision.keep[i] != 0 ? Verdict::Kept : Verdict::LossHigh))
            qFatal("verdict and keep differ");
    return {{decision.keep.begin(), decision.keep.end()}, lowest};
}

} // namespace

class TopShareTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void theLargestByHand() {
        const auto two = kept({0.5F, -1.0F, 0.75F, 0.0F}, 2);
        QCOMPARE(two.keep, (std::vector<int>{1, 0, 1, 0}));
        QCOMPARE(two.lowest, 0.5F);
        // Below 0 the larger number has the smaller magnitude.
        const auto three = kept({-0.5F, -1.0F, -0.75F, -2.0F}, 3);
        QCOMPARE(three.keep, (std::vector<int>{1, 1, 1, 0}));
        QCOMPARE(three.lowest, -1.0F);
        QCOMPARE(kept({3.0F, 1.0F}, 2).keep, (std::vector<int>{1, 1}));
        QCOMPARE(kept({7.0F}, 1).lowest, 7.0F);
    }

    void nothingOfNothing() {
        const auto none = kept({}, 0);
        QVERIFY(none.keep.empty());
        QCOMPARE(none.lowest, 0.0F);
    }

    void bothZerosAreEqual() {
        // −0 and 0: whichever hash is larger, not whichever sign.
        std::set<std::vector<int>> seen;
        for (std::uint64_t epoch = 0; epoch < 20; ++epoch)
            seen.insert(kept({0.0F, -0.0F}, 1, epoch).keep);
        QCOMPARE(seen.size(), std::size_t{2});
    }

    void aNanIsTheLowest() {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const float least = -std::numeric_limits<float>::infinity();
        QCOMPARE(kept({nan, least, 1.0F}, 2).keep, (std::vector<int>{0, 1, 1}));
        const auto all = kept({nan, nan, 1.0F}, 2);
        QCOMPARE(std::accumulate(all.keep.begin(), all.keep.end(), 0), 2);
    }

    void exactlySoManyWhateverIsTied() {
        Random random(2, "share");
        for (int round = 0; round < 2000; ++round) {
            const std::size_t size = 1 + random.below(70);
            const std::size_t count = 1 + random.below(static_cast<std::uint32_t>(size));
            std::vector<float> numbers(size);
            for (auto& number : numbers)
                number = static_cast<float>(random.below(5));
            const auto share = kept(numbers, count);
            QCOMPARE(static_cast<std::size_t>(std::accumulate(share.keep.begin(), share.keep.end(), 0)),
                     count);
            auto sorted = numbers;
            std::sort(sorted.begin(), sorted.end(), std::greater<>());
            QCOMPARE(share.lowest, sorted[count - 1]);
            for (std::size_t i = 0; i < size; ++i)
                if (numbers[i] != share.lowest)
                    QCOMPARE(share.keep[i] != 0, numbers[i] > share.lowest);
        }
    }

    void tiesAreOthersInAnotherEpoch() {
        const std::vector<float> equal(64, 0.5F);
        QVERIFY(kept(equal, 16, 0).keep == kept(equal, 16, 0).keep);
        QVERIFY(kept(equal, 16, 0).keep != kept(equal, 16, 1).keep);
    }
};

QTEST_GUILESS_MAIN(TopShareTest)
#include "top_share_test.moc"
