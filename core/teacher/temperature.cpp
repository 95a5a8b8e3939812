// Temperature scaling: the one number that makes gold most probable.
#include "core/teacher/calibration_fit.h"

#include <algorithm>
#include <cmath>

namespace stillroom {

namespace {

constexpr double Floor = 1e-12;            // of a probability: −log of 0 would decide everything
constexpr double Least = 0.01, Most = 100; // of 1/T

double logOf(double p) {
    return std::log(std::max(p, Floor));
}

/// log((1 − c)/(K − 1)) − log c: of another class against the label's.
double logRatio(double confidence, int classCount) {
    return logOf((1 - confidence) / (classCount - 1)) - logOf(confidence);
}

/// How the mean of −log q′_gold changes with b = 1/T: Σ_k q′_k l_k − l_gold with l = log q, and its own
/// slope, the variance of l under q′.
struct Slope {
    double first = 0, second = 0;
};

class Rows {
  public:
    Rows(const Dataset& dataset, const TeacherOutputs& teacher, std::span<const std::uint32_t> rows)
        : dataset_(dataset), teacher_(teacher), rows_(rows),
          q_(static_cast<std::size_t>(teacher.classCount())), logs_(q_.size()) {}

    Slope at(double b) {
        Slope sum;
        for (const auto row : rows_)
            teacher_.hasVectors() ? add(row, b, sum) : addFilledIn(row, b, sum);
        const auto count = static_cast<double>(rows_.size());
        return {sum.first / count, sum.second / count};
    }

  private:
    void add(std::uint32_t row, double b, Slope& sum) {
        teacher_.distribution(row, q_);
        std::transform(q_.begin(), q_.end(), logs_.begin(), [](float p) { return logOf(p); });
        const double largest = *std::max_element(logs_.begin(), logs_.end());
        double mass = 0;
        double mean = 0;
        double square = 0;
        for (const double l : logs_) {
            const double away = l - largest; // so that the square is of small numbers
            const double weight = std::exp(b * away);
            mass += weight;
            mean += weight * away;
            square += weight * away * away;
        }
        mean /= mass;
        sum.first += mean - (logs_[static_cast<std::size_t>(dataset_.gold(row))] - largest);
        sum.second += square / mass - mean * mean;
    }

    /// The same of c and K − 1 times (1 − c)/(K − 1).
    void addFilledIn(std::uint32_t row, double b, Slope& sum) const {
        const double c = teacher_.confidence(row);
        const double away = logRatio(c, teacher_.classCount());
        const double label = tempered(c, teacher_.classCount(), 1 / b);
        const bool right = teacher_.label(row) == dataset_.gold(row);
        sum.first += away * ((right ? 1 : 0) - label); // Σ q′_k l_k is away · (1 − label)
        sum.second += away * away * label * (1 - label);
    }

    const Dataset& dataset_;
    const TeacherOutputs& teacher_;
    std::span<const std::uint32_t> rows_;
    std::vector<float> q_;
    std::vector<double> logs_;
};

/// Where the slope is 0. It only ever rises, so that Newton's steps can be held between two sides.
double flattest(Rows& rows) {
    Slope slope = rows.at(1);
    if (slope.first == 0)
        return 1;
    double low = Least;
    double high = Most;
    (slope.first < 0 ? low : high) = 1;
    if (slope.first < 0 && rows.at(Most).first <= 0)
        return Most;
    if (slope.first > 0 && rows.at(Least).first >= 0)
        return Least;
    double b = 1;
    for (int step = 0; step < 200; ++step) {
        const double newton = b - slope.first / slope.second;
        const double next = newton > low && newton < high ? newton : std::sqrt(low * high);
        if (std::abs(next - b) <= 1e-12 * b)
            break;
        b = next;
        slope = rows.at(b);
        if (slope.first == 0)
            break;
        (slope.first < 0 ? low : high) = b;
    }
    return b;
}

} // namespace

CalibrationFit fitTemperature(const Dataset& dataset, const TeacherOutputs& teacher,
                              std::span<const std::uint32_t> rows) {
    CalibrationFit fit;
    fit.kind = CalibrationKind::Temperature;
    if (teacher.classCount() < 2)
        return fit;
    Rows measured(dataset, teacher, rows);
    fit.temperature = 1 / flattest(measured);
    return fit;
}

void temper(std::span<float> q, double temperature) {
    const double largest = logOf(*std::max_element(q.begin(), q.end()));
    double mass = 0;
    for (const float p : q)
        mass += std::exp((logOf(p) - largest) / temperature);
    for (float& p : q)
        p = static_cast<float>(std::exp((logOf(p) - largest) / temperature) / mass);
}

double tempered(double confidence, int classCount, double temperature) {
    if (classCount < 2)
        return confidence;
    return 1 / (1 + (classCount - 1) * std::exp(logRatio(confidence, classCount) / temperature));
}

} // namespace stillroom
