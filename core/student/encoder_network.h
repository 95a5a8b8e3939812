// The `encoder` student in training: a transformer and a linear head, fine-tuned with AdamW.
#pragma once

#include "core/student/adamw.h"
#include "core/student/encoder.h"
#include "core/student/network.h"
#include "core/text/tokenizer.h"

#include <memory>

namespace stillroom {

struct EncoderSetup {
    std::shared_ptr<const TokenizedTexts> texts; ///< of all rows of the dataset
    Tokenizer tokenizer;                         ///< what made them: saved with the student
    int length = 0;                              ///< tokens of a text at most
    std::vector<std::string> classes;
    StudentSettings student;
    LossSettings loss;
    TrainingSettings training; ///< optimizer, precisions, microBatch, seed
    std::string device;        ///< "cpu", "cuda:0"
};

/// z = W · dropout(pool(encoder(text))) + b; W normal with deviation 0.02, b 0.
/// Deterministic for seed, device and number of threads. An update's loss is the weighted mean over all its
/// samples, whatever microBatch is; its gradient is summed in that many parts. Throws std::runtime_error when
/// a gradient is not finite.
[[nodiscard]] std::unique_ptr<Network> makeEncoderNetwork(Encoder encoder, EncoderSetup setup);

} // namespace stillroom
