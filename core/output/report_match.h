// Whether data that were read are those that a run was trained on, as far as what it recorded can tell.
// Private to core/output.
#pragma once

#include "core/experiment/prepare.h"
#include "core/experiment/run_folder.h"
#include "core/lab/sample_table.h"

#include <string>

namespace stillroom {

/// In what they are others: "they have 99 training samples, and the run had 400". Empty: in nothing that was
/// recorded. Texts alone are not: what the teacher says of them, by batches, is, and the gold of the test.
[[nodiscard]] std::string whyNotOfRun(const StoredRun& run, const Prepared& prepared,
                                      const SampleTable& table);

} // namespace stillroom
