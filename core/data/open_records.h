// Which format a file has, and the reader for it.
#pragma once

#include "core/base/result.h"
#include "core/data/record.h"
#include "core/data/source_file.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stillroom {

enum class RecordFormat { Csv, Tsv, Jsonl, LabelLines, PubMedRct, WordNet };

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
    std::string encoding;
    bool header = true;
};

/// The file of settings that say how it is written under these names (SplitSettings, TeacherSettings, …).
template <class Settings>
[[nodiscard]] RecordSource recordSourceOf(const Settings& settings, std::string path, std::string shown,
                                          std::string setting) {
    RecordSource source;
    source.path = std::move(path);
    source.shown = std::move(shown);
    source.setting = std::move(setting);
    source.format = settings.format;
    source.delimiter = settings.delimiter;
    source.quoting = settings.quoting;
    source.encoding = settings.encoding;
    source.header = settings.header;
    return source;
}

/// The format that is named, else the ending's; of a .txt its first line says whether it is of PubMed RCT
/// ("###" and an abstract's number) or `text;label`. Errors: unknown name, unknown ending.
Result<RecordFormat> recordFormat(const RecordSource& source);

/// Opens the file and reads as far as its columns' names.
/// Errors: those of SourceFile::open; unknown format, quoting or encoding; a delimiter that is not one
/// character; no header where the format has none to leave out.
Result<std::unique_ptr<RecordReader>> openRecords(const RecordSource& source, SourceOptions options = {});

/// The same of a pipe or a terminal, whose format must be named. JSON lines are read once: `wanted` are their
/// columns, and a record without one of them has a field whose data() is null.
Result<std::unique_ptr<RecordReader>> openRecordStream(int descriptor, const RecordSource& source,
                                                       const std::vector<std::string>& wanted,
                                                       SourceOptions options = {});

/// The formats' names, as sentences list them and settings take them.
inline constexpr std::array<std::string_view, 6> RecordFormatNames{"csv",         "tsv",        "jsonl",
                                                                   "label_lines", "pubmed_rct", "wordnet"};

/// `path` as it is opened: itself when absolute, else below `root`.
[[nodiscard]] std::string pathBelow(const std::string& root, const std::string& path);
/// `path` as sentences name it: relative to `root` where it lies below.
[[nodiscard]] std::string shownPath(const std::string& root, const std::string& path);

} // namespace stillroom
