// The labels that files have, and how often: before anybody has said which of them are classes.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/experiment/experiment.h"
#include "widgets/import_plan.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

struct LabelCounts {
    static constexpr std::size_t Most = 2000; ///< different ones: more are no classes to look through

    std::vector<ImportClass> labels; ///< sorted; each becomes the class of its own name
    std::int64_t rows = 0, unreadable = 0;
};

/// Of gold in every split, and of the teacher's columns. What the experiment renames is not renamed here.
/// Errors: those of opening the files and finding the columns; cancelled; more than `Most` labels. Takes as
/// long as reading the files does: not for the GUI thread. `progress` counts bytes.
Result<LabelCounts> countLabels(const Experiment& experiment, const std::string& root, Progress& progress);

} // namespace stillroom
