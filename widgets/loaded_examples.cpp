#include "widgets/loaded_examples.h"

#include "core/experiment/prepare.h"

namespace stillroom {

Result<Examples> readExamples(const Experiment& experiment, const LoadContext& context) {
    // Only what is read is checked here: a rule that still lacks its cut is no reason to show no data.
    Experiment data;
    data.data = experiment.data;
    data.teacher = experiment.teacher;
    if (data.teacher.kind == TeacherKind::ZeroShot) { // it is asked where and how the student will be trained
        data.training.device = experiment.training.device;
        data.training.threads = experiment.training.threads;
        data.training.microBatch = experiment.training.microBatch;
    }
    auto prepared = prepare(data, context);
    if (!prepared)
        return fail(prepared.error());
    Examples examples;
    examples.set = std::move(prepared->set);
    examples.report = std::move(prepared->report);
    examples.untaught = prepared->untaught;
    examples.quality = std::move(prepared->quality);
    examples.calibration = std::move(prepared->calibration);
    examples.summary = DataSummary::of(examples.set);
    return examples;
}

} // namespace stillroom
