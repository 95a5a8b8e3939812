#include "core/experiment/check_asking.h"

#include "core/base/number.h"

#include <fmt/format.h>

namespace stillroom {

Result<void> checkAsking(const AskingSettings& asking, CalibrationKind calibration) {
    if (!asking.on())
        return {};
    // It would be fitted on texts that nobody has asked about.
    if (calibration != CalibrationKind::None)
        return fail(fmt::format("teacher.calibration is {}, which needs a teacher that has been asked; with "
                                "asking.calls take calibration: none",
                                calibrationName(calibration)));
    if (asking.seed && *asking.seed < 0)
        return fail(fmt::format("asking.seed is {}; it must be 0 or more", *asking.seed));
    if (asking.pick == AskingPick::Random)
        return {};
    if (asking.rounds < 2 || asking.rounds > asking.calls)
        return fail(
            fmt::format("asking.rounds is {}; it must be from 2 to asking.calls ({}), since each round "
                        "asks about one text at least",
                        asking.rounds, groupThousands(asking.calls)));
    if (!(asking.first > 0 && asking.first < 1))
        return fail(
            fmt::format("asking.first is {}; the share of the calls that the first round spends at random "
                        "must be more than 0 and less than 1",
                        writeNumber(asking.first)));
    if (asking.uncertainty == Uncertainty::Disagreement)
        return fail(
            "asking.uncertainty is disagreement, which is with what the teacher said: it has not been "
            "asked yet; take margin, entropy or least_confidence");
    if (!(asking.power > 0 && asking.power <= 1000))
        return fail(fmt::format("asking.power is {}; it must be more than 0 and at most 1000",
                                writeNumber(asking.power)));
    return {};
}

} // namespace stillroom
