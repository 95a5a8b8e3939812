#include "core/experiment/distributions.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace stillroom {

namespace bm = boost::math;

double normalCdf(double x) {
    if (std::isinf(x))
        return x < 0 ? 0.0 : 1.0;
    return bm::cdf(bm::normal(), x);
}

double normalQuantile(double probability) {
    return bm::quantile(bm::normal(), probability);
}

double studentTwoSided(double t, double freedom) {
    if (std::isinf(t))
        return 0;
    return std::min(1.0, 2 * bm::cdf(bm::complement(bm::students_t(freedom), std::fabs(t))));
}

double studentQuantile(double probability, double freedom) {
    return bm::quantile(bm::students_t(freedom), probability);
}

double chiSquareAbove(double x, double freedom) {
    return bm::cdf(bm::complement(bm::chi_squared(freedom), x));
}

double signTestTwoSided(std::int64_t successes, std::int64_t trials) {
    if (trials <= 0)
        return 1;
    const auto fewer = static_cast<double>(std::min(successes, trials - successes));
    return std::min(1.0, 2 * bm::cdf(bm::binomial(static_cast<double>(trials), 0.5), fewer));
}

double hedgesCorrection(double freedom) {
    // tgamma_delta_ratio(a, b) is Γ(a) / Γ(a + b).
    return 1 / (std::sqrt(freedom / 2) * bm::tgamma_delta_ratio((freedom - 1) / 2, 0.5));
}

double normalRangeCdf(double q, int k) {
    if (q <= 0)
        return 0;
    // The integrand and all its derivatives are nothing at both ends, where the trapezoid rule is exact to
    // rounding with few points. It lies where the smallest of the k is: φ(z) is below 1e-32 beyond ±12.
    constexpr double End = 12;
    constexpr int Parts = 480;
    constexpr double Step = 2 * End / Parts;
    const bm::normal normal;
    double sum = 0;
    for (int i = 0; i <= Parts; ++i) {
        const double z = -End + i * Step;
        sum += bm::pdf(normal, z) * std::pow(bm::cdf(normal, z) - bm::cdf(normal, z - q), k - 1);
    }
    return std::min(1.0, k * sum * Step);
}

double normalRangeQuantile(double probability, int k) {
    double low = 0;
    double high = 40;
    while (high - low > 1e-12 * high) {
        const double middle = (low + high) / 2;
        if (middle <= low || middle >= high)
            break;
        (normalRangeCdf(middle, k) < probability ? low : high) = middle;
    }
    return (low + high) / 2;
}

} // namespace stillroom
