#include "core/engine/metrics.h"

#include <QtTest>

using namespace stillroom;

class MetricsTest : public QObject {
    Q_OBJECT

    static bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

  private Q_SLOTS:
    void byHand() {
        // Rows gold, columns predicted:  4 1 0
        //                                2 3 0
        //                                0 1 0
        const auto metrics = metricsOf({4, 1, 0, 2, 3, 0, 0, 1, 0}, 3);
        QCOMPARE(metrics.rows, 11);
        QVERIFY(near(metrics.accuracy, 7.0 / 11));
        QVERIFY(near(metrics.precision[0], 4.0 / 6) && near(metrics.recall[0], 4.0 / 5));
        QVERIFY(near(metrics.precision[1], 3.0 / 5) && near(metrics.recall[1], 3.0 / 5));
        // Class 2 is never predicted: precision, recall and F1 are 0, and it counts.
        QVERIFY(near(metrics.precision[2], 0) && near(metrics.recall[2], 0) && near(metrics.f1[2], 0));
        // F1: 8/11, 6/10, 0.
        QVERIFY(near(metrics.f1[0], 8.0 / 11) && near(metrics.f1[1], 0.6));
        QVERIFY(near(metrics.macroF1, (8.0 / 11 + 0.6) / 3));
        QCOMPARE(metrics.confusion, (std::vector<std::int64_t>{4, 1, 0, 2, 3, 0, 0, 1, 0}));
    }

    void aClassThatOccursNowhereDoesNotCount() {
        // As scikit-learn's default: labels are those in gold or predictions.
        const auto metrics = metricsOf({2, 0, 0, 0, 0, 0, 0, 0, 3}, 3);
        QCOMPARE(metrics.macroF1, 1.0);
        QCOMPARE(metrics.f1, (std::vector<double>{1, 0, 1}));
    }

    void aClassOnlyPredictedCounts() {
        // Class 1 is predicted once and never gold: F1 0. Class 0: 2·2/(3 + 2) = 0.8.
        const auto metrics = metricsOf({2, 1, 0, 0}, 2);
        QVERIFY(near(metrics.macroF1, 0.4));
    }

    void noRowsAreNoNumbers() {
        const auto metrics = metricsOf({0, 0, 0, 0}, 2);
        QCOMPARE(metrics.rows, 0);
        QCOMPARE(metrics.accuracy, 0.0);
        QCOMPARE(metrics.macroF1, 0.0);
        QCOMPARE(metrics.f1.size(), std::size_t{2});
    }
};

QTEST_GUILESS_MAIN(MetricsTest)
#include "metrics_test.moc"
