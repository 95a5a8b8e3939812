// A sweep as a job array of Slurm: one task a run. What there is to know of it lies in the sweep's folder,
// which the machines share; a task that is killed and requeued is taken up where it was.
#pragma once

#include "core/experiment/sweep_folder.h"

#include <map>
#include <string>
#include <vector>

namespace stillroom::cli {

struct SlurmOptions {
    std::string partition, time;      ///< empty: the cluster's own
    std::vector<std::string> further; ///< of sbatch, as written: "--mem=4G"
    int atOnce = 0;                   ///< runs at once; 0: as many as the cluster gives
};

/// Errors: one of them is no option of sbatch.
Result<void> checkSlurmOptions(const SlurmOptions& options);

/// Writes slurm/job.sh into the sweep's folder, over the tasks that are not over. Returns its path. Errors:
/// nothing is left to do; not writable.
Result<std::string> writeSlurmScript(const SweepFolder& folder, const SlurmOptions& options);

/// Submits it by sbatch, and notes the job's number in slurm/job. Returns it. Errors: sbatch is not there,
/// or what it says.
Result<std::string> submitSlurm(const SweepFolder& folder, const std::string& script);

/// What squeue says of the tasks that are in its queue ("PENDING (Resources)"), by task; empty where the job
/// is gone, or nobody can be asked.
[[nodiscard]] std::map<int, std::string> slurmStates(const SweepFolder& folder);

/// "1-3,7" of 1, 2, 3, 7.
[[nodiscard]] std::string arrayOf(const std::vector<int>& numbers);

} // namespace stillroom::cli
