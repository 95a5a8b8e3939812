#include "core/base/check_schedule.h"

#include "core/base/number.h"

#include <cmath>
#include <string>

namespace stillroom {

namespace {

Result<void> checkSpan(std::string_view key, std::string_view part, const ScheduleSpan& span) {
    if (span.length >= 0 && std::isfinite(span.length))
        return {};
    return fail(std::string(key) + "'s '" + std::string(part) + "' is " + writeNumber(span.length) +
                (span.unit == ScheduleUnit::Epochs ? " epochs" : " steps") +
                ", but a length has to be 0 or more");
}

} // namespace

Result<void> checkScheduleForm(std::string_view key, const Schedule& schedule) {
    if (auto good = checkSpan(key, "over", schedule.over); !good)
        return good;
    if (auto good = checkSpan(key, "warmup", schedule.warmup); !good)
        return good;
    if (schedule.shape == ScheduleShape::Step && (schedule.stairs < 2 || schedule.stairs > MaxStairs))
        return fail(std::string(key) + "'s 'stairs' is " + std::to_string(schedule.stairs) +
                    ", but has to be from 2 to " + groupThousands(MaxStairs));
    if (schedule.shape == ScheduleShape::Exponential && !(schedule.from > 0 && schedule.to > 0))
        return fail(std::string(key) +
                    " has an exponential schedule that touches 0; take shape: linear, or ends above 0");
    return {};
}

} // namespace stillroom
