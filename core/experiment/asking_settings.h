// The `asking:` section of an experiment: a budget of calls, spent in rounds on what teaches most.
#pragma once

#include "core/selection/selection_settings.h"

#include <cstdint>
#include <optional>

namespace stillroom {

enum class AskingPick {
    Uncertain, ///< what the student of the round before is unsure of
    Random,    ///< any, at once: what rounds are compared with
};

/// What keeps the uncertain texts of a round from being many times the same.
enum class AskingDiversity {
    None,
    Chance,  ///< pickByChance
    Classes, ///< pickByClass
};

struct AskingSettings {
    std::int64_t calls =
        0; ///< texts that are asked about, in all; 0: no rounds, all that is known is learned from
    std::int64_t rounds = 10;
    double first = 0.25; ///< share of the calls in the first round, whose texts are drawn at random
    AskingPick pick = AskingPick::Uncertain;
    Uncertainty uncertainty = Uncertainty::Margin; ///< not disagreement: the teacher has not spoken
    AskingDiversity diversity = AskingDiversity::Classes;
    double power = 4;                 ///< chance
    std::optional<std::int64_t> seed; ///< of what is drawn; none: training.seed

    [[nodiscard]] bool on() const { return calls > 0; }
    friend bool operator==(const AskingSettings&, const AskingSettings&) = default;
};

} // namespace stillroom
