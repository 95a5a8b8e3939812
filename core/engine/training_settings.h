// The `student:`, `loss:` and `training:` sections of an experiment.
#pragma once

#include "core/base/result.h"
#include "core/base/schedule.h"

#include <cstdint>
#include <optional>
#include <string>

namespace stillroom {

enum class StudentKind { Ngram };

struct StudentSettings {
    StudentKind kind = StudentKind::Ngram;
    int dimensions = 64;            ///< of an n-gram's vector
    std::int64_t buckets = 1 << 20; ///< n-grams are hashed into so many
    int wordNgrams = 2;             ///< 1: words alone; 2: and pairs; …
    int charNgramsMin = 0;          ///< 0: no character n-grams
    int charNgramsMax = 0;

    friend bool operator==(const StudentSettings&, const StudentSettings&) = default;
};

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

struct TrainingSettings {
    std::int64_t epochs = 10;
    StopSettings stop;
    std::int64_t batch = 64; ///< candidates a step
    Schedule learningRate = Schedule(1.0, 0.0, ScheduleShape::Linear);
    std::int64_t seed = 1;
    std::string device = "auto"; ///< auto, cpu, cuda:N
    std::int64_t threads = 0;    ///< 0: all cores
    bool packing = false;        ///< kept samples wait until they fill an update batch

    friend bool operator==(const TrainingSettings&, const TrainingSettings&) = default;
};

/// One sentence for a setting out of its range; it names the key as in the YAML.
Result<void> checkLoss(const LossSettings& loss);
Result<void> checkLearningRate(const Schedule& rate);
Result<void> checkStop(const StopSettings& stop);

} // namespace stillroom
