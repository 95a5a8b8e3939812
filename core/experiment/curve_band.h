// Several curves of the same experiment as one: their mean, and how far they lie apart.
#pragma once

#include <span>
#include <vector>

namespace stillroom {

/// y over x, x ascending, equally many of both.
struct CurveLine {
    std::vector<double> x, y;
};

enum class BandKind {
    Deviation, ///< mean ± standard deviation (n − 1)
    Range,     ///< from the lowest to the highest
};

struct CurveBand {
    std::vector<double> x, mean, low, high; ///< equally many
};

inline constexpr int BandPoints = 400;

/// Over the stretch of x that all curves have; between their points they are straight lines. On the curves'
/// own points where these are the same for all, else on so many at equal distances. Fewer than two curves, or
/// none with a stretch in common: empty.
[[nodiscard]] CurveBand bandOf(std::span<const CurveLine> curves, BandKind kind, int points = BandPoints);

} // namespace stillroom
