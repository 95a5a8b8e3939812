// A run on disk: experiment.yaml, run.sqlite, checkpoints/, output/. The schema is in run_schema.h and in
// the database itself (.schema), with its comments. Can be copied, zipped and opened elsewhere.
#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/engine/events.h"
#include "core/experiment/asked.h"
#include "core/experiment/experiment.h"
#include "core/experiment/rewind.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stillroom {

/// What is recorded of where and with what a run ran.
struct RunOrigin {
    std::string version; ///< of Stillroom
    std::string device;
    int threads = 0;
    std::string torchVersion, blas;
    std::vector<std::string> classes;
    std::string dataRoot;
    std::int64_t teacherRows = 0; ///< of the training split
    double teacherAccuracy = -1;  ///< against gold; −1 without
    double teacherMacroF1 = -1;
    std::string replayOf = {}; ///< folder of the run that this one repeats; empty: none
    /// Folder of the run that this one began as, up to and with `branchStep`; empty: it began at the
    /// beginning.
    std::string branchOf = {};
    std::int64_t branchStep = 0;
    AskingRecord asking = {}; ///< what was asked in rounds; of its rounds no labelCount is kept
};

/// Writes a run. Used by the recorder's thread alone, but for `create`.
class RunFolder {
  public:
    /// Makes runs/<time with milliseconds>-<four digits>-<name>/ whole, or nothing; `runsFolder` too when it
    /// is not there. Errors: not writable, disk full.
    static Result<std::unique_ptr<RunFolder>> create(const std::string& runsFolder,
                                                     const Experiment& experiment, const RunOrigin& origin);
    /// One that is there, to be written on from `point` (rewind.h): later rows and checkpoints are taken
    /// away, the settings become these. Errors: somebody is writing it; disk.
    static Result<std::unique_ptr<RunFolder>> reopen(const std::string& path, const Experiment& experiment,
                                                     const RunOrigin& origin, const RewindPoint& point);
    /// A new one that begins as `parent` was at `point`, with that checkpoint. `origin.branchOf` and
    /// `branchStep` say so. Makes it whole, or nothing. Errors: as `create`, and what cannot be copied.
    static Result<std::unique_ptr<RunFolder>> branch(const std::string& runsFolder, const std::string& parent,
                                                     const Experiment& experiment, const RunOrigin& origin,
                                                     const RewindPoint& point);
    ~RunFolder();

    [[nodiscard]] const std::string& path() const;
    [[nodiscard]] std::string checkpointFolder() const;
    /// All of them in one transaction, committed when it returns; snapshots as files before it. Errors: disk
    /// full, I/O.
    Result<void> record(const std::vector<Event>& events);
    /// Closes the database; the folder is then a whole.
    Result<void> close();
    /// Takes the folder away: of a run whose session could not begin.
    Result<void> remove();

  private:
    struct Private;
    explicit RunFolder(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d_;
};

/// The .safetensors of a run's best student; empty: none was written.
[[nodiscard]] std::string bestStudentFile(const std::string& runFolder);

/// Reads a run that may be going on, finished, or cut off by a kill.
struct StoredRun {
    std::string path;
    std::int64_t format = 0; ///< of its database (run_schema.h)
    Experiment experiment;
    RunOrigin origin;
    StartedEvent started; ///< all 0 when training has not begun; prepareSeconds, samples, batch …
    std::vector<StepRecord> steps;
    std::vector<WindowRecord> windows;
    std::vector<EvaluationEvent> evaluations;
    std::vector<EditedEvent> edits;
    /// Without traces: `Snapshot::open(snapshotPath(path, epoch))` has them (core/lab/snapshot_file.h).
    std::vector<SnapshotEvent> snapshots;
    std::vector<CheckpointEvent> checkpoints;
    std::vector<std::string> messages;
    /// After which steps it was gone on with, each time that it was (resume.h); 0: from the beginning.
    std::vector<std::int64_t> resumes;
    bool finished = false;
    FinishedEvent end;       ///< when finished
    std::string bestStudent; ///< path of the .safetensors; empty: none was written

    /// Errors: no run folder, damaged database (says which file), newer format.
    static Result<StoredRun> open(const std::string& path);
};

} // namespace stillroom
