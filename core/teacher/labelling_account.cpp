#include "core/teacher/labelling_account.h"

#include "core/base/number.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr double Million = 1e6;

} // namespace

double costOf(const LlmSettings& settings, double promptTokens, double answerTokens) {
    return (promptTokens * settings.promptPrice + answerTokens * settings.answerPrice) / Million;
}

void LabellingAccount::add(const LlmReply& reply, std::size_t promptBytes, LabellingState& state) {
    std::int64_t prompt = reply.promptTokens, answer = reply.answerTokens;
    if (prompt + answer == 0) {
        prompt = std::llround(static_cast<double>(promptBytes) / BytesOfAToken);
        for (const auto& choice : reply.choices)
            answer += 1 + std::llround(static_cast<double>(choice.content.size()) / BytesOfAToken);
    }
    ++replies_;
    state.promptTokens += prompt;
    state.answerTokens += answer;
    state.money += costOf(settings_, static_cast<double>(prompt), static_cast<double>(answer));
}

std::string LabellingAccount::spent(const LabellingState& state, std::int64_t promised,
                                    std::int64_t calls) const {
    if (settings_.budgetCalls > 0 && state.asked + promised + calls > settings_.budgetCalls)
        return fmt::format("the budget of {} calls is spent", groupThousands(settings_.budgetCalls));
    // Those under way will cost what the others did.
    const double share =
        replies_ == 0 ? 0 : static_cast<double>(state.underWay + 1) / static_cast<double>(replies_);
    const auto tokens = static_cast<double>(state.promptTokens + state.answerTokens);
    if (settings_.budgetTokens > 0 && tokens * (1 + share) > static_cast<double>(settings_.budgetTokens))
        return fmt::format("the budget of {} tokens is spent", groupThousands(settings_.budgetTokens));
    if (settings_.budgetMoney > 0 && state.money * (1 + share) > settings_.budgetMoney)
        return fmt::format("the budget of {} (teacher.budget.money) is spent",
                           writeNumber(settings_.budgetMoney));
    return {};
}

double secondsLeft(const LabellingState& state, double seconds, std::int64_t rows) {
    if (rows == 0)
        return 0;
    const std::int64_t left = state.rows - state.known - state.failed;
    return std::max(state.waiting, seconds * static_cast<double>(left) / static_cast<double>(rows));
}

} // namespace stillroom
