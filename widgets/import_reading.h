// What a worker does for the import wizard: looks at files, and finds one way of reading all files of a
// split. Any thread but the window's.
#pragma once

#include "core/base/progress.h"
#include "widgets/import_plan.h"

#include <string>
#include <vector>

namespace stillroom {

/// Each file, and the data files in each folder (by their endings, two folders deep, at most 1,000), looked
/// at, with a guess which split it is of: by its name, else by its folder's; a file alone is for training.
[[nodiscard]] std::vector<ImportFile> lookAtFiles(const std::vector<std::string>& paths);

/// The split that a file's name speaks of (train, dev, val, valid(ation), test), or that its folder is called
/// by; none: they say nothing.
[[nodiscard]] std::optional<Split> splitByName(const std::string& path);

/// All `paths` in one way: the one that leaves the fewest bad rows, where they seem to be written
/// differently; a remark then says so.
[[nodiscard]] SplitReading readAlike(const std::vector<std::string>& paths, const WrittenHow& said);

/// What the columns of training files probably are: by their names, else by what stands in them.
[[nodiscard]] std::vector<ColumnRole> guessRoles(const SniffedFile& file);
/// What the columns of another split's files are: as the training files' of the same name, else a guess.
[[nodiscard]] std::vector<ColumnRole> followRoles(const SniffedFile& file, const ImportSplit& train);

/// Whether a cell has something like &amp; in it.
[[nodiscard]] bool hasHtmlEntities(const SniffedFile& file);

} // namespace stillroom
