#include "core/selection/uncertainty.h"

#include <QtTest>
#include <array>
#include <cmath>
#include <limits>

using namespace stillroom;

class UncertaintyTest : public QObject {
    Q_OBJECT

    // Three rows over four classes: certain, uniform, and one worked by hand.
    static constexpr std::array<float, 12> Rows = {1,     0,     0,    0,     0.25F,  0.25F,
                                                   0.25F, 0.25F, 0.5F, 0.25F, 0.125F, 0.125F};
    static constexpr std::array<std::int32_t, 3> Labels = {0, 3, 1};

    static std::array<float, 3> measured(Uncertainty measure) {
        std::array<float, 3> out{};
        uncertainties(measure, Rows, 4, Labels, out);
        return out;
    }

  private Q_SLOTS:
    void entropyIsOverLogK() {
        // H(½, ¼, ⅛, ⅛) = ½·1 + ¼·2 + ⅛·3 + ⅛·3 = 1.75 bits, log₂ 4 = 2 bits.
        const auto u = measured(Uncertainty::Entropy);
        QCOMPARE(u[0], 0.0F);
        QCOMPARE(u[1], 1.0F);
        QCOMPARE(u[2], 0.875F);
    }

    void leastConfidenceIsWhatTheLargestLeaves() {
        const auto u = measured(Uncertainty::LeastConfidence);
        QCOMPARE(u[0], 0.0F);
        QCOMPARE(u[1], 0.75F);
        QCOMPARE(u[2], 0.5F);
    }

    void marginIsWhatTheLeadLeaves() {
        const auto u = measured(Uncertainty::Margin);
        QCOMPARE(u[0], 0.0F);
        QCOMPARE(u[1], 1.0F);
        QCOMPARE(u[2], 0.75F);
    }

    void marginFindsTheSecondBeforeAndAfterTheFirst() {
        const std::array<float, 6> rows = {0.3F, 0.6F, 0.1F, 0.1F, 0.6F, 0.3F};
        std::array<float, 2> u{};
        uncertainties(Uncertainty::Margin, rows, 3, {}, u);
        QCOMPARE(u[0], 0.7F);
        QCOMPARE(u[1], 0.7F);
    }

    void disagreementIsAgainstThePseudoLabel() {
        const auto u = measured(Uncertainty::Disagreement);
        QCOMPARE(u[0], 0.0F);
        QCOMPARE(u[1], 0.75F);
        QCOMPARE(u[2], 0.75F); // 1 − p[1]
    }

    void staysInTheUnitIntervalWhenRowsAreRounded() {
        // Sums to 1.0000002: a margin of −1e-7 or an entropy above 1 would follow.
        const std::array<float, 2> row = {1.0000002F, 0};
        const std::array<std::int32_t, 1> label = {0};
        for (const auto measure : {Uncertainty::Entropy, Uncertainty::LeastConfidence, Uncertainty::Margin,
                                   Uncertainty::Disagreement}) {
            std::array<float, 1> u{};
            uncertainties(measure, row, 2, label, u);
            QVERIFY(u[0] >= 0.0F && u[0] <= 1.0F);
        }
    }

    void aBrokenStudentIsNotHidden() {
        const std::array<float, 2> row = {std::numeric_limits<float>::quiet_NaN(), 0.5F};
        const std::array<std::int32_t, 1> label = {0};
        std::array<float, 1> u{};
        uncertainties(Uncertainty::Disagreement, row, 2, label, u);
        QVERIFY(std::isnan(u[0]));
    }

    void nothingComesOfNothing() { uncertainties(Uncertainty::Entropy, {}, 4, {}, {}); }
};

QTEST_GUILESS_MAIN(UncertaintyTest)
#include "uncertainty_test.moc"
