// Corrections learned from labelled rows: hand-worked cases, and others' ways to the same numbers.
#include "core/teacher/calibration_fit.h"

#include "core/base/random.h"

#include <QtTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

using namespace stillroom;

namespace {

struct Row {
    double confidence;
    std::uint8_t right;
};

std::vector<double> confidences(const std::vector<Row>& rows) {
    std::vector<double> values;
    for (const auto& row : rows)
        values.push_back(row.confidence);
    return values;
}

std::vector<std::uint8_t> rights(const std::vector<Row>& rows) {
    std::vector<std::uint8_t> values;
    for (const auto& row : rows)
        values.push_back(row.right);
    return values;
}

CalibrationFit isotonic(const std::vector<Row>& rows) {
    return fitIsotonic(confidences(rows), rights(rows));
}

CalibrationFit histogram(const std::vector<Row>& rows, std::int64_t bins) {
    return fitHistogram(confidences(rows), rights(rows), bins);
}

/// `rows` rows of one confidence, the first `right` of them right.
void add(std::vector<Row>& all, double confidence, int rows, int right) {
    for (int i = 0; i < rows; ++i)
        all.push_back({confidence, static_cast<std::uint8_t>(i < right ? 1 : 0)});
}

/// Rows of confidences in `steps` steps, right more often the surer; shuffled by how they are drawn.
std::vector<Row> randomRows(std::uint64_t seed, int count, std::uint32_t steps) {
    Random random(seed, "calibration fit");
    std::vector<Row> rows;
    for (int i = 0; i < count; ++i) {
        const double confidence = static_cast<double>(random.below(steps) + 1) / steps;
        const bool right = random.uniform() < 0.2 + 0.6 * confidence * confidence;
        rows.push_back({confidence, static_cast<std::uint8_t>(right ? 1 : 0)});
    }
    return rows;
}

/// What isotonic regression is at a confidence of the rows, by its definition with maxima and minima (Barlow
/// et al. 1972): max over a ≤ x of min over b ≥ x of the mean of all rows from a to b.
double byDefinition(const std::vector<Row>& rows, double x) {
    double highest = 0;
    for (const auto& from : rows) {
        if (from.confidence > x)
            continue;
        double lowest = 1;
        for (const auto& to : rows) {
            if (to.confidence < x)
                continue;
            double right = 0;
            double count = 0;
            for (const auto& row : rows)
                if (row.confidence >= from.confidence && row.confidence <= to.confidence) {
                    right += row.right;
                    ++count;
                }
            lowest = std::min(lowest, right / count);
        }
        highest = std::max(highest, lowest);
    }
    return highest;
}

struct Taught {
    Dataset data;
    TeacherOutputs teacher;
    std::vector<std::uint32_t> rows;
};

/// Random distributions over K classes, gold drawn from what they are at the temperature `truth`.
Taught randomTeacher(std::uint64_t seed, std::size_t count, int classes, double truth, bool vectors) {
    Random random(seed, "temperature");
    DatasetBuilder builder;
    Taught taught;
    taught.teacher = TeacherOutputs(count, classes);
    std::vector<float> q(static_cast<std::size_t>(classes));
    for (std::size_t i = 0; i < count; ++i) {
        double sum = 0;
        for (float& p : q)
            sum += p = static_cast<float>(std::exp(4 * random.uniform() * random.uniform()));
        for (float& p : q)
            p = static_cast<float>(p / sum);
        const auto label = std::max_element(q.begin(), q.end()) - q.begin();
        if (!vectors) {
            const auto c = static_cast<float>(1.0 / classes + (1 - 1.0 / classes) * random.uniform());
            std::fill(q.begin(), q.end(), (1 - c) / static_cast<float>(classes - 1));
            q[static_cast<std::size_t>(label)] = c;
        }
        double mass = 0;
        for (const float p : q)
            mass += std::pow(p, 1 / truth);
        double at = random.uniform() * mass;
        int gold = 0;
        while (gold + 1 < classes && at > std::pow(q[static_cast<std::size_t>(gold)], 1 / truth))
            at -= std::pow(q[static_cast<std::size_t>(gold++)], 1 / truth);
        builder.add(std::to_string(i), "text", gold, Split::Train);
        if (vectors)
            taught.teacher.set(i, q, TeacherOrigin::Probabilities);
        else
            taught.teacher.set(i, static_cast<int>(label), q[static_cast<std::size_t>(label)],
                               TeacherOrigin::Stated);
        taught.rows.push_back(static_cast<std::uint32_t>(i));
    }
    std::vector<std::string> names;
    for (int k = 0; k < classes; ++k)
        names.push_back(std::to_string(k));
    taught.data = builder.finish(names);
    return taught;
}

/// d/d(1/T) of the summed −log q′_gold, written out: Σ_k q′_k log q_k − log q_gold.
double slopeAt(const Taught& taught, double temperature) {
    std::vector<float> q(static_cast<std::size_t>(taught.teacher.classCount()));
    double slope = 0;
    for (const auto row : taught.rows) {
        taught.teacher.distribution(row, q);
        double mass = 0;
        double weighted = 0;
        for (const float p : q) {
            const double powered = std::pow(static_cast<double>(p), 1 / temperature);
            mass += powered;
            weighted += powered * std::log(static_cast<double>(p));
        }
        slope += weighted / mass -
                 std::log(static_cast<double>(q[static_cast<std::size_t>(taught.data.gold(row))]));
    }
    return slope;
}

/// The same minimum by halving the interval: the slope falls as T grows.
double bisected(const Taught& taught) {
    double low = 0.01;
    double high = 100;
    for (int i = 0; i < 200; ++i) {
        const double middle = (low + high) / 2;
        (slopeAt(taught, middle) > 0 ? low : high) = middle;
    }
    return (low + high) / 2;
}

} // namespace

class CalibrationFitTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void violatorsArePooledByHand() {
        // Ties first: 0.2 → 1 of 1, 0.4 → 0 of 2, 0.6 → 1 of 2, 0.8 → 1 of 4, 1.0 → 2 of 2.
        // 1 > 0: together ⅓ of 3. ½ > ¼: together ⅓ of 6. ⅓ ≥ ⅓: one pool of 9. Then 1.
        std::vector<Row> rows;
        add(rows, 0.8, 4, 1);
        add(rows, 0.2, 1, 1);
        add(rows, 1.0, 2, 2);
        add(rows, 0.6, 2, 1);
        add(rows, 0.4, 2, 0);
        const auto fit = isotonic(rows);
        QCOMPARE(fit.kind, CalibrationKind::Isotonic);
        QCOMPARE(fit.from, (std::vector<double>{0.2, 0.8, 1.0}));
        QCOMPARE(fit.to, (std::vector<double>{3.0 / 9, 3.0 / 9, 1.0}));
        QCOMPARE(fit.corrected(0.0, 3), 1.0 / 3); // clipped
        QCOMPARE(fit.corrected(0.5, 3), 1.0 / 3);
        QCOMPARE(fit.corrected(0.9, 3), 1.0 / 3 + (1 - 1.0 / 3) * 0.5);
        QCOMPARE(fit.corrected(1.0, 3), 1.0);
    }

    void oneRowAndAllAlike() {
        const auto one = isotonic({{0.7, 1}});
        QCOMPARE(one.from, std::vector<double>{0.7});
        QCOMPARE(one.corrected(0.1, 2), 1.0);
        QCOMPARE(one.corrected(0.9, 2), 1.0);
        const auto wrong = isotonic({{0.7, 0}, {0.8, 0}, {0.9, 0}});
        QCOMPARE(wrong.from, (std::vector<double>{0.7, 0.9}));
        QCOMPARE(wrong.to, (std::vector<double>{0, 0}));
        QCOMPARE(histogram({{0.7, 1}}, 15).to, std::vector<double>{1});
    }

    void isotonicByItsDefinition() {
        for (const std::uint32_t steps : {3U, 12U, 1000U})
            for (std::uint64_t seed = 1; seed <= 5; ++seed) {
                const auto rows = randomRows(seed, 60, steps);
                const auto fit = isotonic(rows);
                for (const auto& row : rows)
                    QVERIFY(std::abs(fit.corrected(row.confidence, 2) - byDefinition(rows, row.confidence)) <
                            1e-14);
                // Only knots that are needed: strictly rising, or the end of a stretch.
                for (std::size_t i = 1; i + 1 < fit.to.size(); ++i)
                    QVERIFY(fit.to[i - 1] != fit.to[i] || fit.to[i] != fit.to[i + 1]);
            }
    }

    void isotonicNeverFalls() {
        const auto fit = isotonic(randomRows(7, 20000, 100000));
        double before = 0;
        for (int i = 0; i <= 100000; ++i) {
            const double now = fit.corrected(i / 1e5, 2);
            QVERIFY(now >= before && now <= 1);
            before = now;
        }
    }

    void binsByHand() {
        // 40 different confidences in 2 bins: the first 20 and the last 20.
        std::vector<Row> rows;
        for (int i = 0; i < 40; ++i)
            rows.push_back({(i + 1) / 64.0, static_cast<std::uint8_t>(i < 20 ? i % 4 == 0 : i % 4 != 0)});
        std::reverse(rows.begin(), rows.end());
        const auto fit = histogram(rows, 2);
        QCOMPARE(fit.from, (std::vector<double>{20.5 / 64, 1}));
        QCOMPARE(fit.to, (std::vector<double>{0.25, 0.75}));
        QCOMPARE(fit.corrected(0, 9), 0.25);
        QCOMPARE(fit.corrected(20.5 / 64, 9), 0.25); // an edge belongs below
        QCOMPARE(fit.corrected(0.5, 9), 0.75);
        QCOMPARE(fit.corrected(1, 9), 0.75);
        QCOMPARE(histogram(rows, 1).to, std::vector<double>{0.5});
    }

    void aTeacherOfFewConfidences() {
        // As GPT-4o on HumAID, a hundredth of it. Fifteenths of 440 are 29⅓; middles of the ties: 2, 14½, 71,
        // 169½, 330½, 438½: parts 0, 0, 2, 5, 11, 14. So 0.7 joins 0.8, and all others stand alone but the 3
        // of 0.98, which are fewer than ten.
        std::vector<Row> rows;
        add(rows, 0.70, 4, 1);
        add(rows, 0.80, 21, 9);
        add(rows, 0.85, 92, 48);
        add(rows, 0.90, 105, 69);
        add(rows, 0.95, 215, 170);
        add(rows, 0.98, 3, 3);
        const auto fit = histogram(rows, 15);
        QCOMPARE(fit.to, (std::vector<double>{10.0 / 25, 48.0 / 92, 69.0 / 105, 173.0 / 218}));
        QCOMPARE(fit.corrected(0.7, 10), 0.4);
        QCOMPARE(fit.corrected(0.82, 10), 0.4);
        QCOMPARE(fit.corrected(0.83, 10), 48.0 / 92);
        QCOMPARE(fit.corrected(0.98, 10), 173.0 / 218);
        // A small bin at the beginning joins the next one.
        rows.clear();
        add(rows, 0.1, 9, 0);
        add(rows, 0.5, 91, 50);
        QCOMPARE(histogram(rows, 100).to, std::vector<double>{0.5});
        rows.push_back({0.1, 1});
        QCOMPARE(histogram(rows, 100).to, (std::vector<double>{0.1, 50.0 / 91}));
    }

    void binsHoldEquallyMany() {
        for (const int count : {150, 1000, 1007}) {
            std::vector<Row> rows;
            for (int i = 0; i < count; ++i)
                rows.push_back({(i + 0.5) / count, 1});
            const auto fit = histogram(rows, 15);
            QCOMPARE(fit.from.size(), std::size_t{15});
            for (std::size_t b = 0; b < 15; ++b) {
                const double low = b == 0 ? 0 : fit.from[b - 1];
                const auto inside = std::count_if(rows.begin(), rows.end(), [&](const Row& row) {
                    return row.confidence > low && row.confidence <= fit.from[b];
                });
                QVERIFY(std::abs(static_cast<double>(inside) - count / 15.0) <= 1);
            }
        }
    }

    void temperatureAgainstBisection() {
        for (const bool vectors : {true, false})
            for (const double truth : {0.4, 1.0, 3.0})
                for (const int classes : {2, 10}) {
                    const auto taught = randomTeacher(3, 2000, classes, truth, vectors);
                    const double fitted =
                        fitTemperature(taught.data, taught.teacher, taught.rows).temperature;
                    const double expected = bisected(taught);
                    QVERIFY2(std::abs(fitted - expected) <= 1e-6,
                             qPrintable(QString("%1 %2 %3").arg(vectors).arg(fitted).arg(expected)));
                    QVERIFY2(fitted > truth * 0.75 && fitted < truth * 1.33, std::to_string(fitted).c_str());
                }
    }

    void temperatureByHand() {
        // Two classes, c = 0.9 four times, three right: best when q′ = ¾, so (9^(1/T)) = 3 and T = 2.
        DatasetBuilder builder;
        TeacherOutputs teacher(4, 2);
        for (int i = 0; i < 4; ++i) {
            builder.add(std::to_string(i), "text", i == 0 ? 1 : 0, Split::Train);
            teacher.set(static_cast<std::size_t>(i), 0, 0.9F, TeacherOrigin::Stated);
        }
        const auto data = builder.finish({"a", "b"});
        const auto fit = fitTemperature(data, teacher, data.rows(Split::Train));
        QVERIFY(std::abs(fit.temperature - 2) < 1e-6);
        QVERIFY(std::abs(fit.corrected(0.9F, 2) - 0.75) < 1e-9);
        QVERIFY(std::abs(tempered(0.5, 3, 2) - 0.5 / (0.5 + 2 * std::sqrt(0.25 * 0.5))) < 1e-12);
        std::array<float, 3> q = {0.64F, 0.32F, 0.04F}; // roots 0.8, 0.5657, 0.2: sum 1.5657
        temper(q, 2);
        QVERIFY(std::abs(q[0] - 0.8 / 1.56568542) < 1e-6 && std::abs(q[2] - 0.2 / 1.56568542) < 1e-6);
    }

    void temperatureStaysWithinItsBounds() {
        auto taught = randomTeacher(5, 300, 4, 1, true);
        const auto withGold = [&](auto goldOf) {
            DatasetBuilder builder;
            for (const auto row : taught.rows)
                builder.add(std::to_string(row), "text", goldOf(row), Split::Train);
            taught.data = builder.finish({"0", "1", "2", "3"});
            return fitTemperature(taught.data, taught.teacher, taught.rows).temperature;
        };
        QCOMPARE(withGold([&](std::uint32_t row) { return taught.teacher.label(row); }), 0.01);
        std::vector<float> q(4);
        QCOMPARE(withGold([&](std::uint32_t row) {
                     taught.teacher.distribution(row, q);
                     return static_cast<int>(std::min_element(q.begin(), q.end()) - q.begin());
                 }),
                 100.0);
        // A teacher that knows nothing: no temperature is better than another.
        for (const auto row : taught.rows)
            taught.teacher.set(row, std::array<float, 4>{0.25F, 0.25F, 0.25F, 0.25F},
                               TeacherOrigin::Probabilities);
        QCOMPARE(withGold([](std::uint32_t row) { return static_cast<int>(row % 4); }), 1.0);
        // A zero is floored: one certain and wrong row does not decide everything.
        TeacherOutputs certain(100, 2);
        DatasetBuilder builder;
        for (int i = 0; i < 100; ++i) {
            builder.add(std::to_string(i), "text", i == 0 ? 1 : 0, Split::Train);
            certain.set(static_cast<std::size_t>(i), 0, 1, TeacherOrigin::Stated);
        }
        const auto data = builder.finish({"a", "b"});
        const auto fit = fitTemperature(data, certain, data.rows(Split::Train));
        QVERIFY(std::abs(fit.corrected(1, 2) - 0.99) < 1e-9);
    }

    void nothingIsCorrectedByNone() {
        QCOMPARE(CalibrationFit().corrected(0.123, 5), 0.123);
        QCOMPARE(calibrationName(CalibrationKind::Isotonic), std::string_view("isotonic"));
    }
};

QTEST_GUILESS_MAIN(CalibrationFitTest)
#include "calibration_fit_test.moc"
