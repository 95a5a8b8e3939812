// LLKD against method.md read a second time: slow, plain, float64.
#include "core/selection/llkd.h"
#include "tests/core/selection/given_batches.h"

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

    [[nodiscard]] std::optional<double> quantileAt(const RunPlace& place) const {
        return settings.quantile ? std::optional(settings.quantile->at(place)) : std::nullopt;
    }

    static double statistic(std::vector<double> values, std::optional<double> quantile) {
        if (!quantile)
            return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
        std::sort(values.begin(), values.end());
        const double at = *quantile * static_cast<double>(values.size() - 1);
        const auto left = static_cast<std::size_t>(std::floor(at));
        const std::size_t right = std::min(left + 1, values.size() - 1);
        return values[left] * (1 - (at - std::floor(at))) + values[right] * (at - std::floor(at));
    }

    void start(Signal& signal, const std::vector<float>& values, const std::vector<std::int32_t>& labels,
               const RunPlace& place) const {
        const std::vector<double> all(values.begin(), values.end());
        signal.global = statistic(all, quantileAt(place));
        for (int y = 0; y < classCount; ++y) {
            std::vector<double> members;
            for (std::size_t i = 0; i < labels.size(); ++i)
                if (labels[i] == y)
                    members.push_back(values[i]);
            signal.classes[y] = statistic(members.empty() ? all : members, std::nullopt);
        }
    }

    void move(Signal& signal, const std::vector<float>& values, const std::vector<std::int32_t>& labels,
              double lambda, const RunPlace& place) const {
        if (!signal.global)
            start(signal, values, labels, place);
        signal.global = lambda * *signal.global +
                        (1 - lambda) * statistic({values.begin(), values.end()}, quantileAt(place));
        std::map<int, std::vector<double>> members;
        for (std::size_t i = 0; i < labels.size(); ++i)
            members[labels[i]].push_back(values[i]);
        for (const auto& [y, list] : members)
            signal.classes[y] = lambda * signal.classes[y] + (1 - lambda) * statistic(list, std::nullopt);
    }

    double threshold(const Signal& signal, double scale, int y, const RunPlace& place) const {
        double largest = 0;
        for (const auto& [k, mean] : signal.classes)
            if (k < classCount - 1) // the last class is nobody's
                largest = std::max(largest, mean);
        const bool teachers = &signal == &confidence;
        double tau = scale * *signal.global;
        if (settings.classScaling)
            tau *= std::min(1.0, signal.classes.at(y) / largest);
        if (settings.fixedThresholds)
            tau =
                scale *
                (teachers ? settings.fixedThresholds->teacher : settings.fixedThresholds->student).at(place);
        const auto& factors = teachers ? settings.teacherClassScales : settings.studentClassScales;
        if (const auto factor = factors.find("class " + std::to_string(y)); factor != factors.end())
            tau *= factor->second.at(place);
        return std::min(std::max(tau, settings.clipLow.at(place)), settings.clipHigh.at(place));
    }

    void observe(const Given& g) {
        const double lambda = settings.decay.value_or(0.99).at(g.place);
        move(confidence, g.confidences, g.labels, lambda, g.place);
        move(uncertainty, g.uncertainties, g.labels, lambda, g.place);
    }

    /// Among the largest c·u of the batch.
    int inShare(const Given& g, std::size_t i) const {
        const auto size = static_cast<double>(g.labels.size());
        const double count = std::max(1.0, std::ceil(settings.fixedRatio->at(g.place) * size - 1e-6));
        const auto product = [&](std::size_t k) {
            return (settings.teacherScale.at(g.place) > 0 ? static_cast<double>(g.confidences[k]) : 1) *
                   (settings.studentScale.at(g.place) > 0 ? static_cast<double>(g.uncertainties[k]) : 1);
        };
        double above = 0;
        double tied = 0;
        for (std::size_t k = 0; k < g.labels.size(); ++k) {
            above += product(k) > product(i) + 1e-6 ? 1 : 0;
            tied += std::abs(product(k) - product(i)) <= 1e-6 ? 1 : 0;
        }
        return above + tied <= count ? 1 : above >= count ? 0 : -1;
    }

    /// 1, 0, or −1 where rounding decides.
    int keeps(const Given& g, std::size_t i) const {
        if (settings.fixedRatio)
            return inShare(g, i);
        int answer = 1;
        const auto test = [&](const Signal& signal, double scale, double value) {
            if (scale == 0)
                return;
            const double distance = value - threshold(signal, scale, g.labels[i], g.place);
            if (std::abs(distance) < 3e-6)
                answer = answer == 0 ? 0 : -1;
            else if (distance < 0)
                answer = 0;
        };
        test(confidence, settings.teacherScale.at(g.place), g.confidences[i]);
        test(uncertainty, settings.studentScale.at(g.place), g.uncertainties[i]);
        return answer;
    }
};

} // namespace

class LlkdReferenceTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstTheReference_data() {
        QTest::addColumn<int>("variant");
        for (int variant = 0; variant < 14; ++variant)
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
        case 9:
            settings.quantile = Schedule(0.3, 0.9, ScheduleShape::Linear);
            settings.clipLow = Schedule(0.1, 0.3, ScheduleShape::Linear);
            settings.clipHigh = Schedule(0.9, 0.5, ScheduleShape::Cosine);
            break;
        case 10:
            settings.teacherClassScales = {{"class 0", 0.8}, {"class 4", 1.2}};
            settings.studentClassScales = {{"class 1", Schedule(0.2, 2, ScheduleShape::Linear)}};
            break;
        case 11:
            settings.fixedThresholds = {0.5, Schedule(0.8, 0.2, ScheduleShape::Linear)};
            settings.teacherClassScales = {{"class 2", 0.5}};
            break;
        case 12:
            settings.fixedRatio = 0.3;
            break;
        case 13:
            settings.fixedRatio = Schedule(0.1, 0.9, ScheduleShape::Linear);
            settings.teacherScale = 0;
            break;
        default:
            break;
        }
        constexpr int Classes = 7;
        Random random(42, "llkd test", static_cast<std::uint64_t>(variant));
        const bool tied = variant % 2 == 0;
        const Given everybody = randomBatch(random, Classes - 1, 5000, tied); // class 6: nobody
        People people{everybody.labels, everybody.confidences};
        for (int y = 0; y < Classes; ++y)
            people.names.push_back("class " + std::to_string(y));

        Reference reference{settings, Classes, {}, {}};
        if (settings.warmStart)
            reference.start(reference.confidence, people.confidences, people.labels, RunPlace());
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
            g.place = step / 1000.0;
            rule.observe(g.batch(), decision);
            reference.observe(g);
            QVERIFY(near(rule.confidence().global(), *reference.confidence.global, 1e-9));
            QVERIFY(near(rule.uncertainty().global(), *reference.uncertainty.global, 1e-9));
            for (int y = 0; y < Classes; ++y) {
                const auto at = static_cast<std::size_t>(y);
                QVERIFY(near(rule.confidence().byClass()[at], reference.confidence.classes[y], 1e-9));
                QVERIFY(near(rule.uncertainty().byClass()[at], reference.uncertainty.classes[y], 1e-9));
                const double a = settings.teacherScale.at(g.place);
                const double b = settings.studentScale.at(g.place);
                const auto thresholds = rule.thresholds();
                const bool share = settings.fixedRatio.has_value();
                QCOMPARE(thresholds.teacher.empty(), a == 0 || share);
                QCOMPARE(thresholds.student.empty(), b == 0 || share);
                if (!thresholds.teacher.empty())
                    QVERIFY(near(thresholds.teacher[at],
                                 reference.threshold(reference.confidence, a, y, g.place), 1e-9));
                if (!thresholds.student.empty())
                    QVERIFY(near(thresholds.student[at],
                                 reference.threshold(reference.uncertainty, b, y, g.place), 1e-9));
            }
            for (std::size_t i = 0; i < g.labels.size(); ++i) {
                const int expected = reference.keeps(g, i);
                if (expected < 0)
                    continue;
                ++decided;
                kept += expected;
                QCOMPARE(static_cast<int>(decision.keep[i]), expected);
                QCOMPARE(decision.verdicts[i] == Verdict::Kept, expected == 1);
            }
        }
        // The comparison would mean nothing if all were kept, or none, or nearly all were ties.
        QVERIFY2(decided > 55000, std::to_string(decided).c_str());
        QVERIFY2(kept > decided / 20 && kept < decided * 19 / 20, std::to_string(kept).c_str());
    }
};

QTEST_GUILESS_MAIN(LlkdReferenceTest)
#include "llkd_reference_test.moc"
