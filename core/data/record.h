// One record of a file of any format: named columns of text. Formats differ in how they come to it
// (core/data/*_reader.h), the loader does not care.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// Views into the reader's buffers: valid until the next record is asked for.
/// JSON values that are not strings are given as their JSON text (`0.95`, `{"a":0.9}`); null is empty.
struct Record {
    std::int64_t line = 0;                    ///< where it begins, from 1
    std::span<const std::string_view> fields; ///< as many as there are columns
};

/// Reads a file's records in order, in bounded memory; core/data/open_records.h makes one. One thread.
class RecordReader {
  public:
    virtual ~RecordReader() = default;
    /// Names of the columns, known once the file is opened (JSONL: the keys of its first 1,000 records, in
    /// the order in which they come; a record without one of them has it empty).
    [[nodiscard]] virtual const std::vector<std::string>& columns() const = 0;
    enum class Next { Record, End, Bad };
    /// Bad: the record cannot be read (ragged, no JSON); `reason` says why, `record.line` where, and reading
    /// can go on.
    /// Errors end the file: an unclosed quote, a record over the limit, I/O.
    virtual Result<Next> next(Record& record, std::string& reason) = 0;

    // What was read so far, for progress and reports.
    [[nodiscard]] virtual std::int64_t bytesRead() const { return 0; }
    [[nodiscard]] virtual std::int64_t invalidUtf8() const { return 0; } ///< sequences replaced by U+FFFD
};

/// Somebody who reads further columns of the training files while they pass: the teacher.
class RecordObserver {
  public:
    virtual ~RecordObserver() = default;
    /// Once for each file, before its first record.
    virtual Result<void> begin(const std::string& file, const std::vector<std::string>& columns) = 0;
    /// A record that is otherwise good. An answer other than empty makes it a bad row: the column and why.
    struct Refusal {
        std::string column;
        std::string reason;
        [[nodiscard]] bool empty() const { return reason.empty(); }
    };
    virtual Refusal look(const Record& record) = 0;
    /// The record that was last looked at has become this row.
    virtual void accepted(std::uint32_t row) = 0;
};

} // namespace stillroom
