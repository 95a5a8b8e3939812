// What an evaluation says, from the confusion matrix alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// Over the rows of one split that have gold.
struct Metrics {
    std::int64_t rows = 0;
    double accuracy = 0;
    /// Mean F1 over the classes that occur in gold or in the predictions (as scikit-learn's default); a class
    /// never predicted or never present has F1 0.
    double macroF1 = 0;
    double loss = 0;                           ///< mean cross-entropy against gold, natural log
    std::vector<double> precision, recall, f1; ///< by class
    std::vector<std::int64_t> confusion;       ///< K×K, row gold, column predicted
};

/// Everything but `loss`, which the caller knows.
[[nodiscard]] Metrics metricsOf(std::vector<std::int64_t> confusion, int classCount);

} // namespace stillroom
