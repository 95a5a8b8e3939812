// The `probe` student in training: a small head on the vectors of a frozen encoder. The encoder itself is
// only needed when the student is saved.
#pragma once

#include "core/student/encoder_folder.h"
#include "core/student/network.h"

#include <memory>
#include <string>
#include <vector>

namespace stillroom {

struct ProbeSetup {
    std::vector<float> vectors;              ///< of all rows of the dataset, rows × width
    std::vector<std::uint32_t> trainingRows; ///< what the vectors are standardized by
    EncoderFolder folder;                    ///< what made them
    std::vector<std::string> classes;
    StudentSettings student;
    LossSettings loss;
    TrainingSettings training;
    std::string device;
};

/// z = head((x − μ) / σ), μ and σ of each dimension over the training rows: without that the dimensions of
/// some encoders differ in scale by a hundred, and one learning rate does not suit them all. A saved student
/// has them folded into its first linear map. Deterministic for seed, device and number of threads.
[[nodiscard]] std::unique_ptr<Network> makeProbeNetwork(ProbeSetup setup);

} // namespace stillroom
