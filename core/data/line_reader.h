// A source taken apart into lines.
#pragma once

#include "core/data/source_file.h"

#include <string_view>

namespace stillroom {

/// One thread. Lines end as SourceFile::newline says; a `\r` before a `\n` belongs to the ending.
class LineReader {
  public:
    explicit LineReader(SourceFile source) : source_(std::move(source)) {}

    /// False at the end. `line` lives until the next call, with SourceFile::Padding readable bytes behind it.
    Result<bool> next(std::string_view& line);
    [[nodiscard]] std::int64_t number() const { return number_; } ///< of the last line given, from 1
    [[nodiscard]] const SourceFile& source() const { return source_; }

  private:
    SourceFile source_;
    std::int64_t number_ = 0;
};

} // namespace stillroom
