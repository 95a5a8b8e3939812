// The `data:` section of an experiment.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace stillroom {

/// How one split's files are written, and which of their columns is what.
struct SplitSettings {
    std::vector<std::string> files; ///< paths or globs (`*`, `?`, `[…]`), relative to the data root
    std::string format; ///< csv, tsv, jsonl, label_lines, pubmed_rct, wordnet; empty: by the file's ending
    std::string id;     ///< column names; for label_lines, pubmed_rct and wordnet they are fixed
    std::string text;
    std::string gold;      ///< empty: no gold
    std::string delimiter; ///< one character; empty: the format's
    std::string quoting;   ///< double, none; empty: double for csv and tsv
    /// Further columns that belong to the text, each on a line of its own behind what is before it; one that
    /// is empty adds nothing. In YAML text: [title, abstract].
    std::vector<std::string> moreText = {};
    /// utf-8, utf-16, windows-1252; empty: utf-8. A byte order mark is believed before all of them.
    std::string encoding = {};
    bool header = true; ///< false: csv and tsv without a header line; columns are called 1, 2, …

    friend bool operator==(const SplitSettings&, const SplitSettings&) = default;
};

/// Shares of the training rows put aside, by a hash of the seed and the row's number.
struct HoldoutSettings {
    double validation = 0;
    double test = 0;
    std::int64_t seed = 1;

    friend bool operator==(const HoldoutSettings&, const HoldoutSettings&) = default;
};

struct DataSettings {
    SplitSettings train;
    SplitSettings validation;
    SplitSettings test;
    HoldoutSettings holdout;
    bool unescapeHtml = false;
    /// Label in the files → class; several may become one. Of gold and of what the teacher said.
    std::vector<std::pair<std::string, std::string>> rename;
    std::vector<std::string> classes; ///< in this order; empty: the labels found, sorted

    friend bool operator==(const DataSettings&, const DataSettings&) = default;
};

} // namespace stillroom
