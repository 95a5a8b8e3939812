#include "widgets/loaded_examples.h"

namespace stillroom {

Result<Examples> readExamples(const Experiment& experiment, const LoadContext& context) {
    auto read = loadExamples(experiment.data, experiment.teacher, context);
    if (!read)
        return fail(read.error());
    Examples examples;
    examples.set.data = std::make_shared<const Dataset>(std::move(read->dataset));
    examples.set.teacher = std::make_shared<const TeacherOutputs>(std::move(read->teacher));
    examples.report = std::move(read->report);
    examples.untaught = read->untaught;
    examples.quality = measureTeacher(*examples.set.data, *examples.set.teacher, Split::Train);
    examples.summary = DataSummary::of(examples.set);
    return examples;
}

} // namespace stillroom
