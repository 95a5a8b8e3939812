// Half floats against the format's definition, all of them, and the four bytes of a trace.
#include "core/selection/sample_trace.h"

#include <QtTest>
#include <cmath>
#include <cstring>
#include <limits>

using namespace stillroom;

namespace {

/// IEEE 754 binary16 by its definition: 1 sign, 5 exponent, 10 fraction bits.
double valueOf(std::uint32_t half) {
    const int exponent = static_cast<int>(half >> 10U & 31U);
    const double fraction = (half & 1023U) / 1024.0;
    if (exponent == 31)
        return fraction == 0 ? std::numeric_limits<double>::infinity()
                             : std::numeric_limits<double>::quiet_NaN();
    return exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15);
}

} // namespace

class SampleTraceTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyHalfByItsDefinition() {
        for (std::uint32_t half = 0; half < 0x10000U; ++half) {
            // The sign is not looked at: nothing negative is ever kept.
            const double expected = valueOf(half & 0x7FFFU);
            const float found = fromHalf(static_cast<std::uint16_t>(half));
            if (std::isnan(expected))
                QVERIFY2(std::isnan(found), std::to_string(half).c_str());
            else
                QVERIFY2(static_cast<double>(found) == expected, std::to_string(half).c_str());
        }
    }

    void everyHalfComesBack() {
        for (std::uint32_t half = 0; half <= 0x7C00U; ++half)
            QCOMPARE(std::uint32_t{toHalf(fromHalf(static_cast<std::uint16_t>(half)))}, half);
        QVERIFY(std::isnan(fromHalf(toHalf(std::numeric_limits<float>::quiet_NaN()))));
        QVERIFY(std::isnan(fromHalf(toHalf(-0.25F)))); // what cannot be is not known
        QCOMPARE(toHalf(-0.0F), std::uint16_t{0});
        QCOMPARE(fromHalf(toHalf(1.0F)), 1.0F);
        QCOMPARE(fromHalf(toHalf(0.5F)), 0.5F);
    }

    void midpointsGoToTheEvenAndTheirNeighboursToTheNearest() {
        for (std::uint32_t half = 0; half < 0x7BFFU; ++half) { // up to the largest finite one
            const auto middle = static_cast<float>((valueOf(half) + valueOf(half + 1)) / 2);
            QCOMPARE(static_cast<double>(middle),
                     (valueOf(half) + valueOf(half + 1)) / 2); // exact in a float
            QCOMPARE(std::uint32_t{toHalf(middle)}, half + (half & 1U));
            QCOMPARE(std::uint32_t{toHalf(std::nextafter(middle, 0.0F))}, half);
            QCOMPARE(std::uint32_t{toHalf(std::nextafter(middle, 1e9F))}, half + 1);
        }
        // Beyond the largest: 65504 + half a step of 32 is the midpoint to what would be next.
        QCOMPARE(toHalf(65519.9F), std::uint16_t{0x7BFF});
        QCOMPARE(toHalf(65520.0F), std::uint16_t{0x7C00});
        QCOMPARE(toHalf(std::numeric_limits<float>::max()), std::uint16_t{0x7C00});
        QCOMPARE(toHalf(std::numeric_limits<float>::denorm_min()), std::uint16_t{0});
    }

#ifdef __FLT16_MANT_DIG__
    void asTheCompilersOwn() {
        // Every 97th float from 0 to 2: some eleven million.
        const auto last = std::bit_cast<std::uint32_t>(2.0F);
        std::uint32_t differing = 0;
        for (std::uint32_t bits = 0; bits < last; bits += 97) {
            const auto value = std::bit_cast<float>(bits);
            const auto own = static_cast<_Float16>(value);
            std::uint16_t expected = 0;
            std::memcpy(&expected, &own, sizeof expected);
            differing += toHalf(value) != expected ? 1 : 0;
        }
        QCOMPARE(differing, 0U);
    }
#endif

    void tracesRoundTrip() {
        for (int verdict = 0; verdict < 16; ++verdict)
            for (const std::int32_t label : {-1, 0, 1, 25, 1000, 4094})
                for (const float u : {0.0F, 0.25F, 0.333F, 1.0F}) {
                    const SampleTrace trace(static_cast<Verdict>(verdict), u, label);
                    QCOMPARE(static_cast<int>(trace.verdict()), verdict);
                    QCOMPARE(trace.studentLabel(), label);
                    QVERIFY(trace.scored());
                    QVERIFY(std::abs(trace.uncertainty() - u) <= u / 2048);
                    QCOMPARE(trace.kept(), verdict == static_cast<int>(Verdict::Kept));
                }
    }

    void whatIsNotKnown() {
        const SampleTrace fresh;
        QCOMPARE(fresh.verdict(), Verdict::Unseen);
        QVERIFY(!fresh.scored() && !fresh.kept());
        QCOMPARE(fresh.studentLabel(), -1);
        const SampleTrace unasked(Verdict::TeacherUnsure, std::numeric_limits<float>::quiet_NaN(), -1);
        QVERIFY(!unasked.scored() && std::isnan(unasked.uncertainty()));
        QCOMPARE(unasked.studentLabel(), -1);
        QCOMPARE(unasked.verdict(), Verdict::TeacherUnsure);
        // Class numbers beyond twelve bits are not known, and disturb nothing.
        for (const std::int32_t beyond : {4095, 4096, 70000, std::numeric_limits<std::int32_t>::max()}) {
            const SampleTrace trace(Verdict::StudentSure, 0.5F, beyond);
            QCOMPARE(trace.studentLabel(), -1);
            QCOMPARE(trace.verdict(), Verdict::StudentSure);
            QCOMPARE(trace.uncertainty(), 0.5F);
        }
        QVERIFY(VerdictCount <= 16);
    }

    void theLayoutIsTheFormats() {
        QCOMPARE(SampleTrace(Verdict::BothRefuse, 1.0F, 0x123).bits, 0x3C00'1234U);
        QCOMPARE(SampleTrace().bits, 0x7E00'FFF0U);
    }
};

QTEST_GUILESS_MAIN(SampleTraceTest)
#include "sample_trace_test.moc"
