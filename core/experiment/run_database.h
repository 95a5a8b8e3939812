// Events into run.sqlite (its schema: run_schema.h). Private to core/experiment. One thread at a time.
#pragma once

#include "core/base/result.h"
#include "core/engine/events.h"
#include "core/experiment/run_folder.h"
#include "core/files/sqlite.h"

#include <optional>
#include <string>
#include <vector>

namespace stillroom {

class RunDatabase {
  public:
    /// A new file with the schema and the origin in it, on the disk when it returns, and closed again.
    static Result<void> create(const std::string& path, const RunOrigin& origin);

    /// A new file with what `from` had up to `point`, as the beginning of a branch with this origin.
    static Result<void> copy(const std::string& from, const std::string& to, const RunOrigin& origin,
                             const RewindPoint& point);

    /// For recording. `network`: the file system is shared, where WAL's shared memory does not work.
    Result<void> open(const std::string& path, bool network);
    /// In one transaction; all or nothing.
    Result<void> record(const std::vector<Event>& events);
    /// Afterwards the file is one file, without a write-ahead log beside it.
    Result<void> close();

  private:
    Result<void> prepare();
    Result<void> store(const Event& event);
    Result<void> store(const StartedEvent& event);
    Result<void> store(const StepsEvent& event);
    Result<void> store(const WindowRecord& window);
    Result<void> store(const EvaluationEvent& event);
    Result<void> store(const EditedEvent& event);
    Result<void> store(const SnapshotEvent& event);
    static Result<void> store(const PreparingEvent&) { return {}; } // says nothing about the run
    Result<void> store(const StateEvent& event);
    Result<void> store(const CheckpointEvent& event);
    Result<void> store(const MessageEvent& event);
    Result<void> store(const FinishedEvent& event);

    Database database_; // before the statements: they go first
    struct Statements {
        Statement begin, commit, rollback;
        Statement meta, step, progress, window, thresholds, snapshot, evaluation, evaluationClass, edit,
            state, message, checkpoint, result;
    };
    std::optional<Statements> statements_;
    std::int64_t evaluations_ = 0;
    std::int64_t edits_ = 0;
};

} // namespace stillroom
