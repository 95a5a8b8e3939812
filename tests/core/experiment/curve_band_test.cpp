#include "core/experiment/curve_band.h"

#include <QtTest>
#include <cmath>

using namespace stillroom;

class CurveBandTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void onTheirOwnPointsWhereTheseAreTheSame() {
        const std::vector<CurveLine> curves = {
            {{1, 2, 5}, {1, 2, 3}}, {{1, 2, 5}, {3, 2, 3}}, {{1, 2, 5}, {2, 5, 3}}};
        const CurveBand band = bandOf(curves, BandKind::Deviation);
        QCOMPARE(band.x, (std::vector<double>{1, 2, 5}));
        QCOMPARE(band.mean, (std::vector<double>{2, 3, 3}));
        // 1, 3, 2: sd 1. 2, 2, 5: squares 1 + 1 + 4 over 2.
        QVERIFY(std::abs(band.high[0] - 3) < 1e-12);
        QVERIFY(std::abs(band.low[1] - (3 - std::sqrt(3.0))) < 1e-12);
        QCOMPARE(band.low[2], 3.0);
        const CurveBand range = bandOf(curves, BandKind::Range);
        QCOMPARE(range.low, (std::vector<double>{1, 2, 3}));
        QCOMPARE(range.high, (std::vector<double>{3, 5, 3}));
        QCOMPARE(range.mean, band.mean);
    }
    void betweenPointsAlongStraightLines() {
        // y = x and y = 10 − x, each on points of its own.
        const std::vector<CurveLine> curves = {{{0, 4, 10}, {0, 4, 10}}, {{1, 3, 8}, {9, 7, 2}}};
        const CurveBand band = bandOf(curves, BandKind::Range, 8);
        QCOMPARE(band.x.size(), std::size_t{8});
        QCOMPARE(band.x.front(), 1.0); // where both are
        QCOMPARE(band.x.back(), 8.0);
        for (std::size_t i = 0; i < band.x.size(); ++i) {
            QVERIFY(std::abs(band.mean[i] - 5) < 1e-9);
            QVERIFY(std::abs(band.low[i] - std::min(band.x[i], 10 - band.x[i])) < 1e-9);
            QVERIFY(std::abs(band.high[i] - std::max(band.x[i], 10 - band.x[i])) < 1e-9);
        }
    }
    void whereXStandsStill() {
        // Distinct samples: all are in, and it goes on.
        const std::vector<CurveLine> curves = {{{0, 5, 5, 5}, {0, 1, 2, 3}}, {{0, 4, 5, 5}, {0, 1, 2, 3}}};
        const CurveBand band = bandOf(curves, BandKind::Range, 6);
        QCOMPARE(band.x.back(), 5.0);
        for (const double value : band.mean)
            QVERIFY(std::isfinite(value) && value >= 0 && value <= 3);
        QCOMPARE(band.mean.back(), 3.0); // where both came to, not where x stopped
        const std::vector<CurveLine> still = {{{5, 5, 5}, {0, 1, 2}}, {{5, 5, 5}, {2, 3, 4}}};
        QCOMPARE(bandOf(still, BandKind::Range).x, still[0].x);
        QCOMPARE(bandOf(still, BandKind::Range).mean, (std::vector<double>{1, 2, 3}));
    }
    void noBand() {
        QVERIFY(bandOf({}, BandKind::Range).x.empty());
        const std::vector<CurveLine> one = {{{1, 2}, {1, 2}}};
        QVERIFY(bandOf(one, BandKind::Range).x.empty());
        const std::vector<CurveLine> apart = {{{1, 2}, {1, 2}}, {{3, 4}, {1, 2}}};
        QVERIFY(bandOf(apart, BandKind::Range).x.empty());
        const std::vector<CurveLine> empty = {{{}, {}}, {{3, 4}, {1, 2}}};
        QVERIFY(bandOf(empty, BandKind::Range).x.empty());
        const std::vector<CurveLine> touching = {{{1, 2}, {1, 2}}, {{2, 4}, {4, 2}}};
        const CurveBand band = bandOf(touching, BandKind::Range);
        QCOMPARE(band.x, std::vector<double>{2});
        QCOMPARE(band.mean, std::vector<double>{3});
    }
};

QTEST_GUILESS_MAIN(CurveBandTest)
#include "curve_band_test.moc"
