#include "core/experiment/prepare.h"

#include "core/experiment/find_encoder.h"
#include "core/experiment/zero_shot.h"
#include "core/teacher/labelling.h"

#include <chrono>
#include <utility>

namespace stillroom {

namespace {

Result<TeacherOutputs> askZeroShot(const Experiment& experiment, const Dataset& dataset,
                                   const LoadContext& context) {
    auto folder = findEncoder(experiment.teacher.model, context.root);
    if (!folder)
        return fail("teacher.model: " + folder.error().message);
    const auto engine = loadEngine();
    if (!engine)
        return fail(engine.error());
    EmbedRequest how;
    how.folder = std::move(*folder);
    how.length = experiment.teacher.length;
    how.pooling = experiment.teacher.pooling;
    how.device = experiment.training.device;
    how.threads = experiment.training.threads > 0 ? static_cast<int>(experiment.training.threads)
                                                  : (*engine)->info().threads;
    how.together = experiment.training.microBatch;
    auto outputs = zeroShotTeacher(**engine, dataset, experiment.teacher, how, context.progress);
    if (!outputs && outputs.error().kind == ErrorKind::BadInput &&
        !outputs.error().message.starts_with("teacher."))
        outputs.error().message = "teacher.model: " + outputs.error().message;
    return outputs;
}

} // namespace

Result<Prepared> prepare(const Experiment& experiment, const LoadContext& context) {
    const auto begin = std::chrono::steady_clock::now();
    if (auto checked = checkExperiment(experiment); !checked)
        return fail(std::move(checked.error()));
    if (experiment.student.kind != StudentKind::Ngram)
        if (auto found = findEncoder(experiment.student.model, context.root); !found)
            return fail("student.model: " + found.error().message);
    // An LLM that is asked in rounds need not have answered yet: the texts alone, then what is stored of it.
    const bool toBeAsked = experiment.asking.on() && experiment.teacher.kind == TeacherKind::Llm;
    TeacherSettings read = experiment.teacher;
    if (toBeAsked)
        read.kind = TeacherKind::ZeroShot;
    auto loaded = loadExamples(experiment.data, read, context);
    if (!loaded)
        return fail(std::move(loaded.error()));
    Prepared prepared;
    prepared.set.data = std::make_shared<const Dataset>(std::move(loaded->dataset));
    prepared.report = std::move(loaded->report);
    prepared.untaught = loaded->untaught;
    if (toBeAsked) {
        auto stored = storedAnswers(experiment.teacher.llm, context.root, *prepared.set.data);
        if (!stored)
            return fail(std::move(stored.error()));
        loaded->teacher = std::move(*stored);
        prepared.untaught = 0;
    }
    if (experiment.teacher.kind == TeacherKind::ZeroShot) {
        auto outputs = askZeroShot(experiment, *prepared.set.data, context);
        if (!outputs)
            return fail(std::move(outputs.error()));
        loaded->teacher = std::move(*outputs);
        prepared.untaught = 0;
    }
    if (experiment.teacher.calibration.kind != CalibrationKind::None) {
        auto calibrated =
            calibrateTeacher(*prepared.set.data, loaded->teacher, experiment.teacher.calibration);
        if (!calibrated)
            return fail(std::move(calibrated.error()));
        loaded->teacher = std::move(calibrated->outputs);
        prepared.quality = calibrated->facts.after;
        prepared.calibration = std::move(calibrated->facts);
    } else {
        prepared.quality = measureTeacher(*prepared.set.data, loaded->teacher, Split::Train);
    }
    prepared.set.teacher = std::make_shared<const TeacherOutputs>(std::move(loaded->teacher));
    prepared.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return prepared;
}

} // namespace stillroom
