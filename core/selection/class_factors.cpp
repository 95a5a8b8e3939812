#include "core/selection/class_factors.h"

#include "core/base/number.h"

#include <algorithm>

namespace stillroom {

namespace {

std::string sentenceOf(std::string_view key, const std::string& name, std::span<const std::string> classes) {
    std::string sentence(key);
    sentence.append(" names '").append(name).append("', which is none of the classes; ");
    const std::vector<std::string_view> known(classes.begin(), classes.end());
    if (const std::string nearest = nearestWord(name, known); !nearest.empty())
        return sentence.append("did you mean '").append(nearest).append("'?");
    constexpr std::size_t Shown = 10;
    sentence.append("they are ");
    for (std::size_t i = 0; i < std::min(Shown, classes.size()); ++i)
        sentence.append(i > 0 ? ", " : "").append(classes[i]);
    return sentence.append(classes.size() > Shown ? ", …" : "");
}

Result<void> checkNames(std::string_view key, const ClassFactors& named,
                        std::span<const std::string> classes) {
    if (classes.empty())
        return {};
    for (const auto& [name, factor] : named)
        if (std::find(classes.begin(), classes.end(), name) == classes.end())
            return fail(sentenceOf(key, name, classes));
    return {};
}

} // namespace

FactorsByClass::FactorsByClass(const ClassFactors& named, std::span<const std::string> classes) {
    for (const auto& [name, factor] : named)
        if (const auto found = std::find(classes.begin(), classes.end(), name); found != classes.end())
            named_.push_back({static_cast<std::size_t>(found - classes.begin()), factor});
}

void FactorsByClass::apply(const RunPlace& place, std::vector<double>& thresholds) const {
    if (thresholds.empty())
        return;
    for (const auto& [label, factor] : named_)
        thresholds[label] *= factor.at(place);
}

void FactorsByClass::cut(double cut, const RunPlace& place, std::size_t classes,
                         std::vector<double>& thresholds) const {
    thresholds.assign(classes, cut);
    for (const auto& [label, factor] : named_)
        thresholds[label] = std::min(1.0, cut * factor.at(place));
}

Result<void> checkClassNames(const SelectionSettings& settings, std::span<const std::string> classes) {
    const bool llkd = settings.rule == RuleKind::Llkd;
    if (llkd || (settings.rule == RuleKind::Teacher && settings.cut))
        if (auto good = checkNames("selection.teacher_class_scales", settings.teacherClassScales, classes);
            !good)
            return good;
    if (llkd || (settings.rule == RuleKind::Student && settings.cut))
        return checkNames("selection.student_class_scales", settings.studentClassScales, classes);
    return {};
}

} // namespace stillroom
