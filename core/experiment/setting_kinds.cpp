#include "core/experiment/setting_kinds.h"

#include "core/base/check_schedule.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom {

namespace {

// In the order of ScheduleShape and ScheduleUnit.
constexpr std::array<std::string_view, 5> shapes{"constant", "linear", "cosine", "exponential", "step"};
constexpr std::array<std::string_view, 4> units{"epochs", "steps", "epoch", "step"};

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

YamlResult<std::pair<Schedule, Schedule>> readRangeNode(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::List || node.items.size() != 2)
        return node.kind == YamlNode::Kind::List
                   ? yamlProblem(node.place,
                                 fmt::format("expected two numbers such as [0, 1], found a list of {}",
                                             node.items.size()))
                   : expected(node, "two numbers such as [0, 1]");
    const auto low = readScheduleNode(node.items[0]);
    if (!low)
        return tl::unexpected<YamlProblem>(low.error());
    const auto high = readScheduleNode(node.items[1]);
    if (!high)
        return tl::unexpected<YamlProblem>(high.error());
    return std::pair(*low, *high);
}

YamlResult<ClassFactors> readFactorsNode(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Map)
        return expected(node, "a factor for each class such as {fire: 0.9, flood: 1.1}");
    ClassFactors factors;
    for (const auto& entry : node.entries) {
        auto factor = readScheduleNode(entry.value);
        if (!factor) {
            factor.error().message = fmt::format("'{}': {}", entry.key, factor.error().message);
            return tl::unexpected<YamlProblem>(std::move(factor.error()));
        }
        factors.emplace(entry.key, *factor);
    }
    return factors;
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

namespace {

/// "3 epochs", "500 steps"
YamlResult<ScheduleSpan> readSpanNode(const YamlNode& node, std::string_view part) {
    const auto wrong = [&](std::string_view more = {}) {
        return yamlProblem(node.place,
                           fmt::format("'{}' is a length such as 3 epochs or 500 steps, found {}{}", part,
                                       describeNode(node), more));
    };
    if (node.kind != YamlNode::Kind::Scalar)
        return wrong();
    const std::string_view text = node.text;
    const std::size_t space = text.find_first_of(" \t");
    const auto length = readNumber(text.substr(0, space));
    if (!length || space == std::string_view::npos)
        return wrong();
    const std::string_view unit = text.substr(text.find_first_not_of(" \t", space));
    const auto found = std::find(units.begin(), units.end(), unit);
    if (found == units.end()) {
        const std::string nearest = nearestWord(unit, units);
        return wrong(nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest));
    }
    if (!std::isfinite(*length) || *length < 0)
        return wrong();
    ScheduleSpan span;
    if (*length > 0) // none is none, in whatever unit
        span = {*length, static_cast<ScheduleUnit>((found - units.begin()) % 2)};
    return span;
}

std::string writeSpan(const ScheduleSpan& span) {
    const auto unit = units.at((span.length == 1 ? 2 : 0) + static_cast<std::size_t>(span.unit));
    return fmt::format("{} {}", writeNumber(span.length), unit);
}

YamlResult<void> readSpans(const YamlNode& node, Schedule& schedule) {
    if (const YamlNode* given = findKey(node, "over")) {
        const auto span = readSpanNode(*given, "over");
        if (!span)
            return tl::unexpected<YamlProblem>(span.error());
        if (span->length == 0)
            return yamlProblem(
                given->place, "'over' is longer than nothing; without it the schedule is over the whole run");
        schedule.over = *span;
    }
    if (const YamlNode* given = findKey(node, "warmup")) {
        const auto span = readSpanNode(*given, "warmup");
        if (!span)
            return tl::unexpected<YamlProblem>(span.error());
        schedule.warmup = *span;
    }
    return {};
}

YamlResult<void> readStairs(const YamlNode& node, Schedule& schedule) {
    const YamlNode* given = findKey(node, "stairs");
    if (given == nullptr)
        return {};
    if (schedule.shape != ScheduleShape::Step)
        return yamlProblem(given->place, "'stairs' goes with shape: step");
    const auto stairs = readIntegerNode(*given, 2, MaxStairs);
    if (!stairs)
        return tl::unexpected<YamlProblem>(stairs.error());
    schedule.stairs = static_cast<int>(*stairs);
    return {};
}

} // namespace

YamlResult<Schedule> readScheduleNode(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Map) {
        const auto value = readNumberNode(node);
        if (!value)
            return expected(node, "a number or a schedule such as {from: 1, to: 0, shape: linear}");
        return Schedule(*value);
    }
    static constexpr std::array<std::string_view, 6> keys{"from", "to", "shape", "over", "warmup", "stairs"};
    if (auto checked = checkKeys(node, keys); !checked)
        return tl::unexpected<YamlProblem>(std::move(checked.error()));
    const YamlNode* from = findKey(node, "from");
    const YamlNode* to = findKey(node, "to");
    Schedule schedule;
    // {from: 1, warmup: 2 epochs} has nowhere to go.
    schedule.shape =
        to == nullptr && findKey(node, "warmup") != nullptr ? ScheduleShape::Constant : ScheduleShape::Linear;
    if (const YamlNode* shape = findKey(node, "shape")) {
        const auto index = readWordNode(*shape, shapes);
        if (!index)
            return tl::unexpected<YamlProblem>(index.error());
        schedule.shape = static_cast<ScheduleShape>(*index);
    }
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
    if (auto read = readSpans(node, schedule); !read)
        return tl::unexpected<YamlProblem>(std::move(read.error()));
    if (auto read = readStairs(node, schedule); !read)
        return tl::unexpected<YamlProblem>(std::move(read.error()));
    return schedule;
}

std::string writeSchedule(const Schedule& schedule) {
    const bool constant = schedule.shape == ScheduleShape::Constant && schedule.from == schedule.to;
    if (constant && schedule.over.length == 0 && schedule.warmup.length == 0)
        return writeNumber(schedule.from);
    std::string out = "{from: " + writeNumber(schedule.from);
    if (!constant)
        out += ", to: " + writeNumber(schedule.to);
    out += fmt::format(", shape: {}", shapes.at(static_cast<std::size_t>(schedule.shape)));
    if (schedule.shape == ScheduleShape::Step)
        out += fmt::format(", stairs: {}", schedule.stairs);
    if (schedule.over.length != 0)
        out += ", over: " + writeSpan(schedule.over);
    if (schedule.warmup.length != 0)
        out += ", warmup: " + writeSpan(schedule.warmup);
    return out + "}";
}

std::string writeFactors(const ClassFactors& factors) {
    std::string out;
    for (const auto& [name, factor] : factors)
        out += (out.empty() ? "{" : ", ") + yamlText(name) + ": " + writeSchedule(factor);
    return out.empty() ? out : out + "}";
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
