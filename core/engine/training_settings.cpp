#include "core/engine/training_settings.h"

#include "core/base/check_schedule.h"
#include "core/base/number.h"

#include <cmath>
#include <fmt/format.h>

namespace stillroom {

Schedule learningRateOf(const TrainingSettings& training, StudentKind student) {
    if (training.learningRate)
        return *training.learningRate;
    Schedule rate(1.0, 0.0, ScheduleShape::Linear);
    if (student == StudentKind::Probe)
        rate.from = 3e-3;
    if (student == StudentKind::Encoder) {
        rate.from = 3e-5;
        rate.warmup = {0.1, ScheduleUnit::Epochs};
    }
    return rate;
}

Result<void> checkLoss(const LossSettings& loss) {
    if (!(loss.temperature > 0 && std::isfinite(loss.temperature)))
        return fail(
            fmt::format("loss.temperature is {}; it must be more than 0", writeNumber(loss.temperature)));
    if (!(loss.mix >= 0 && loss.mix <= 1))
        return fail(fmt::format("loss.mix is {}; it must be between 0 and 1", writeNumber(loss.mix)));
    return {};
}

Result<void> checkLearningRate(const Schedule& rate) {
    const bool changes = rate.shape != ScheduleShape::Constant;
    const auto fine = [](double value) { return value >= 0 && std::isfinite(value); };
    if (!fine(rate.from) || (changes && !fine(rate.to)))
        return fail("training.learning_rate must be 0 or more, at its beginning and at its end");
    if (rate.from == 0 && (!changes || rate.to == 0))
        return fail("training.learning_rate is 0: nothing would be learned");
    if (rate.shape == ScheduleShape::Exponential && (rate.from == 0 || rate.to == 0))
        return fail("training.learning_rate: an exponential schedule needs 'from' and 'to' above 0");
    return checkScheduleForm("training.learning_rate", rate);
}

Result<void> checkStop(const StopSettings& stop) {
    const auto fewerThanOne = [](const char* key, std::int64_t samples) {
        return fail(fmt::format("training.stop.{} is {}; it must be 1 or more", key, samples));
    };
    if (stop.gradientSamples && *stop.gradientSamples < 1)
        return fewerThanOne("gradient_samples", *stop.gradientSamples);
    if (stop.distinctSamples && *stop.distinctSamples < 1)
        return fewerThanOne("distinct_samples", *stop.distinctSamples);
    if (stop.minutes && !(*stop.minutes > 0 && std::isfinite(*stop.minutes)))
        return fail(
            fmt::format("training.stop.minutes is {}; it must be more than 0", writeNumber(*stop.minutes)));
    return {};
}

Result<void> checkCheckpoint(const CheckpointSettings& checkpoint) {
    if (checkpoint.everySteps && *checkpoint.everySteps < 1)
        return fail(fmt::format("training.checkpoint.every_steps is {}; it must be 1 or more",
                                *checkpoint.everySteps));
    if (checkpoint.everyMinutes && !(*checkpoint.everyMinutes > 0 && std::isfinite(*checkpoint.everyMinutes)))
        return fail(fmt::format("training.checkpoint.every_minutes is {}; it must be more than 0",
                                writeNumber(*checkpoint.everyMinutes)));
    if (checkpoint.keep < 0 || checkpoint.keep > 1000)
        return fail(fmt::format("training.checkpoint.keep is {}; it must be 0 to 1000", checkpoint.keep));
    return {};
}

} // namespace stillroom
