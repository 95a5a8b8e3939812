#include "core/selection/rule.h"

#include "core/selection/rules.h"

#include <algorithm>
#include <array>

namespace stillroom {

namespace {

struct Kind {
    std::string_view name, title;
    std::unique_ptr<Rule> (*make)(const SelectionSettings&, const Population&);
};
// In the order of RuleKind.
constexpr std::array<Kind, RuleCount> Kinds{{{"all", "All samples", makeAll},
                                             {"random", "Random share", makeRandom},
                                             {"teacher", "Teacher's confidence", makeTeacher},
                                             {"student", "Student's uncertainty", makeStudent},
                                             {"fixmatch", "FixMatch", makeFixMatch},
                                             {"flexmatch", "FlexMatch", makeFlexMatch},
                                             {"freematch", "FreeMatch", makeFreeMatch},
                                             {"softmatch", "SoftMatch", makeSoftMatch},
                                             {"small_loss", "Small loss (co-teaching)", makeSmallLoss},
                                             {"oracle", "Oracle (needs gold)", makeOracle},
                                             {"llkd", "LLKD (reconstructed)", makeLlkd}}};
static_assert(static_cast<int>(RuleKind::Llkd) == RuleCount - 1);

const Kind& kindOf(RuleKind rule) {
    return Kinds.at(static_cast<std::size_t>(rule));
}

} // namespace

Result<std::unique_ptr<Rule>> makeRule(const SelectionSettings& settings, const Population& population) {
    if (auto good = checkSelection(settings); !good)
        return fail(good.error());
    if (auto good = checkClassNames(settings, population.classNames); !good)
        return fail(good.error());
    assert(population.classCount > 0);
    assert(population.confidences.size() == population.labels.size());
    if (settings.rule == RuleKind::Oracle &&
        std::none_of(population.gold.begin(), population.gold.end(), [](auto gold) { return gold >= 0; }))
        return fail("the rule 'oracle' keeps the samples whose pseudo-label is right, but no training sample "
                    "has a gold label; name the column in data.train.gold or take another selection.rule");
    return kindOf(settings.rule).make(settings, population);
}

std::string_view ruleName(RuleKind rule) {
    return kindOf(rule).name;
}

std::string_view ruleTitle(RuleKind rule) {
    return kindOf(rule).title;
}

} // namespace stillroom
