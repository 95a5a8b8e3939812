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
    }
};

QTEST_GUILESS_MAIN(SelectionSettingsTest)
#include "selection_settings_test.moc"
