#include "core/teacher/labelling_ask.h"

#include <algorithm>
#include <utility>

namespace stillroom {

void LabellingAsk::take(const std::string& body, LlmReply&& reply) {
    bodies += (bodies.empty() ? "" : ",") + body;
    votes += static_cast<std::int64_t>(reply.choices.size());
    promptTokens += reply.promptTokens;
    answerTokens += reply.answerTokens;
    replies.push_back(std::move(reply));
    attempts = 0;
}

void LabellingAsk::goOnFrom(std::span<const std::string> earlier) {
    for (const auto& body : earlier)
        if (auto reply = readReply(body))
            take(body, std::move(*reply));
}

std::int64_t LabellingAsk::missing(const LlmSettings& settings) const {
    if (settings.ask == LlmAsk::Votes)
        return std::max<std::int64_t>(0, settings.samples - votes);
    return replies.empty() ? 1 : 0;
}

StoredAnswer LabellingAsk::stored(const std::string& model) const {
    return {key, model, "[" + bodies + "]", answer.refused, promptTokens, answerTokens};
}

std::string LabellingAsk::said() const {
    return whatWasSaid(replies, bodies);
}

std::size_t LabellingAsk::promptBytes() const {
    std::size_t bytes = 0;
    for (const auto& message : question.messages)
        bytes += message.content.size();
    return bytes;
}

std::string whatWasSaid(std::span<const LlmReply> replies, const std::string& bodies) {
    std::string said;
    for (const auto& reply : replies)
        for (const auto& choice : reply.choices)
            said += (said.empty() ? "" : "\n") + choice.content;
    return said.empty() ? bodies : said;
}

} // namespace stillroom
