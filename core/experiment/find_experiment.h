// Which file an experiment's name means, and where its data lie.
#pragma once

#include "core/base/result.h"

#include <string>
#include <vector>

namespace stillroom {

/// A path as given, else a bare name ("demo", "demo.yaml") in ./experiments, beside the installed program
/// (../share/stillroom/experiments), or in the source tree that it was built from; the first that is there.
/// Errors: none is; the sentence lists the names there are, and the nearest.
Result<std::string> findExperiment(const std::string& nameOrPath);

/// The names that findExperiment knows, sorted, each once.
[[nodiscard]] std::vector<std::string> experimentNames();

/// What relative paths of `data:` and `teacher:` begin at: `option` (--data), else $STILLROOM_DATA, else the
/// folder of the experiment's file. "" as `experimentPath`: the working folder.
[[nodiscard]] std::string dataRootFor(const std::string& option, const std::string& experimentPath);

} // namespace stillroom
