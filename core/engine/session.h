// A training under way: one long-lived thread, commands in, events out.
#pragma once

#include "core/base/channel.h"
#include "core/engine/distillation_set.h"
#include "core/engine/events.h"
#include "core/engine/training_settings.h"

#include <functional>
#include <string>
#include <vector>

namespace stillroom {

/// An edit that is known before the run: of a run that is done again.
struct PlannedEdit {
    std::int64_t step = 0; ///< the first step that follows it
    EditCommand edit;
};

struct SessionSpec {
    DistillationSet set;
    StudentSettings student;
    SelectionSettings selection;
    LossSettings loss;
    TrainingSettings training;
    /// Exists; checkpoints and students are written below it. Empty: nothing is written.
    std::string checkpointFolder;
    /// Name of the checkpoint below it that the session goes on from; empty: from the beginning. Selection,
    /// loss and learning rate are those that were in force there; later edits are planned ones.
    std::string resumeFrom;
    bool startPaused = false;              ///< Step before Run: the first batch waits for a command
    std::vector<PlannedEdit> plannedEdits; ///< ascending by step
    /// 0: as the settings say. Else training ends after this step, wherever it stands then, and budgets of
    /// time do not count: the run that is done again ended there, by hand (then this one is Stopped too) or
    /// by its budget of time.
    std::int64_t endAfter = 0;
    int niceness = 0; ///< added to the training threads' own; the window gives way to itself
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
