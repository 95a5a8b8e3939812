// What the plots of a run show, accumulated from its events: bounded memory however long the run, and a
// bounded cost for each event. Plain data, one thread (the GUI's); knows no widget.
#pragma once

#include "core/engine/events.h"
#include "widgets/decimated_series.h"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace stillroom {

/// An evaluation as a point of the accuracy plot.
struct EvaluationPoint {
    double step = 0, epoch = 0, gradient = 0, distinct = 0;
    double accuracy = 0, macroF1 = 0;
    bool best = false;
};

/// Some stretch of steps, merged from windows.
struct Stretch {
    std::int64_t firstStep = 0, lastStep = 0;
    std::int64_t candidates = 0, kept = 0;
    std::vector<std::int64_t> keptByClass; ///< K
    Thresholds thresholds;                 ///< at its end
};

/// An edit in flight, where it happened on every axis that a plot may have.
struct EditMark {
    std::int64_t step = 0;
    double epoch = 0, gradient = 0, distinct = 0;
    std::string text; ///< "student scale 1 → 1.1"
    std::vector<Change> changes;
};

/// A run that came before, behind the present one.
struct EarlierRun {
    std::string label;
    std::vector<EvaluationPoint> points;
    double seconds = 0;
};

class LiveModel {
  public:
    static constexpr std::size_t MaxStretches = 512;
    static constexpr std::size_t MaxEarlier = 4;
    static constexpr std::int64_t RecentSteps = 100;
    using Histogram = std::array<std::int64_t, WindowRecord::ConfidenceBins>;

    /// A new run. The one before, when it was evaluated, goes behind (the newest four stay).
    void begin(std::string label, std::vector<std::string> classes);
    void apply(const Event& event);
    /// Nothing has run; earlier runs go too.
    void clear();

    [[nodiscard]] bool empty() const { return step_ == 0 && evaluations_.empty(); }
    [[nodiscard]] const std::string& label() const { return label_; }
    [[nodiscard]] const std::vector<std::string>& classes() const { return classes_; }
    [[nodiscard]] const StartedEvent& started() const { return started_; }
    [[nodiscard]] std::int64_t totalSteps() const { return started_.epochs * started_.stepsPerEpoch; }
    [[nodiscard]] std::int64_t step() const { return step_; }
    [[nodiscard]] double epoch() const;
    [[nodiscard]] const SampleCounts& counts() const { return counts_; }
    [[nodiscard]] double samplesPerSecond() const { return samplesPerSecond_; }
    /// In use now; 0: not known.
    [[nodiscard]] std::int64_t memoryBytes() const { return memoryBytes_; }
    [[nodiscard]] double secondsLeft() const { return secondsLeft_; }
    [[nodiscard]] double secondsTrained() const { return secondsTrained_; }
    /// Share of the run, [0, 1]: of its steps, or of its budget where that ends it sooner.
    [[nodiscard]] double done() const;
    /// Where schedules stand.
    [[nodiscard]] RunPlace place() const;

    // Samples kept per step.
    [[nodiscard]] const DecimatedSeries& kept() const { return kept_; }
    [[nodiscard]] const DecimatedSeries& share() const { return share_; } ///< kept so far ÷ candidates so far
    [[nodiscard]] const std::vector<Stretch>& stretches() const { return stretches_; }
    [[nodiscard]] const std::vector<std::int64_t>& keptByClass() const { return keptByClass_; }
    [[nodiscard]] std::int64_t candidatesSoFar() const { return candidates_; }
    [[nodiscard]] std::int64_t keptSoFar() const { return keptCount_; }
    /// Of the kept with gold, the share whose label is right; NaN before there are any.
    [[nodiscard]] double keptPrecision() const;

    // Confidence.
    [[nodiscard]] const Histogram& confidenceAll() const { return all_; }
    [[nodiscard]] const Histogram& confidenceKept() const { return keptBins_; }
    /// The windows that cover the last hundred steps.
    struct Recent {
        std::int64_t firstStep = 0, lastStep = 0, candidates = 0, kept = 0;
        std::int64_t keptWithGold = 0, keptRight = 0; ///< of the last hundred steps
        Histogram all{}, keptBins{};
        std::vector<std::int64_t> candidatesByClass, keptByClass;
    };
    [[nodiscard]] const Recent& recent() const;

    // Was it worth it, and where is the bar.
    [[nodiscard]] const std::vector<EvaluationPoint>& evaluations() const { return evaluations_; }
    [[nodiscard]] const EvaluationPoint* best() const; ///< null before the first evaluation
    [[nodiscard]] const std::vector<EarlierRun>& earlier() const { return earlier_; }
    [[nodiscard]] const Thresholds& thresholds() const { return thresholds_; }
    [[nodiscard]] const std::vector<EditMark>& edits() const { return edits_; }

    [[nodiscard]] const FinishedEvent* finished() const { return finished_ ? &end_ : nullptr; }

    /// Grow with every change of their kind, so that a plot knows whether it has to draw at all.
    [[nodiscard]] std::uint64_t stepsRevision() const { return stepsRevision_; }
    [[nodiscard]] std::uint64_t windowsRevision() const { return windowsRevision_; }
    [[nodiscard]] std::uint64_t evaluationsRevision() const { return evaluationsRevision_; }
    [[nodiscard]] std::uint64_t editsRevision() const { return editsRevision_; }

  private:
    void applySteps(const StepsEvent& event);
    void applyWindow(const WindowRecord& window);
    void addStretch(Stretch stretch);

    std::string label_;
    std::vector<std::string> classes_;
    StartedEvent started_;
    std::int64_t step_ = 0;
    SampleCounts counts_;
    std::int64_t memoryBytes_ = 0;
    double samplesPerSecond_ = 0, secondsLeft_ = 0, secondsTrained_ = 0, done_ = 0;

    DecimatedSeries kept_, share_;
    std::vector<Stretch> stretches_;
    std::int64_t windowsPerStretch_ = 1, windowsInLast_ = 0;
    std::vector<std::int64_t> keptByClass_;
    std::int64_t candidates_ = 0, keptCount_ = 0, keptWithGold_ = 0, keptRight_ = 0;

    Histogram all_{}, keptBins_{};
    std::deque<WindowRecord> lastWindows_;
    std::deque<StepRecord> lastSteps_;
    mutable Recent recent_;
    mutable bool recentStale_ = false;

    std::vector<EvaluationPoint> evaluations_;
    std::vector<EarlierRun> earlier_;
    Thresholds thresholds_;
    std::vector<EditMark> edits_;
    FinishedEvent end_;
    bool finished_ = false;

    std::uint64_t stepsRevision_ = 0, windowsRevision_ = 0, evaluationsRevision_ = 0, editsRevision_ = 0;
};

/// "student scale 1 → 1.1"; several are joined by commas.
[[nodiscard]] std::string describeChanges(const std::vector<Change>& changes);

} // namespace stillroom
