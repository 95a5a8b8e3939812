// What is asked of a session while it trains: pause, go on, step, stop, edit. What each of them does to the
// training is the session's own.
#pragma once

#include "core/base/channel.h"
#include "core/engine/session.h"

#include <atomic>
#include <functional>
#include <string>

namespace stillroom {

/// `send` from any thread; all else on the training thread.
class SessionCommands {
  public:
    struct Acts { ///< the session's part
        std::function<void()> pause, goOn;
        std::function<std::string(const EditCommand&)> edit; ///< why it is refused; empty: done
        std::function<void()> rest; ///< it is paused, and not between two steps: it may be for long
        std::function<std::int64_t()> step;
    };
    SessionCommands(Acts acts, const EventSink& sink) : acts_(std::move(acts)), sink_(sink) {}

    /// The number that the acknowledgement will bear.
    std::uint64_t send(decltype(Command::what) what);
    void begin(bool paused) { paused_ = paused; }
    /// Does what is asked. Returns at once, unless the session is paused: then with the command that ends it.
    void handle();
    /// A step was done: the last of those that were asked for pauses.
    void stepDone();
    /// What comes from here on, or came too late, is refused: the run is over.
    void close(std::int64_t step);

    [[nodiscard]] bool paused() const { return paused_; }
    [[nodiscard]] bool stopping() const { return stopping_; }
    [[nodiscard]] bool stepping() const { return stepsWanted_ > 0; } ///< this step was asked for

  private:
    void pause();
    std::string act(const PauseCommand& command);
    std::string act(const ResumeCommand& command);
    std::string act(const StepCommand& command);
    std::string act(const StopCommand& command);
    std::string act(const EditCommand& command);

    const Acts acts_;
    const EventSink& sink_;
    // Roomy enough that `send` never waits: commands come from a person's hands.
    Channel<Command> channel_{1 << 20};
    std::atomic<bool> waiting_{false};
    std::atomic<std::uint64_t> last_{0};

    bool paused_ = false, stopping_ = false;
    bool betweenSteps_ = false; ///< the pause is between two steps that were asked for
    int stepsWanted_ = 0;
};

} // namespace stillroom
