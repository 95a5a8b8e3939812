// One run of a sweep after another in this process: what they share of data, and LibTorch, is loaded once.
#pragma once

#include "app/cli/options.h"
#include "core/experiment/prepare.h"
#include "core/experiment/run.h"
#include "core/experiment/sweep_work.h"

#include <optional>
#include <string>

namespace stillroom::cli {

class SweepTraining {
  public:
    explicit SweepTraining(const SweepFolder& folder);

    /// A run in the sweep's folder, to its end, to Ctrl-C, or until the task is cancelled. The numbers and
    /// the student are those that `stillroom-cli run` of the same experiment gives.
    SweepTaskEnd train(SweepTaskInHand& task);

  private:
    /// The run of a task that was cut off goes on. Nothing: it cannot, and is done anew in another folder.
    std::optional<SweepTaskEnd> takeUp(SweepTaskInHand& task);
    /// In a new folder, or as the plan says.
    SweepTaskEnd train(SweepTaskInHand& task, const Experiment& experiment, const ResumePlan* plan);
    Result<const Prepared*> dataFor(const Experiment& experiment);
    static SweepTaskEnd follow(Run& run, const SweepTaskInHand& task);

    const SweepFolder& folder_;
    Options options_;
    std::string key_; ///< of `prepared_`
    std::optional<Prepared> prepared_;
};

} // namespace stillroom::cli
