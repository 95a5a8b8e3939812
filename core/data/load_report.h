// What was seen while reading: sizes, repairs, bad rows. For the window's Data page and `check`.
#pragma once

#include "core/base/result.h"
#include "core/data/dataset.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

enum class BadRowPolicy { Stop, Skip };

struct BadRow {
    std::string file;     ///< as the user knows it: relative to the data root where it lies below
    std::int64_t row = 0; ///< line in the file, from 1, where the record begins
    std::string column;   ///< empty: the whole row
    std::string reason;   ///< "confidence 1.7 is not between 0 and 1"

    [[nodiscard]] std::string sentence() const; ///< "humaid/a.csv, line 12, column confidence: …"
};

/// Counts all bad rows and keeps the first fifty.
struct BadRows {
    static constexpr std::size_t Listed = 50;
    std::int64_t count = 0;
    std::vector<BadRow> first;
    std::int64_t files = 0; ///< that have one
    std::string lastFile;   ///< the rows of a file are added together

    void add(BadRow row);
    /// The error that `--bad-rows stop` ends with: "17 bad rows in 2 files; …", and the first ones as
    /// details.
    [[nodiscard]] Error error() const;
};

struct LoadReport {
    struct File {
        std::string path;
        Split split = Split::Train;
        std::int64_t bytes = 0;
        std::int64_t rows = 0;
    };
    std::vector<File> files;
    BadRows badRows;
    std::int64_t invalidUtf8 = 0;   ///< ill-formed byte sequences replaced by U+FFFD
    std::int64_t unescapedHtml = 0; ///< entities turned into characters
    std::int64_t emptyTexts = 0;
    double seconds = 0;
};

} // namespace stillroom
