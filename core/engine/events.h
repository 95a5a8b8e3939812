// What a session says and what it can be told. Both cross threads by value.
#pragma once

#include "core/data/dataset.h"
#include "core/engine/metrics.h"
#include "core/engine/training_settings.h"
#include "core/selection/rule.h"
#include "core/selection/sample_trace.h"
#include "core/selection/selection_settings.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace stillroom {

// ── commands ────────────────────────────────────────────────────────────────────────────────────────────

struct PauseCommand {};
struct ResumeCommand {};
struct StepCommand {}; ///< one candidate batch, then pause
struct StopCommand {}; ///< evaluates, writes the student and a checkpoint, finishes as Stopped

/// One setting as the user sees it, for records and marks on plots.
struct Change {
    std::string key;  ///< "selection.student_scale"
    std::string from; ///< as in YAML
    std::string to;
};

/// From the next candidate batch on. The rule itself cannot change in flight; of the training only the
/// learning rate does.
struct EditCommand {
    SelectionSettings selection;
    LossSettings loss;
    Schedule learningRate;
    std::vector<Change> changes;
};

struct Command {
    std::uint64_t number = 0; ///< the session gives it; the acknowledgement carries it
    std::variant<PauseCommand, ResumeCommand, StepCommand, StopCommand, EditCommand> what;
};

// ── events ──────────────────────────────────────────────────────────────────────────────────────────────

/// The counters of method "What is counted", so far.
struct SampleCounts {
    std::int64_t total = 0;    ///< N, training samples
    std::int64_t seen = 0;     ///< forward-only scorings
    std::int64_t gradient = 0; ///< samples in backward passes
    std::int64_t distinct = 0; ///< samples ever in one
    double scoringFlops = 0;   ///< estimate of floating-point operations of scoring …
    double trainingFlops = 0;  ///< … and of forward and backward of what was kept
};

/// What is done before the first step, where that takes long. Frequent; the newest says all.
struct PreparingEvent {
    std::string doing; ///< "computing the texts' vectors, once"
    double done = 0;   ///< share of it, [0, 1]
    double secondsLeft = 0;
};

struct StartedEvent {
    std::int64_t samples = 0;
    std::int64_t epochs = 0;
    std::int64_t stepsPerEpoch = 0;
    std::int64_t batch = 0;
    int classCount = 0;
    std::string device; ///< "cpu"
    int threads = 0;
    double prepareSeconds = 0; ///< texts to n-grams, tokens or vectors
};

/// One candidate batch. Frequent: comes in chunks.
struct StepRecord {
    std::int64_t step = 0; ///< from 1: the number of candidate batches done with this one
    std::int32_t candidates = 0;
    std::int32_t kept = 0;
    std::int32_t keptWithGold = 0;
    std::int32_t keptRight = 0; ///< of those with gold, pseudo-label equals gold
    float loss = 0;             ///< L_w, mean over the kept; NaN when none was
    float learningRate = 0;
};

/// What a stretch of steps looked like, about a hundred an epoch: sums over the stretch, thresholds at its
/// end.
struct WindowRecord {
    static constexpr int ConfidenceBins = 100; ///< bin b: confidence in [b/100, (b+1)/100), the last closed
    std::int64_t firstStep = 0, lastStep = 0;
    std::vector<std::int32_t> candidatesByClass, keptByClass; ///< K, by pseudo-label
    std::array<std::int32_t, ConfidenceBins> confidenceAll{}, confidenceKept{};
    Thresholds thresholds;
};

struct StepsEvent {
    std::vector<StepRecord> steps;
    std::vector<WindowRecord> windows;
    SampleCounts counts;         ///< after the last of them
    double samplesPerSecond = 0; ///< candidates, over the last second or so
    double secondsLeft = 0;      ///< estimate; 0 at the end
    double secondsTrained = 0;
    std::int64_t memoryBytes = 0; ///< in use now: the process's, or on a GPU its tensors'; 0: not known
    double done = 0; ///< share of the run, [0, 1]: of its steps, or of its budget where that ends it sooner
};

struct EvaluationEvent {
    Split split = Split::Validation;
    std::int64_t step = 0;
    double epoch = 0; ///< epochs done; whole numbers but at a stop
    Metrics metrics;
    SampleCounts counts;
    bool best = false;          ///< highest validation macro-F1 so far
    double seconds = 0;         ///< of this evaluation
    double meanUncertainty = 0; ///< of the student over the split
};

struct EditedEvent {
    std::int64_t step = 0; ///< the first step that follows it
    std::vector<Change> changes;
};

/// What an epoch did with each sample. Comes at the end of each epoch; of a long one about once a second what
/// it did so far (`complete` false), which is shown and not stored. At a stop within an epoch the last one is
/// incomplete and stored (`last`).
struct SnapshotEvent {
    std::int64_t epoch = 0; ///< from 1
    std::int64_t step = 0;  ///< steps done with it
    bool complete = true;
    bool last = false;
    std::shared_ptr<const std::vector<SampleTrace>> traces; ///< N, by sample number
};

/// Whether it is kept with the run.
[[nodiscard]] inline bool isStored(const SnapshotEvent& snapshot) {
    return snapshot.complete || snapshot.last;
}

/// A single batch, in full: of every step that a StepCommand asked for.
struct BatchEvent {
    std::int64_t step = 0;  ///< from 1
    std::int64_t epoch = 0; ///< from 1
    Thresholds before, after;
    struct Sample {
        std::uint32_t sample = 0; ///< sample number
        Verdict verdict = Verdict::Unseen;
        std::int32_t label = 0;         ///< pseudo-label
        float confidence = 0;           ///< the teacher's
        std::int32_t studentLabel = -1; ///< −1: the student was not asked, as the next four
        float studentConfidence = 0;    ///< its largest probability
        float uncertainty = 0;
        float loss = 0; ///< cross-entropy against the pseudo-label
        float weight = 0;
    };
    std::vector<Sample> samples; ///< in the order of the batch
};

enum class SessionState { Running, Paused };
struct StateEvent {
    SessionState state = SessionState::Running;
    std::int64_t step = 0;
};

/// Every command gets one, within one candidate batch.
struct AcknowledgedEvent {
    std::uint64_t command = 0;
    std::int64_t step = 0;
    std::string refused; ///< why it was not done; empty: done
};

struct CheckpointEvent {
    std::int64_t step = 0;
    std::string folder; ///< relative to the run folder
    bool best = false;
};

/// Rare, for people: "no validation gold: the last student is the best".
struct MessageEvent {
    std::string text;
};

enum class Outcome { Completed, Stopped, Failed };

/// The last event of a session.
struct FinishedEvent {
    Outcome outcome = Outcome::Completed;
    std::string error; ///< when Failed
    std::int64_t step = 0;
    Metrics validation, test; ///< of the best student; rows == 0 without gold
    SampleCounts counts;
    std::int64_t keptWithGold = 0, keptRight = 0; ///< over all gradient samples
    double trainSeconds = 0, evaluateSeconds = 0;
    /// What the best student said of each test row with gold, so that two runs can be compared row by row.
    std::vector<std::uint32_t> testRows; ///< of the Dataset, ascending
    std::vector<std::int32_t> testGold, testPredicted;
};

using Event =
    std::variant<PreparingEvent, StartedEvent, StepsEvent, EvaluationEvent, EditedEvent, SnapshotEvent,
                 BatchEvent, StateEvent, AcknowledgedEvent, CheckpointEvent, MessageEvent, FinishedEvent>;

} // namespace stillroom
