// Runs sorted for a comparison: by data set, then by configuration, which is everything but the seed. Pure;
// any thread.
#pragma once

#include "core/experiment/run_summary.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

struct Configuration {
    /// What sets it apart from the others on its data set, as short as it can be: "llkd", "random,
    /// ratio=0.16"; of the only one there is the experiment's name.
    std::string label;
    /// The runs that count, one a seed, ascending by seed; pointers into what was given.
    std::vector<const RunSummary*> runs;
};

/// Configurations that were measured on the same test rows.
struct ComparableRuns {
    std::string dataSet;                       ///< "humaid/*_test.tsv (15,160 test texts)"
    std::vector<Configuration> configurations; ///< in the order of their first run
};

struct SortedRuns {
    std::vector<ComparableRuns> dataSets; ///< in the order of their first run
    std::vector<std::string> remarks;     ///< what was left out, or taken together, and why: a sentence each
};

/// Only runs that were completed count. Of two runs of the same configuration and seed the newer counts.
/// Threads, checkpoints and the number of a GPU do not make another configuration, nor does the experiment's
/// name. Runs whose classes, test rows by class or test files differ are of different data sets. Pointers
/// into `runs`, which outlives what is returned.
[[nodiscard]] SortedRuns sortRuns(std::span<const RunSummary> runs);

/// What a configuration's label calls a setting: "ratio" of "selection.ratio"; as many parts as no other
/// setting has for its end: "student.model".
[[nodiscard]] std::string shortSettingName(const std::string& key);

/// In what two configurations differ apart from what their labels say and from what only one of them knows:
/// keys.
[[nodiscard]] std::vector<std::string> alsoDifferent(const Configuration& a, const Configuration& b);

} // namespace stillroom
