#include "core/training/resume_point.h"

#include "core/engine/checkpoint_folder.h"

#include <chrono>
#include <numeric>

namespace stillroom {

ResumePoint::ResumePoint(const SessionSpec& spec, const Samples& samples, Trainer& trainer,
                         StepReporter& reporter, BestStudent& best, FinishedEvent& finish)
    : spec_(spec), samples_(samples), trainer_(trainer), reporter_(reporter), best_(best), finish_(finish) {}

const std::string& ResumePoint::dataPrint() {
    if (dataPrint_.empty())
        dataPrint_ = samples_.print(*spec_.set.data);
    return dataPrint_;
}

Result<void> ResumePoint::write(Checkpoints& checkpoints) {
    const auto begin = std::chrono::steady_clock::now();
    if (auto written = best_.write(); !written)
        return written;
    CheckpointManifest manifest;
    manifest.version = STILLROOM_VERSION;
    manifest.step = trainer_.stepsDone();
    manifest.stepsPerEpoch = trainer_.stepsPerEpoch();
    manifest.evaluations = evaluations;
    manifest.openWindow = reporter_.openWindowStep();
    manifest.rule = ruleName(spec_.selection.rule);
    manifest.data = dataPrint();
    manifest.bestStep = best_.step();
    manifest.bestFolder = best_.folder();
    TrainingState state;
    putState(state);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return checkpoints.write(state, std::move(manifest), reporter_.secondsTrained(), took.count());
}

void ResumePoint::putState(TrainingState& state) const {
    trainer_.putState(state);
    reporter_.putState(state);
    best_.putState(state);
    const double numbers[] = {finish_.evaluateSeconds, finish_.validation.loss};
    state.putNumbers<double>("session.numbers", numbers);
    state.putNumbers<std::int64_t>("session.confusion", finish_.validation.confusion);
}

Result<std::string> ResumePoint::take() {
    const std::string folder = spec_.checkpointFolder + "/" + spec_.resumeFrom;
    const auto refuse = [&folder](const std::string& why) {
        return fail("the checkpoint " + folder + " cannot be used: " + why);
    };
    const auto manifest = readManifest(folder, ManifestCheck::Words);
    if (!manifest)
        return fail(manifest.error());
    if (manifest->data != dataPrint() || manifest->stepsPerEpoch != trainer_.stepsPerEpoch())
        return refuse("the training texts, what the teacher said of them, or training.batch are others now; "
                      "run the experiment anew");
    const auto state = TrainingState::read(folder + "/" + StateFile);
    if (!state)
        return refuse(state.error().message);
    const bool sameRule = manifest->rule == ruleName(spec_.selection.rule);
    if (const std::string wrong = takeState(*manifest, *state, sameRule); !wrong.empty())
        return refuse(wrong);
    evaluations = manifest->evaluations;
    return sameRule ? std::string()
                    : std::string("the rule is another than the checkpoint's: it begins without a memory");
}

std::string ResumePoint::takeState(const CheckpointManifest& manifest, const TrainingState& state,
                                   bool sameRule) {
    const std::string best = manifest.bestFolder.empty()
                                 ? std::string()
                                 : spec_.checkpointFolder + "/" + manifest.bestFolder + "/" + StudentFile;
    if (auto taken = trainer_.takeState(state, best, sameRule); !taken)
        return taken.error().message;
    const auto numbers = state.numbers<double>("session.numbers", 2);
    auto confusion = state.numbers<std::int64_t>("session.confusion");
    if (!reporter_.takeState(state, trainer_.stepsDone()) || !best_.takeState(state) || !numbers ||
        !confusion)
        return "it is of other classes";
    finish_.evaluateSeconds = (*numbers)[0];
    const auto k = static_cast<std::size_t>(samples_.classCount);
    if (confusion->size() != k * k) // there was no evaluation yet
        return {};
    Metrics& validation = finish_.validation;
    validation = metricsOf(std::move(*confusion), samples_.classCount);
    validation.rows =
        std::accumulate(validation.confusion.begin(), validation.confusion.end(), std::int64_t{0});
    validation.loss = (*numbers)[1];
    return {};
}

} // namespace stillroom
