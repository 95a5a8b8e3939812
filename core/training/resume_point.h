// Where a session stands between two steps, as a checkpoint holds it and a later session takes it up.
#pragma once

#include "core/engine/session.h"
#include "core/training/best_student.h"
#include "core/training/checkpoints.h"
#include "core/training/step_reporter.h"
#include "core/training/trainer.h"

#include <string>

namespace stillroom {

/// The training thread's. All that it is given outlives it.
class ResumePoint {
  public:
    ResumePoint(const SessionSpec& spec, const Samples& samples, Trainer& trainer, StepReporter& reporter,
                BestStudent& best, FinishedEvent& finish);

    /// Evaluations reported so far, those of sessions before this one included.
    std::int64_t evaluations = 0;

    /// Writes the best student, if that was not done, and a checkpoint. The reporter's clock stands and what
    /// it gathered was taken. Errors: disk.
    Result<void> write(Checkpoints& checkpoints);

    /// Before the first step: everything becomes as it was at the checkpoint `spec.resumeFrom`. Returns a
    /// remark for people, or nothing. Errors: damaged, of other data, another student or other classes;
    /// training must then not go on.
    Result<std::string> take();

  private:
    /// Of the training data; made once.
    const std::string& dataPrint();
    void putState(TrainingState& state) const;
    /// What is wrong with it; empty: nothing.
    std::string takeState(const CheckpointManifest& manifest, const TrainingState& state, bool sameRule);

    const SessionSpec& spec_;
    const Samples& samples_;
    Trainer& trainer_;
    StepReporter& reporter_;
    BestStudent& best_;
    FinishedEvent& finish_;
    std::string dataPrint_;
};

} // namespace stillroom
