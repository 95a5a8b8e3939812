// Which settings are refused, and by what name: checkSelection.
#include "core/selection/selection_settings.h"

#include "core/selection/rule.h"

#include <QtTest>
#include <limits>
#include <vector>

using namespace stillroom;

namespace {

SelectionSettings settingsOf(RuleKind rule) {
    SelectionSettings settings;
    settings.rule = rule;
    return settings;
}

} // namespace

class SelectionSettingsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void settingsAreCheckedByName_data() {
        QTest::addColumn<int>("rule");
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("key");
        const auto row = [](const char* name, RuleKind rule, int what, const char* key) {
            QTest::newRow(name) << static_cast<int>(rule) << what << QString::fromUtf8(key);
        };
        row("no cut, no ratio", RuleKind::Teacher, 0, "selection.cut");
        row("cut and ratio", RuleKind::Teacher, 1, "selection.ratio");
        row("cut above 1", RuleKind::Teacher, 2, "selection.cut is 1.5");
        row("ratio 0", RuleKind::Random, 3, "selection.ratio is 0");
        row("no ratio", RuleKind::Random, 0, "selection.ratio");
        row("decay 1", RuleKind::Llkd, 4, "selection.decay is 1");
        row("decay becomes 1", RuleKind::Llkd, 5, "selection.decay is 1");
        row("quantile", RuleKind::Llkd, 6, "selection.statistic");
        row("clip", RuleKind::Llkd, 7, "selection.clip");
        row("teacher scale", RuleKind::Llkd, 8, "selection.teacher_scale is -1");
        row("student scale", RuleKind::Llkd, 9, "selection.student_scale");
        row("alpha", RuleKind::All, 10, "selection.alpha");
        row("beta", RuleKind::Llkd, 11, "selection.beta is -1");
        row("exponential from 0", RuleKind::Llkd, 12, "selection.student_scale has an exponential");
        row("student without cut and ratio", RuleKind::Student, 0, "the rule 'student' needs selection.cut");
        row("student with both", RuleKind::Student, 1, "the rule 'student' takes one");
        row("student's ratio 0", RuleKind::Student, 3, "selection.ratio is 0");
        row("small loss without a ratio", RuleKind::SmallLoss, 0, "the rule 'small_loss' needs");
        row("fixmatch's cut", RuleKind::FixMatch, 13, "selection.cut is 1.5");
        row("flexmatch's cut", RuleKind::FlexMatch, 13, "selection.cut is 1.5");
        row("freematch's decay", RuleKind::FreeMatch, 4, "selection.decay is 1");
        row("freematch's quantile", RuleKind::FreeMatch, 6, "selection.statistic");
        row("freematch's scale", RuleKind::FreeMatch, 9, "selection.student_scale");
        row("softmatch's decay", RuleKind::SoftMatch, 5, "selection.decay is 1");
        row("a decay that warms up", RuleKind::Llkd, 14, "selection.decay has a warm-up");
        row("a length below 0", RuleKind::Llkd, 15, "selection.teacher_scale's 'over' is -1 epochs");
        row("one stair", RuleKind::Llkd, 16, "selection.clip's 'stairs' is 1");
        row("teacher's factor", RuleKind::Llkd, 17, "selection.teacher_class_scales's 'fire' is -1");
        row("student's factor", RuleKind::Llkd, 18, "selection.student_class_scales's 'fire' is");
        row("the cut's factor", RuleKind::Teacher, 19, "selection.teacher_class_scales's 'fire' is -1");
        row("fixed twice", RuleKind::Llkd, 20, "selection.fixed_thresholds and selection.fixed_ratio");
        row("fixed threshold", RuleKind::Llkd, 21, "selection.fixed_thresholds' student is 2");
        row("fixed ratio", RuleKind::Llkd, 22, "selection.fixed_ratio is 0");
        row("clip in the end", RuleKind::Llkd, 23, "selection.clip is [0.9, 0.5]");
    }

    void settingsAreCheckedByName() {
        QFETCH(int, rule);
        QFETCH(int, what);
        QFETCH(QString, key);
        auto settings = settingsOf(static_cast<RuleKind>(rule));
        const double nan = std::numeric_limits<double>::quiet_NaN();
        switch (what) {
        case 1:
            settings.cut = 0.5;
            settings.ratio = 0.5;
            break;
        case 2:
            settings.cut = 1.5;
            break;
        case 3:
            settings.ratio = 0;
            break;
        case 4:
            settings.decay = 1;
            break;
        case 5:
            settings.decay = Schedule(0.9, 1, ScheduleShape::Linear);
            break;
        case 6:
            settings.quantile = -0.1;
            break;
        case 7:
            settings.clipLow = 0.8;
            settings.clipHigh = 0.2;
            break;
        case 8:
            settings.teacherScale = -1;
            break;
        case 9:
            settings.studentScale = nan;
            break;
        case 10:
            settings.weight = Weighting::Sum;
            settings.alpha = nan;
            break;
        case 11:
            settings.weight = Weighting::Product;
            settings.beta = -1;
            break;
        case 12:
            settings.studentScale = Schedule(0, 1, ScheduleShape::Exponential);
            break;
        case 13:
            settings.cut = 1.5;
            break;
        case 14:
            settings.decay = 0.9;
            settings.decay->warmup = {1, ScheduleUnit::Epochs};
            break;
        case 15:
            settings.teacherScale = Schedule(1, 0.5, ScheduleShape::Linear);
            settings.teacherScale.over.length = -1;
            break;
        case 16:
            settings.clipHigh = Schedule(1, 0.5, ScheduleShape::Step);
            settings.clipHigh.stairs = 1;
            break;
        case 17:
            settings.teacherClassScales = {{"fire", -1.0}};
            break;
        case 18:
            settings.studentClassScales = {{"fire", Schedule(1, nan, ScheduleShape::Linear)}};
            break;
        case 19:
            settings.cut = 0.5;
            settings.teacherClassScales = {{"fire", -1.0}};
            break;
        case 20:
            settings.fixedRatio = 0.5;
            [[fallthrough]];
        case 21:
            settings.fixedThresholds = {0.5, 2.0};
            break;
        case 22:
            settings.fixedRatio = 0;
            break;
        case 23:
            settings.clipLow = Schedule(0, 0.9, ScheduleShape::Linear);
            settings.clipHigh = 0.5;
            break;
        default:
            break;
        }
        const auto result = checkSelection(settings);
        QVERIFY(!result);
        const auto message = QString::fromStdString(result.error().message);
        QVERIFY2(message.contains(key), qPrintable(message));
        QVERIFY(!message.endsWith('.') && !message.contains('\n'));
        const std::vector<std::int32_t> labels = {0, 1};
        const std::vector<float> confidences = {0.5F, 0.75F};
        Population population;
        population.classCount = 2;
        population.labels = labels;
        population.confidences = confidences;
        QVERIFY(!makeRule(settings, population));
    }

    void goodSettingsPass() {
        QVERIFY(checkSelection(SelectionSettings{}));
        auto settings = settingsOf(RuleKind::All);
        settings.cut = 7; // not looked at by `all`
        QVERIFY(checkSelection(settings));
        settings = settingsOf(RuleKind::Random);
        settings.ratio = 1;
        QVERIFY(checkSelection(settings));
        settings = SelectionSettings{};
        settings.decay = 0;
        settings.studentScale = 3; // clipping makes sense of it
        QVERIFY(checkSelection(settings));
        settings.teacherScale.warmup = {500, ScheduleUnit::Steps};
        settings.teacherClassScales = {{"fire", 0.0}, {"flood", 7.0}};
        QVERIFY(checkSelection(settings));
        for (const auto rule : {RuleKind::FixMatch, RuleKind::FlexMatch, RuleKind::FreeMatch,
                                RuleKind::SoftMatch, RuleKind::Oracle})
            QVERIFY(checkSelection(settingsOf(rule)));
        settings = settingsOf(RuleKind::Random);
        settings.ratio = 0.5;
        settings.ratio->warmup = {3, ScheduleUnit::Epochs}; // it begins with one sample
        QVERIFY(checkSelection(settings));
    }
};

QTEST_GUILESS_MAIN(SelectionSettingsTest)
#include "selection_settings_test.moc"
