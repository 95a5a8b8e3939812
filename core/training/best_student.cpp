#include "core/training/best_student.h"

#include "core/training/checkpoint.h"

#include <stdexcept>

namespace stillroom {

namespace {

constexpr std::chrono::seconds NowAndThen{60};

} // namespace

BestStudent::BestStudent(Network& network, std::string checkpointFolder, const EventSink& sink)
    : network_(network), folder_(std::move(checkpointFolder)), sink_(sink),
      written_(std::chrono::steady_clock::now()) {}

bool BestStudent::consider(const Metrics& validation, std::int64_t step) {
    if (validation.rows == 0 || validation.macroF1 <= macroF1_)
        return false;
    macroF1_ = validation.macroF1;
    step_ = step;
    network_.keepAsBest();
    return true;
}

void BestStudent::writeNowAndThen(std::int64_t step) {
    if (step_ != step || std::chrono::steady_clock::now() - written_ <= NowAndThen)
        return;
    write("best", step);
    written_ = std::chrono::steady_clock::now();
}

void BestStudent::write(const std::string& link, std::int64_t step) {
    if (folder_.empty())
        return;
    auto written = writeCheckpoint(folder_, step, link, network_);
    if (!written)
        throw std::runtime_error(written.error().message);
    sink_(CheckpointEvent{step, "checkpoints/" + *written, link == "best"});
}

std::int64_t BestStudent::end(std::int64_t lastStep) {
    if (step_ == 0)
        step_ = lastStep;
    else
        network_.useBest();
    if (lastStep > 0)
        write("best", step_);
    return step_;
}

} // namespace stillroom
