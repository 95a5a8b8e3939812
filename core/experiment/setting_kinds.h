// How a setting of each kind is read and written. `member` is a generic lambda from an experiment, const or
// not, to the field: [](auto& e) -> auto& { return e.training.epochs; }. Private to core/experiment.
#pragma once

#include "core/base/number.h"
#include "core/base/schedule.h"
#include "core/experiment/settings.h"
#include "core/experiment/yaml_text.h"

#include <array>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace stillroom {

// ── values ──────────────────────────────────────────────────────────────────────────────────────────────

YamlResult<std::string> readTextNode(const YamlNode& node);
YamlResult<bool> readBoolNode(const YamlNode& node);
YamlResult<double> readNumberNode(const YamlNode& node); ///< finite
YamlResult<long long> readIntegerNode(const YamlNode& node, long long least, long long greatest);
YamlResult<Schedule> readScheduleNode(const YamlNode& node);
YamlResult<std::vector<std::string>> readTextsNode(const YamlNode& node); ///< one text or a list
/// [low, high], each a number or a schedule
YamlResult<std::pair<Schedule, Schedule>> readRangeNode(const YamlNode& node);
/// {class: factor}, each a number or a schedule
YamlResult<ClassFactors> readFactorsNode(const YamlNode& node);
/// The place of the word in `known`.
YamlResult<std::size_t> readWordNode(const YamlNode& node, std::span<const std::string_view> known);
/// The keys of a map that is a value: anything but `known` is a problem.
YamlResult<void> checkKeys(const YamlNode& map, std::span<const std::string_view> known);
/// Null when the map has no such key.
[[nodiscard]] const YamlNode* findKey(const YamlNode& map, std::string_view key);

/// A number, or {from: 1, to: 0, shape: linear, over: 3 epochs, warmup: 500 steps}; shape: step has stairs.
std::string writeSchedule(const Schedule& schedule);
std::string writeFactors(const ClassFactors& factors); ///< "" for none
std::string writeTexts(const std::vector<std::string>& texts, bool oneAsText);

// ── settings ────────────────────────────────────────────────────────────────────────────────────────────

namespace detail {

/// From a reader of nodes and a writer of values to a Setting.
template <class Member, class Read, class Write>
Setting settingOf(std::string key, Member member, Read read, Write write) {
    return {std::move(key), [member, write](const Experiment& e) -> std::string { return write(member(e)); },
            [member, read](Experiment& e, const YamlNode& node) -> YamlResult<void> {
                auto value = read(node);
                if (!value)
                    return tl::unexpected<YamlProblem>(std::move(value.error()));
                using Field = std::remove_reference_t<decltype(member(e))>;
                member(e) = static_cast<Field>(*std::move(value));
                return {};
            }};
}

} // namespace detail

/// Where a setting does something, for the program and in words.
struct Condition {
    std::function<bool(const Experiment&)> holds;
    std::string words; ///< "student.kind: encoder"
};

inline Setting onlyIf(const Condition& condition, Setting setting) {
    setting.applies = condition.holds;
    setting.needs = condition.words;
    return setting;
}

/// Empty: not set.
template <class Member>
Setting textSetting(std::string key, Member member) {
    Setting setting = detail::settingOf(std::move(key), member, readTextNode, [](const std::string& text) {
        return text.empty() ? std::string() : yamlText(text);
    });
    setting.clear = [member](Experiment& e) { member(e).clear(); };
    return setting;
}

/// Has a default that is not empty, so that empty is a value (a wrong one).
template <class Member>
Setting requiredTextSetting(std::string key, Member member) {
    return detail::settingOf(std::move(key), member, readTextNode, yamlText);
}

/// Empty: not set.
template <class Member>
Setting textsSetting(std::string key, Member member, bool oneAsText) {
    Setting setting = detail::settingOf(
        std::move(key), member, readTextsNode,
        [oneAsText](const std::vector<std::string>& texts) { return writeTexts(texts, oneAsText); });
    setting.clear = [member](Experiment& e) { member(e).clear(); };
    return setting;
}

template <class Member>
Setting integerSetting(std::string key, Member member) {
    using Field = std::remove_reference_t<decltype(member(std::declval<Experiment&>()))>;
    return detail::settingOf(
        std::move(key), member,
        [](const YamlNode& node) {
            return readIntegerNode(node, std::numeric_limits<Field>::min(),
                                   std::numeric_limits<Field>::max());
        },
        [](long long value) { return std::to_string(value); });
}

template <class Member>
Setting optionalIntegerSetting(std::string key, Member member) {
    Setting setting = detail::settingOf(
        std::move(key), member,
        [](const YamlNode& node) {
            return readIntegerNode(node, std::numeric_limits<std::int64_t>::min(),
                                   std::numeric_limits<std::int64_t>::max());
        },
        [](const std::optional<std::int64_t>& value) {
            return value ? std::to_string(*value) : std::string();
        });
    setting.clear = [member](Experiment& e) { member(e).reset(); };
    return setting;
}

template <class Member>
Setting optionalNumberSetting(std::string key, Member member) {
    Setting setting =
        detail::settingOf(std::move(key), member, readNumberNode, [](const std::optional<double>& value) {
            return value ? writeNumber(*value) : std::string();
        });
    setting.clear = [member](Experiment& e) { member(e).reset(); };
    return setting;
}

template <class Member>
Setting numberSetting(std::string key, Member member) {
    return detail::settingOf(std::move(key), member, readNumberNode, writeNumber);
}

template <class Member>
Setting scheduleSetting(std::string key, Member member) {
    return detail::settingOf(std::move(key), member, readScheduleNode, writeSchedule);
}

template <class Member>
Setting optionalScheduleSetting(std::string key, Member member) {
    Setting setting = detail::settingOf(std::move(key), member, readScheduleNode,
                                        [](const std::optional<Schedule>& schedule) {
                                            return schedule ? writeSchedule(*schedule) : std::string();
                                        });
    setting.clear = [member](Experiment& e) { member(e).reset(); };
    return setting;
}

/// Empty: not set.
template <class Member>
Setting factorsSetting(std::string key, Member member) {
    Setting setting = detail::settingOf(std::move(key), member, readFactorsNode, writeFactors);
    setting.clear = [member](Experiment& e) { member(e).clear(); };
    return setting;
}

/// Written as `words[0]` when false and `words[1]` when true; any YAML boolean is read.
template <class Member>
Setting boolSetting(std::string key, Member member,
                    std::array<std::string_view, 2> words = {"false", "true"}) {
    return detail::settingOf(std::move(key), member, readBoolNode,
                             [words](bool value) { return std::string(words[value ? 1 : 0]); });
}

/// True is the ordinary case and not written.
template <class Member>
Setting unlessTrueSetting(std::string key, Member member) {
    Setting setting = detail::settingOf(std::move(key), member, readBoolNode,
                                        [](bool value) { return std::string(value ? "" : "false"); });
    setting.clear = [member](Experiment& e) { member(e) = true; };
    return setting;
}

/// `words[i]` is the enumerator of value i.
template <std::size_t Count, class Member>
Setting wordSetting(std::string key, Member member, std::array<std::string_view, Count> words) {
    return detail::settingOf(
        std::move(key), member, [words](const YamlNode& node) { return readWordNode(node, words); },
        [words](auto value) { return std::string(words.at(static_cast<std::size_t>(value))); });
}

} // namespace stillroom
