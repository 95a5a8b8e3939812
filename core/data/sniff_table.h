// Which delimiter and quoting a table is written with, and whether its first line names the columns. Private
// to core/data.
#pragma once

#include "core/base/result.h"
#include "core/data/csv_reader.h"
#include "core/data/source_file.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

/// What a file gives when it is read with a dialect, the first line taken for a record like any other.
struct SniffedTable {
    CsvDialect dialect;
    std::vector<std::vector<std::string>> rows; ///< the first thousand good ones
    std::vector<std::int64_t> lines;            ///< where each of them begins, from 1
    std::int64_t bad = 0;
    bool unclosed = false; ///< a quote, though the file is there to its end

    [[nodiscard]] std::size_t columns() const { return rows.empty() ? 0 : rows.front().size(); }
    [[nodiscard]] double good() const; ///< share of the records
};

/// Of two readings with one delimiter: whether quotes are quotes. Where both are even, as when a quoted text
/// has a delimiter in each of its lines, by what the lines within quotes look like beside the other records.
[[nodiscard]] bool quotesAreQuotes(const SniffedTable& quoted, const SniffedTable& plain);

/// Opens the file anew each time.
using OpenSource = std::function<Result<SourceFile>()>;

/// Reads it with every dialect that `delimiter` and `quoting` leave open. `likely` wins where two do equally
/// well. Where nothing divides the lines alike: the one column that each line is.
/// Errors: those of `open`; no record.
Result<SniffedTable> sniffTable(const OpenSource& open, std::optional<char> delimiter,
                                std::optional<CsvDialect::Quoting> quoting, char likely);

/// Whether the first row names the columns: short and different names, none a number, above columns of
/// another kind (numbers, long texts, labels that come again), or names that people give columns. Undecided
/// is no.
[[nodiscard]] bool looksLikeHeader(std::span<const std::vector<std::string>> rows);

} // namespace stillroom
