// How far the reading of an experiment's data is, which may have two parts: files, in bytes, and for a
// teacher that is asked the vectors of the texts, in tokens. One Progress counts both: where the second
// begins, its total becomes another one and `done` counts on.
#pragma once

#include <cstdint>

namespace stillroom {

/// Plain data; told now and then where the Progress stands.
class ReadingParts {
  public:
    /// `seconds` since the reading began.
    void see(std::int64_t done, std::int64_t total, double seconds);

    [[nodiscard]] bool vectors() const { return vectors_; } ///< the second part
    [[nodiscard]] double share() const { return share_; }   ///< of the part, [0, 1]
    /// Of the part; 0: not known yet.
    [[nodiscard]] double secondsLeft() const;

  private:
    std::int64_t total_ = 0, before_ = 0;
    bool vectors_ = false;
    double began_ = 0, spent_ = 0, share_ = 0;
};

} // namespace stillroom
