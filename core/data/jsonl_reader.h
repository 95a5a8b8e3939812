// One JSON object a line, parsed by simdjson.
#pragma once

#include "core/data/line_reader.h"
#include "core/data/record.h"

#include <memory>
#include <string>
#include <vector>

namespace stillroom {

/// Columns are the keys of the first 1,000 objects. A string is given unescaped, null as empty, every other
/// value as its JSON text. Of a key that occurs twice the last value counts. Empty lines are skipped; a line
/// that is no object is a bad record.
class JsonlReader final : public RecordReader {
  public:
    /// `path` is read twice: first for the columns. Errors: a JSON array instead of lines; no object in
    /// sight.
    static Result<std::unique_ptr<RecordReader>> open(const std::string& path, SourceFile source,
                                                      SourceOptions options);
    /// Of a stream, which cannot be read twice: the columns are these keys, whether anybody has them or not.
    static std::unique_ptr<RecordReader> of(SourceFile source, std::vector<std::string> columns);
    ~JsonlReader() override;

    [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }
    Result<Next> next(Record& record, std::string& reason) override;
    [[nodiscard]] std::int64_t bytesRead() const override { return lines_.source().bytesRead(); }
    [[nodiscard]] std::int64_t invalidUtf8() const override { return lines_.source().invalidUtf8(); }

  private:
    struct Parser;
    explicit JsonlReader(SourceFile source);

    LineReader lines_;
    std::unique_ptr<Parser> parser_;
    std::vector<std::string> columns_;
    std::vector<std::string_view> fields_;
};

} // namespace stillroom
