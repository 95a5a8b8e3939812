#include "core/experiment/multiple_comparisons.h"

#include <algorithm>
#include <numeric>

namespace stillroom {

namespace {

/// Places of the p-values, the smallest first.
std::vector<std::size_t> ascending(std::span<const double> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    return order;
}

} // namespace

std::vector<double> holmCorrected(std::span<const double> p) {
    const auto order = ascending(p);
    std::vector<double> corrected(p.size());
    double largest = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        largest = std::max(largest, p[order[i]] * static_cast<double>(p.size() - i));
        corrected[order[i]] = std::min(1.0, largest);
    }
    return corrected;
}

std::vector<double> benjaminiHochbergCorrected(std::span<const double> p) {
    const auto order = ascending(p);
    std::vector<double> corrected(p.size());
    double smallest = 1;
    for (std::size_t i = order.size(); i-- > 0;) {
        smallest =
            std::min(smallest, p[order[i]] * static_cast<double>(p.size()) / static_cast<double>(i + 1));
        corrected[order[i]] = smallest;
    }
    return corrected;
}

} // namespace stillroom
