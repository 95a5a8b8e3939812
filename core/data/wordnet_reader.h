// WordNet's data.noun and its sisters (wndb(5WN)): every synset's gloss is a text, and the lexicographer's
// file it was written in ("noun.animal") its label.
#pragma once

#include "core/data/line_reader.h"
#include "core/data/record.h"

#include <array>

namespace stillroom {

/// Columns `id` (offset and part of speech, "00001740n"), `text` (the gloss) and `label`. The licence at the
/// head of the file (lines that begin with two spaces) is skipped.
class WordNetReader final : public RecordReader {
  public:
    explicit WordNetReader(SourceFile source) : lines_(std::move(source)) {}

    [[nodiscard]] const std::vector<std::string>& columns() const override { return columns_; }
    Result<Next> next(Record& record, std::string& reason) override;
    [[nodiscard]] std::int64_t bytesRead() const override { return lines_.source().bytesRead(); }
    [[nodiscard]] std::int64_t invalidUtf8() const override { return lines_.source().invalidUtf8(); }

  private:
    LineReader lines_;
    std::vector<std::string> columns_{"id", "text", "label"};
    std::array<std::string_view, 3> fields_;
    std::string id_;
};

} // namespace stillroom
