#include "app/cli/follower.h"

#include "core/base/number.h"

#include <fmt/format.h>

namespace stillroom::cli {

void Follower::see(const Event& event) {
    std::visit([this](const auto& e) { on(e); }, event);
}

void Follower::on(const PreparingEvent& event) {
    if (event.doing != doing_)
        line_.begin(event.doing);
    doing_ = event.doing;
    line_.show(event.done, event.secondsLeft > 0
                               ? fmt::format("{}, {}", event.doing, timeLeft(event.secondsLeft))
                               : event.doing);
}

void Follower::on(const StartedEvent& event) {
    started_ = event;
    line_.say(fmt::format("{} texts, {} steps in {} epochs on {} with {} threads",
                          groupThousands(event.samples), groupThousands(event.stepsPerEpoch * event.epochs),
                          event.epochs, event.device, event.threads));
}

void Follower::on(const StepsEvent& event) {
    const auto total = static_cast<double>(started_.stepsPerEpoch * started_.epochs);
    const auto done = static_cast<double>(event.steps.back().step);
    line_.show(done / total,
               fmt::format("{} texts/s, {}, {:.1f} GB in use",
                           groupThousands(static_cast<long long>(event.samplesPerSecond)),
                           timeLeft(event.secondsLeft), static_cast<double>(event.memoryBytes) / 1e9));
}

void Follower::on(const EvaluationEvent& event) {
    const std::string scores =
        fmt::format("accuracy {:.4f}, macro-F1 {:.4f}", event.metrics.accuracy, event.metrics.macroF1);
    if (event.split == Split::Test) {
        line_.say(fmt::format("test, the student of epoch {:g}: {}", event.epoch, scores));
        return;
    }
    const double seen = static_cast<double>(started_.samples) * event.epoch;
    line_.say(fmt::format("epoch {:g}: validation {}, gradient work {:.1f} % of the texts seen{}",
                          event.epoch, scores, 100 * static_cast<double>(event.counts.gradient) / seen,
                          event.best ? ", best so far" : ""));
}

void Follower::on(const MessageEvent& event) {
    line_.say(event.text);
}

void Follower::on(const FinishedEvent& event) {
    end_ = event;
    line_.clear();
}

} // namespace stillroom::cli
