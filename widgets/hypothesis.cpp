#include "widgets/hypothesis.h"

#include "widgets/text.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::Hypothesis", text);
}

/// Settings that a hand made are read by people: three decimals.
double rounded(double value) {
    return std::round(value * 1000) / 1000;
}

Schedule scaled(Schedule schedule, double factor, double most = 1e9) {
    schedule.from = std::clamp(rounded(schedule.from * factor), 0.0, most);
    schedule.to = std::clamp(rounded(schedule.to * factor), 0.0, most);
    return schedule;
}

bool decidesByShare(const SelectionSettings& settings) {
    return settings.rule == RuleKind::Llkd && settings.fixedRatio.has_value();
}

const char* togetherKey(ThresholdSide side) {
    return side == ThresholdSide::Teacher ? "selection.teacher_scale" : "selection.student_scale";
}
const char* byClassKey(ThresholdSide side) {
    return side == ThresholdSide::Teacher ? "selection.teacher_class_scales"
                                          : "selection.student_class_scales";
}

} // namespace

bool Hypothesis::any() const {
    return together[0] != 1 || together[1] != 1 || !ofClass[0].empty() || !ofClass[1].empty();
}

double Hypothesis::factor(ThresholdSide side, std::size_t label) const {
    const auto s = static_cast<std::size_t>(side);
    const auto found = ofClass[s].find(label);
    return together[s] * (found == ofClass[s].end() ? 1.0 : found->second);
}

void Hypothesis::set(ThresholdSide side, int label, double factor) {
    const auto s = static_cast<std::size_t>(side);
    if (label == AllClasses)
        together[s] = factor;
    else if (factor == 1)
        ofClass[s].erase(static_cast<std::size_t>(label));
    else
        ofClass[s][static_cast<std::size_t>(label)] = factor;
}

QString whyNoThresholds(const Baseline& baseline) {
    if (decidesByShare(baseline.settings))
        return tr(
            "The rule keeps a fixed share of each batch, those of the largest confidence × uncertainty: "
            "no threshold decides.");
    if (!baseline.thresholds.teacher.empty() || !baseline.thresholds.student.empty())
        return {};
    switch (baseline.settings.rule) {
    case RuleKind::All:
        return tr("The rule “all” keeps every sample: it has no threshold to drag.");
    case RuleKind::Random:
        return tr("The rule “random” keeps a share by chance: it has no threshold to drag.");
    case RuleKind::Oracle:
        return tr("The rule “oracle” keeps what the teacher got right: it has no threshold to drag.");
    case RuleKind::Teacher:
    case RuleKind::Llkd:
        return {};
    default:
        break;
    }
    if (!baseline.thresholds.studentConfidence.empty())
        return tr(
            "This rule asks for the student's own confidence in its answer, which is neither of the two "
            "axes: there is no threshold to drag.");
    return tr("This rule has no threshold on confidence or uncertainty to drag.");
}

Handle handleOf(ThresholdSide side, const Baseline& baseline) {
    Handle handle;
    const SelectionSettings& s = baseline.settings;
    const bool teacher = side == ThresholdSide::Teacher;
    const auto& thresholds = baseline.of(side);
    if (decidesByShare(s)) {
        handle.why = whyNoThresholds(baseline);
    } else if (thresholds.empty()) {
        if (s.rule != RuleKind::Llkd)
            handle.why = teacher ? tr("This rule does not look at the teacher's confidence.")
                                 : tr("This rule does not look at the student's uncertainty.");
        else if (scaleOf(s, side, baseline.place) <= 0)
            handle.why = teacher ? tr("The teacher's threshold is off (scale 0).")
                                 : tr("The student's threshold is off (scale 0).");
        else
            handle.why = teacher ? tr("The teacher's threshold begins at the first batch: press Run (F5).")
                                 : tr("The student's threshold begins at the first batch: press Run (F5).");
    } else if (s.rule == RuleKind::Llkd) {
        handle.together = handle.byClass = true;
    } else if (cutSetting(s, side) != nullptr) {
        handle.together = handle.byClass = cutSetting(s, side)->at(baseline.place) > 0;
        if (!handle.together)
            handle.why = tr("The cut is 0 and refuses nothing. Set it on the Selection page.");
    } else {
        handle.why =
            tr("The rule keeps a fixed share; the line shows where it ends. On the Selection page, cut "
               "by a fixed value to drag it.");
    }
    return handle;
}

Thresholds supposed(const Hypothesis& hypothesis, const Baseline& baseline) {
    Thresholds result = baseline.thresholds;
    for (const ThresholdSide side : {ThresholdSide::Teacher, ThresholdSide::Student}) {
        auto& thresholds = side == ThresholdSide::Teacher ? result.teacher : result.student;
        for (std::size_t k = 0; k < thresholds.size(); ++k)
            if (const double factor = hypothesis.factor(side, k); factor != 1)
                thresholds[k] = clipped(thresholds[k] * factor, baseline.settings, baseline.place);
    }
    return result;
}

QList<SettingChange> changesFor(const Hypothesis& hypothesis, const Baseline& baseline,
                                const std::vector<std::string>& classes) {
    Experiment changed;
    changed.selection = baseline.settings;
    QList<SettingChange> changes;
    const auto put = [&](const char* key) {
        changes << SettingChange{QString::fromLatin1(key), toQString(settingValue(changed, key))};
    };
    for (const ThresholdSide side : {ThresholdSide::Teacher, ThresholdSide::Student}) {
        const auto s = static_cast<std::size_t>(side);
        const double together = hypothesis.together[s];
        if (together != 1 && cutSetting(baseline.settings, side) != nullptr) {
            changed.selection.cut = scaled(*changed.selection.cut, together, 1.0);
            put("selection.cut");
        } else if (together != 1) {
            auto& scale = side == ThresholdSide::Teacher ? changed.selection.teacherScale
                                                         : changed.selection.studentScale;
            scale = scaled(scale, together);
            put(togetherKey(side));
        }
        if (hypothesis.ofClass[s].empty())
            continue;
        auto& scales = side == ThresholdSide::Teacher ? changed.selection.teacherClassScales
                                                      : changed.selection.studentClassScales;
        for (const auto& [label, factor] : hypothesis.ofClass[s]) {
            const auto found = scales.find(classes[label]);
            const Schedule scale = scaled(found == scales.end() ? Schedule(1.0) : found->second, factor);
            if (scale == Schedule(1.0))
                scales.erase(classes[label]);
            else
                scales[classes[label]] = scale;
        }
        put(byClassKey(side));
    }
    return changes;
}

QString describe(const Hypothesis& hypothesis, const Baseline& baseline,
                 const std::vector<std::string>& classes) {
    QStringList words;
    for (const ThresholdSide side : {ThresholdSide::Teacher, ThresholdSide::Student}) {
        const auto s = static_cast<std::size_t>(side);
        const bool teacher = side == ThresholdSide::Teacher;
        if (const double together = hypothesis.together[s]; together != 1) {
            const Schedule* cut = cutSetting(baseline.settings, side);
            const double value = (cut != nullptr ? cut->at(baseline.place)
                                                 : scaleOf(baseline.settings, side, baseline.place)) *
                                 together;
            words << (cut != nullptr ? tr("cut %1")
                      : teacher      ? tr("teacher × %1")
                                     : tr("student × %1"))
                         .arg(fixed(rounded(value), 3));
        }
        for (const auto& [label, factor] : hypothesis.ofClass[s]) {
            const double own = factorOf(baseline.settings, side, classes[label], baseline.place);
            words << (teacher ? tr("teacher × %1 for %2") : tr("student × %1 for %2"))
                         .arg(fixed(rounded(own * factor), 3), toQString(classes[label]));
        }
    }
    return words.join(QStringLiteral(", "));
}

} // namespace stillroom
