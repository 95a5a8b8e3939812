// student.*, and loss.*, training.*
#include "core/experiment/setting_kinds.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 1> kinds{"ngram"};
constexpr std::array<std::string_view, 3> targets{"hard", "soft", "mix"};

/// [min, max], or absent
Setting charNgramsSetting() {
    const auto write = [](const Experiment& e) {
        const auto& student = e.student;
        if (student.charNgramsMin == 0 && student.charNgramsMax == 0)
            return std::string();
        return fmt::format("[{}, {}]", student.charNgramsMin, student.charNgramsMax);
    };
    const auto read = [](Experiment& e, const YamlNode& node) -> YamlResult<void> {
        constexpr long long least = std::numeric_limits<int>::min();
        constexpr long long greatest = std::numeric_limits<int>::max();
        if (node.kind != YamlNode::Kind::List || node.items.size() != 2)
            return yamlProblem(node.place,
                               fmt::format("expected the shortest and the longest such as [3, 5], found {}",
                                           describeNode(node)));
        const auto shortest = readIntegerNode(node.items[0], least, greatest);
        if (!shortest)
            return tl::unexpected<YamlProblem>(shortest.error());
        const auto longest = readIntegerNode(node.items[1], least, greatest);
        if (!longest)
            return tl::unexpected<YamlProblem>(longest.error());
        e.student.charNgramsMin = static_cast<int>(*shortest);
        e.student.charNgramsMax = static_cast<int>(*longest);
        return {};
    };
    const auto clear = [](Experiment& e) { e.student.charNgramsMin = e.student.charNgramsMax = 0; };
    return {"student.char_ngrams", write, read, clear};
}

} // namespace

void addStudentSettings(std::vector<Setting>& table) {
    table.push_back(wordSetting(
        "student.kind", [](auto& e) -> auto& { return e.student.kind; }, kinds));
    table.push_back(integerSetting(
        "student.dimensions", [](auto& e) -> auto& { return e.student.dimensions; }));
    table.push_back(integerSetting(
        "student.buckets", [](auto& e) -> auto& { return e.student.buckets; }));
    table.push_back(integerSetting(
        "student.word_ngrams", [](auto& e) -> auto& { return e.student.wordNgrams; }));
    table.push_back(charNgramsSetting());
}

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
    table.push_back(scheduleSetting(
        "training.learning_rate", [](auto& e) -> auto& { return e.training.learningRate; }));
    table.push_back(integerSetting(
        "training.seed", [](auto& e) -> auto& { return e.training.seed; }));
    table.push_back(requiredTextSetting(
        "training.device", [](auto& e) -> auto& { return e.training.device; }));
    table.push_back(integerSetting(
        "training.threads", [](auto& e) -> auto& { return e.training.threads; }));
    table.push_back(
        boolSetting("training.packing", [](auto& e) -> auto& { return e.training.packing; }, {"off", "on"}));
}

} // namespace stillroom
