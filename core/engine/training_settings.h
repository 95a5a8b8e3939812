// The `student:`, `loss:` and `training:` sections of an experiment.
#pragma once

#include "core/base/schedule.h"

#include <cstdint>
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

struct TrainingSettings {
    std::int64_t epochs = 10;
    std::int64_t batch = 64; ///< candidates a step
    Schedule learningRate = Schedule(1.0, 0.0, ScheduleShape::Linear);
    std::int64_t seed = 1;
    std::string device = "auto"; ///< auto, cpu, cuda:N
    std::int64_t threads = 0;    ///< 0: all cores
    bool packing = false;        ///< kept samples wait until they fill an update batch

    friend bool operator==(const TrainingSettings&, const TrainingSettings&) = default;
};

} // namespace stillroom
