// student.*
#include "core/experiment/setting_kinds.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 3> kinds{"ngram", "encoder", "probe"};
constexpr std::array<std::string_view, 2> poolings{"cls", "mean"};
constexpr std::array<std::string_view, 2> starts{"pretrained", "scratch"};

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
    const auto is = [](StudentKind kind) {
        return [kind](const Experiment& e) { return e.student.kind == kind; };
    };
    const Condition ngram{is(StudentKind::Ngram), "student.kind: ngram"};
    const Condition encoder{is(StudentKind::Encoder), "student.kind: encoder"};
    const Condition probe{is(StudentKind::Probe), "student.kind: probe"};
    const Condition pretrained{[](const Experiment& e) { return e.student.kind != StudentKind::Ngram; },
                               "student.kind: encoder or probe"};
    const Condition scratch{[](const Experiment& e) {
                                return e.student.kind == StudentKind::Encoder &&
                                       e.student.start == EncoderStart::Scratch;
                            },
                            "student.kind: encoder and student.start: scratch"};
    table.push_back(
        onlyIf(ngram, integerSetting(
                          "student.dimensions", [](auto& e) -> auto& { return e.student.dimensions; })));
    table.push_back(
        onlyIf(ngram, integerSetting(
                          "student.buckets", [](auto& e) -> auto& { return e.student.buckets; })));
    table.push_back(
        onlyIf(ngram, integerSetting(
                          "student.word_ngrams", [](auto& e) -> auto& { return e.student.wordNgrams; })));
    table.push_back(onlyIf(ngram, charNgramsSetting()));
    table.push_back(
        onlyIf(pretrained, textSetting(
                               "student.model", [](auto& e) -> auto& { return e.student.model; })));
    table.push_back(
        onlyIf(pretrained, integerSetting(
                               "student.length", [](auto& e) -> auto& { return e.student.length; })));
    table.push_back(onlyIf(
        pretrained, wordSetting(
                        "student.pooling", [](auto& e) -> auto& { return e.student.pooling; }, poolings)));
    table.push_back(onlyIf(
        pretrained, numberSetting(
                        "student.head_dropout", [](auto& e) -> auto& { return e.student.headDropout; })));
    table.push_back(
        onlyIf(encoder, optionalNumberSetting(
                            "student.dropout", [](auto& e) -> auto& { return e.student.dropout; })));
    table.push_back(
        onlyIf(encoder, wordSetting(
                            "student.start", [](auto& e) -> auto& { return e.student.start; }, starts)));
    table.push_back(
        onlyIf(scratch, optionalIntegerSetting(
                            "student.layers", [](auto& e) -> auto& { return e.student.layers; })));
    table.push_back(onlyIf(scratch, optionalIntegerSetting(
                                        "student.width", [](auto& e) -> auto& { return e.student.width; })));
    table.push_back(onlyIf(scratch, optionalIntegerSetting(
                                        "student.heads", [](auto& e) -> auto& { return e.student.heads; })));
    table.push_back(
        onlyIf(scratch, optionalIntegerSetting(
                            "student.feed_forward", [](auto& e) -> auto& { return e.student.feedForward; })));
    table.push_back(onlyIf(probe, integerSetting(
                                      "student.hidden", [](auto& e) -> auto& { return e.student.hidden; })));
}

} // namespace stillroom
