// Against TensorBoard's own recurrence, written out here in the way of its line chart, and hand-worked cases.
#include "core/experiment/curve_smoothing.h"

#include "core/base/random.h"

#include <QtTest>
#include <cmath>

using namespace stillroom;

namespace {

RunCurve curveOf(const std::vector<double>& values) {
    RunCurve curve;
    for (const double value : values) {
        curve.buckets.push_back({static_cast<double>(curve.points), value, value, value, 1, false});
        ++curve.points;
    }
    return curve;
}

/// tensorboard/components/tf_utils: last = last·s + (1 − s)·y; y / (1 − s^n).
std::vector<double> tensorBoards(const std::vector<double>& values, double s) {
    std::vector<double> course;
    double last = 0;
    int seen = 0;
    for (const double value : values) {
        last = last * s + (1 - s) * value;
        ++seen;
        course.push_back(last / (s == 0 ? 1.0 : 1 - std::pow(s, seen)));
    }
    return course;
}

void near(double a, double b) {
    QVERIFY2(std::abs(a - b) < 1e-9 * std::max(1.0, std::abs(b)),
             qPrintable(QStringLiteral("%1 %2").arg(a).arg(b)));
}

} // namespace

class CurveSmoothingTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void byHand() {
        // s = ½: weights ½, then ¼ and ½, then ⅛, ¼ and ½, each divided by their sum.
        const auto course = smoothed(curveOf({2, 4, 7}), 0.5);
        near(course[0], 2);
        near(course[1], (0.25 * 2 + 0.5 * 4) / 0.75);
        near(course[2], (0.125 * 2 + 0.25 * 4 + 0.5 * 7) / 0.875);
    }
    void asTensorBoardDoes() {
        Random random(3, "smoothing");
        std::vector<double> values;
        for (int i = 0; i < 500; ++i)
            values.push_back(std::exp(-i / 100.0) + 0.3 * random.uniform());
        for (const double s : {0.0, 0.3, 0.6, 0.9, 0.99}) {
            const auto course = smoothed(curveOf(values), s), theirs = tensorBoards(values, s);
            QCOMPARE(course.size(), theirs.size());
            for (std::size_t i = 0; i < course.size(); ++i)
                near(course[i], theirs[i]);
        }
    }
    void aConstantStaysOne() {
        for (const double value : smoothed(curveOf(std::vector<double>(50, 0.7)), 0.95))
            near(value, 0.7); // from the first point: no pull towards 0
    }
    void cappedByWhatThereIs() {
        QCOMPARE(cappedSmoothing(0.999, 10), 0.9);
        QCOMPARE(cappedSmoothing(0.6, 1'000), 0.6);
        QCOMPARE(cappedSmoothing(0.6, 1), 0.0);
        QCOMPARE(cappedSmoothing(-1, 10), 0.0);
        const auto capped = smoothed(curveOf({1, 2, 3, 4}), 0.9999),
                   most = smoothed(curveOf({1, 2, 3, 4}), 0.75);
        for (std::size_t i = 0; i < 4; ++i)
            near(capped[i], most[i]);
        near(smoothed(curveOf({5}), 0.99)[0], 5);
    }
    void howManyPointsWereMergedDoesNotMatter() {
        // Of a constant within each bucket the merged curve is exactly the other's, at the buckets' ends.
        std::vector<double> values;
        RunCurve merged;
        for (int bucket = 0; bucket < 40; ++bucket) {
            const int count = bucket % 3 == 0 ? 7 : 25;
            const double value = std::sin(bucket);
            values.insert(values.end(), static_cast<std::size_t>(count), value);
            merged.buckets.push_back({double(bucket), value, value, value, count, false});
            merged.points += count;
        }
        const auto whole = smoothed(curveOf(values), 0.98), fewer = smoothed(merged, 0.98);
        std::size_t end = 0;
        for (std::size_t i = 0; i < fewer.size(); ++i) {
            end += static_cast<std::size_t>(merged.buckets[i].count);
            near(fewer[i], whole[end - 1]);
        }
    }
    void nothing() { QVERIFY(smoothed({}, 0.5).empty()); }
};

QTEST_GUILESS_MAIN(CurveSmoothingTest)
#include "curve_smoothing_test.moc"
