#include "core/experiment/setting_kinds.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 4> shapes{"constant", "linear", "cosine", "exponential"};

tl::unexpected<YamlProblem> expected(const YamlNode& node, std::string_view what) {
    return yamlProblem(node.place, fmt::format("expected {}, found {}", what, describeNode(node)));
}

} // namespace

YamlResult<std::string> readTextNode(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Scalar)
        return expected(node, "a text");
    return node.text;
}

YamlResult<bool> readBoolNode(const YamlNode& node) {
    if (node.kind == YamlNode::Kind::Scalar && !node.quoted) {
        std::string lower = node.text;
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (lower == "true" || lower == "on" || lower == "yes")
            return true;
        if (lower == "false" || lower == "off" || lower == "no")
            return false;
    }
    return expected(node, "true or false");
}

YamlResult<double> readNumberNode(const YamlNode& node) {
    if (node.kind == YamlNode::Kind::Scalar && !node.quoted)
        if (const auto value = readNumber(node.text); value && std::isfinite(*value))
            return *value;
    return expected(node, "a number");
}

YamlResult<long long> readIntegerNode(const YamlNode& node, long long least, long long greatest) {
    const auto value = node.kind == YamlNode::Kind::Scalar && !node.quoted ? readInteger(node.text)
                                                                           : std::optional<long long>();
    if (!value)
        return expected(node, "a whole number");
    if (*value < least || *value > greatest)
        return expected(node, fmt::format("a whole number from {} to {}", least, greatest));
    return *value;
}

YamlResult<std::vector<std::string>> readTextsNode(const YamlNode& node) {
    if (node.kind == YamlNode::Kind::Scalar)
        return std::vector<std::string>{node.text};
    if (node.kind != YamlNode::Kind::List)
        return expected(node, "a text or a list of texts");
    std::vector<std::string> texts;
    for (const auto& item : node.items) {
        auto text = readTextNode(item);
        if (!text)
            return tl::unexpected<YamlProblem>(std::move(text.error()));
        texts.push_back(*std::move(text));
    }
    return texts;
}

YamlResult<std::pair<double, double>> readRangeNode(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::List || node.items.size() != 2)
        return node.kind == YamlNode::Kind::List
                   ? yamlProblem(node.place,
                                 fmt::format("expected two numbers such as [0, 1], found a list of {}",
                                             node.items.size()))
                   : expected(node, "two numbers such as [0, 1]");
    const auto low = readNumberNode(node.items[0]);
    if (!low)
        return tl::unexpected<YamlProblem>(low.error());
    const auto high = readNumberNode(node.items[1]);
    if (!high)
        return tl::unexpected<YamlProblem>(high.error());
    return std::pair(*low, *high);
}

YamlResult<std::size_t> readWordNode(const YamlNode& node, std::span<const std::string_view> known) {
    const std::string allowed = fmt::format("{}", fmt::join(known, ", "));
    if (node.kind != YamlNode::Kind::Scalar)
        return expected(node, known.size() == 1 ? allowed : "one of " + allowed);
    const auto found = std::find(known.begin(), known.end(), node.text);
    if (found != known.end())
        return static_cast<std::size_t>(found - known.begin());
    const std::string nearest = nearestWord(node.text, known);
    const std::string question = nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest);
    return yamlProblem(node.place,
                       fmt::format("expected {}{}, found {}{}", known.size() == 1 ? "" : "one of ", allowed,
                                   describeNode(node), question));
}

YamlResult<void> checkKeys(const YamlNode& map, std::span<const std::string_view> known) {
    for (const auto& entry : map.entries)
        if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
            const std::string nearest = nearestWord(entry.key, known);
            return yamlProblem(
                entry.place,
                nearest.empty()
                    ? fmt::format("unknown key '{}'; known are {}", entry.key, fmt::join(known, ", "))
                    : fmt::format("unknown key '{}'; did you mean '{}'?", entry.key, nearest));
        }
    return {};
}

const YamlNode* findKey(const YamlNode& map, std::string_view key) {
    for (const auto& entry : map.entries)
        if (entry.key == key)
            return &entry.value;
    return nullptr;
}

YamlResult<Schedule> readScheduleNode(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Map) {
        const auto value = readNumberNode(node);
        if (!value)
            return expected(node, "a number or a schedule such as {from: 1, to: 0, shape: linear}");
        return Schedule(*value);
    }
    static constexpr std::array<std::string_view, 3> keys{"from", "to", "shape"};
    if (auto checked = checkKeys(node, keys); !checked)
        return tl::unexpected<YamlProblem>(std::move(checked.error()));
    Schedule schedule;
    schedule.shape = ScheduleShape::Linear;
    if (const YamlNode* shape = findKey(node, "shape")) {
        const auto index = readWordNode(*shape, shapes);
        if (!index)
            return tl::unexpected<YamlProblem>(index.error());
        schedule.shape = static_cast<ScheduleShape>(*index);
    }
    const YamlNode* from = findKey(node, "from");
    const YamlNode* to = findKey(node, "to");
    if (from == nullptr)
        return yamlProblem(node.place, "a schedule needs 'from'");
    if (to == nullptr && schedule.shape != ScheduleShape::Constant)
        return yamlProblem(node.place, "a schedule needs 'to'");
    const auto start = readNumberNode(*from);
    if (!start)
        return tl::unexpected<YamlProblem>(start.error());
    const auto end = to == nullptr ? start : readNumberNode(*to);
    if (!end)
        return tl::unexpected<YamlProblem>(end.error());
    schedule.from = *start;
    schedule.to = *end;
    return schedule;
}

std::string writeSchedule(const Schedule& schedule) {
    if (schedule.shape == ScheduleShape::Constant && schedule.from == schedule.to)
        return writeNumber(schedule.from);
    return fmt::format("{{from: {}, to: {}, shape: {}}}", writeNumber(schedule.from),
                       writeNumber(schedule.to), shapes.at(static_cast<std::size_t>(schedule.shape)));
}

std::string writeTexts(const std::vector<std::string>& texts, bool oneAsText) {
    if (texts.empty())
        return "";
    if (oneAsText && texts.size() == 1)
        return yamlText(texts[0]);
    std::string out = "[";
    for (const auto& text : texts)
        out += (out.size() > 1 ? ", " : "") + yamlText(text);
    return out + "]";
}

} // namespace stillroom
