// One question of a labelling: the rows that it is asked for, and what has come of it so far. Private to
// core/teacher.
#pragma once

#include "core/teacher/answer_store.h"
#include "core/teacher/llm_answer.h"
#include "core/teacher/llm_prompt.h"
#include "core/teacher/llm_request.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

struct LabellingAsk {
    std::vector<std::uint32_t> rows; ///< all with this prompt
    std::string key;
    LlmQuestion question;
    std::string bodies; ///< of the replies as they came, joined by commas
    std::vector<LlmReply> replies;
    std::int64_t votes = 0;                          ///< choices of all replies
    std::int64_t promptTokens = 0, answerTokens = 0; ///< as the server counted them
    LlmAnswer answer;                                ///< once nothing is missing

    std::int64_t attempts = 0; ///< since the last reply
    // Of the request that was sent last.
    std::int64_t wanted = 1; ///< choices
    LlmDialect dialect;

    void take(const std::string& body, LlmReply&& reply);
    /// Votes that were stored before it was whole; what cannot be read is asked for again.
    void goOnFrom(std::span<const std::string> earlier);
    /// Choices that are still to come; 0: it is whole.
    [[nodiscard]] std::int64_t missing(const LlmSettings& settings) const;
    [[nodiscard]] StoredAnswer stored(const std::string& model) const;
    /// What the model said, for people.
    [[nodiscard]] std::string said() const;
    [[nodiscard]] std::size_t promptBytes() const;
};

/// What the model said, each choice on a line of its own; `bodies` where it said nothing.
[[nodiscard]] std::string whatWasSaid(std::span<const LlmReply> replies, const std::string& bodies);

} // namespace stillroom
