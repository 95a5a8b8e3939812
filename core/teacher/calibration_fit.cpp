// Confidence to corrected confidence, histogram binning and isotonic regression; temperature has a file of
// its own.
#include "core/teacher/calibration_fit.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace stillroom {

namespace {

constexpr std::int64_t LeastInBin = 10;

/// Rows of one confidence, or of several that were joined. Counts, so that no rounding decides which of two
/// accuracies is the greater.
struct Group {
    double low, high;
    std::int64_t rows, right;

    [[nodiscard]] double accuracy() const { return static_cast<double>(right) / static_cast<double>(rows); }
    [[nodiscard]] bool isAtLeast(const Group& other) const {
        return right * other.rows >= other.right * rows;
    }
    void join(const Group& next) {
        high = next.high;
        rows += next.rows;
        right += next.right;
    }
};

/// One group for each confidence there is, ascending.
std::vector<Group> tiesOf(std::span<const double> confidence, std::span<const std::uint8_t> right) {
    assert(!confidence.empty() && confidence.size() == right.size());
    std::vector<std::uint32_t> order(confidence.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return confidence[a] < confidence[b]; });
    std::vector<Group> ties;
    for (const auto row : order) {
        const Group one{confidence[row], confidence[row], 1, right[row]};
        if (!ties.empty() && ties.back().high == one.low)
            ties.back().join(one);
        else
            ties.push_back(one);
    }
    return ties;
}

/// Neighbours that fall into the same of `bins` equal parts become one.
std::vector<Group> equalMass(const std::vector<Group>& ties, std::int64_t rows, std::int64_t bins) {
    std::vector<Group> joined;
    std::int64_t before = 0;
    std::int64_t last = -1;
    for (const auto& tie : ties) {
        const std::int64_t bin = bins * (2 * before + tie.rows) / (2 * rows);
        before += tie.rows;
        if (bin == last)
            joined.back().join(tie);
        else
            joined.push_back(tie);
        last = bin;
    }
    return joined;
}

std::vector<Group> withoutSmall(const std::vector<Group>& bins) {
    std::vector<Group> joined;
    for (const auto& bin : bins)
        if (!joined.empty() && joined.back().rows < LeastInBin)
            joined.back().join(bin);
        else
            joined.push_back(bin);
    if (joined.size() > 1 && joined.back().rows < LeastInBin) {
        const Group last = joined.back();
        joined.pop_back();
        joined.back().join(last);
    }
    return joined;
}

double onLine(const CalibrationFit& fit, double confidence) {
    const auto right = std::lower_bound(fit.from.begin(), fit.from.end(), confidence);
    if (right == fit.from.begin())
        return fit.to.front();
    if (right == fit.from.end())
        return fit.to.back();
    const auto i = static_cast<std::size_t>(right - fit.from.begin());
    const double share = (confidence - fit.from[i - 1]) / (fit.from[i] - fit.from[i - 1]);
    // Rounding must not carry it beyond the knots: a neighbour's value would then be the lesser.
    return std::clamp(fit.to[i - 1] + share * (fit.to[i] - fit.to[i - 1]), fit.to[i - 1], fit.to[i]);
}

} // namespace

std::string_view calibrationName(CalibrationKind kind) {
    switch (kind) {
    case CalibrationKind::None:
        break;
    case CalibrationKind::Temperature:
        return "temperature";
    case CalibrationKind::Histogram:
        return "histogram";
    case CalibrationKind::Isotonic:
        return "isotonic";
    }
    return "none";
}

double CalibrationFit::corrected(double confidence, int classCount) const {
    switch (kind) {
    case CalibrationKind::None:
        break;
    case CalibrationKind::Temperature:
        return tempered(confidence, classCount, temperature);
    case CalibrationKind::Histogram: {
        const auto bin = std::lower_bound(from.begin(), from.end(), confidence);
        return bin == from.end() ? to.back() : to[static_cast<std::size_t>(bin - from.begin())];
    }
    case CalibrationKind::Isotonic:
        return onLine(*this, confidence);
    }
    return confidence;
}

CalibrationFit fitHistogram(std::span<const double> confidence, std::span<const std::uint8_t> right,
                            std::int64_t bins) {
    const auto rows = static_cast<std::int64_t>(confidence.size());
    const auto groups = withoutSmall(equalMass(tiesOf(confidence, right), rows, bins));
    CalibrationFit fit;
    fit.kind = CalibrationKind::Histogram;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        fit.from.push_back(i + 1 < groups.size() ? std::midpoint(groups[i].high, groups[i + 1].low) : 1.0);
        fit.to.push_back(groups[i].accuracy());
    }
    return fit;
}

CalibrationFit fitIsotonic(std::span<const double> confidence, std::span<const std::uint8_t> right) {
    std::vector<Group> pools;
    for (Group next : tiesOf(confidence, right)) {
        while (!pools.empty() && pools.back().isAtLeast(next)) {
            Group pool = pools.back();
            pools.pop_back();
            pool.join(next);
            next = pool;
        }
        pools.push_back(next);
    }
    CalibrationFit fit;
    fit.kind = CalibrationKind::Isotonic;
    for (const auto& pool : pools) {
        fit.from.push_back(pool.low);
        fit.to.push_back(pool.accuracy());
        if (pool.high > pool.low) {
            fit.from.push_back(pool.high);
            fit.to.push_back(pool.accuracy());
        }
    }
    return fit;
}

} // namespace stillroom
