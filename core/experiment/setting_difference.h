// In what runs differ, and which of them differ in their seed alone.
#pragma once

#include "core/experiment/run_summary.h"

#include <span>
#include <string>
#include <vector>

namespace stillroom {

/// Keys whose values are not the same in all runs, in the order of the file; one that is not set in some is
/// among them. The experiment's name is not a setting.
[[nodiscard]] std::vector<std::string> differingSettings(std::span<const RunSummary* const> runs);

/// "" where it is not set.
[[nodiscard]] const std::string& settingOf(const RunSummary& run, const std::string& key);

struct SeedGroup {
    std::vector<std::size_t> runs; ///< numbers within what was given, ascending
    std::string label;             ///< what sets it apart from the other groups: "random, ratio=0.16"
};

/// Runs of one configuration (configurations.h), in the order of their first run; runs that are not over,
/// too. A single group is called as its experiment.
[[nodiscard]] std::vector<SeedGroup> groupBySeed(std::span<const RunSummary* const> runs);

} // namespace stillroom
