// What a data file looks like from its first record: its columns, and which of them is probably what.
// Any thread but the window's: it opens the file.
#pragma once

#include "core/base/result.h"
#include "core/data/data_settings.h"

#include <string>
#include <vector>

namespace stillroom {

/// The columns of the split's first file. Errors: as for reading it.
Result<std::vector<std::string>> probeColumns(const SplitSettings& split, const std::string& root,
                                              const std::string& setting);

/// Column names, by what such columns are usually called; empty: none looks like it.
struct ColumnGuess {
    std::string text, id, gold, label, confidence;
    std::string probabilities; ///< a prefix that at least two columns share: "p_"
};
[[nodiscard]] ColumnGuess guessColumns(const std::vector<std::string>& columns);

} // namespace stillroom
