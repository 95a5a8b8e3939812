#include "core/base/random.h"
#include "core/student/bucket_map.h"

#include <QTest>
#include <map>

using namespace stillroom;

class BucketMapTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void empty() {
        QCOMPARE(BucketMap().row(0), BucketMap::None);
        QCOMPARE(BucketMap(std::span<const std::uint32_t>()).row(5), BucketMap::None);
    }

    void agreesWithMap() {
        Random random(1, "test");
        std::map<std::uint32_t, std::uint32_t> reference;
        std::vector<std::uint32_t> buckets;
        while (buckets.size() < 5000) {
            // Few low bits, so that many of them probe the same slots.
            const std::uint32_t bucket = random.below(1000) << random.below(12);
            if (reference.emplace(bucket, static_cast<std::uint32_t>(buckets.size())).second)
                buckets.push_back(bucket);
        }
        const BucketMap map(buckets);
        QVERIFY(map.unique());
        for (std::uint32_t bucket = 0; bucket < 100'000; ++bucket) {
            const auto found = reference.find(bucket);
            QCOMPARE(map.row(bucket), found == reference.end() ? BucketMap::None : found->second);
        }
    }

    void repeatedBucketIsSeen() {
        const std::vector<std::uint32_t> buckets = {4, 9, 4};
        QVERIFY(!BucketMap(buckets).unique());
    }
};

QTEST_GUILESS_MAIN(BucketMapTest)
#include "bucket_map_test.moc"
