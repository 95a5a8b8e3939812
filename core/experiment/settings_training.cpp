// loss.* and training.*
#include "core/experiment/setting_kinds.h"

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 3> targets{"hard", "soft", "mix"};
constexpr std::array<std::string_view, 2> precisions{"fp32", "bf16"};

const Condition& network() {
    static const Condition condition{[](const Experiment& e) { return e.student.kind != StudentKind::Ngram; },
                                     "student.kind: encoder or probe"};
    return condition;
}

const Condition& encoder() {
    static const Condition condition{
        [](const Experiment& e) { return e.student.kind == StudentKind::Encoder; }, "student.kind: encoder"};
    return condition;
}

} // namespace

void addTrainingSettings(std::vector<Setting>& table) {
    table.push_back(wordSetting(
        "loss.target", [](auto& e) -> auto& { return e.loss.target; }, targets));
    table.push_back(numberSetting(
        "loss.temperature", [](auto& e) -> auto& { return e.loss.temperature; }));
    table.push_back(numberSetting(
        "loss.mix", [](auto& e) -> auto& { return e.loss.mix; }));

    table.push_back(integerSetting(
        "training.epochs", [](auto& e) -> auto& { return e.training.epochs; }));
    table.push_back(optionalIntegerSetting(
        "training.stop.gradient_samples", [](auto& e) -> auto& { return e.training.stop.gradientSamples; }));
    table.push_back(optionalIntegerSetting(
        "training.stop.distinct_samples", [](auto& e) -> auto& { return e.training.stop.distinctSamples; }));
    table.push_back(optionalNumberSetting(
        "training.stop.minutes", [](auto& e) -> auto& { return e.training.stop.minutes; }));
    table.push_back(integerSetting(
        "training.batch", [](auto& e) -> auto& { return e.training.batch; }));
    table.push_back(optionalScheduleSetting(
        "training.learning_rate", [](auto& e) -> auto& { return e.training.learningRate; }));
    table.push_back(integerSetting(
        "training.seed", [](auto& e) -> auto& { return e.training.seed; }));
    table.push_back(requiredTextSetting(
        "training.device", [](auto& e) -> auto& { return e.training.device; }));
    table.push_back(integerSetting(
        "training.threads", [](auto& e) -> auto& { return e.training.threads; }));
    table.push_back(onlyIf(network(), numberSetting(
                                          "training.weight_decay", [](auto& e) -> auto& {
                                              return e.training.optimizer.weightDecay;
                                          })));
    table.push_back(onlyIf(encoder(), numberSetting(
                                          "training.layer_decay",
                                          [](auto& e) -> auto& { return e.training.optimizer.layerDecay; })));
    table.push_back(onlyIf(network(), numberSetting(
                                          "training.clip_norm",
                                          [](auto& e) -> auto& { return e.training.optimizer.clipNorm; })));
    table.push_back(onlyIf(network(), integerSetting(
                                          "training.accumulate",
                                          [](auto& e) -> auto& { return e.training.optimizer.accumulate; })));
    table.push_back(
        onlyIf(encoder(),
               wordSetting(
                   "training.precision", [](auto& e) -> auto& { return e.training.precision; }, precisions)));
    table.push_back(onlyIf(
        encoder(), wordSetting(
                       "training.scoring", [](auto& e) -> auto& { return e.training.scoring; }, precisions)));
    table.push_back(onlyIf(
        encoder(), integerSetting(
                       "training.micro_batch", [](auto& e) -> auto& { return e.training.microBatch; })));
    table.push_back(integerSetting(
        "training.score_every", [](auto& e) -> auto& { return e.training.scoreEvery; }));
    table.push_back(
        boolSetting("training.packing", [](auto& e) -> auto& { return e.training.packing; }, {"off", "on"}));
    table.push_back(optionalIntegerSetting(
        "training.checkpoint.every_steps",
        [](auto& e) -> auto& { return e.training.checkpoint.everySteps; }));
    table.push_back(optionalNumberSetting(
        "training.checkpoint.every_minutes",
        [](auto& e) -> auto& { return e.training.checkpoint.everyMinutes; }));
    table.push_back(integerSetting(
        "training.checkpoint.keep", [](auto& e) -> auto& { return e.training.checkpoint.keep; }));
}

} // namespace stillroom
