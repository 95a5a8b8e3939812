// What configurations are called beside each other. Private to core/experiment. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace stillroom {

inline constexpr const char* RuleKey = "selection.rule";

/// One label a configuration, from its settings, by the fewest settings that tell all of them apart: the rule
/// first, without its key, then those that part the most pairs that are alike so far. Where there is nothing
/// to tell apart (one configuration, or all alike), "". Different settings give different labels.
[[nodiscard]] std::vector<std::string>
configurationLabels(const std::vector<std::map<std::string, std::string>>& settings);

} // namespace stillroom
