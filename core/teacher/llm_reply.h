// What an OpenAI-compatible server answers to POST …/chat/completions, read from its bytes.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stillroom {

struct LlmReply {
    /// What might have been said at one place, with its natural logarithm of the probability.
    using Alternatives = std::vector<std::pair<std::string, double>>;
    struct Choice {
        std::string content; ///< what was said; of a refusal the refusal
        bool cut = false;    ///< it ended because max_tokens were reached
        Alternatives first;  ///< of the first token that is not of spaces alone; empty: none were sent
    };
    std::vector<Choice> choices;
    std::int64_t promptTokens = 0, answerTokens = 0; ///< 0: the server did not count
};

/// Replies longer than this are not read.
inline constexpr std::size_t LlmReplyLimit = std::size_t{1} << 20;

/// Errors: no JSON; JSON that is no such answer. The sentence begins "the server's reply"; nothing of the
/// reply is in it. Ill-formed UTF-8 is repaired first, for tokens may be parts of characters.
Result<LlmReply> readReply(std::string_view body);

/// The same of several, as a store keeps them: a JSON list of them.
Result<std::vector<LlmReply>> readReplies(std::string_view list);

/// The message of an error's body, {"error": {"message": …}} in its various shapes; empty: there is none. It
/// may hold anything.
[[nodiscard]] std::string readErrorMessage(std::string_view body);

} // namespace stillroom
