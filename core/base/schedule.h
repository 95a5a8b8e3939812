// A number that may change while training: constant, or from one value to another over the run.
#pragma once

#include <cmath>
#include <numbers>

namespace stillroom {

enum class ScheduleShape { Constant, Linear, Cosine, Exponential };

struct Schedule {
    double from = 0;
    double to = 0; ///< not looked at when the shape is constant
    ScheduleShape shape = ScheduleShape::Constant;

    Schedule() = default;
    Schedule(double value) : from(value), to(value) {} // NOLINT: a number is a schedule
    Schedule(double start, double end, ScheduleShape how) : from(start), to(end), shape(how) {}

    /// The value when `progress` ∈ [0, 1] of the run's steps are done. Exponential needs from, to > 0.
    [[nodiscard]] double at(double progress) const {
        switch (shape) {
        case ScheduleShape::Linear:
            return from + (to - from) * progress;
        case ScheduleShape::Cosine:
            return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * progress));
        case ScheduleShape::Exponential:
            return from * std::pow(to / from, progress);
        case ScheduleShape::Constant:
            break;
        }
        return from;
    }

    friend bool operator==(const Schedule&, const Schedule&) = default;
};

} // namespace stillroom
