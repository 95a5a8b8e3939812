#include "core/training/best_student.h"

#include "core/engine/checkpoint_folder.h"

#include <stdexcept>

namespace stillroom {

BestStudent::BestStudent(Network& network, std::string checkpointFolder, const EventSink& sink)
    : network_(network), folder_(std::move(checkpointFolder)), sink_(sink) {}

bool BestStudent::consider(const Metrics& validation, std::int64_t step) {
    if (validation.rows == 0 || validation.macroF1 <= macroF1_)
        return false;
    macroF1_ = validation.macroF1;
    step_ = step;
    network_.keepAsBest();
    return true;
}

std::string BestStudent::folder() const {
    return written_ == 0 ? std::string() : studentName(written_);
}

Result<void> BestStudent::write() {
    if (folder_.empty() || step_ == written_)
        return {};
    const std::string name = studentName(step_);
    auto added = addFolder(folder_, name, "best", [this](const std::string& folder) {
        return network_.save(folder + "/" + StudentFile, Network::Which::Best);
    });
    if (!added)
        return added;
    written_ = step_;
    sink_(CheckpointEvent{step_, "checkpoints/" + name, true});
    return {};
}

void BestStudent::putState(TrainingState& state) const {
    state.putNumbers<std::int64_t>("best.step", std::span(&step_, 1));
    state.putNumbers<double>("best.macro-F1", std::span(&macroF1_, 1));
}

bool BestStudent::takeState(const TrainingState& state) {
    const auto step = state.numbers<std::int64_t>("best.step", 1);
    const auto macroF1 = state.numbers<double>("best.macro-F1", 1);
    if (!step || !macroF1)
        return false;
    step_ = written_ = step->front();
    macroF1_ = macroF1->front();
    return true;
}

std::int64_t BestStudent::end(std::int64_t lastStep) {
    if (step_ == 0 && lastStep > 0) {
        step_ = lastStep;
        network_.keepAsBest();
    } else if (step_ > 0) {
        network_.useBest();
    }
    if (auto written = write(); !written)
        throw std::runtime_error(written.error().message);
    return step_;
}

} // namespace stillroom
