// Two configurations laid beside each other, run by run of the same seed.
#pragma once

#include "core/experiment/configurations.h"
#include "core/experiment/mcnemar.h"
#include "core/experiment/run_metric.h"
#include "core/experiment/sample_statistics.h"
#include "core/experiment/test_predictions.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace stillroom {

/// What may be said of a difference. Higher and Lower only where the interval leaves zero out, p corrected
/// for all that is compared is below the level, and there are at least three pairs of seeds or the same test
/// rows of one.
enum class Finding {
    Higher,
    Lower,
    Same,               ///< equal in every pair
    NotShown,           ///< the interval covers zero, or p is too large (of one pair it is another test's)
    NotAfterCorrection, ///< it does not, but with so many comparisons that is no wonder
    TooFew,             ///< fewer than three pairs
    Unpaired,           ///< no seed in common, or one of the two has no such number
};

struct Difference {
    std::vector<std::int64_t> seeds; ///< that both have
    std::vector<double> values;      ///< the configuration's minus the baseline's, by seed
    SampleStatistics said;           ///< of the values
    enum class Source { None, Seeds, TestSet };
    Source source = Source::None; ///< what the interval and p are from
    /// Student's over seeds; by the bootstrap from the test set of one pair.
    std::optional<Interval> interval;
    std::optional<Interval> bootstrap; ///< over seeds, BCa
    /// Student's paired test; McNemar's exact one for the accuracy of one pair, the bootstrap's for its
    /// macro-F1.
    std::optional<double> p;
    double correctedP = 1;      ///< Holm, over all configurations that are compared with the baseline
    double falseDiscoveryP = 1; ///< Benjamini-Hochberg, over the same
    std::optional<double> wilcoxonP, signFlipP;
    std::optional<double> effectSize;     ///< Hedges' g of paired differences; may be infinite
    std::optional<McNemarResult> mcnemar; ///< of one pair; first is the configuration
    std::int64_t testRows = 0;            ///< of one pair
    Finding finding = Finding::Unpaired;
};

/// Where the predictions of one run come from: readTestPredictions, or a test's.
using PredictionReader = std::function<Result<std::optional<TestPredictions>>(const std::string&)>;

inline constexpr std::size_t FewestPairs = 3;

/// Everything but what needs the other comparisons (correctedP, falseDiscoveryP, finding). Of one pair,
/// accuracy and macro-F1 by their predictions where both runs kept them for the same rows; a run whose
/// predictions cannot be read has none. `level`: 0.95. May read two files and draw rows for a while; any
/// thread, not the GUI's.
[[nodiscard]] Difference differenceOf(const Configuration& configuration, const Configuration& baseline,
                                      RunMetric metric, double level, const PredictionReader& predictions);

/// Corrects the p-values of all against each other and decides what may be said.
void decideFindings(std::vector<Difference*> differences, double level);

} // namespace stillroom
