// Thresholds as one supposes them: what they are, which settings they amount to, and when they cannot be
// dragged. Whatever is applied must lead to the very thresholds that were supposed.
#include "widgets/hypothesis.h"

#include "core/data/dataset.h"
#include "core/engine/distillation_set.h"

#include <QTest>

using namespace stillroom;

namespace {

const std::vector<std::string> Classes = {"one", "two: or three", "その他"};

Baseline baseline() {
    Baseline made;
    made.thresholds.teacher = {0.8, 0.6, 0.9};
    made.thresholds.student = {0.1, 0.3, 0.2};
    return made;
}

/// As a run would: the settings that `changes` make of those of `made`, and its thresholds under them.
Baseline applied(const QList<SettingChange>& changes, const Baseline& made) {
    Experiment experiment;
    experiment.selection = made.settings;
    for (const auto& change : changes)
        if (const auto set = setSetting(experiment, change.key.toStdString(), change.yaml.toStdString());
            !set)
            qFatal("%s", set.error().message.c_str());
    return rescaled(made, experiment.selection, Classes);
}

void compare(const std::vector<double>& a, const std::vector<double>& b, double tolerance = 1e-3) {
    QCOMPARE(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        QVERIFY2(std::abs(a[i] - b[i]) <= tolerance,
                 qPrintable(QStringLiteral("%1: %2, not %3").arg(i).arg(a[i]).arg(b[i])));
}

} // namespace

class HypothesisTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void factorsMultiplyAndAreClipped() {
        Hypothesis hypothesis;
        QVERIFY(!hypothesis.any());
        hypothesis.set(ThresholdSide::Teacher, Hypothesis::AllClasses, 1.1);
        hypothesis.set(ThresholdSide::Teacher, 1, 0.5);
        QVERIFY(hypothesis.any());
        Baseline made = baseline();
        const Thresholds then = supposed(hypothesis, made);
        compare(then.teacher, {0.88, 0.33, 0.99}, 1e-12);
        QCOMPARE(then.student, made.thresholds.student);
        made.settings.clipHigh = 0.9;
        made.settings.clipLow = 0.5;
        compare(supposed(hypothesis, made).teacher, {0.88, 0.5, 0.9}, 1e-12);
        hypothesis.set(ThresholdSide::Teacher, 1, 1);
        hypothesis.set(ThresholdSide::Teacher, Hypothesis::AllClasses, 1);
        QVERIFY(!hypothesis.any());
    }

    void whatIsAppliedIsWhatWasSupposed() {
        Hypothesis hypothesis;
        hypothesis.set(ThresholdSide::Teacher, Hypothesis::AllClasses, 1.07);
        hypothesis.set(ThresholdSide::Student, 1, 0.8);
        hypothesis.set(ThresholdSide::Student, 2, 1.5);
        for (const bool scaledBefore : {false, true}) {
            Baseline made = baseline();
            if (scaledBefore) {
                made.settings.teacherScale = Schedule(0.9, 1.2, ScheduleShape::Linear);
                made.settings.studentScale = 0.7;
                made.settings.studentClassScales["two: or three"] = Schedule(1.3);
                made.place = RunPlace(0.25);
            }
            const auto changes = changesFor(hypothesis, made, Classes);
            QCOMPARE(changes.size(), 2);
            const Baseline then = applied(changes, made);
            const Thresholds wanted = supposed(hypothesis, made);
            compare(then.thresholds.teacher, wanted.teacher);
            compare(then.thresholds.student, wanted.student);
        }
    }

    void aClassThatIsAsBeforeIsNotNamed() {
        Baseline made = baseline();
        made.settings.teacherClassScales["one"] = Schedule(2.0);
        Hypothesis hypothesis;
        hypothesis.set(ThresholdSide::Teacher, 0, 0.5);
        const Baseline then = applied(changesFor(hypothesis, made, Classes), made);
        QVERIFY(then.settings.teacherClassScales.empty());
        compare(then.thresholds.teacher, {0.4, 0.6, 0.9});
    }

    void cutsAreCuts() {
        Baseline made;
        made.settings.rule = RuleKind::Teacher;
        made.settings.cut = Schedule(0.8);
        made = rescaled(made, made.settings, Classes);
        compare(made.thresholds.teacher, {0.8, 0.8, 0.8}, 1e-12);
        QVERIFY(handleOf(ThresholdSide::Teacher, made).together);
        QVERIFY(!handleOf(ThresholdSide::Student, made).together);
        QVERIFY(!handleOf(ThresholdSide::Student, made).why.isEmpty());
        Hypothesis hypothesis;
        hypothesis.set(ThresholdSide::Teacher, Hypothesis::AllClasses, 0.9 / 0.8);
        auto changes = changesFor(hypothesis, made, Classes);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(changes[0].key, QStringLiteral("selection.cut"));
        QCOMPARE(changes[0].yaml, QStringLiteral("0.9"));
        hypothesis.set(ThresholdSide::Teacher, 2, 1.1);
        changes = changesFor(hypothesis, made, Classes);
        compare(applied(changes, made).thresholds.teacher, supposed(hypothesis, made).teacher);
    }

    void whatCannotBeDraggedSaysWhy() {
        Baseline made;
        for (const RuleKind rule :
             {RuleKind::All, RuleKind::Random, RuleKind::Oracle, RuleKind::SmallLoss, RuleKind::SoftMatch}) {
            made.settings.rule = rule;
            QVERIFY(!whyNoThresholds(made).isEmpty());
            QVERIFY(!handleOf(ThresholdSide::Teacher, made).together);
        }
        made.settings.rule = RuleKind::FixMatch;
        made.thresholds.studentConfidence = {0.95, 0.95, 0.95};
        QVERIFY(whyNoThresholds(made).contains("student's own confidence"));

        made = baseline();
        QVERIFY(whyNoThresholds(made).isEmpty());
        QVERIFY(handleOf(ThresholdSide::Student, made).byClass);
        made.thresholds.student.clear();
        QVERIFY(handleOf(ThresholdSide::Student, made).why.contains("first batch"));
        made.settings.studentScale = 0;
        QVERIFY(handleOf(ThresholdSide::Student, made).why.contains("off"));
        made = baseline();
        made.settings.fixedRatio = Schedule(0.2);
        QVERIFY(!whyNoThresholds(made).isEmpty());

        made = {};
        made.settings.rule = RuleKind::Teacher;
        made.settings.ratio = Schedule(0.5);
        made.thresholds.teacher = {0.8, 0.8, 0.8};
        QVERIFY(handleOf(ThresholdSide::Teacher, made).why.contains("share"));
    }

    void rescaledSides() {
        const Baseline made = baseline();
        SelectionSettings now = made.settings;
        now.teacherScale = 0.5;
        now.studentScale = 0;
        now.clipLow = 0.35;
        const Baseline then = rescaled(made, now, Classes);
        compare(then.thresholds.teacher, {0.4, 0.35, 0.45}, 1e-12);
        QVERIFY(then.thresholds.student.empty()); // off
        // What was off has no statistics to be scaled.
        Baseline off = made;
        off.thresholds.student.clear();
        now.studentScale = 1;
        QVERIFY(rescaled(off, now, Classes).thresholds.student.empty());
    }

    void theStartIsTheRulesOwn() {
        DatasetBuilder builder;
        auto teacher = std::make_shared<TeacherOutputs>(200, 3);
        for (int row = 0; row < 200; ++row) {
            builder.add(std::to_string(row), "text", -1, Split::Train);
            teacher->set(static_cast<std::size_t>(row), row % 3, 0.5F + 0.0025F * static_cast<float>(row),
                         TeacherOrigin::Stated);
        }
        const auto data = std::make_shared<const Dataset>(builder.finish(Classes));
        const SampleTable table(DistillationSet{data, teacher});
        SelectionSettings settings;
        const Baseline llkd = startOf(settings, 1, table);
        Population population;
        population.classCount = 3;
        population.labels = table.labels;
        population.confidences = table.confidences;
        population.classNames = Classes;
        const auto rule = makeRule(settings, population);
        QVERIFY(rule);
        QCOMPARE(llkd.thresholds.teacher, (*rule)->thresholds().teacher);
        QCOMPARE(llkd.thresholds.teacher.size(), std::size_t{3});
        QVERIFY(llkd.atStart);
        // A share ends at the confidence of its last sample: of 200, the surest 50 begin at row 150.
        settings.rule = RuleKind::Teacher;
        settings.ratio = Schedule(0.25);
        const Baseline share = startOf(settings, 1, table);
        compare(share.thresholds.teacher, std::vector<double>(3, 0.5 + 0.0025 * 150), 1e-6);
    }
};

QTEST_GUILESS_MAIN(HypothesisTest)
#include "hypothesis_test.moc"
