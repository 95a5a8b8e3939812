#include "core/teacher/llm_answers.h"

#include "core/teacher/labelling.h"

#include <fmt/format.h>
#include <utility>

namespace stillroom {

namespace {

constexpr int LookEvery = 100; // milliseconds

/// What people should know while they wait.
std::string noteOf(const LabellingState& state) {
    if (state.waiting > 0)
        return fmt::format("the server asked to wait {:.0f} s", state.waiting);
    if (state.money > 0)
        return fmt::format("{:.2f} spent", state.money);
    return state.problem;
}

tl::unexpected<Error> budgetIsSpent() {
    return fail("teacher.budget is spent before all texts of asking.calls were asked about; what was "
                "answered is stored: raise the budget, or lower asking.calls");
}

} // namespace

LlmAnswers::LlmAnswers(LlmSettings settings, std::string folder, std::shared_ptr<const Dataset> data)
    : settings_(std::move(settings)), folder_(std::move(folder)), data_(std::move(data)) {}

std::vector<std::uint32_t> LlmAnswers::askable() const {
    const auto rows = data_->rows(Split::Train);
    return {rows.begin(), rows.end()};
}

Result<LlmSettings> LlmAnswers::withBudgetLeft() const {
    LlmSettings settings = settings_;
    const auto take = [](auto& budget, auto spent) {
        const bool left = budget == 0 || budget > spent; // 0 is no budget
        budget = budget == 0 ? 0 : budget - spent;
        return left;
    };
    if (!take(settings.budgetCalls, spentCalls_) || !take(settings.budgetTokens, spentTokens_) ||
        !take(settings.budgetMoney, spentMoney_))
        return budgetIsSpent();
    return settings;
}

Result<void> LlmAnswers::ask(std::span<const std::uint32_t> rows, TeacherOutputs& answers,
                             const AnswerWatch& watch) {
    auto settings = withBudgetLeft();
    if (!settings)
        return fail(std::move(settings.error()));
    LabellingRequest request;
    request.settings = *std::move(settings);
    request.rows.assign(rows.begin(), rows.end());
    request.folder = folder_;
    auto labelling = Labelling::start(std::move(request), data_);
    if (!labelling)
        return fail(std::move(labelling.error()));
    bool stopped = false;
    while (!(*labelling)->wait(LookEvery)) {
        const LabellingState state = (*labelling)->state();
        if (!stopped &&
            !watch({static_cast<std::int64_t>(rows.size()), state.known, state.secondsLeft, noteOf(state)})) {
            (*labelling)->cancel();
            stopped = true;
        }
    }
    const auto result = (*labelling)->wait();
    if (!result)
        return fail(result.error());
    if (stopped)
        return fail("interrupted", ErrorKind::Cancelled);
    spentCalls_ += result->state.asked;
    spentTokens_ += result->state.promptTokens + result->state.answerTokens;
    spentMoney_ += result->state.money;
    if (!result->ended.empty())
        return budgetIsSpent();
    const auto stored = storedAnswers(settings_, folder_, *data_);
    if (!stored)
        return fail(stored.error());
    for (const auto row : rows)
        copyAnswer(*stored, row, answers);
    return {};
}

} // namespace stillroom
