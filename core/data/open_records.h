// Which format a file has, and the reader for it.
#pragma once

#include "core/base/result.h"
#include "core/data/record.h"
#include "core/data/source_file.h"

#include <memory>
#include <string>

namespace stillroom {

enum class RecordFormat { Csv, Tsv, Jsonl, LabelLines, WordNet };

/// A file and how it is written. `setting` is the section that names it (`data.train`, `teacher`): errors say
/// which of its keys to change.
struct RecordSource {
    std::string path;  ///< as it is opened
    std::string shown; ///< as sentences name it
    std::string setting;
    std::string filesKey = "files"; ///< the key that named the file
    std::string format;             ///< as in SplitSettings
    std::string delimiter;
    std::string quoting;
};

/// The format that is named, else the ending's. Errors: unknown name, unknown ending.
Result<RecordFormat> recordFormat(const RecordSource& source);

/// Opens the file and reads as far as its columns' names.
/// Errors: those of SourceFile::open; unknown format or quoting; a delimiter that is not one character.
Result<std::unique_ptr<RecordReader>> openRecords(const RecordSource& source, SourceOptions options = {});

/// `path` as it is opened: itself when absolute, else below `root`.
[[nodiscard]] std::string pathBelow(const std::string& root, const std::string& path);
/// `path` as sentences name it: relative to `root` where it lies below.
[[nodiscard]] std::string shownPath(const std::string& root, const std::string& path);

} // namespace stillroom
