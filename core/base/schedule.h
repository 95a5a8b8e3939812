// A number that may change while training: constant, or from one value to another over the run or a part of
// it, after a warm-up.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace stillroom {

/// Where a run stands: what schedules look at.
struct RunPlace {
    double step = 0;          ///< candidate batches done
    double stepsPerEpoch = 1; ///< of this run
    double totalSteps = 1;    ///< of this run, if no budget ends it before
    /// Share of the run's budget (training.stop) that is spent, so that "the whole run" ends with it.
    double spent = 0;

    RunPlace() = default;
    /// A share of a run of one step.
    RunPlace(double share) : step(share) {} // NOLINT: a share is a place
    RunPlace(double done, double perEpoch, double total, double budgetSpent = 0)
        : step(done), stepsPerEpoch(perEpoch), totalSteps(total), spent(budgetSpent) {}
};

enum class ScheduleShape { Constant, Linear, Cosine, Exponential, Step };
enum class ScheduleUnit { Epochs, Steps };

/// So many epochs or steps; 0: none given.
struct ScheduleSpan {
    double length = 0;
    ScheduleUnit unit = ScheduleUnit::Epochs;

    [[nodiscard]] double steps(const RunPlace& place) const {
        return unit == ScheduleUnit::Epochs ? length * place.stepsPerEpoch : length;
    }
    friend bool operator==(const ScheduleSpan&, const ScheduleSpan&) = default;
};

/// First the warm-up: linearly from 0 to `from`. Then from `from` to `to` in the shape, over `over` or, when
/// that is not given, over what is left of the run; afterwards `to`.
struct Schedule {
    double from = 0;
    double to = 0; ///< not looked at when the shape is constant
    ScheduleShape shape = ScheduleShape::Constant;
    ScheduleSpan over;   ///< none: to the end of the run
    ScheduleSpan warmup; ///< none: there is no warm-up
    int stairs = 4;      ///< shape Step: so many equally long levels, `from` the first, `to` the last; ≥ 2

    Schedule() = default;
    Schedule(double value) : from(value), to(value) {} // NOLINT: a number is a schedule
    Schedule(double start, double end, ScheduleShape how) : from(start), to(end), shape(how) {}

    /// One value from beginning to end.
    [[nodiscard]] bool constant() const { return shape == ScheduleShape::Constant && warmup.length == 0; }

    /// Exponential needs from, to > 0.
    [[nodiscard]] double at(const RunPlace& place) const {
        const double warm = warmup.steps(place);
        if (place.step < warm)
            return from * place.step / warm;
        if (shape == ScheduleShape::Constant)
            return from;
        return shaped(progress(place, warm));
    }

    friend bool operator==(const Schedule&, const Schedule&) = default;

  private:
    /// Of the way from `from` to `to`, in [0, 1].
    [[nodiscard]] double progress(const RunPlace& place, double warm) const {
        const bool whole = over.length == 0;
        const double length = whole ? place.totalSteps - warm : over.steps(place);
        double done = length > 0 ? (place.step - warm) / length : 1;
        if (whole)
            done = std::max(done, place.spent);
        return std::clamp(done, 0.0, 1.0);
    }

    [[nodiscard]] double shaped(double done) const {
        switch (shape) {
        case ScheduleShape::Linear:
            return from + (to - from) * done;
        case ScheduleShape::Cosine:
            return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * done));
        case ScheduleShape::Exponential:
            return from * std::pow(to / from, done);
        case ScheduleShape::Step: {
            const double level = std::min(std::floor(done * stairs), stairs - 1.0);
            return from + (to - from) * level / (stairs - 1.0);
        }
        case ScheduleShape::Constant:
            break;
        }
        return from;
    }
};

} // namespace stillroom
