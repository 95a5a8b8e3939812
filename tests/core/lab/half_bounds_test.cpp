#include "core/lab/half_bounds.h"

#include "core/base/random.h"

#include <QtTest>

using namespace stillroom;

class HalfBoundsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void sameAsComparingNumbers();
    void nothingPasses();
};

/// For every half there is.
void HalfBoundsTest::sameAsComparingNumbers() {
    Random random(1, "half bounds");
    std::vector<double> thresholds = {0, 0.5, 1, 1e-9, 0x1p-14, 0x1p-24, 0.95, -1};
    for (int i = 0; i < 50; ++i)
        thresholds.push_back(random.uniform());
    for (int i = 0; i < 50; ++i) // exactly a half, and a little beside it
        thresholds.push_back(static_cast<double>(fromHalf(static_cast<std::uint16_t>(random.below(0x3C01)))) *
                             (1 + 1e-6 * (random.uniform() - 0.5) * 4));
    for (const double threshold : thresholds) {
        const auto passes = [&](float value) { return atLeast(value, threshold); };
        const std::uint32_t first = firstHalf(passes);
        for (std::uint32_t half = 0; half <= HalfInfinity; ++half)
            QCOMPARE(half >= first, passes(fromHalf(static_cast<std::uint16_t>(half))));
    }
}

void HalfBoundsTest::nothingPasses() {
    const std::uint16_t bound = firstHalf([](float) { return false; });
    QVERIFY(bound > HalfInfinity);
    QVERIFY(halfOf(SampleTrace()) >= bound); // not asked: passes nevertheless
    QCOMPARE(halfOf(SampleTrace(Verdict::Kept, 0.5F, 3)), std::uint16_t{0x3800});
}

QTEST_GUILESS_MAIN(HalfBoundsTest)
#include "half_bounds_test.moc"
