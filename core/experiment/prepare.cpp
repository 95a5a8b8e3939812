#include "core/experiment/prepare.h"

#include <chrono>
#include <utility>

namespace stillroom {

Result<Prepared> prepare(const Experiment& experiment, const LoadContext& context) {
    const auto begin = std::chrono::steady_clock::now();
    if (auto checked = checkExperiment(experiment); !checked)
        return fail(std::move(checked.error()));
    auto loaded = loadExamples(experiment.data, experiment.teacher, context);
    if (!loaded)
        return fail(std::move(loaded.error()));
    Prepared prepared;
    prepared.set.data = std::make_shared<const Dataset>(std::move(loaded->dataset));
    prepared.set.teacher = std::make_shared<const TeacherOutputs>(std::move(loaded->teacher));
    prepared.report = std::move(loaded->report);
    prepared.untaught = loaded->untaught;
    prepared.quality = measureTeacher(*prepared.set.data, *prepared.set.teacher, Split::Train);
    prepared.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return prepared;
}

} // namespace stillroom
