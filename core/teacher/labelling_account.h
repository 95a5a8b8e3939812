// What a labelling has spent, whether its budget allows one more row, and how long the rest will take.
// Private to core/teacher. One thread.
#pragma once

#include "core/teacher/labelling.h"
#include "core/teacher/llm_reply.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace stillroom {

/// Where nobody counts.
inline constexpr double BytesOfAToken = 4;

/// By the prices of the settings, which are of a million tokens.
[[nodiscard]] double costOf(const LlmSettings& settings, double promptTokens, double answerTokens);

/// Its figures stand in the LabellingState that people see: tokens and money of this time, requests sent and
/// under way.
class LabellingAccount {
  public:
    explicit LabellingAccount(const LlmSettings& settings) : settings_(settings) {}

    /// Adds what a reply cost. A server that does not count is counted for by bytes.
    void add(const LlmReply& reply, std::size_t promptBytes, LabellingState& state);
    /// The budget that one more row of `calls` requests would exceed, as a sentence; empty: none. `promised`:
    /// requests that rows which were begun will still need.
    [[nodiscard]] std::string spent(const LabellingState& state, std::int64_t promised,
                                    std::int64_t calls) const;

  private:
    LlmSettings settings_;
    std::int64_t replies_ = 0;
};

/// Seconds, when `rows` were answered within `seconds`; not less than the server's own wait. 0: not known
/// yet.
[[nodiscard]] double secondsLeft(const LabellingState& state, double seconds, std::int64_t rows);

} // namespace stillroom
