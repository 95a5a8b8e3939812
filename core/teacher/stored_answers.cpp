// What of an LLM is known without asking it: its stored answers, and what asking for the others would cost.
#include "core/teacher/answer_store.h"
#include "core/teacher/labelling.h"
#include "core/teacher/labelling_account.h"
#include "core/teacher/llm_answer.h"
#include "core/teacher/llm_prompt.h"
#include "core/teacher/llm_request.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::size_t Sampled = 20;
constexpr double TokensOfAMessage = 4; // what chat templates put around one
constexpr double TokensOfStated = 20;  // {"label": "B", "confidence": 0.8}
constexpr double TokensOfALetter = 2;

double guessedAnswerTokens(const LlmSettings& settings) {
    switch (settings.ask) {
    case LlmAsk::LogProbabilities:
        return 1;
    case LlmAsk::Stated:
        return std::min(TokensOfStated, static_cast<double>(settings.maxTokens));
    case LlmAsk::Votes:
        break;
    }
    return static_cast<double>(settings.samples) *
           std::min(TokensOfALetter, static_cast<double>(settings.maxTokens));
}

struct TokenMeans {
    double prompt = 0, answer = 0;
};

} // namespace

Result<TeacherOutputs> storedAnswers(const LlmSettings& settings, const std::string& folder,
                                     const Dataset& data) {
    TeacherOutputs outputs(data.size(), data.classCount());
    const auto prompt = LlmPrompt::load(settings, folder, data.classes());
    if (!prompt)
        return fail(prompt.error());
    AnswerStore store;
    const auto there = store.openIfThere(answersPath(settings, folder));
    if (!there)
        return fail(there.error());
    if (!*there)
        return outputs;
    for (std::size_t row = 0; row < data.size(); ++row) {
        const LlmQuestion question = prompt->ask(data.text(row));
        const auto stored = store.find(answerKey(settings, question));
        if (!stored)
            return fail(stored.error());
        if (!*stored)
            continue;
        if (const auto replies = readReplies((*stored)->replies))
            readAnswer(settings, *replies, question.choices).putInto(outputs, row);
    }
    return outputs;
}

Result<LabellingEstimate> estimateLabelling(const LabellingRequest& request, const Dataset& data) {
    const LlmSettings& settings = request.settings;
    if (auto checked = checkLlm(settings); !checked)
        return fail(std::move(checked.error()));
    const auto prompt = LlmPrompt::load(settings, request.folder, data.classes());
    if (!prompt)
        return fail(prompt.error());
    AnswerStore store;
    const auto there = store.openIfThere(answersPath(settings, request.folder));
    if (!there)
        return fail(there.error());
    LabellingEstimate estimate;
    estimate.rows = static_cast<std::int64_t>(request.rows.size());
    std::vector<std::uint32_t> unknown;
    TokenMeans counted;
    double countedRows = 0;
    for (const auto row : request.rows) {
        const LlmQuestion question = prompt->ask(data.text(row));
        if (estimate.firstPrompt.empty())
            for (const auto& message : question.messages)
                estimate.firstPrompt += fmt::format("{}[{}]\n{}\n", estimate.firstPrompt.empty() ? "" : "\n",
                                                    message.role, message.content);
        AnswerStore::Known known;
        const std::string key = *there ? answerKey(settings, question) : std::string();
        if (*there) {
            const auto looked = store.look(key);
            if (!looked)
                return fail(looked.error());
            known = *looked;
        }
        if (!known.stored || (known.refused && request.askAgain)) {
            unknown.push_back(row);
            continue;
        }
        ++estimate.known;
        if (countedRows < static_cast<double>(Sampled))
            if (const auto stored = store.find(key); stored && *stored && (*stored)->promptTokens > 0) {
                counted.prompt += static_cast<double>((*stored)->promptTokens);
                counted.answer += static_cast<double>((*stored)->answerTokens);
                ++countedRows;
            }
    }
    TokenMeans means{counted.prompt / std::max(1.0, countedRows),
                     counted.answer / std::max(1.0, countedRows)};
    if (countedRows == 0 && !unknown.empty()) {
        const std::size_t sampled = std::min(Sampled, unknown.size());
        for (std::size_t i = 0; i < sampled; ++i) // evenly over all
            for (const auto& message : prompt->ask(data.text(unknown[i * unknown.size() / sampled])).messages)
                means.prompt +=
                    TokensOfAMessage + static_cast<double>(message.content.size()) / BytesOfAToken;
        means.prompt /= static_cast<double>(sampled);
        means.answer = guessedAnswerTokens(settings);
    }
    const auto left = static_cast<double>(unknown.size());
    estimate.promptTokens = left * means.prompt;
    estimate.answerTokens = left * means.answer;
    estimate.money = costOf(settings, estimate.promptTokens, estimate.answerTokens);
    return estimate;
}

} // namespace stillroom
