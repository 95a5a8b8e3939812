// A whole teacher calibrated: what never changes, what gets better, which rows take part, what is refused.
#include "core/teacher/calibrate.h"

#include "core/base/random.h"
#include "core/teacher/simulator.h"

#include <QtTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <set>

using namespace stillroom;

namespace {

constexpr std::array<CalibrationKind, 3> Kinds = {CalibrationKind::Temperature, CalibrationKind::Histogram,
                                                  CalibrationKind::Isotonic};

CalibrationSettings settingsOf(CalibrationKind kind, double share = 0.3, std::int64_t seed = 1) {
    CalibrationSettings settings;
    settings.kind = kind;
    settings.share = share;
    settings.seed = seed;
    return settings;
}

std::vector<std::string> namesOf(int classes) {
    std::vector<std::string> names;
    for (int k = 0; k < classes; ++k)
        names.push_back(std::to_string(k));
    return names;
}

struct Taught {
    Dataset data;
    TeacherOutputs teacher;
};

/// `rows` training rows with gold, then 50 test rows; every seventh row has no answer.
Taught randomTeacher(std::uint64_t seed, int rows, int classes, bool vectors) {
    Random random(seed, "calibrate");
    DatasetBuilder builder;
    const auto all = static_cast<std::size_t>(rows) + 50;
    Taught taught{{}, TeacherOutputs(all, classes)};
    std::vector<float> q(static_cast<std::size_t>(classes));
    for (std::size_t i = 0; i < all; ++i) {
        double sum = 0;
        for (float& p : q)
            sum += p = static_cast<float>(std::pow(random.uniform(), 1 + 8 * random.uniform()));
        if (i % 11 == 0)
            std::fill(q.begin(), q.end(), 1.0F); // all alike: the label is one of many
        if (i % 13 == 0)
            for (float& p : q)
                p = &p == &q[1] ? 1.0F : 0.0F; // certain
        sum = 0;
        for (const float p : q)
            sum += p;
        for (float& p : q)
            p = static_cast<float>(p / sum);
        const auto label = static_cast<int>(std::max_element(q.begin(), q.end()) - q.begin());
        const bool right = random.uniform() < 0.5;
        const int gold = right ? label : static_cast<int>(random.below(static_cast<std::uint32_t>(classes)));
        builder.add(std::to_string(i), "text", gold,
                    i < static_cast<std::size_t>(rows) ? Split::Train : Split::Test);
        if (i % 7 == 6)
            continue;
        if (vectors)
            taught.teacher.set(i, q, TeacherOrigin::LogProbabilities);
        else
            taught.teacher.set(i, label, q[static_cast<std::size_t>(label)], TeacherOrigin::Stated);
    }
    taught.data = builder.finish(namesOf(classes));
    return taught;
}

Dataset evenDataset(int rows, int classes) {
    DatasetBuilder builder;
    for (int i = 0; i < rows; ++i)
        builder.add(std::to_string(i), "text", i % classes, Split::Train);
    return builder.finish(namesOf(classes));
}

TeacherOutputs simulated(const Dataset& data, double overconfidence) {
    TeacherSettings settings;
    settings.accuracy = 0.7;
    settings.overconfidence = overconfidence;
    return simulateTeacher(data, settings).value();
}

std::string errorOf(const Result<CalibratedTeacher>& result) {
    return result ? "calibrated" : result.error().message;
}

} // namespace

class CalibrateTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void whatNeverChanges() {
        for (const auto kind : Kinds)
            for (const bool vectors : {true, false})
                for (const int classes : {2, 3, 9})
                    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
                        const auto [data, teacher] = randomTeacher(seed, 400, classes, vectors);
                        const auto done = calibrateTeacher(data, teacher, settingsOf(kind));
                        QVERIFY2(done, errorOf(done).c_str());
                        const auto& outputs = done->outputs;
                        QCOMPARE(outputs.hasVectors(), vectors);
                        std::vector<std::pair<float, float>> pairs;
                        std::vector<float> q(static_cast<std::size_t>(classes));
                        for (std::size_t row = 0; row < data.size(); ++row) {
                            QCOMPARE(outputs.has(row), teacher.has(row));
                            QCOMPARE(outputs.label(row), teacher.label(row));
                            QCOMPARE(outputs.origin(row), teacher.origin(row));
                            if (!teacher.has(row))
                                continue;
                            outputs.distribution(row, q);
                            double sum = 0;
                            for (const float p : q) {
                                QVERIFY(p >= 0 && p <= 1);
                                sum += p;
                            }
                            QVERIFY(std::abs(sum - 1) < 2e-6);
                            QCOMPARE(q[static_cast<std::size_t>(outputs.label(row))],
                                     outputs.confidence(row));
                            if (vectors)
                                QCOMPARE(static_cast<int>(std::max_element(q.begin(), q.end()) - q.begin()),
                                         outputs.label(row));
                            if (!vectors || kind != CalibrationKind::Temperature) {
                                const double least = vectors ? 1.0 / classes : 0;
                                const double expected = std::max(
                                    done->facts.fit.corrected(teacher.confidence(row), classes), least);
                                QVERIFY(std::abs(outputs.confidence(row) - expected) < 1e-7);
                                pairs.emplace_back(teacher.confidence(row), outputs.confidence(row));
                            }
                        }
                        // Of temperature without vectors and of isotonic: the order stays.
                        std::sort(pairs.begin(), pairs.end());
                        for (std::size_t i = 1; i < pairs.size() && kind != CalibrationKind::Histogram; ++i)
                            QVERIFY(pairs[i - 1].second <= pairs[i].second);
                    }
    }

    void whatIsLeftIsShared() {
        // 100 rows of 0.6, half of them right: the label gets ½, what is left (0.3, 0.1) of 0.4 becomes
        // (0.375, 0.125).
        DatasetBuilder builder;
        TeacherOutputs teacher(100, 3);
        for (int i = 0; i < 100; ++i) {
            builder.add(std::to_string(i), "text", i % 2 == 0 ? 1 : 2, Split::Train);
            teacher.set(static_cast<std::size_t>(i), std::array<float, 3>{0.3F, 0.6F, 0.1F},
                        TeacherOrigin::Probabilities);
        }
        const auto data = builder.finish(namesOf(3));
        auto done = calibrateTeacher(data, teacher, settingsOf(CalibrationKind::Isotonic, 0.99));
        QVERIFY2(done, errorOf(done).c_str());
        const double half = done->facts.fit.to[0]; // 49/99 or 50/99
        std::array<float, 3> q{};
        done->outputs.distribution(0, q);
        QVERIFY(std::abs(q[1] - half) < 1e-6 && std::abs(q[0] - 0.75 * (1 - half)) < 1e-6 &&
                std::abs(q[2] - 0.25 * (1 - half)) < 1e-6);
    }

    void theLabelStaysTheLargest() {
        // q = (0.5, 0.45, 0.05) and 2 in 5 right: (0.4, 0.54, 0.06) would make the second the label.
        // Levelled, λ·0.54 + (1 − λ)·0.3 = 0.4: (0.4, 0.4, 0.2). None right: ⅓ each.
        for (const int right : {2, 0}) {
            DatasetBuilder builder;
            TeacherOutputs teacher(1000, 3);
            for (int i = 0; i < 1000; ++i) {
                builder.add(std::to_string(i), "text", i % 5 < right ? 1 : 2, Split::Train);
                teacher.set(static_cast<std::size_t>(i), std::array<float, 3>{0.45F, 0.5F, 0.05F},
                            TeacherOrigin::Probabilities);
            }
            const auto data = builder.finish(namesOf(3));
            const auto done = calibrateTeacher(data, teacher, settingsOf(CalibrationKind::Histogram));
            QVERIFY(done);
            const double wanted = std::max(done->facts.fit.to[0], 1.0 / 3);
            std::array<float, 3> q{};
            done->outputs.distribution(7, q);
            QCOMPARE(done->outputs.label(7), 1);
            QVERIFY(std::abs(q[1] - wanted) < 1e-6);
            QVERIFY(q[0] < q[1] && q[1] - q[0] < 1e-6);
            QVERIFY(std::abs(q[2] - (1 - 2 * wanted)) < 1e-6);
        }
    }

    void aLabelAmongVectorsThatWasNotTheLargest() {
        // Filled in, a label of 0.1 among three stands below the other two: it is raised to ⅓, and stays.
        const auto data = evenDataset(300, 3);
        for (const auto kind : Kinds) {
            TeacherOutputs teacher(300, 3);
            teacher.set(0, 2, 0.1F, TeacherOrigin::Stated);
            for (std::size_t i = 1; i < 300; ++i)
                teacher.set(i, std::array<float, 3>{0.3F, i % 2 == 0 ? 0.6F : 0.1F, i % 2 == 0 ? 0.1F : 0.6F},
                            TeacherOrigin::Votes);
            QCOMPARE(teacher.label(0), 2);
            const auto done = calibrateTeacher(data, teacher, settingsOf(kind));
            QVERIFY(done);
            std::array<float, 3> q{};
            done->outputs.distribution(0, q);
            QCOMPARE(done->outputs.label(0), 2);
            QVERIFY(std::abs(q[0] + q[1] + q[2] - 1) < 1e-6F && q[2] > q[0] && q[2] > q[1]);
            QVERIFY(std::abs(q[2] - 1.0F / 3) < 0.1F); // ⅓ of all rows are right
        }
    }

    void belowAGuessWithoutVectors() {
        const auto data = evenDataset(100, 4);
        TeacherOutputs teacher(100, 4);
        for (std::size_t i = 0; i < 100; ++i) // right on none
            teacher.set(i, static_cast<int>((i + 1) % 4), 0.8F, TeacherOrigin::Stated);
        const auto done = calibrateTeacher(data, teacher, settingsOf(CalibrationKind::Isotonic));
        QVERIFY(done);
        QCOMPARE(done->outputs.confidence(3), 0.0F);
        QCOMPARE(done->outputs.label(3), 0);
    }

    void anOverconfidentTeacherGetsBetter() {
        const auto data = evenDataset(20000, 8);
        const auto teacher = simulated(data, 0.8);
        for (const auto kind : Kinds) {
            const auto done = calibrateTeacher(data, teacher, settingsOf(kind));
            QVERIFY(done);
            const auto& [fit, fittedOn, before, after] = done->facts;
            QCOMPARE(fit.kind, kind);
            QCOMPARE(fittedOn, std::int64_t{6000});
            QCOMPARE(before.rows, std::int64_t{14000});
            QCOMPARE(after.rows, std::int64_t{14000});
            QCOMPARE(after.accuracy, before.accuracy);
            QCOMPARE(after.confusion, before.confusion);
            QVERIFY2(before.eceEqualWidth > 0.15, std::to_string(before.eceEqualWidth).c_str());
            // One number cannot bend as the simulator does; the other two can.
            const double most = kind == CalibrationKind::Temperature ? 0.1 : 0.03;
            QVERIFY2(after.eceEqualWidth < most, std::to_string(after.eceEqualWidth).c_str());
            QVERIFY2(after.eceEqualMass < most, std::to_string(after.eceEqualMass).c_str());
            QVERIFY(after.brier < before.brier && after.nll < before.nll);
            const auto sentence = calibrationSentence(done->facts);
            QVERIFY2(sentence.find("fitted on 6,000 training texts with gold, which stay in training; on "
                                   "the 14,000 others ECE ") != std::string::npos,
                     sentence.c_str());
        }
    }

    void whichRowsTakePart() {
        const auto [data, teacher] = randomTeacher(1, 1000, 4, false);
        const auto first = calibrateTeacher(data, teacher, settingsOf(CalibrationKind::Histogram, 0.25));
        QVERIFY(first);
        // 1000 without every seventh: 858 with an answer; a quarter of them is 214.5, rounded up.
        QCOMPARE(first->fittedOn.size(), std::size_t{215});
        QCOMPARE(first->facts.fittedOn, std::int64_t{215});
        QCOMPARE(first->facts.before.rows, std::int64_t{858 - 215});
        QVERIFY(std::is_sorted(first->fittedOn.begin(), first->fittedOn.end()));
        std::vector<std::uint32_t> others;
        const std::set<std::uint32_t> fitted(first->fittedOn.begin(), first->fittedOn.end());
        for (const auto row : data.rows(Split::Train)) {
            if (teacher.has(row) && fitted.count(row) == 0)
                others.push_back(row);
        }
        for (const auto row : fitted)
            QVERIFY(data.split(row) == Split::Train && teacher.has(row));
        const auto quality = measureTeacher(data, first->outputs, others);
        QCOMPARE(quality.brier, first->facts.after.brier);
        QCOMPARE(measureTeacher(data, teacher, others).nll, first->facts.before.nll);
        // The test rows are corrected too.
        const auto test = data.rows(Split::Test)[1]; // the first has no answer
        QCOMPARE(first->outputs.confidence(test),
                 static_cast<float>(first->facts.fit.corrected(teacher.confidence(test), 4)));
        // The same again, and another with another seed.
        const auto again = calibrateTeacher(data, teacher, settingsOf(CalibrationKind::Histogram, 0.25));
        QCOMPARE(again->fittedOn, first->fittedOn);
        QCOMPARE(again->facts.fit.to, first->facts.fit.to);
        const auto other = calibrateTeacher(data, teacher, settingsOf(CalibrationKind::Histogram, 0.25, 2));
        QVERIFY(other->fittedOn != first->fittedOn);
        // Gold of rows that are no part of it changes nothing of the fit.
        DatasetBuilder builder;
        for (std::uint32_t row = 0; row < data.size(); ++row)
            builder.add(data.id(row), "text", fitted.count(row) > 0 ? data.gold(row) : 0, data.split(row));
        const auto wrongElsewhere = builder.finish(namesOf(4));
        const auto same =
            calibrateTeacher(wrongElsewhere, teacher, settingsOf(CalibrationKind::Histogram, 0.25));
        QCOMPARE(same->facts.fit.to, first->facts.fit.to);
    }

    void whatIsRefused() {
        const auto data = evenDataset(100, 2);
        const auto teacher = simulated(data, 0);
        auto settings = settingsOf(CalibrationKind::Isotonic, 0.1);
        QCOMPARE(
            errorOf(calibrateTeacher(data, teacher, settings)),
            std::string("the teacher's calibration would be fitted on 10 of 100 training texts with gold "
                        "and an answer (teacher.calibration_share: 0.1); it needs at least 20: raise the "
                        "share, or set teacher.calibration to none"));
        settings.share = 0.2;
        QCOMPARE(errorOf(calibrateTeacher(data, teacher, settings)), std::string("calibrated"));
        settings.share = 0.999;
        QVERIFY(errorOf(calibrateTeacher(data, teacher, settings)).find("there would be none left") !=
                std::string::npos);
        for (const double share : {0.0, 1.0, -0.5, std::nan("")}) {
            settings.share = share;
            QVERIFY(
                errorOf(calibrateTeacher(data, teacher, settings)).find("teacher.calibration_share is ") ==
                0);
        }
        settings = settingsOf(CalibrationKind::Histogram);
        settings.bins = 0;
        QCOMPARE(errorOf(calibrateTeacher(data, teacher, settings)),
                 std::string("teacher.calibration_bins is 0; it must be from 1 to 10,000"));
        settings.bins = 10;
        settings.seed = -1;
        QCOMPARE(errorOf(calibrateTeacher(data, teacher, settings)),
                 std::string("teacher.calibration_seed is -1; it must be 0 or more"));
        settings.kind = CalibrationKind::None; // then the others say nothing
        QVERIFY(checkCalibration(settings));

        DatasetBuilder builder;
        for (int i = 0; i < 100; ++i)
            builder.add(std::to_string(i), "text", Dataset::NoLabel, Split::Train);
        const auto message = errorOf(
            calibrateTeacher(builder.finish(namesOf(2)), teacher, settingsOf(CalibrationKind::Temperature)));
        QVERIFY2(message.find("teacher.calibration is temperature, but no training text has both gold and an "
                              "answer") == 0,
                 message.c_str());
    }

    void aMillionRows() {
        const auto data = evenDataset(1'000'000, 10);
        const auto teacher = simulated(data, 0.5);
        for (const auto kind : Kinds) {
            const auto begin = std::clock(); // of the processor, whoever else it works for
            const auto done = calibrateTeacher(data, teacher, settingsOf(kind, 0.1));
            QVERIFY(done);
            const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
            qInfo("%s: %.2f s", calibrationName(kind).data(), seconds);
            QVERIFY(seconds < 30); // under a sanitizer
        }
    }
};

QTEST_GUILESS_MAIN(CalibrateTest)
#include "calibrate_test.moc"
