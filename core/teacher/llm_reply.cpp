#include "core/teacher/llm_reply.h"

#include "core/data/utf8.h"

#include <algorithm>
#include <simdjson.h>

namespace stillroom {

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t DeepestNesting = 64;

/// One a thread: its buffers are used again.
simdjson::dom::parser& parser() {
    static thread_local simdjson::dom::parser one;
    return one;
}

bool parse(std::string_view body, element& root) {
    if (parser().max_depth() != DeepestNesting)
        if (parser().allocate(std::max<std::size_t>(body.size(), 4096), DeepestNesting) != simdjson::SUCCESS)
            return false;
    return parser().parse(body.data(), body.size(), true).get(root) == simdjson::SUCCESS;
}

std::string textOf(const object& from, std::string_view key) {
    std::string_view text;
    return from.at_key(key).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::int64_t countOf(const object& from, std::string_view key) {
    std::int64_t count = 0;
    return from.at_key(key).get(count) == simdjson::SUCCESS ? std::max<std::int64_t>(0, count) : 0;
}

/// A text, or a list of parts with texts.
std::string contentOf(const object& message) {
    std::string content = textOf(message, "content");
    array parts;
    if (message.at_key("content").get(parts) == simdjson::SUCCESS)
        for (const element part : parts)
            if (object fields; part.get(fields) == simdjson::SUCCESS)
                content += textOf(fields, "text");
    return content.empty() ? textOf(message, "refusal") : content;
}

bool addAlternative(const object& from, LlmReply::Alternatives& all) {
    std::string_view token;
    double logarithm = 0;
    if (from.at_key("token").get(token) != simdjson::SUCCESS ||
        from.at_key("logprob").get(logarithm) != simdjson::SUCCESS)
        return false;
    all.emplace_back(token, logarithm);
    return true;
}

bool isSpace(std::string_view token) {
    return token.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

LlmReply::Alternatives firstToken(const object& choice) {
    array tokens;
    if (choice["logprobs"]["content"].get(tokens) != simdjson::SUCCESS)
        return {};
    for (const element token : tokens) {
        object fields;
        LlmReply::Alternatives said, all;
        if (token.get(fields) != simdjson::SUCCESS || !addAlternative(fields, said))
            continue;
        if (isSpace(said[0].first))
            continue;
        if (array top; fields.at_key("top_logprobs").get(top) == simdjson::SUCCESS)
            for (const element alternative : top)
                if (object one; alternative.get(one) == simdjson::SUCCESS)
                    addAlternative(one, all);
        return all.empty() ? said : all;
    }
    return {};
}

Result<LlmReply> replyOf(const element& root) {
    array choices;
    if (root["choices"].get(choices) != simdjson::SUCCESS || choices.size() == 0)
        return fail(
            "the server's reply is JSON without 'choices', as an OpenAI-compatible server sends them");
    LlmReply reply;
    for (const element each : choices) {
        object choice, message;
        if (each.get(choice) != simdjson::SUCCESS ||
            choice.at_key("message").get(message) != simdjson::SUCCESS)
            return fail("the server's reply has a choice without a 'message' in it");
        reply.choices.push_back(
            {contentOf(message), textOf(choice, "finish_reason") == "length", firstToken(choice)});
    }
    if (object usage; root["usage"].get(usage) == simdjson::SUCCESS) {
        reply.promptTokens = countOf(usage, "prompt_tokens");
        reply.answerTokens = countOf(usage, "completion_tokens");
    }
    return reply;
}

} // namespace

Result<LlmReply> readReply(std::string_view body) {
    std::string repaired;
    if (!isUtf8(body)) {
        appendRepaired(repaired, body);
        body = repaired;
    }
    element root;
    if (!parse(body, root))
        return fail("the server's reply is no JSON; see that teacher.base_url is the address of an "
                    "OpenAI-compatible server, with its /v1");
    return replyOf(root);
}

Result<std::vector<LlmReply>> readReplies(std::string_view list) {
    element root;
    array all;
    if (!parse(list, root) || root.get(all) != simdjson::SUCCESS)
        return fail("the stored replies are no JSON list");
    std::vector<LlmReply> replies;
    for (const element each : all) {
        auto reply = replyOf(each);
        if (!reply)
            return fail(std::move(reply.error()));
        replies.push_back(std::move(*reply));
    }
    return replies;
}

std::string readErrorMessage(std::string_view body) {
    std::string repaired;
    appendRepaired(repaired, body);
    element root;
    if (!parse(repaired, root))
        return {};
    std::string_view found;
    if (root["error"]["message"].get(found) != simdjson::SUCCESS &&
        root["error"].get(found) != simdjson::SUCCESS && root["message"].get(found) != simdjson::SUCCESS &&
        root["detail"].get(found) != simdjson::SUCCESS)
        return {};
    return std::string(found);
}

} // namespace stillroom
