// A training under way: one long-lived thread, commands in, events out.
#pragma once

#include "core/base/channel.h"
#include "core/engine/distillation_set.h"
#include "core/engine/events.h"
#include "core/engine/training_settings.h"

#include <functional>
#include <string>

namespace stillroom {

struct SessionSpec {
    DistillationSet set;
    StudentSettings student;
    SelectionSettings selection;
    LossSettings loss;
    TrainingSettings training;
    std::string checkpointFolder; ///< exists; students are written below it. Empty: nothing is written
    bool startPaused = false;     ///< Step before Run: the first batch waits for a command
    int niceness = 0;             ///< added to the training threads' own; the window gives way to itself
};

/// Called on the training thread, in order; may wait (training then waits too); never throws.
using EventSink = std::function<void(Event)>;

/// Destroying it stops the training (as StopCommand does) and waits for its thread.
class Session {
  public:
    virtual ~Session() = default;
    /// Any thread; does not wait. Returns the number that the acknowledgement will carry.
    virtual std::uint64_t send(decltype(Command::what) what) = 0;
};

} // namespace stillroom
