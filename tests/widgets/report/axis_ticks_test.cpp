// Numbers on axes: round ones, as many as there is room for, within what is seen.
#include "widgets/report/axis_ticks.h"

#include <QtTest>
#include <cmath>
#include <limits>

using namespace stillroom;

namespace {

constexpr double NotGiven = std::numeric_limits<double>::quiet_NaN();

QStringList texts(double low, double high, int wanted) {
    QStringList all;
    for (const auto& tick : ticksOf({low, high}, wanted))
        all << tick.text;
    return all;
}

} // namespace

class AxisTicksTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void areRound() {
        QCOMPARE(texts(0, 1, 5), QStringList({"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
        QCOMPARE(texts(0, 6934, 4), QStringList({"0", "2,000", "4,000", "6,000"}));
        QCOMPARE(texts(61.3, 68.2, 4), QStringList({"62", "64", "66", "68"}));
        QCOMPARE(texts(-0.04, 0.04, 4), QStringList({"\u22120.04", "\u22120.02", "0.00", "0.02", "0.04"}));
        QCOMPARE(texts(0, 2e6, 2), QStringList({"0", "1,000,000", "2,000,000"}));
    }

    void lieWithinTheRange() {
        for (double low = -3; low < 3; low += 0.37)
            for (double width = 1e-6; width < 1e9; width *= 7) {
                const auto ticks = ticksOf({low, low + width}, 5);
                QVERIFY(!ticks.empty() && ticks.size() <= 7);
                for (const auto& tick : ticks)
                    QVERIFY(tick.at >= low - 1e-5 * width && tick.at <= low + width * (1 + 1e-5));
            }
    }

    void aRangeIsNeverEmpty() {
        for (const auto& [low, high] : {std::pair(3.0, 3.0), std::pair(0.0, 0.0), std::pair(5.0, 1.0),
                                        std::pair(NotGiven, NotGiven), std::pair(-HUGE_VAL, HUGE_VAL)}) {
            const auto range = rangeOf(low, high, NotGiven, NotGiven);
            QVERIFY(std::isfinite(range.low) && std::isfinite(range.high) && range.low < range.high);
        }
        const auto given = rangeOf(0.2, 0.4, 0, 1);
        QCOMPARE(given.low, 0.0);
        QCOMPARE(given.high, 1.0);
        QVERIFY(rangeOf(0.2, 0.4, 0.5, 0.5).high > 0.5);
    }
};

QTEST_GUILESS_MAIN(AxisTicksTest)
#include "axis_ticks_test.moc"
