#include "widgets/rule_choice.h"

#include "core/selection/rule.h"
#include "widgets/text.h"

#include <QCoreApplication>

namespace stillroom {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::rules", text);
}

bool takesCutOrRatio(RuleKind rule) {
    return rule == RuleKind::Teacher || rule == RuleKind::Student;
}

} // namespace

QString ruleWords(RuleKind rule) {
    switch (rule) {
    case RuleKind::All:
        return tr("every sample of every batch");
    case RuleKind::Random:
        return tr("a share by chance: what any rule must beat");
    case RuleKind::Teacher:
        return tr("what the teacher is sure of, whatever the student knows");
    case RuleKind::Student:
        return tr("what the student is unsure of, whatever the teacher says");
    case RuleKind::FixMatch:
        return tr("what the student itself is sure of, by one bar for all");
    case RuleKind::FlexMatch:
        return tr("what the student is sure of, with a lower bar for the classes it has learned less");
    case RuleKind::FreeMatch:
        return tr("what the student is sure of, by a bar that rises as it becomes surer");
    case RuleKind::SoftMatch:
        return tr("every sample; those count less of which the student is less sure than usual");
    case RuleKind::SmallLoss:
        return tr("of each batch what the student finds easiest to believe");
    case RuleKind::Oracle:
        return tr("what the teacher got right: needs gold, an upper bound");
    case RuleKind::Llkd:
        break;
    }
    return tr("where the teacher is sure and the student is not");
}

bool ruleUses(const SelectionSettings& s, const QString& name) {
    const RuleKind rule = s.rule;
    const bool llkd = rule == RuleKind::Llkd;
    const bool moving = llkd && !s.fixedThresholds && !s.fixedRatio;
    if (name == QLatin1String("decay"))
        return moving || rule == RuleKind::FreeMatch || rule == RuleKind::SoftMatch;
    if (name == QLatin1String("uncertainty"))
        return llkd || rule == RuleKind::Student || s.weight != Weighting::Uniform;
    if (name == QLatin1String("teacher_scale"))
        return llkd;
    if (name == QLatin1String("student_scale"))
        return llkd || rule == RuleKind::FreeMatch;
    if (name == QLatin1String("class_scaling"))
        return moving || rule == RuleKind::FlexMatch || rule == RuleKind::FreeMatch;
    if (name == QLatin1String("warm_start"))
        return moving;
    if (name == QLatin1String("statistic"))
        return moving || rule == RuleKind::FreeMatch;
    if (name == QLatin1String("clip"))
        return (llkd && !s.fixedRatio) || rule == RuleKind::FreeMatch;
    if (name == QLatin1String("teacher_class_scales"))
        return (llkd && !s.fixedRatio) || (rule == RuleKind::Teacher && s.cut && !s.ratio);
    if (name == QLatin1String("student_class_scales"))
        return (llkd && !s.fixedRatio) || (rule == RuleKind::Student && s.cut && !s.ratio);
    if (name == QLatin1String("fixed_thresholds"))
        return llkd && s.fixedThresholds.has_value();
    if (name == QLatin1String("fixed_ratio"))
        return llkd && s.fixedRatio.has_value();
    if (name == QLatin1String("cut"))
        return (takesCutOrRatio(rule) && s.cut && !s.ratio) || rule == RuleKind::FixMatch ||
               rule == RuleKind::FlexMatch;
    if (name == QLatin1String("ratio"))
        return (takesCutOrRatio(rule) && s.ratio) || rule == RuleKind::Random || rule == RuleKind::SmallLoss;
    if (name == QLatin1String("resample"))
        return rule == RuleKind::Random;
    if (name == QLatin1String("soft_weights"))
        return rule == RuleKind::SoftMatch;
    if (name == QLatin1String("alpha") || name == QLatin1String("beta"))
        return s.weight != Weighting::Uniform;
    return true; // rule, weight
}

QString cutLabel(RuleKind rule) {
    switch (rule) {
    case RuleKind::Teacher:
        return tr("Confidence ≥");
    case RuleKind::Student:
        return tr("Uncertainty ≥");
    case RuleKind::FixMatch:
        return tr("Student sure to ≥");
    case RuleKind::FlexMatch:
        return tr("Highest bar");
    default:
        return {};
    }
}

QList<SettingChange> companionsOf(const QString& ruleName, const SelectionSettings& before) {
    RuleKind next = before.rule;
    for (int i = 0; i < RuleCount; ++i)
        if (toQString(stillroom::ruleName(static_cast<RuleKind>(i))) == ruleName)
            next = static_cast<RuleKind>(i);
    const QString cut = QStringLiteral("selection.cut"), ratio = QStringLiteral("selection.ratio");
    QList<SettingChange> changes;
    const auto need = [&](const QString& key, const char* value) {
        changes << SettingChange{key, QString::fromLatin1(value)};
    };
    // A cut of the teacher's confidence is none of the student's doubt.
    const QString meant = cutLabel(before.rule), means = cutLabel(next);
    const bool otherCut = before.cut.has_value() && !meant.isEmpty() && !means.isEmpty() && meant != means;
    const bool hasCut = before.cut.has_value() && !otherCut, hasRatio = before.ratio.has_value();
    switch (next) {
    case RuleKind::Random:
        if (!hasRatio)
            need(ratio, "0.16");
        break;
    case RuleKind::SmallLoss:
        if (!hasRatio)
            need(ratio, "0.5");
        break;
    case RuleKind::Teacher:
        if (!hasCut && (!hasRatio || otherCut))
            need(cut, "0.95");
        if (hasRatio && (hasCut || otherCut))
            need(ratio, "");
        break;
    case RuleKind::Student:
        if (!hasRatio)
            need(ratio, "0.2");
        if (before.cut.has_value())
            need(cut, "");
        break;
    case RuleKind::FixMatch:
    case RuleKind::FlexMatch:
        if (otherCut)
            need(cut, "");
        break;
    default:
        break;
    }
    return changes;
}

} // namespace stillroom
