// A run from start to end, for the window and the command line alike: session → recorder → view.
// What the view is told is on disk already, so what was reported survives a kill.
#pragma once

#include "core/engine/engine.h"
#include "core/experiment/asked.h"
#include "core/experiment/experiment.h"
#include "core/experiment/resume.h"
#include "core/experiment/run_folder.h"
#include "core/teacher/teacher_loader.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace stillroom {

struct RunOptions {
    std::string runsFolder = "runs";
    std::string dataRoot;
    bool startPaused = false;
    int niceness = 0;
    std::vector<std::string> messages; ///< of what went before training; recorded and shown first
    // Of a run that is done again (replay.h).
    std::string replayOf; ///< the run's folder
    std::vector<PlannedEdit> plannedEdits;
    std::int64_t endAfter = 0;
    AskingRecord
        asking; ///< what was asked in rounds, which the set holds the answers of; recorded with the run
};

/// Owns session, recorder thread and run folder. All calls return at once but `wait` and the destructor
/// (which stops the training). One thread, any.
/// When recording fails (disk full), the training is stopped, a MessageEvent says why and the FinishedEvent
/// is Failed with the reason; the folder stays readable up to what was recorded before.
class Run {
  public:
    /// Takes a second when the engine is not loaded yet: not for the GUI thread.
    static Result<std::unique_ptr<Run>> start(const Experiment& experiment, const DistillationSet& set,
                                              const RunOptions& options);
    /// The same with an engine of one's own, which outlives the run.
    static Result<std::unique_ptr<Run>> start(Engine& engine, const Experiment& experiment,
                                              const DistillationSet& set, const RunOptions& options);
    /// Goes on as planned (resume.h). Of the options `startPaused`, `niceness`, `messages`, and for a branch
    /// `runsFolder` count; `set` was loaded by the plan's experiment. Errors: as `start`; the run is then as
    /// it was, or rewound to the plan's checkpoint.
    static Result<std::unique_ptr<Run>> resume(const ResumePlan& plan, const DistillationSet& set,
                                               const RunOptions& options);
    static Result<std::unique_ptr<Run>> resume(Engine& engine, const ResumePlan& plan,
                                               const DistillationSet& set, const RunOptions& options);
    ~Run();

    [[nodiscard]] const std::string& folder() const;
    std::uint64_t send(decltype(Command::what) what);

    /// What happened since the last call. Frequent events may have been merged, rare ones never are.
    std::vector<Event> drain();
    /// The same, but waits until there is something, at most `patience`.
    std::vector<Event> wait(std::chrono::milliseconds patience);
    /// True once the FinishedEvent was drained.
    [[nodiscard]] bool finished() const;

  private:
    struct Private;
    explicit Run(std::unique_ptr<Private> d);
    static Result<std::unique_ptr<Run>> begin(Engine& engine, std::unique_ptr<RunFolder> folder,
                                              SessionSpec spec, const std::vector<std::string>& messages,
                                              bool removable);
    std::unique_ptr<Private> d_;
};

} // namespace stillroom
