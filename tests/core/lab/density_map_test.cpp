#include "core/lab/density_map.h"

#include "made_table.h"

#include <QtTest>
#include <numeric>

using namespace stillroom;

class DensityMapTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand();
    void sumsAgree();
    void nothing();
};

void DensityMapTest::byHand() {
    const float notAsked = std::numeric_limits<float>::quiet_NaN();
    const auto table = test::madeTable(
        2, {{0, 0.0F, 0}, {0, 1.0F, 1}, {0, 0.29F, -1}, {1, 0.29F, 1}, {1, 0.995F, 1}, {1, 0.5F, 1}});
    const std::vector<SampleTrace> traces = {{Verdict::Kept, 0.0F, 0},  {Verdict::Kept, 1.0F, 0},
                                             {Verdict::Kept, 0.5F, 0},  {Verdict::Kept, 0.5F, 0},
                                             {Verdict::Kept, 0.74F, 0}, {Verdict::Unseen, notAsked, -1}};
    DensityMap map;
    densityOf(table, traces, -1, 100, 4, map);
    const auto cell = [&](int row, int column) { return static_cast<std::size_t>(row * 100 + column); };
    QCOMPARE(map.columns, 100);
    QCOMPARE(map.rows, 4);
    QCOMPARE(map.samples, 5);
    QCOMPARE(map.notScored, 1);
    QCOMPARE(map.largest, 2U);
    QCOMPARE(map.all[cell(0, 0)], 1U); // both ends of both sides are in the map
    QCOMPARE(map.all[cell(3, 99)], 1U);
    QCOMPARE(map.all[cell(2, 29)], 2U); // 0.29 as a float is a little less than 29/100
    QCOMPARE(map.all[cell(2, 99)], 1U);
    QCOMPARE(map.right[cell(0, 0)], 1U);
    QCOMPARE(map.wrong[cell(3, 99)], 1U);
    QCOMPARE(map.right[cell(2, 29)], 1U); // of the two one has no gold
    QCOMPARE(map.wrong[cell(2, 29)], 0U);

    densityOf(table, traces, 1, 10, 10, map); // used again, smaller
    QCOMPARE(map.all.size(), std::size_t{100});
    QCOMPARE(map.samples, 2);
    QCOMPARE(map.notScored, 1);
    QCOMPARE(map.all[static_cast<std::size_t>(5 * 10 + 2)], 1U);
    QCOMPARE(std::accumulate(map.wrong.begin(), map.wrong.end(), 0U), 0U);
}

void DensityMapTest::sumsAgree() {
    constexpr int Classes = 5;
    Random random(2, "density");
    const auto table = test::madeTable(Classes, test::drawSamples(20'000, Classes, random));
    const auto traces = test::drawTraces(table.size(), Classes, random);
    DensityMap all;
    densityOf(table, traces, -1, 37, 53, all);
    DensityMap sum = all;
    std::fill(sum.all.begin(), sum.all.end(), 0U);
    std::int64_t samples = 0;
    std::int64_t right = 0;
    for (int label = 0; label < Classes; ++label) {
        DensityMap one;
        densityOf(table, traces, label, 37, 53, one);
        for (std::size_t cell = 0; cell < one.all.size(); ++cell)
            sum.all[cell] += one.all[cell];
        samples += one.samples;
    }
    QCOMPARE(sum.all, all.all);
    QCOMPARE(samples, all.samples);
    std::int64_t expectedRight = 0;
    std::int64_t notScored = 0;
    for (std::size_t i = 0; i < table.size(); ++i) {
        notScored += !traces[i].scored();
        expectedRight += traces[i].scored() && table.gold[i] == table.labels[i];
    }
    for (std::size_t cell = 0; cell < all.all.size(); ++cell) {
        QVERIFY(all.right[cell] + all.wrong[cell] <= all.all[cell]);
        right += all.right[cell];
    }
    QCOMPARE(right, expectedRight);
    QCOMPARE(all.notScored, notScored);
    QCOMPARE(all.largest, *std::max_element(all.all.begin(), all.all.end()));
}

void DensityMapTest::nothing() {
    const auto table = test::madeTable(1, {{0, 0.5F, 0}});
    DensityMap map;
    densityOf(table, {}, -1, 1, 1, map); // the student was never asked
    QCOMPARE(map.samples, 0);
    QCOMPARE(map.notScored, 1);
    QCOMPARE(map.all, std::vector<std::uint32_t>{0});
    const std::vector<SampleTrace> traces = {{Verdict::Kept, 1.0F, 0}};
    densityOf(table, traces, -1, 1, 1, map);
    QCOMPARE(map.right, std::vector<std::uint32_t>{1});
}

QTEST_GUILESS_MAIN(DensityMapTest)
#include "density_map_test.moc"
