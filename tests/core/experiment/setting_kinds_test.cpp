// Schedules, factors by class and ranges as YAML: what is read, what is written, and what is said of
// mistakes.
#include "core/experiment/experiment.h"

#include <QtTest>

using namespace stillroom;

namespace {

constexpr const char* Rate = "training.learning_rate";

Schedule read(const char* yaml) {
    Experiment experiment;
    const auto done = setSetting(experiment, Rate, yaml);
    if (!done)
        qFatal("%s", done.error().message.c_str());
    return experiment.training.learningRate.value();
}

std::string written(const Schedule& schedule) {
    Experiment experiment;
    experiment.training.learningRate = schedule;
    return settingValue(experiment, Rate);
}

} // namespace

class SettingKindsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void schedulesAreRead() {
        QCOMPARE(read("0.5"), Schedule(0.5));
        QCOMPARE(read("{from: 1, to: 0}"), Schedule(1, 0, ScheduleShape::Linear));
        Schedule expected(1, 0.1, ScheduleShape::Cosine);
        expected.over = {3, ScheduleUnit::Epochs};
        expected.warmup = {500, ScheduleUnit::Steps};
        QCOMPARE(read("{from: 1, to: 0.1, shape: cosine, over: 3 epochs, warmup: 500 steps}"), expected);
        QCOMPARE(read("{from: 1, to: 0.1, shape: cosine, over: '3  epochs', warmup: 500 step}"), expected);
        expected = Schedule(1, 0.5, ScheduleShape::Step);
        expected.stairs = 6;
        expected.over = {0.5, ScheduleUnit::Epochs};
        QCOMPARE(read("{from: 1, to: 0.5, shape: step, stairs: 6, over: 0.5 epochs}"), expected);
        // Nowhere to go: a constant that warms up.
        expected = Schedule(0.3);
        expected.warmup = {1, ScheduleUnit::Epochs};
        QCOMPARE(read("{from: 0.3, warmup: 1 epoch}"), expected);
        QCOMPARE(read("{from: 0.3, shape: constant, warmup: 1 epoch}"), expected);
        QCOMPARE(read("{from: 0.3, to: 0.1, warmup: 0 steps}"), Schedule(0.3, 0.1, ScheduleShape::Linear));
    }

    void schedulesAreWritten() {
        Schedule schedule(1, 0, ScheduleShape::Linear);
        QCOMPARE(written(schedule), std::string("{from: 1, to: 0, shape: linear}"));
        schedule.over = {1, ScheduleUnit::Epochs};
        QCOMPARE(written(schedule), std::string("{from: 1, to: 0, shape: linear, over: 1 epoch}"));
        schedule.shape = ScheduleShape::Step;
        schedule.stairs = 3;
        schedule.warmup = {1, ScheduleUnit::Steps};
        schedule.over = {2.5, ScheduleUnit::Epochs};
        QCOMPARE(written(schedule),
                 std::string("{from: 1, to: 0, shape: step, stairs: 3, over: 2.5 epochs, warmup: 1 step}"));
        schedule = 0.5;
        QCOMPARE(written(schedule), std::string("0.5"));
        schedule.warmup = {200, ScheduleUnit::Steps};
        QCOMPARE(written(schedule), std::string("{from: 0.5, shape: constant, warmup: 200 steps}"));
    }

    void mistakesInSchedules_data() {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char* yaml, const char* sentence) {
            QTest::newRow(yaml) << QByteArray(yaml) << "training.learning_rate: " + QByteArray(sentence);
        };
        row("{from: 1, to: 0, over: 3}", "'over' is a length such as 3 epochs or 500 steps, found '3'");
        row("{from: 1, to: 0, over: three epochs}",
            "'over' is a length such as 3 epochs or 500 steps, found 'three epochs'");
        row("{from: 1, to: 0, over: 3 epocs}",
            "'over' is a length such as 3 epochs or 500 steps, found '3 epocs'; did you mean 'epochs'?");
        row("{from: 1, to: 0, warmup: 3 minutes}",
            "'warmup' is a length such as 3 epochs or 500 steps, found '3 minutes'");
        row("{from: 1, to: 0, warmup: -3 steps}", "'warmup' is a length such as");
        row("{from: 1, to: 0, warmup: inf steps}", "'warmup' is a length such as");
        row("{from: 1, to: 0, warmup: [3, epochs]}", "'warmup' is a length such as");
        row("{from: 1, to: 0, over: 0 epochs}",
            "'over' is longer than nothing; without it the schedule is over "
            "the whole run");
        row("{from: 1, to: 0, ovre: 3 epochs}", "unknown key 'ovre'; did you mean 'over'?");
        row("{from: 1, to: 0, shape: stairs}", "expected one of constant, linear, cosine, exponential, step");
        row("{from: 1, to: 0, stairs: 3}", "'stairs' goes with shape: step");
        row("{from: 1, to: 0, shape: step, stairs: 1}",
            "expected a whole number from 2 to 1000000, found '1'");
        row("{from: 1, to: 0, shape: step, stairs: 2.5}", "expected a whole number, found '2.5'");
        row("{from: 1, over: 3 epochs}", "a schedule needs 'to'");
        row("{to: 1, warmup: 3 epochs}", "a schedule needs 'from'");
    }
    void mistakesInSchedules() {
        QFETCH(QByteArray, yaml);
        QFETCH(QByteArray, sentence);
        Experiment experiment;
        const auto done = setSetting(experiment, Rate, yaml.toStdString());
        QVERIFY(!done);
        QVERIFY2(QByteArray::fromStdString(done.error().message).startsWith(sentence),
                 done.error().message.c_str());
        QVERIFY(experiment == Experiment());
    }

    void anyNumberOfSelectionMayBeASchedule() {
        const std::string schedule = "{from: 0.25, to: 0.5, shape: linear, over: 3 epochs}";
        for (const char* key :
             {"decay", "teacher_scale", "student_scale", "cut", "ratio", "fixed_ratio", "alpha", "beta"}) {
            const std::string name = std::string("selection.") + key;
            Experiment experiment;
            QVERIFY(setSetting(experiment, name, schedule));
            QCOMPARE(settingValue(experiment, name), schedule);
        }
        Experiment experiment;
        QVERIFY(setSetting(experiment, "selection.clip", "[" + schedule + ", 1]"));
        QCOMPARE(settingValue(experiment, "selection.clip"), "[" + schedule + ", 1]");
        QVERIFY(setSetting(experiment, "selection.statistic", "{quantile: " + schedule + "}"));
        QCOMPARE(settingValue(experiment, "selection.statistic"), "{quantile: " + schedule + "}");
        QVERIFY(setSetting(experiment, "selection.fixed_thresholds", "[0.8, " + schedule + "]"));
        QCOMPARE(settingValue(experiment, "selection.fixed_thresholds"), "[0.8, " + schedule + "]");
        QVERIFY(setSetting(experiment, "selection.teacher_class_scales", "{fire: " + schedule + "}"));
        QCOMPARE(settingValue(experiment, "selection.teacher_class_scales"), "{fire: " + schedule + "}");
        QCOMPARE(experiment.selection.clipLow.over, (ScheduleSpan{3, ScheduleUnit::Epochs}));
    }

    void factorsByClass() {
        const auto parsed = parseExperiment("selection:\n"
                                            "  teacher_class_scales:\n"
                                            "    \"not: humanitarian\": 0.9\n"
                                            "    fire: 1.25\n"
                                            "  student_class_scales: {fire: 0}\n",
                                            "e.yaml");
        QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
        QCOMPARE(parsed->selection.teacherClassScales,
                 (ClassFactors{{"not: humanitarian", 0.9}, {"fire", 1.25}}));
        QCOMPARE(parsed->selection.studentClassScales, (ClassFactors{{"fire", 0.0}}));
        QCOMPARE(settingValue(*parsed, "selection.teacher_class_scales"),
                 std::string("{fire: 1.25, \"not: humanitarian\": 0.9}"));
        Experiment experiment = *parsed;
        QVERIFY(setSetting(experiment, "selection.teacher_class_scales", "{}"));
        QVERIFY(experiment.selection.teacherClassScales.empty());
        QVERIFY(setSetting(experiment, "selection.student_class_scales", "")); // undo of the first drag
        QVERIFY(isDefault(experiment, "selection.student_class_scales"));
        const auto wrong = setSetting(experiment, "selection.teacher_class_scales", "{fire: hot}");
        QVERIFY(!wrong);
        QCOMPARE(
            wrong.error().message,
            std::string("selection.teacher_class_scales: 'fire': expected a number or a schedule such as "
                        "{from: 1, to: 0, shape: linear}, found 'hot'"));
    }

    void whatTheRuleTakesOfItself() {
        Experiment experiment;
        QCOMPARE(settingValue(experiment, "selection.decay"), std::string());
        QCOMPARE(effectiveValue(experiment, "selection.decay"), std::string("0.99"));
        QCOMPARE(effectiveValue(experiment, "selection.cut"), std::string());
        experiment.selection.rule = RuleKind::FreeMatch;
        QCOMPARE(effectiveValue(experiment, "selection.decay"), std::string("0.999"));
        experiment.selection.rule = RuleKind::FlexMatch;
        QCOMPARE(effectiveValue(experiment, "selection.cut"), std::string("0.95"));
        QVERIFY(isDefault(experiment, "selection.cut"));
        // A run's file says it; the user's own does not.
        QVERIFY(writeExperiment(experiment, YamlDetail::Everything).find("  cut: 0.95\n") !=
                std::string::npos);
        QVERIFY(writeExperiment(experiment, YamlDetail::Changed).find("cut") == std::string::npos);
        experiment.selection.cut = 0.8;
        QCOMPARE(effectiveValue(experiment, "selection.cut"), std::string("0.8"));
    }
};

QTEST_GUILESS_MAIN(SettingKindsTest)
#include "setting_kinds_test.moc"
