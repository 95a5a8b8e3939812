// A run as an event file that TensorBoard opens (`tensorboard --logdir OUT`). The records: event_record.h.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace stillroom {

struct TensorboardExport {
    std::string folder; ///< OUT/<name of the run folder>
    std::int64_t steps = 0;
    std::int64_t scalars = 0; ///< numbers written, over all tags
};

/// Writes into `out` a folder of the run's own name with one event file in it; an earlier export of the run
/// is replaced, anything else of that name is not. The run may be going on: what is recorded by now is
/// exported.
///
/// By step: train/loss (mean over the kept; none where none was), train/learning_rate, train/kept_share (of
/// the batch's candidates) and train/kept_precision (where gold is known). At each evaluation: validation/…
/// and test/… accuracy, macro_f1, loss and mean_uncertainty. About a hundred times an epoch:
/// threshold/teacher/CLASS, threshold/student/CLASS (an uncertainty) and threshold/student_confidence/CLASS,
/// whichever the rule has. Several times a second: progress/seen, gradient, distinct, samples_per_second and
/// seconds_trained. Values are rounded to float32, as TensorBoard keeps them; wall times are those of
/// RunClock.
///
/// `progress` counts numbers; cancelled: ErrorKind::Cancelled, and nothing is left. Any thread. Errors: no
/// run, damaged, `out` cannot be written, something else has the folder's name.
Result<TensorboardExport> exportTensorboard(const std::string& runFolder, const std::string& out,
                                            Progress& progress);

} // namespace stillroom
