#include "widgets/batch_reason.h"

#include "widgets/text.h"

#include <QCoreApplication>
#include <algorithm>

namespace stillroom {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::batch", text);
}

QString number(double value) {
    return fixed(value, 2);
}

std::optional<double> at(const std::vector<double>& values, std::int32_t label) {
    const auto k = static_cast<std::size_t>(label);
    return label >= 0 && k < values.size() ? std::optional(values[k]) : std::nullopt;
}

QString nameOf(const std::vector<std::string>& classes, std::int32_t label) {
    const auto k = static_cast<std::size_t>(label);
    return label >= 0 && k < classes.size() ? toQString(classes[k]) : tr("no class");
}

/// Two numbers that look alike but differ are said with as many digits as it takes.
int decimalsFor(double value, double bar) {
    int decimals = 2;
    while (decimals < 6 && value != bar && fixed(value, decimals) == fixed(bar, decimals))
        ++decimals;
    return decimals;
}

QString against(double value, double bar) {
    const int decimals = decimalsFor(value, bar);
    return tr("%1, bar %2").arg(fixed(value, decimals), fixed(bar, decimals));
}

/// "0.92 ≥ 0.81"
QString comparison(double value, double bar) {
    const int decimals = std::min(3, decimalsFor(value, bar)); // there is little room
    return fixed(value, decimals) + (atLeast(value, bar) ? QStringLiteral(" ≥ ") : QStringLiteral(" < ")) +
           fixed(bar, decimals);
}

QString keptReason(const BatchEvent::Sample& s, const SampleBars& bars) {
    const bool teacher = bars.teacher && *bars.teacher > 0;
    const bool student = bars.student && s.studentLabel >= 0;
    if (teacher && student)
        return tr("The teacher is sure (%1) and the student is not (%2).")
            .arg(against(s.confidence, *bars.teacher), against(s.uncertainty, *bars.student));
    if (teacher)
        return tr("The teacher is sure (%1).").arg(against(s.confidence, *bars.teacher));
    if (student)
        return tr("The student is in doubt (%1).").arg(against(s.uncertainty, *bars.student));
    if (bars.studentConfidence)
        return tr("The student is sure itself (%1).")
            .arg(against(s.studentConfidence, *bars.studentConfidence));
    return tr("The rule takes it.");
}

} // namespace

SampleBars barsOf(const BatchEvent& batch, const BatchEvent::Sample& sample) {
    SampleBars bars;
    bars.teacher = at(batch.after.teacher, sample.label);
    if (sample.studentLabel >= 0) {
        bars.student = at(batch.after.student, sample.label);
        bars.studentConfidence = at(batch.after.studentConfidence, sample.studentLabel);
    }
    return bars;
}

QString verdictFigures(const BatchEvent& batch, const BatchEvent::Sample& s) {
    const SampleBars bars = barsOf(batch, s);
    QStringList figures;
    const bool kept = s.verdict == Verdict::Kept, both = s.verdict == Verdict::BothRefuse;
    if (bars.teacher && (kept || both || s.verdict == Verdict::TeacherUnsure))
        figures << comparison(s.confidence, *bars.teacher);
    if (bars.student && (kept || both || s.verdict == Verdict::StudentSure))
        figures << tr("u %1").arg(comparison(s.uncertainty, *bars.student));
    if (bars.studentConfidence && (kept || s.verdict == Verdict::StudentUnsure))
        figures << tr("student %1").arg(comparison(s.studentConfidence, *bars.studentConfidence));
    if (s.verdict == Verdict::LossHigh)
        figures << tr("loss %1").arg(number(s.loss));
    return figures.join(QStringLiteral(" · "));
}

QString verdictReason(const BatchEvent& batch, const BatchEvent::Sample& s,
                      const std::vector<std::string>& classes, int gold) {
    const SampleBars bars = barsOf(batch, s);
    const QString label = nameOf(classes, s.label);
    switch (s.verdict) {
    case Verdict::Kept:
        return keptReason(s, bars);
    case Verdict::TeacherUnsure:
        return bars.teacher
                   ? tr("The teacher is not sure enough of %1 (%2).")
                         .arg(label, against(s.confidence, *bars.teacher))
                   : tr("The teacher is not sure enough of %1 (%2).").arg(label, number(s.confidence));
    case Verdict::StudentSure:
        return bars.student ? tr("The student has little doubt left (%1, for %2).")
                                  .arg(against(s.uncertainty, *bars.student), label)
                            : tr("The student has little doubt left (%1).").arg(number(s.uncertainty));
    case Verdict::BothRefuse:
        return bars.teacher && bars.student
                   ? tr("The teacher is not sure enough (%1), and the student has little doubt left (%2).")
                         .arg(against(s.confidence, *bars.teacher), against(s.uncertainty, *bars.student))
                   : tr("Neither teacher (%1) nor student (%2) lets it pass.")
                         .arg(number(s.confidence), number(s.uncertainty));
    case Verdict::StudentUnsure:
        return bars.studentConfidence
                   ? tr("The student is not sure of its own %1 (%2).")
                         .arg(nameOf(classes, s.studentLabel),
                              against(s.studentConfidence, *bars.studentConfidence))
                   : tr("The student is not sure of its own label (%1).").arg(number(s.studentConfidence));
    case Verdict::NotDrawn:
        return tr("Chance left it out.");
    case Verdict::NotInShare:
        return tr("Others rank higher, and only a share is kept.");
    case Verdict::LossHigh:
        return tr("Its loss (%1) is among the batch's largest: its label may be wrong.").arg(number(s.loss));
    case Verdict::LabelWrong:
        return tr("The teacher says %1, gold says %2.").arg(label, nameOf(classes, gold));
    case Verdict::NoGold:
        return tr("There is no gold to compare its label with.");
    case Verdict::Unseen:
        break;
    }
    return tr("It was not judged.");
}

} // namespace stillroom
