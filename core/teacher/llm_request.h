// One question to an LLM as the bytes of a request, and the key under which its answer is kept. Pure.
#pragma once

#include "core/teacher/llm_prompt.h"

#include <QByteArray>
#include <cstdint>
#include <string>

namespace stillroom {

/// How many alternatives to a token are asked for: the most that servers give.
inline constexpr int LlmAlternatives = 20;

/// Under which name the most tokens of an answer are sent: newer models of OpenAI's refuse the name that all
/// other servers know, and no other server need know theirs.
enum class LlmLimitName { MaxTokens, MaxCompletionTokens };

/// What servers differ in, found out by asking.
struct LlmDialect {
    LlmLimitName limit = LlmLimitName::MaxTokens;
    /// Of a stated confidence: the server is told the shape of the answer (response_format, a JSON schema),
    /// to which many hold their model; some refuse that.
    bool schema = true;
};

/// The JSON for POST …/chat/completions: model, messages, temperature, max_tokens (or max_completion_tokens);
/// of log-probabilities also logprobs and top_logprobs; of a stated confidence response_format; with
/// `samples` above 1 n.
[[nodiscard]] QByteArray requestBody(const LlmSettings& settings, const LlmQuestion& question,
                                     std::int64_t samples, const LlmDialect& dialect = {});

/// SHA-256, in hexadecimal digits, of all that the answer may depend on: model, way of asking, its parameters
/// and every message as it is sent, the text with it. The server's address is no part of it.
[[nodiscard]] std::string answerKey(const LlmSettings& settings, const LlmQuestion& question);

} // namespace stillroom
