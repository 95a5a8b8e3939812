#include "core/engine/metrics.h"

#include <cassert>

namespace stillroom {

namespace {

double ratio(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

} // namespace

Metrics metricsOf(std::vector<std::int64_t> confusion, int classCount) {
    const auto classes = static_cast<std::size_t>(classCount);
    assert(confusion.size() == classes * classes);
    std::vector<std::int64_t> gold(classes);
    std::vector<std::int64_t> predicted(classes);
    Metrics metrics;
    std::int64_t right = 0;
    for (std::size_t g = 0; g < classes; ++g)
        for (std::size_t p = 0; p < classes; ++p) {
            const std::int64_t count = confusion[g * classes + p];
            gold[g] += count;
            predicted[p] += count;
            metrics.rows += count;
            right += g == p ? count : 0;
        }
    metrics.accuracy = ratio(right, metrics.rows);
    std::int64_t occurring = 0;
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k) {
        const std::int64_t hit = confusion[k * classes + k];
        metrics.precision.push_back(ratio(hit, predicted[k]));
        metrics.recall.push_back(ratio(hit, gold[k]));
        metrics.f1.push_back(ratio(2 * hit, gold[k] + predicted[k]));
        sum += metrics.f1.back();
        occurring += gold[k] + predicted[k] > 0 ? 1 : 0;
    }
    metrics.macroF1 = occurring > 0 ? sum / static_cast<double>(occurring) : 0;
    metrics.confusion = std::move(confusion);
    return metrics;
}

} // namespace stillroom
