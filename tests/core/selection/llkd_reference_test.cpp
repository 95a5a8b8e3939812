// LLKD against method.md read a second time: slow, plain, float64.
#include "core/selection/llkd.h"
#include "tests/core/selection/llkd_batches.h"

#include <QtTest>
#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <string>

using namespace stillroom;

namespace {

/// method.md read again, with maps, sorted copies and no state shared with the code under test.
struct Reference {
    struct Signal {
        std::optional<double> global;
        std::map<int, double> classes;
    };
    SelectionSettings settings;
    int classCount;
    Signal confidence, uncertainty;

    static double statistic(std::vector<double> values, std::optional<double> quantile) {
        if (!quantile)
            return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
        std::sort(values.begin(), values.end());
        const double at = *quantile * static_cast<double>(values.size() - 1);
        const auto left = static_cast<std::size_t>(std::floor(at));
        const std::size_t right = std::min(left + 1, values.size() - 1);
        return values[left] * (1 - (at - std::floor(at))) + values[right] * (at - std::floor(at));
    }

    void start(Signal& signal, const std::vector<float>& values,
               const std::vector<std::int32_t>& labels) const {
        const std::vector<double> all(values.begin(), values.end());
        signal.global = statistic(all, settings.quantile);
        for (int y = 0; y < classCount; ++y) {
            std::vector<double> members;
            for (std::size_t i = 0; i < labels.size(); ++i)
                if (labels[i] == y)
                    members.push_back(values[i]);
            signal.classes[y] = statistic(members.empty() ? all : members, std::nullopt);
        }
    }

    void move(Signal& signal, const std::vector<float>& values, const std::vector<std::int32_t>& labels,
              double lambda) const {
        if (!signal.global)
            start(signal, values, labels);
        signal.global = lambda * *signal.global +
                        (1 - lambda) * statistic({values.begin(), values.end()}, settings.quantile);
        std::map<int, std::vector<double>> members;
        for (std::size_t i = 0; i < labels.size(); ++i)
            members[labels[i]].push_back(values[i]);
        for (const auto& [y, list] : members)
            signal.classes[y] = lambda * signal.classes[y] + (1 - lambda) * statistic(list, std::nullopt);
    }

    double threshold(const Signal& signal, double scale, int y) const {
        double largest = 0;
        for (const auto& [k, mean] : signal.classes)
            if (k < classCount - 1) // the last class is nobody's
                largest = std::max(largest, mean);
        double tau = scale * *signal.global;
        if (settings.classScaling)
            tau *= std::min(1.0, signal.classes.at(y) / largest);
        return std::min(std::max(tau, settings.clipLow), settings.clipHigh);
    }

    void observe(const Given& g) {
        const double lambda = settings.decay.at(g.progress);
        move(confidence, g.confidences, g.labels, lambda);
        move(uncertainty, g.uncertainties, g.labels, lambda);
    }

    /// 1, 0, or −1 where rounding decides.
    int keeps(const Given& g, std::size_t i) const {
        int answer = 1;
        const auto test = [&](const Signal& signal, double scale, double value) {
            if (scale == 0)
                return;
            const double distance = value - threshold(signal, scale, g.labels[i]);
            if (std::abs(distance) < 3e-6)
                answer = answer == 0 ? 0 : -1;
            else if (distance < 0)
                answer = 0;
        };
        test(confidence, settings.teacherScale.at(g.progress), g.confidences[i]);
        test(uncertainty, settings.studentScale.at(g.progress), g.uncertainties[i]);
        return answer;
    }
};

} // namespace

class LlkdReferenceTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstTheReference_data() {
        QTest::addColumn<int>("variant");
        for (int variant = 0; variant < 9; ++variant)
            QTest::newRow(std::to_string(variant).c_str()) << variant;
    }

    void againstTheReference() {
        QFETCH(int, variant);
        SelectionSettings settings;
        switch (variant) {
        case 1:
            settings.quantile = 0.8;
            break;
        case 2:
            settings.classScaling = false;
            break;
        case 3:
            settings.decay = Schedule(0.9, 0.999, ScheduleShape::Linear);
            settings.teacherScale = Schedule(0.5, 1.1, ScheduleShape::Cosine);
            settings.studentScale = Schedule(1.2, 0.4, ScheduleShape::Exponential);
            break;
        case 4:
            settings.clipLow = 0.35;
            settings.clipHigh = 0.45;
            break;
        case 5:
            settings.warmStart = false;
            settings.decay = 0.9;
            break;
        case 6:
            settings.studentScale = 0;
            break;
        case 7:
            settings.teacherScale = 0;
            break;
        case 8:
            settings.decay = 0;
            settings.quantile = 0.33;
            break;
        default:
            break;
        }
        constexpr int Classes = 7;
        Random random(42, "llkd test", static_cast<std::uint64_t>(variant));
        const bool tied = variant % 2 == 0;
        const Given everybody = randomBatch(random, Classes - 1, 5000, tied); // class 6: nobody
        const People people{everybody.labels, everybody.confidences};

        Reference reference{settings, Classes, {}, {}};
        if (settings.warmStart)
            reference.start(reference.confidence, people.confidences, people.labels);
        else {
            reference.confidence.global = 1.0 / Classes;
            for (int y = 0; y < Classes; ++y)
                reference.confidence.classes[y] = 1.0 / Classes;
        }
        Llkd rule(settings, people.population(Classes));
        Decision decision;
        int kept = 0;
        int decided = 0;
        for (int step = 0; step < 1000; ++step) {
            Given g = randomBatch(random, Classes - 1, step % 50 == 7 ? 1 : 64, tied);
            g.step = step;
            g.progress = step / 1000.0;
            rule.observe(g.batch(), decision);
            reference.observe(g);
            QVERIFY(near(rule.confidence().global(), *reference.confidence.global, 1e-9));
            QVERIFY(near(rule.uncertainty().global(), *reference.uncertainty.global, 1e-9));
            for (int y = 0; y < Classes; ++y) {
                const auto at = static_cast<std::size_t>(y);
                QVERIFY(near(rule.confidence().byClass()[at], reference.confidence.classes[y], 1e-9));
                QVERIFY(near(rule.uncertainty().byClass()[at], reference.uncertainty.classes[y], 1e-9));
                const double a = settings.teacherScale.at(g.progress);
                const double b = settings.studentScale.at(g.progress);
                const auto thresholds = rule.thresholds();
                QCOMPARE(thresholds.teacher.empty(), a == 0);
                QCOMPARE(thresholds.student.empty(), b == 0);
                if (a != 0)
                    QVERIFY(
                        near(thresholds.teacher[at], reference.threshold(reference.confidence, a, y), 1e-9));
                if (b != 0)
                    QVERIFY(
                        near(thresholds.student[at], reference.threshold(reference.uncertainty, b, y), 1e-9));
            }
            for (std::size_t i = 0; i < g.labels.size(); ++i) {
                const int expected = reference.keeps(g, i);
                if (expected < 0)
                    continue;
                ++decided;
                kept += expected;
                QCOMPARE(static_cast<int>(decision.keep[i]), expected);
            }
        }
        // The comparison would mean nothing if all were kept, or none, or nearly all were ties.
        QVERIFY2(decided > 55000, std::to_string(decided).c_str());
        QVERIFY2(kept > decided / 20 && kept < decided * 19 / 20, std::to_string(kept).c_str());
    }
};

QTEST_GUILESS_MAIN(LlkdReferenceTest)
#include "llkd_reference_test.moc"
