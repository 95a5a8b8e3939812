// Lines of `text;label`, as the emotion data set has them: no quoting, the last ';' of a line divides.
#pragma once

#include "core/data/line_reader.h"
#include "core/data/record.h"

#include <array>

namespace stillroom {

/// Columns `text` and `label`. A first line `text;label` or `text;label_name` is a header. Empty lines are
/// skipped; a line without ';' is a bad record.
class LabelLinesReader final : public RecordReader {
  public:
    explicit LabelLinesReader(SourceFile source) : lines_(std::move(source)) {}

    [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }
    Result<Next> next(Record& record, std::string& reason) override;
    [[nodiscard]] std::int64_t bytesRead() const override { return lines_.source().bytesRead(); }
    [[nodiscard]] std::int64_t invalidUtf8() const override { return lines_.source().invalidUtf8(); }

  private:
    LineReader lines_;
    std::vector<std::string> columns_{"text", "label"};
    std::array<std::string_view, 2> fields_;
};

} // namespace stillroom
