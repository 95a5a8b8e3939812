// Whether a schedule can be followed, whatever its numbers stand for.
#pragma once

#include "core/base/result.h"
#include "core/base/schedule.h"

#include <string_view>

namespace stillroom {

inline constexpr int MaxStairs = 1'000'000;

/// The sentence for a length (`over`, `warmup`) that is negative or no number, for fewer than 2 stairs, and
/// for an exponential that touches 0. It begins with `key`, as in the YAML.
Result<void> checkScheduleForm(std::string_view key, const Schedule& schedule);

/// 0 from beginning to end, its warm-up included.
[[nodiscard]] inline bool alwaysZero(const Schedule& schedule) {
    return schedule.from == 0 && (schedule.shape == ScheduleShape::Constant || schedule.to == 0);
}

} // namespace stillroom
