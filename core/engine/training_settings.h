// The `loss:` and `training:` sections of an experiment.
#pragma once

#include "core/base/result.h"
#include "core/base/schedule.h"
#include "core/engine/student_settings.h"

#include <cstdint>
#include <optional>
#include <string>

namespace stillroom {

enum class LossTarget { Hard, Soft, Mix };

/// Per kept sample: hard  CE(ŷ, p);  soft  T²·KL(q^{1/T} ‖ p^{1/T}) (Hinton et al., arXiv 1503.02531);
/// mix  (1 − mix)·hard + mix·soft. Times the sample's weight, averaged over the kept of the update batch.
struct LossSettings {
    LossTarget target = LossTarget::Hard;
    double temperature = 1.0; ///< T, > 0
    double mix = 0.5;         ///< share of the soft part, 0 to 1

    friend bool operator==(const LossSettings&, const LossSettings&) = default;
};

/// A budget: the first of these that is reached ends training, so that rules can be compared at the same
/// cost. It is looked at after each candidate batch. Schedules over the whole run end with a budget of
/// samples (RunPlace::spent); minutes are no number of steps, and move no schedule.
struct StopSettings {
    std::optional<std::int64_t> gradientSamples; ///< samples in backward passes
    std::optional<std::int64_t> distinctSamples; ///< samples ever in one
    std::optional<double> minutes;               ///< of training: neither pauses nor evaluations

    [[nodiscard]] bool any() const { return gradientSamples || distinctSamples || minutes; }
    friend bool operator==(const StopSettings&, const StopSettings&) = default;
};

/// Numbers that a student computes with. Bf16: matrix products in bfloat16, weights and sums in float32.
enum class Precision { Fp32, Bf16 };

/// AdamW (Loshchilov & Hutter, arXiv 1711.05101), for students that are networks of many layers; the n-gram
/// student is trained by plain SGD and has none of these.
struct OptimizerSettings {
    double weightDecay = 0.01;   ///< of matrices; biases and norms have none
    double layerDecay = 1;       ///< learning rate of a layer ÷ that of the one above it
    double clipNorm = 1;         ///< the gradient's norm is at most this; 0: as it is
    std::int64_t accumulate = 1; ///< update batches that make one optimizer step

    friend bool operator==(const OptimizerSettings&, const OptimizerSettings&) = default;
};

/// Where a run can go on from after a crash. Whichever of the two comes first; neither: as often as costs at
/// most a fortieth of the training time, and not within ten seconds of the last.
struct CheckpointSettings {
    std::optional<std::int64_t> everySteps;
    std::optional<double> everyMinutes; ///< of training
    std::int64_t keep = 1; ///< newest ones that stay; while training one more. 0: none after its end

    friend bool operator==(const CheckpointSettings&, const CheckpointSettings&) = default;
};

struct TrainingSettings {
    std::int64_t epochs = 10;
    StopSettings stop;
    std::int64_t batch = 64;              ///< candidates a step
    std::optional<Schedule> learningRate; ///< none: learningRateOf says what is taken
    OptimizerSettings optimizer;
    Precision precision = Precision::Fp32; ///< of forward and backward on what was kept
    Precision scoring = Precision::Fp32;   ///< of scoring the candidates; evaluations are always float32
    /// A sample is scored at every n-th visit (an epoch is a visit) and known by its last score between.
    std::int64_t scoreEvery = 1;
    std::int64_t microBatch = 32; ///< samples computed at once, at most; costs memory, changes only rounding
    std::int64_t seed = 1;
    std::string device = "auto"; ///< auto, cpu, cuda:N
    std::int64_t threads = 0;    ///< 0: all cores
    bool packing = false;        ///< kept samples wait until they fill an update batch
    CheckpointSettings checkpoint;

    friend bool operator==(const TrainingSettings&, const TrainingSettings&) = default;
};

/// The one that is set, or what suits the student: 1 → 0 for n-grams, 3e-5 → 0 after a tenth of an epoch of
/// warm-up for an encoder (BERT's own range is 2e-5 to 5e-5, arXiv 1810.04805), 3e-3 → 0 for the head of a
/// probe.
[[nodiscard]] Schedule learningRateOf(const TrainingSettings& training, StudentKind student);

/// One sentence for a setting out of its range; it names the key as in the YAML.
Result<void> checkLoss(const LossSettings& loss);
Result<void> checkLearningRate(const Schedule& rate);
Result<void> checkStop(const StopSettings& stop);
Result<void> checkCheckpoint(const CheckpointSettings& checkpoint);

} // namespace stillroom
