#include "core/output/report_match.h"

#include "core/base/number.h"
#include "core/lab/biography.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <numeric>
#include <vector>

namespace stillroom {

namespace {

constexpr std::int64_t EpochsLookedAt = 3; ///< each has another order: none pairs the same samples again

/// What a stretch of steps is shown, as core/training/step_reporter.cpp counts it.
struct Shown {
    std::vector<std::int32_t> byClass;
    std::array<std::int32_t, WindowRecord::ConfidenceBins> byConfidence{};
};

/// By the data, what the run's steps were shown: which samples that were follows from its seed.
class Batches {
  public:
    Batches(const StoredRun& run, const SampleTable& table)
        : table_(table), seed_(run.experiment.training.seed), perEpoch_(run.started.stepsPerEpoch),
          batch_(run.started.batch) {}

    [[nodiscard]] bool known() const {
        const auto samples = static_cast<std::int64_t>(table_.size());
        return batch_ > 0 && perEpoch_ > 0 && perEpoch_ == (samples + batch_ - 1) / batch_;
    }
    [[nodiscard]] std::int64_t epochOf(std::int64_t step) const { return (step - 1) / perEpoch_; }

    Shown shownIn(const WindowRecord& window) {
        Shown shown;
        shown.byClass.resize(static_cast<std::size_t>(table_.classCount));
        for (std::int64_t step = window.firstStep; step <= window.lastStep; ++step)
            add(step, shown);
        return shown;
    }

  private:
    void add(std::int64_t step, Shown& shown) {
        if (const std::int64_t epoch = epochOf(step); epoch != epoch_) {
            order_ = epochOrder(table_.size(), seed_, epoch);
            epoch_ = epoch;
        }
        const auto begin = static_cast<std::size_t>((step - 1) % perEpoch_ * batch_);
        const auto end = std::min(order_.size(), begin + static_cast<std::size_t>(batch_));
        for (std::size_t place = begin; place < end; ++place) {
            const auto sample = order_[place];
            const auto bin = std::clamp(
                static_cast<int>(table_.confidences[sample] * WindowRecord::ConfidenceBins + 1e-4F), 0,
                WindowRecord::ConfidenceBins - 1);
            ++shown.byClass[static_cast<std::size_t>(table_.labels[sample])];
            ++shown.byConfidence[static_cast<std::size_t>(bin)];
        }
    }

    const SampleTable& table_;
    std::int64_t seed_, perEpoch_, batch_;
    std::int64_t epoch_ = -1; ///< of `order_`; −1: none
    std::vector<std::uint32_t> order_;
};

/// Of as many, those that are counted in another place.
template <class A, class B>
std::int64_t elsewhere(const A& a, const B& b) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(a[i] - b[i]);
    return sum / 2;
}

/// A teacher whose answers are worked out anew may differ in last digits elsewhere.
bool isWorkedOut(const TeacherSettings& teacher) {
    return teacher.kind == TeacherKind::ZeroShot || teacher.kind == TeacherKind::Simulated ||
           teacher.calibration.kind != CalibrationKind::None;
}

bool teacherSaysTheSame(const StoredRun& run, const SampleTable& table) {
    Batches batches(run, table);
    if (!batches.known())
        return true;
    std::int64_t all = 0, labels = 0, confidences = 0;
    for (const auto& window : run.windows) {
        if (window.firstStep < 1 || window.candidatesByClass.size() != run.origin.classes.size())
            continue;
        if (batches.epochOf(window.lastStep) >= EpochsLookedAt)
            break;
        const Shown shown = batches.shownIn(window);
        const auto sum = [](const auto& values) {
            return std::accumulate(values.begin(), values.end(), std::int64_t{0});
        };
        const std::int64_t count = sum(shown.byClass);
        if (sum(window.candidatesByClass) != count)
            continue; // not all of these steps are in it
        all += count;
        labels += elsewhere(shown.byClass, window.candidatesByClass);
        if (sum(window.confidenceAll) == count)
            confidences += elsewhere(shown.byConfidence, window.confidenceAll);
    }
    return std::max(labels, confidences) <= (isWorkedOut(run.experiment.teacher) ? all / 100 : 0);
}

bool teacherIsAsRight(const StoredRun& run, const TeacherQuality& quality) {
    if (isWorkedOut(run.experiment.teacher) || !run.origin.asking.rows.empty() ||
        run.experiment.asking.on() || run.origin.teacherRows == 0)
        return true;
    const double accuracy = quality.rows > 0 ? quality.accuracy : -1;
    return std::abs(accuracy - run.origin.teacherAccuracy) < 1e-9;
}

bool testIsTheSame(const FinishedEvent& end, const Dataset& data) {
    for (std::size_t i = 0; i < std::min(end.testRows.size(), end.testGold.size()); ++i) {
        const auto row = end.testRows[i];
        if (row >= data.size() || data.split(row) != Split::Test || data.gold(row) != end.testGold[i])
            return false;
    }
    return true;
}

} // namespace

std::string whyNotOfRun(const StoredRun& run, const Prepared& prepared, const SampleTable& table) {
    const Dataset& data = *prepared.set.data;
    if (data.classes() != run.origin.classes)
        return "their classes are others than when the run was made";
    if (const auto samples = static_cast<std::int64_t>(table.size());
        run.started.samples > 0 && samples != run.started.samples)
        return fmt::format("they have {} training samples, and the run had {}", groupThousands(samples),
                           groupThousands(run.started.samples));
    if (!teacherSaysTheSame(run, table) || !teacherIsAsRight(run, prepared.quality))
        return "what the teacher says of the training texts is not what the run recorded";
    if (run.finished && !testIsTheSame(run.end, data))
        return "the gold of the test texts is not what the run recorded";
    return {};
}

} // namespace stillroom
