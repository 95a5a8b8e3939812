#include "core/selection/uncertainty.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace stillroom {

namespace {

double entropy(std::span<const float> row) {
    double sum = 0;
    for (const double p : row)
        if (p > 0)
            sum -= p * std::log(p);
    return row.size() > 1 ? sum / std::log(static_cast<double>(row.size())) : 0;
}

double margin(std::span<const float> row) {
    float first = 0;
    float second = 0;
    for (const float p : row) {
        if (p > first) {
            second = first;
            first = p;
        } else if (p > second) {
            second = p;
        }
    }
    return 1 - (static_cast<double>(first) - static_cast<double>(second));
}

template <class Measure>
void eachRow(std::span<const float> probabilities, std::size_t classes, std::span<float> out,
             Measure measure) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double u = measure(probabilities.subspan(i * classes, classes), i);
        // Rows sum to 1 only as well as floats do, and u is promised to be in [0, 1]. NaN stays NaN.
        out[i] = static_cast<float>(std::clamp(u, 0.0, 1.0));
    }
}

} // namespace

void uncertainties(Uncertainty measure, std::span<const float> probabilities, int classCount,
                   std::span<const std::int32_t> labels, std::span<float> out) {
    using Row = std::span<const float>;
    const auto classes = static_cast<std::size_t>(classCount);
    assert(probabilities.size() == out.size() * classes);
    switch (measure) {
    case Uncertainty::Entropy:
        eachRow(probabilities, classes, out, [](Row row, std::size_t) { return entropy(row); });
        return;
    case Uncertainty::LeastConfidence:
        eachRow(probabilities, classes, out,
                [](Row row, std::size_t) { return 1.0 - *std::max_element(row.begin(), row.end()); });
        return;
    case Uncertainty::Margin:
        eachRow(probabilities, classes, out, [](Row row, std::size_t) { return margin(row); });
        return;
    case Uncertainty::Disagreement:
        assert(labels.size() == out.size());
        eachRow(probabilities, classes, out,
                [&](Row row, std::size_t i) { return 1.0 - row[static_cast<std::size_t>(labels[i])]; });
        return;
    }
}

} // namespace stillroom
