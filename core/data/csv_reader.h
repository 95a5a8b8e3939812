// Comma-, tab- or otherwise separated values, with a header line or without (RFC 4180 and what is found in
// the wild).
#pragma once

#include "core/data/record.h"
#include "core/data/source_file.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

struct CsvDialect {
    char delimiter = ',';
    /// Double: a field that begins with `"` ends at the next one that is not doubled, and may contain
    /// delimiters and line ends. None: a quote is a character like any other.
    enum class Quoting { Double, None } quoting = Quoting::Double;
    bool header = true; ///< false: columns are called 1, 2, …, as many as the first record has
};

/// Empty lines are skipped. A `\r` alone ends a line only in a file whose first line ends so.
/// Bad records: another number of fields than the header has; text behind a closing quote (reading goes on at
/// the next line). Errors: a quote never closed, with the line where it opens; no header;
/// nothing in a file without one.
class CsvReader final : public RecordReader {
  public:
    static Result<std::unique_ptr<RecordReader>> open(SourceFile source, CsvDialect dialect);

    [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }
    Result<Next> next(Record& record, std::string& reason) override;
    [[nodiscard]] std::int64_t bytesRead() const override { return source_.bytesRead(); }
    [[nodiscard]] std::int64_t invalidUtf8() const override { return source_.invalidUtf8(); }

  private:
    CsvReader(SourceFile source, CsvDialect dialect) : source_(std::move(source)), dialect_(dialect) {}

    /// A field as it lies in the buffer, its quotes taken off.
    struct Field {
        char* begin;
        char* end;
        bool doubled; ///< contains doubled quotes
    };
    enum class Scan { Record, Blank, End, NeedMore, Stray, Unclosed };
    Scan scan();
    Scan scanQuoted(char*& at);
    void keep(Field field);
    Result<void> skipLine();
    Result<Scan> scanWhole();
    Result<void> numberColumns();

    SourceFile source_;
    CsvDialect dialect_;
    std::vector<std::string> columns_;
    std::int64_t line_ = 1; ///< where the next record begins

    // Of the record being scanned.
    std::vector<Field> raw_;
    std::vector<std::string_view> fields_;
    std::size_t count_ = 0;      ///< fields, also those that are not kept
    std::size_t length_ = 0;     ///< bytes, its line end included
    std::int64_t newlines_ = 0;  ///< in it, its own end included
    std::int64_t quoteLine_ = 0; ///< where the last quote opened
    std::int64_t strayLine_ = 0; ///< where text follows a closing quote
};

} // namespace stillroom
