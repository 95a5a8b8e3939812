// Thresholds derived from those that a rule showed, against the same rule with the other settings.
#include "core/lab/tried_thresholds.h"

#include "core/base/random.h"

#include <QtTest>
#include <functional>

using namespace stillroom;

namespace {

const std::vector<std::string> Classes = {"flood", "storm", "fire", "quake"};
constexpr auto K = 4;

/// `rule` after the same 40 batches whatever its settings; thresholds at the last one's place.
Thresholds after(const SelectionSettings& settings, const RunPlace& place) {
    Population population;
    population.classCount = K;
    population.classNames = Classes;
    const auto rule = makeRule(settings, population);
    if (!rule)
        qFatal("%s", rule.error().message.c_str());
    Random random(12, "tried");
    Decision decision;
    for (int step = 0; step < 40; ++step) {
        std::vector<std::uint32_t> samples;
        std::vector<std::int32_t> labels;
        std::vector<float> confidences, uncertainties, losses;
        for (std::uint32_t i = 0; i < 32; ++i) {
            samples.push_back(i);
            labels.push_back(static_cast<std::int32_t>(random.below(K)));
            const double low = 0.2 + 0.15 * labels.back();
            confidences.push_back(static_cast<float>(low + 0.3 * random.uniform()));
            uncertainties.push_back(static_cast<float>(1 - low - 0.1 * random.uniform()));
            losses.push_back(1.0F);
        }
        const std::vector<float> probabilities(32 * K, 0.25F);
        Batch batch;
        batch.place = place;
        batch.samples = samples;
        batch.labels = labels;
        batch.confidences = confidences;
        batch.probabilities = probabilities;
        batch.uncertainties = uncertainties;
        batch.losses = losses;
        (*rule)->observe(batch, decision);
    }
    return (*rule)->thresholds();
}

bool near(const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](double x, double y) { return std::abs(x - y) < 1e-12; });
}

using Change = std::function<void(SelectionSettings&)>;

SelectionSettings with(const Change& change, SelectionSettings settings = {}) {
    change(settings);
    return settings;
}

const Change Nothing = [](SelectionSettings&) {};

} // namespace

Q_DECLARE_METATYPE(Change)

class TriedThresholdsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void sameAsTheRule_data();
    void sameAsTheRule();
    void notPossible_data();
    void notPossible();
    void whichRulesDecide();
};

void TriedThresholdsTest::sameAsTheRule_data() {
    QTest::addColumn<Change>("was");
    QTest::addColumn<Change>("tried");
    const auto row = [](const char* name, const Change& was, const Change& tried) {
        QTest::newRow(name) << was << tried;
    };
    row("nothing", Nothing, Nothing);
    row("teacher's scale", Nothing, [](auto& s) { s.teacherScale = 0.8; });
    row("student's scale", Nothing, [](auto& s) { s.studentScale = 1.25; });
    row(
        "from a scale", [](auto& s) { s.teacherScale = 0.5; }, [](auto& s) { s.teacherScale = 1.0; });
    row("scale off", Nothing, [](auto& s) { s.studentScale = 0.0; });
    row(
        "off stays off", [](auto& s) { s.teacherScale = 0.0; },
        [](auto& s) {
            s.teacherScale = 0.0;
            s.studentScale = 0.9;
        });
    row(
        "scheduled", [](auto& s) { s.teacherScale = Schedule(1.0, 0.5, ScheduleShape::Linear); },
        [](auto& s) { s.teacherScale = Schedule(0.2, 1.2, ScheduleShape::Cosine); });
    row("tighter clip", Nothing, [](auto& s) {
        s.clipLow = 0.3;
        s.clipHigh = 0.45;
    });
    row(
        "clip that has cut stays", [](auto& s) { s.clipHigh = 0.4; },
        [](auto& s) {
            s.clipHigh = 0.4;
            s.teacherScale = 1.5; // what was cut is cut all the more
        });
    row("no class scaling", Nothing, [](auto& s) { s.classScaling = false; });
    row("no class scaling, with a scale", Nothing, [](auto& s) {
        s.classScaling = false;
        s.teacherScale = 0.9;
    });
    row("one class's scale", Nothing, [](auto& s) {
        s.teacherClassScales["storm"] = 0.5;
        s.studentClassScales["fire"] = 1.1;
    });
    row(
        "from classes' scales", [](auto& s) { s.teacherClassScales["storm"] = 0.5; },
        [](auto& s) { s.teacherClassScales["quake"] = 0.0; });
    row("fixed", Nothing, [](auto& s) { s.fixedThresholds = FixedThresholds{0.7, 0.2}; });
    row(
        "another fixed",
        [](auto& s) {
            s.fixedThresholds = FixedThresholds{0.7, 0.2};
        },
        [](auto& s) {
            s.fixedThresholds = FixedThresholds{0.9, 0.1};
            s.teacherScale = 0.5;
        });
    row(
        "teacher's cut",
        [](auto& s) {
            s.rule = RuleKind::Teacher;
            s.cut = 0.95;
        },
        [](auto& s) {
            s.cut = Schedule(0.9, 0.5, ScheduleShape::Linear);
            s.teacherClassScales["flood"] = 0.5;
        });
    row(
        "student's cut",
        [](auto& s) {
            s.rule = RuleKind::Student;
            s.cut = 0.5;
        },
        [](auto& s) { s.cut = 0.25; });
}

void TriedThresholdsTest::sameAsTheRule() {
    QFETCH(Change, was);
    QFETCH(Change, tried);
    const RunPlace place(30, 10, 100);
    const SelectionSettings before = with(was);
    SelectionSettings other = with(tried, before);
    if (before.teacherClassScales.count("storm") > 0) // another one in its place
        other.teacherClassScales.erase("storm");
    const auto found = triedThresholds(after(before, place), before, other, Classes, place);
    QVERIFY2(found, found ? "" : found.error().message.c_str());
    const Thresholds expected = after(other, place);
    QVERIFY(near(found->teacher, expected.teacher));
    QVERIFY(near(found->student, expected.student));
}

void TriedThresholdsTest::notPossible_data() {
    QTest::addColumn<Change>("was");
    QTest::addColumn<Change>("tried");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const Change& was, const Change& tried, const char* says) {
        QTest::newRow(name) << was << tried << QString(says);
    };
    const Change teacher = [](auto& s) {
        s.rule = RuleKind::Teacher;
        s.cut = 0.9;
    };
    row("rule", Nothing, teacher, "selection.rule cannot be tried");
    row(
        "decay", Nothing, [](auto& s) { s.decay = 0.9; }, "selection.decay cannot be tried");
    row(
        "warm start", Nothing, [](auto& s) { s.warmStart = false; }, "selection.warm_start cannot");
    row(
        "statistic", Nothing, [](auto& s) { s.quantile = 0.8; }, "selection.statistic cannot");
    row(
        "uncertainty", Nothing, [](auto& s) { s.uncertainty = Uncertainty::Margin; },
        "selection.uncertainty cannot");
    row(
        "uncertainty with fixed thresholds", Nothing,
        [](auto& s) {
            s.uncertainty = Uncertainty::Margin;
            s.fixedThresholds = FixedThresholds{0.5, 0.5};
        },
        "selection.uncertainty cannot");
    row(
        "weight", Nothing, [](auto& s) { s.weight = Weighting::Product; },
        "selection.weight decides how much");
    row(
        "cut of llkd", Nothing, [](auto& s) { s.cut = 0.5; }, "does not look at selection.cut");
    row(
        "clip of a cut", teacher, [](auto& s) { s.clipHigh = 0.5; }, "does not look at selection.clip");
    row(
        "threshold that was off", [](auto& s) { s.teacherScale = 0.0; },
        [](auto& s) { s.teacherScale = 1.0; }, "teacher's threshold was off");
    row(
        "class scaling on", [](auto& s) { s.classScaling = false; }, [](auto& s) { s.classScaling = true; },
        "selection.class_scaling cannot be turned on");
    row(
        "clip that has cut", [](auto& s) { s.clipHigh = 0.4; }, [](auto& s) { s.clipHigh = 0.5; },
        "selection.clip cut the teacher's threshold of '");
    row(
        "scale below what was cut", [](auto& s) { s.clipHigh = 0.4; }, [](auto& s) { s.teacherScale = 0.9; },
        "selection.clip cut the teacher's");
    row(
        "fixed taken away",
        [](auto& s) {
            s.fixedThresholds = FixedThresholds{0.5, 0.5};
        },
        [](auto& s) { s.fixedThresholds.reset(); }, "selection.fixed_thresholds cannot be taken away");
    row(
        "fixed ratio", Nothing, [](auto& s) { s.fixedRatio = 0.5; }, "does not decide by thresholds");
    row(
        "share", teacher,
        [](auto& s) {
            s.cut.reset();
            s.ratio = 0.5;
        },
        "does not decide by thresholds");
    row(
        "other rules", [](auto& s) { s.rule = RuleKind::FixMatch; }, [](auto& s) { s.cut = 0.5; },
        "does not decide by thresholds");
    row(
        "out of range", Nothing, [](auto& s) { s.teacherScale = -1.0; }, "selection.teacher_scale");
    row(
        "no such class", Nothing, [](auto& s) { s.teacherClassScales["strom"] = 0.5; },
        "did you mean 'storm'");
}

void TriedThresholdsTest::notPossible() {
    QFETCH(Change, was);
    QFETCH(Change, tried);
    QFETCH(QString, says);
    const RunPlace place(30, 10, 100);
    const SelectionSettings before = with(was);
    const auto found = triedThresholds(after(before, place), before, with(tried, before), Classes, place);
    QVERIFY(!found);
    QVERIFY2(QString::fromStdString(found.error().message).contains(says), found.error().message.c_str());
    QCOMPARE(found.error().kind, ErrorKind::Usage);
}

void TriedThresholdsTest::whichRulesDecide() {
    SelectionSettings settings;
    QVERIFY(decidesByThresholds(settings));
    settings.fixedRatio = 0.5;
    QVERIFY(!decidesByThresholds(settings));
    settings = {};
    settings.rule = RuleKind::Teacher;
    settings.cut = 0.5;
    QVERIFY(decidesByThresholds(settings));
    settings.cut.reset();
    settings.ratio = 0.5;
    QVERIFY(!decidesByThresholds(settings));
    for (const auto rule :
         {RuleKind::All, RuleKind::Random, RuleKind::FixMatch, RuleKind::FlexMatch, RuleKind::FreeMatch,
          RuleKind::SoftMatch, RuleKind::SmallLoss, RuleKind::Oracle}) {
        settings.rule = rule;
        QVERIFY(!decidesByThresholds(settings));
    }
}

QTEST_GUILESS_MAIN(TriedThresholdsTest)
#include "tried_thresholds_test.moc"
