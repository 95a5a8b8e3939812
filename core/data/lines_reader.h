// Texts, one a line, and nothing else: no quoting, no header.
#pragma once

#include "core/data/line_reader.h"
#include "core/data/record.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stillroom {

/// One column, `text`. An empty line is an empty text, so that the n-th record is the n-th line.
class LinesReader final : public RecordReader {
  public:
    explicit LinesReader(SourceFile source) : lines_(std::move(source)) {}

    [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }
    Result<Next> next(Record& record, std::string& /*reason*/) override {
        auto read = lines_.next(line_);
        if (!read)
            return fail(std::move(read.error()));
        if (!*read)
            return Next::End;
        record.line = lines_.number();
        record.fields = {&line_, 1};
        return Next::Record;
    }
    [[nodiscard]] std::int64_t bytesRead() const override { return lines_.source().bytesRead(); }
    [[nodiscard]] std::int64_t invalidUtf8() const override { return lines_.source().invalidUtf8(); }

  private:
    LineReader lines_;
    std::vector<std::string> columns_{"text"};
    std::string_view line_;
};

} // namespace stillroom
