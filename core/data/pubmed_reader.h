// PubMed RCT's files (Dernoncourt and Lee 2017): abstracts of trials, a sentence a line behind the part of
// the abstract that it belongs to.
//   ###24293578
//   OBJECTIVE<tab>To investigate the efficacy of …
//   METHODS<tab>A total of 125 patients …
//   (an empty line ends the abstract)
#pragma once

#include "core/data/line_reader.h"
#include "core/data/record.h"

#include <array>

namespace stillroom {

/// Columns `id` (the abstract's and the sentence's number within it, from 1: "24293578-2"), `text` and
/// `label`. Bad records: a line without a tab; one before the first `###`. They count, so that skipping them
/// renames nobody.
class PubMedReader final : public RecordReader {
  public:
    explicit PubMedReader(SourceFile source) : lines_(std::move(source)) {}

    [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }
    Result<Next> next(Record& record, std::string& reason) override;
    [[nodiscard]] std::int64_t bytesRead() const override { return lines_.source().bytesRead(); }
    [[nodiscard]] std::int64_t invalidUtf8() const override { return lines_.source().invalidUtf8(); }

  private:
    LineReader lines_;
    std::vector<std::string> columns_{"id", "text", "label"};
    std::array<std::string_view, 3> fields_;
    std::string abstract_, id_;
    std::int64_t sentence_ = 0;
};

} // namespace stillroom
