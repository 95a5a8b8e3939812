#include "core/teacher/simulator.h"

#include "core/base/random.h"
#include "core/teacher/calibration.h"

#include <QtTest>
#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <set>

using namespace stillroom;

namespace {

/// A long tail like WordNet's: class k is about 1/(k + 1) as frequent as class 0.
Dataset longTail(std::size_t rows, int classCount, bool withGold = true) {
    DatasetBuilder builder;
    Random random(11, "long tail");
    double all = 0;
    for (int k = 0; k < classCount; ++k)
        all += 1.0 / (k + 1);
    for (std::size_t row = 0; row < rows; ++row) {
        double u = random.uniform() * all;
        int k = 0;
        while (k + 1 < classCount && u >= 1.0 / (k + 1))
            u -= 1.0 / (++k);
        builder.add(std::to_string(row), "text", withGold ? k : Dataset::NoLabel, Split::Train);
    }
    std::vector<std::string> names;
    for (int k = 0; k < classCount; ++k)
        names.push_back(std::to_string(k));
    return builder.finish(names);
}

TeacherSettings simulated(double accuracy, double overconfidence = 0, double confusion = 0.5,
                          std::int64_t seed = 1) {
    TeacherSettings settings;
    settings.kind = TeacherKind::Simulated;
    settings.accuracy = accuracy;
    settings.overconfidence = overconfidence;
    settings.confusion = confusion;
    settings.seed = seed;
    return settings;
}

} // namespace

class SimulatorTest : public QObject {
    Q_OBJECT

    const Dataset large_ = longTail(80000, 26);

  private Q_SLOTS:
    void accuracyIsAsAsked_data() {
        QTest::addColumn<double>("accuracy");
        for (const double accuracy : {0.05, 0.2, 0.5, 0.75, 0.9, 0.99, 1.0})
            QTest::newRow(std::to_string(accuracy).c_str()) << accuracy;
    }

    void accuracyIsAsAsked() {
        QFETCH(double, accuracy);
        for (const double confusion : {0.0, 0.5, 1.0}) {
            const auto teacher = simulateTeacher(large_, simulated(accuracy, 0, confusion));
            QVERIFY(teacher);
            const auto quality = measureTeacher(large_, *teacher, Split::Train);
            QCOMPARE(quality.rows, 80000);
            QVERIFY2(std::abs(quality.accuracy - accuracy) < 2.0 / 80000,
                     std::to_string(quality.accuracy).c_str());
        }
    }

    void smallDataIsMetToo() {
        const Dataset small = longTail(40, 3);
        const auto quality = measureTeacher(small, *simulateTeacher(small, simulated(0.75)), Split::Train);
        QVERIFY(std::abs(quality.accuracy - 0.75) <= 1.0 / 40 + 1e-9);
    }

    void calibratedMeansCalibrated() {
        for (const double accuracy : {0.4, 0.75, 0.9}) {
            const auto quality =
                measureTeacher(large_, *simulateTeacher(large_, simulated(accuracy)), Split::Train);
            QVERIFY2(quality.eceEqualWidth < 0.01, std::to_string(quality.eceEqualWidth).c_str());
            QVERIFY2(quality.eceEqualMass < 0.01, std::to_string(quality.eceEqualMass).c_str());
        }
    }

    void overconfidenceMovesConfidenceOnly() {
        const auto quality = [&](double overconfidence) {
            return measureTeacher(large_, *simulateTeacher(large_, simulated(0.75, overconfidence)),
                                  Split::Train);
        };
        const auto sure = quality(0.8);
        const auto modest = quality(-0.8);
        QVERIFY(std::abs(sure.accuracy - 0.75) < 1e-4 && std::abs(modest.accuracy - 0.75) < 1e-4);
        QVERIFY2(sure.meanConfidence > 0.87, std::to_string(sure.meanConfidence).c_str());
        QVERIFY2(modest.meanConfidence < 0.50, std::to_string(modest.meanConfidence).c_str());
        // 1 − (1 − c)(1 − 0.64): mean 1 − 0.25·0.36 = 0.91; all of the gap is calibration error.
        QVERIFY(std::abs(sure.meanConfidence - 0.91) < 1e-3);
        QVERIFY(std::abs(sure.eceEqualWidth - 0.16) < 5e-3);
    }

    void confidencesSpread() {
        const auto teacher = simulateTeacher(large_, simulated(0.75));
        std::vector<float> confidences;
        for (std::size_t row = 0; row < large_.size(); ++row)
            confidences.push_back(teacher->confidence(row));
        std::sort(confidences.begin(), confidences.end());
        const auto at = [&](double share) {
            return confidences[static_cast<std::size_t>(share * static_cast<double>(confidences.size() - 1))];
        };
        qInfo("confidence: 1 %% %.2f, 10 %% %.2f, median %.2f, 90 %% %.2f, 99 %% %.2f", at(0.01), at(0.1),
              at(0.5), at(0.9), at(0.99));
        QVERIFY(at(0.0) > 0.2 && at(0.01) < 0.4);
        QVERIFY(at(0.5) > 0.7 && at(0.5) < 0.9);
        QVERIFY(at(0.9) > 0.93 && at(1.0) <= 0.99F);
    }

    void everyRowHasAProperVector() {
        for (const double accuracy : {0.05, 0.3, 0.75})
            for (const double overconfidence : {-1.0, 0.0, 1.0}) {
                const auto teacher = simulateTeacher(large_, simulated(accuracy, overconfidence, 1));
                QVERIFY(teacher->hasVectors());
                std::vector<float> q(26);
                for (std::size_t row = 0; row < large_.size(); row += 7) {
                    teacher->distribution(row, q);
                    double sum = 0;
                    for (std::size_t k = 0; k < q.size(); ++k) {
                        QVERIFY(q[k] >= 0);
                        sum += q[k];
                        if (static_cast<int>(k) != teacher->label(row))
                            QVERIFY(q[k] < teacher->confidence(row));
                    }
                    QVERIFY(std::abs(sum - 1) < 1e-5);
                    QVERIFY(teacher->origin(row) == TeacherOrigin::Simulated);
                }
            }
    }

    void confusionDependsOnTheClass() {
        const auto shape = [&](double confusion) {
            const auto teacher = simulateTeacher(large_, simulated(0.75, 0, confusion));
            std::vector<std::vector<double>> errors(26, std::vector<double>(26));
            for (std::size_t row = 0; row < large_.size(); ++row)
                if (teacher->label(row) != large_.gold(row))
                    ++errors[static_cast<std::size_t>(large_.gold(row))]
                            [static_cast<std::size_t>(teacher->label(row))];
            struct {
                double intoThree = 0, lowest = 1, highest = 0;
            } found;
            double total = 0;
            double three = 0;
            const auto quality = measureTeacher(large_, *teacher, Split::Train);
            for (std::size_t k = 0; k < 26; ++k) {
                auto row = errors[k];
                std::sort(row.rbegin(), row.rend());
                total += std::accumulate(row.begin(), row.end(), 0.0);
                three += row[0] + row[1] + row[2];
                found.lowest = std::min(found.lowest, quality.recall[k]);
                found.highest = std::max(found.highest, quality.recall[k]);
            }
            found.intoThree = three / total;
            return found;
        };
        const auto none = shape(0);
        const auto full = shape(1);
        QVERIFY(none.highest - none.lowest < 0.1);
        QVERIFY(full.highest - full.lowest > 0.3);
        QVERIFY(none.intoThree < 0.25); // 3 of 25 is 0.12, and the largest three of chance a little more
        QVERIFY(full.intoThree > 0.999);
    }

    void theSecondChoiceIsOftenRight() {
        const auto teacher = simulateTeacher(large_, simulated(0.75));
        std::vector<float> q(26);
        double wrong = 0;
        double second = 0;
        for (std::size_t row = 0; row < large_.size(); ++row) {
            if (teacher->label(row) == large_.gold(row))
                continue;
            ++wrong;
            teacher->distribution(row, q);
            const float gold = q[static_cast<std::size_t>(large_.gold(row))];
            second += std::count_if(q.begin(), q.end(), [&](float p) { return p > gold; }) == 1 ? 1 : 0;
        }
        QVERIFY2(second / wrong > 0.65 && second / wrong < 0.9, std::to_string(second / wrong).c_str());
    }

    void sameSeedSameTeacherOnEveryMachine() {
        const Dataset data = longTail(2000, 10);
        const auto a = simulateTeacher(data, simulated(0.8));
        const auto b = simulateTeacher(data, simulated(0.8));
        const auto other = simulateTeacher(data, simulated(0.8, 0, 0.5, 2));
        std::uint64_t hash = 0;
        bool same = true;
        bool sameAsOther = true;
        std::vector<float> q(10);
        std::vector<float> r(10);
        for (std::size_t row = 0; row < data.size(); ++row) {
            a->distribution(row, q);
            b->distribution(row, r);
            same = same && q == r;
            sameAsOther = sameAsOther && a->label(row) == other->label(row);
            for (const float p : q)
                hash = mix64(hash ^ std::bit_cast<std::uint32_t>(p));
        }
        QVERIFY(same);
        QVERIFY(!sameAsOther);
        // Written down once; if it changes, every run with a simulated teacher changes.
        QCOMPARE(hash, std::uint64_t{9008748252138736952U});
    }

    void rowsWithoutGoldAreLeftOut() {
        DatasetBuilder builder;
        builder.add("1", "x", 0, Split::Train);
        builder.add("2", "x", Dataset::NoLabel, Split::Train);
        builder.add("3", "x", 1, Split::Validation);
        const Dataset data = builder.finish({"a", "b"});
        const auto teacher = simulateTeacher(data, simulated(1));
        QVERIFY(teacher->has(0) && !teacher->has(1) && !teacher->has(2));
        QCOMPARE(teacher->label(0), 0);
    }

    void wrongSettingsSayWhich() {
        const auto message = [](const Dataset& data, const TeacherSettings& settings) {
            const auto teacher = simulateTeacher(data, settings);
            return teacher ? std::string("no error") : teacher.error().message;
        };
        const Dataset small = longTail(50, 4);
        const auto contains = [](const std::string& text, const char* part) {
            return text.find(part) != std::string::npos;
        };
        QVERIFY(contains(message(longTail(50, 4, false), simulated(0.75)), "no training text has one"));
        QVERIFY(contains(message(small, simulated(0.24)), "teacher.accuracy is 0.24"));
        QVERIFY(contains(message(small, simulated(1.01)), "teacher.accuracy"));
        QVERIFY(contains(message(small, simulated(std::nan(""))), "teacher.accuracy"));
        QVERIFY(contains(message(small, simulated(0.75, 1.5)), "teacher.overconfidence is 1.5"));
        QVERIFY(contains(message(small, simulated(0.75, 0, -0.1)), "teacher.confusion"));
        QVERIFY(simulateTeacher(small, simulated(0.25)));
    }

    void twoClassesWork() {
        const Dataset data = longTail(10000, 2);
        for (const double accuracy : {0.5, 0.6, 0.95}) {
            const auto teacher = simulateTeacher(data, simulated(accuracy, 0, 1));
            const auto quality = measureTeacher(data, *teacher, Split::Train);
            QVERIFY(std::abs(quality.accuracy - accuracy) < 1e-3);
            QVERIFY(quality.eceEqualWidth < 0.01);
        }
    }
};

QTEST_GUILESS_MAIN(SimulatorTest)
#include "simulator_test.moc"
