#include "core/training/session_commands.h"

#include <variant>

namespace stillroom {

std::uint64_t SessionCommands::send(decltype(Command::what) what) {
    const std::uint64_t number = ++last_;
    // A session that is over answers nothing: its channel is closed.
    if (channel_.send({number, std::move(what)}))
        waiting_.store(true, std::memory_order_release);
    return number;
}

void SessionCommands::handle() {
    while (paused_ || waiting_.load(std::memory_order_acquire)) {
        waiting_.store(false, std::memory_order_release);
        for (auto& command : paused_ ? channel_.waitAll() : channel_.takeAll()) {
            const std::string refused =
                std::visit([this](const auto& what) { return act(what); }, command.what);
            sink_(AcknowledgedEvent{command.number, acts_.step(), refused});
        }
        if (stopping_ || stepsWanted_ > 0)
            return;
        if (paused_ && !betweenSteps_)
            acts_.rest();
    }
}

void SessionCommands::stepDone() {
    if (stepsWanted_ > 0 && --stepsWanted_ == 0)
        pause();
}

void SessionCommands::close(std::int64_t step) {
    channel_.close();
    for (auto& command : channel_.takeAll())
        sink_(AcknowledgedEvent{command.number, step, "the run is over"});
}

void SessionCommands::pause() {
    paused_ = true;
    acts_.pause();
}

std::string SessionCommands::act(const PauseCommand&) {
    if (!paused_)
        pause();
    betweenSteps_ = false;
    return {};
}

std::string SessionCommands::act(const ResumeCommand&) {
    if (paused_) {
        paused_ = betweenSteps_ = false;
        acts_.goOn();
    }
    return {};
}

std::string SessionCommands::act(const StepCommand&) {
    paused_ = false;
    betweenSteps_ = true;
    ++stepsWanted_;
    return {};
}

std::string SessionCommands::act(const StopCommand&) {
    stopping_ = true;
    return {};
}

std::string SessionCommands::act(const EditCommand& edit) {
    return acts_.edit(edit);
}

} // namespace stillroom
