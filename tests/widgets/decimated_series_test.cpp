#include "widgets/decimated_series.h"

#include <QTest>
#include <limits>

using namespace stillroom;

class DecimatedSeriesTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void fewStepsAreKeptAsTheyAre() {
        DecimatedSeries series(8);
        for (int step = 1; step <= 8; ++step)
            series.add(step, step * 10);
        QCOMPARE(series.buckets().size(), 8U);
        QCOMPARE(series.buckets()[3].first, 4);
        QCOMPARE(series.buckets()[3].mean(), 40.0);
        QCOMPARE(series.stride(), 1);
    }

    void manyStepsKeepTheirExtremesAndTheirSum() {
        DecimatedSeries series(64);
        double sum = 0;
        for (int step = 1; step <= 100'000; ++step) {
            const double value = step == 77'777 ? 500 : step % 7;
            sum += value;
            series.add(step, value);
        }
        QVERIFY(series.buckets().size() <= 64);
        QVERIFY(series.buckets().size() > 32);
        double total = 0, highest = 0;
        std::int64_t count = 0, next = 1;
        for (const auto& bucket : series.buckets()) {
            QCOMPARE(bucket.first, next); // no step is lost, none is twice in it
            next = bucket.last + 1;
            total += bucket.sum;
            count += bucket.count;
            highest = std::max(highest, bucket.high);
        }
        QCOMPARE(next, 100'001);
        QCOMPARE(count, 100'000);
        QCOMPARE(total, sum);
        QCOMPARE(highest, 500.0);
        QCOMPARE(series.buckets().back().latest, 100'000 % 7);
    }

    void whatIsNoNumberIsLeftOut() {
        DecimatedSeries series(4);
        series.add(1, std::numeric_limits<double>::quiet_NaN());
        QVERIFY(series.buckets().empty());
    }
};

QTEST_APPLESS_MAIN(DecimatedSeriesTest)
#include "decimated_series_test.moc"
