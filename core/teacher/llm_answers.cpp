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

} // namespace

LlmAnswers::LlmAnswers(LlmSettings settings, std::string folder, std::shared_ptr<const Dataset> data)
    : settings_(std::move(settings)), folder_(std::move(folder)), data_(std::move(data)) {}

std::vector<std::uint32_t> LlmAnswers::askable() const {
    const auto rows = data_->rows(Split::Train);
    return {rows.begin(), rows.end()};
}

Result<void> LlmAnswers::ask(std::span<const std::uint32_t> rows, TeacherOutputs& answers,
                             const AnswerWatch& watch) {
    LabellingRequest request;
    request.settings = settings_;
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
    if (!result->ended.empty())
        return fail(result->ended);
    const auto stored = storedAnswers(settings_, folder_, *data_);
    if (!stored)
        return fail(stored.error());
    for (const auto row : rows)
        copyAnswer(*stored, row, answers);
    return {};
}

} // namespace stillroom
