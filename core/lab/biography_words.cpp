#include "core/lab/biography_words.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr int FewDigits = 2;

/// "Just" below or above: within 0.02, and within a twentieth of the bar, as late uncertainties are all
/// small.
bool isClose(double distance, double bar) {
    return distance < std::min(0.02, bar / 20);
}

/// As it is printed, to compare what a reader will compare.
long long printed(double value, int digits) {
    return std::llround(value * std::pow(10, digits));
}

std::string number(double value, int digits) {
    return fmt::format("{:.{}f}", static_cast<double>(printed(value, digits)) / std::pow(10, digits), digits);
}

bool moved(const BiographyEntry::Bar& bar, int digits) {
    return printed(bar.low, digits) != printed(bar.high, digits);
}

/// "0.81" or "between 0.79 and 0.83"
std::string barNumbers(const BiographyEntry::Bar& bar, int digits) {
    if (!moved(bar, digits))
        return number(bar.high, digits);
    return fmt::format("between {} and {}", number(bar.low, digits), number(bar.high, digits));
}

/// 2 when two digits show what happened, more when more do; 0: no number of digits does.
int digitsThatShow(double value, const BiographyEntry::Bar& bar, bool passes, int most) {
    for (int digits = FewDigits; digits <= most; ++digits)
        if (passes ? printed(value, digits) > printed(bar.high, digits)
                   : printed(value, digits) < printed(bar.low, digits))
            return digits;
    return 0;
}

std::string teacherWords(const SentenceInput& input, bool passes) {
    if (!input.entry->teacherBar)
        return {};
    return fmt::format(" ({})", barWords("confidence", input.confidence, *input.entry->teacherBar, passes, 4,
                                         input.classBars));
}

/// The stored uncertainty is exact to three digits that count: to 0.431, or 0.00431.
int digitsOfUncertainty(double uncertainty, const BiographyEntry::Bar& bar) {
    const double larger = std::max(uncertainty, bar.low);
    return larger > 0 ? std::clamp(2 - static_cast<int>(std::floor(std::log10(larger))), 3, 7) : 3;
}

std::string studentWords(const SentenceInput& input, bool passes) {
    if (!input.entry->studentBar || !input.entry->trace.scored())
        return {};
    const double uncertainty = input.entry->trace.uncertainty();
    const auto& bar = *input.entry->studentBar;
    return fmt::format(" ({})", barWords("uncertainty", uncertainty, bar, passes,
                                         digitsOfUncertainty(uncertainty, bar), input.classBars));
}

/// The student's largest probability is not recorded; the bar alone is told.
std::string studentConfidenceWords(const SentenceInput& input, bool passes) {
    const std::string what =
        input.studentLabel.empty() ? std::string("answer") : fmt::format("answer, '{}'", input.studentLabel);
    std::string words =
        fmt::format("the student is {} of its own {}", passes ? "sure enough" : "not sure enough", what);
    if (const auto& bar = input.entry->studentConfidenceBar)
        words += fmt::format(": its probability is {} the bar {}", passes ? "not below" : "below",
                             moved(*bar, FewDigits) ? barNumbers(*bar, FewDigits)
                                                    : "of " + barNumbers(*bar, FewDigits));
    return words;
}

/// Of a share of the most confident or the most uncertain. `input`'s bar is the last that is in.
std::string shareWords(const SentenceInput& input) {
    const auto ends = [](std::string_view name, double value, const BiographyEntry::Bar& bar, int digits) {
        const int shown = digitsThatShow(value, bar, false, digits);
        if (shown > 0)
            return fmt::format(" ({} {}, the share ends {} {})", name, number(value, shown),
                               moved(bar, shown) ? "somewhere" : "at", barNumbers(bar, shown));
        if (!moved(bar, digits) && printed(value, digits) == printed(bar.low, digits))
            return fmt::format(" ({} {}, where the share ends; of equals chance decides)", name,
                               number(value, FewDigits));
        return std::string();
    };
    const BiographyEntry& entry = *input.entry;
    if (entry.teacherBar)
        return "not in the share of which the teacher is surest" +
               ends("confidence", input.confidence, *entry.teacherBar, 4);
    if (entry.studentBar && entry.trace.scored())
        return "not in the share of which the student is least sure" +
               ends("uncertainty", entry.trace.uncertainty(), *entry.studentBar,
                    digitsOfUncertainty(entry.trace.uncertainty(), *entry.studentBar));
    return "not in the share that the rule keeps";
}

std::string sentenceKept(const SentenceInput& input) {
    const BiographyEntry& entry = *input.entry;
    if (entry.studentConfidenceBar)
        return fmt::format("Kept: {}.", studentConfidenceWords(input, true));
    const bool student = entry.studentBar && entry.trace.scored();
    if (entry.teacherBar && student)
        return fmt::format("Kept: the teacher is sure{} and the student is not yet{}.",
                           teacherWords(input, true), studentWords(input, true));
    if (entry.teacherBar)
        return fmt::format("Kept: the teacher is sure{}.", teacherWords(input, true));
    if (student)
        return fmt::format("Kept: the student is not sure yet{}.", studentWords(input, true));
    if (input.selection == nullptr)
        return "Kept.";
    switch (input.selection->rule) {
    case RuleKind::All:
        return "Kept: the rule keeps every sample.";
    case RuleKind::SoftMatch:
        return "Kept: the rule keeps every sample and weighs it by how sure the student is.";
    case RuleKind::Random:
        return "Kept: chance drew it.";
    case RuleKind::SmallLoss:
        return "Kept: its loss is among the smallest of its batch.";
    case RuleKind::Oracle:
        return fmt::format("Kept: the pseudo-label, '{}', is gold's.", input.label);
    case RuleKind::Llkd:
        if (input.selection->fixedRatio)
            return "Kept: it is in its batch's share with the largest confidence times uncertainty.";
        return "Kept: no threshold was on.";
    case RuleKind::Teacher:
        return "Kept: the teacher is sure.";
    case RuleKind::Student:
        return "Kept: the student is not sure yet.";
    case RuleKind::FixMatch:
    case RuleKind::FlexMatch:
    case RuleKind::FreeMatch:
        return fmt::format("Kept: {}.", studentConfidenceWords(input, true));
    }
    return "Kept.";
}

} // namespace

std::string barWords(std::string_view name, double value, const BiographyEntry::Bar& bar, bool passes,
                     int digits, bool ofClass) {
    const int shown = digitsThatShow(value, bar, passes, digits);
    const std::string_view whose = ofClass ? " for its class" : "";
    if (shown == FewDigits && passes)
        return fmt::format("{} {}, bar {}", name, number(value, shown), barNumbers(bar, shown));
    const double distance = passes ? value - bar.high : bar.low - value;
    const std::string_view just = isClose(distance, bar.high) ? "just " : "";
    if (shown > 0)
        return fmt::format("{} {}, {}{} the bar{} {}{}", name, number(value, shown), just,
                           passes ? "above" : "below", moved(bar, shown) ? "," : " of",
                           barNumbers(bar, shown), whose);
    // What is left: they print the same, or the bar moved past the value within the window.
    if (passes && !moved(bar, digits) && printed(value, digits) == printed(bar.high, digits))
        return fmt::format("{} {}, at the bar{}", name, number(value, FewDigits), whose);
    const double gap = std::abs(passes ? value - bar.low : bar.high - value);
    return fmt::format("{} {}, {}{} where the bar{} was at that step", name, number(value, FewDigits),
                       isClose(gap, bar.high) ? "just " : "", passes ? "above" : "below", whose);
}

std::string sentenceOf(const SentenceInput& input) {
    const BiographyEntry& entry = *input.entry;
    switch (entry.trace.verdict()) {
    case Verdict::Unseen:
        return "Not seen in this epoch: its turn had not come.";
    case Verdict::Kept:
        return sentenceKept(input);
    case Verdict::TeacherUnsure:
        return fmt::format("Refused: the teacher is not sure enough{}.", teacherWords(input, false));
    case Verdict::StudentSure:
        return fmt::format("Refused: the student is sure already{}.", studentWords(input, false));
    case Verdict::BothRefuse:
        return fmt::format("Refused: the teacher is not sure enough{}, and the student is sure already{}.",
                           teacherWords(input, false), studentWords(input, false));
    case Verdict::StudentUnsure:
        return fmt::format("Refused: {}.", studentConfidenceWords(input, false));
    case Verdict::NotDrawn:
        if (input.selection != nullptr && !input.selection->resample)
            return "Refused: chance left it out of the fixed subset.";
        return "Refused: chance did not draw it in this epoch.";
    case Verdict::NotInShare:
        return fmt::format("Refused: {}.", shareWords(input));
    case Verdict::LossHigh:
        return "Refused: its loss is too large to be trusted, not among the smallest of its batch.";
    case Verdict::LabelWrong:
        return fmt::format("Refused: the pseudo-label, '{}', is not gold's, '{}'.", input.label, input.gold);
    case Verdict::NoGold:
        return "Refused: it has no gold label to compare the pseudo-label with.";
    }
    return {};
}

std::string_view verdictWords(Verdict verdict) {
    switch (verdict) {
    case Verdict::Unseen:
        return "not seen";
    case Verdict::Kept:
        return "kept";
    case Verdict::TeacherUnsure:
        return "teacher not sure enough";
    case Verdict::StudentSure:
        return "student sure already";
    case Verdict::BothRefuse:
        return "both refuse";
    case Verdict::StudentUnsure:
        return "student not sure enough";
    case Verdict::NotDrawn:
        return "not drawn";
    case Verdict::NotInShare:
        return "not in the share";
    case Verdict::LossHigh:
        return "loss too large";
    case Verdict::LabelWrong:
        return "label wrong";
    case Verdict::NoGold:
        return "no gold";
    }
    return {};
}

} // namespace stillroom
