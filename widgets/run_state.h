// Where the window's one experiment stands, from nothing loaded to a finished run.
#pragma once

namespace stillroom {

enum class RunState {
    Empty,    ///< no training files are named
    Loading,  ///< data and teacher are being read
    Broken,   ///< they could not be read
    Ready,    ///< read; nothing has run with them
    Starting, ///< the engine is loaded, texts become n-grams
    Running,
    Paused,
    Stopping, ///< the last batch, the last evaluation
    Finished, ///< completed or stopped; the run folder is whole
    Failed,   ///< training ended with an error; the run folder is readable
};

/// A training thread lives.
[[nodiscard]] constexpr bool underWay(RunState state) {
    return state == RunState::Starting || state == RunState::Running || state == RunState::Paused ||
           state == RunState::Stopping;
}

enum class MessageKind { Info, Warning, Error };

} // namespace stillroom
