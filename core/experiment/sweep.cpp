#include "core/experiment/sweep.h"

#include "core/base/number.h"
#include "core/experiment/setting_kinds.h"
#include "core/experiment/settings.h"
#include "core/experiment/yaml_text.h"
#include "core/experiment/yaml_tree.h"
#include "core/files/read_text_file.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 3> hows{"grid", "random", "list"};
constexpr std::array<std::string_view, 2> scales{"linear", "log"};
constexpr std::string_view variantKey = "variant";

tl::unexpected<YamlProblem> passOn(YamlProblem problem) {
    return tl::unexpected<YamlProblem>(std::move(problem));
}

std::string fullKey(std::string_view key) {
    return key == "seed" ? "training.seed" : std::string(key);
}

/// "rule" of "selection.rule".
std::string_view lastPart(std::string_view key) {
    return key.substr(key.rfind('.') + 1);
}

std::string unknownSetting(const std::string& section, const std::string& key) {
    if (!section.empty())
        return unknownKeySentence(section, key);
    if (isSecretName(lastPart(key)))
        return unknownKeySentence({}, key);
    std::vector<std::string_view> known{"seed", variantKey};
    known.insert(known.end(), settingKeys().begin(), settingKeys().end());
    std::string nearest = nearestWord(key, known);
    if (nearest.empty()) // right word, no section
        for (const auto& setting : settingKeys())
            if (lastPart(setting) == key && nearest.empty())
                nearest = setting;
    return nearest.empty() ? fmt::format("unknown setting '{}'; write it with its section, such as "
                                         "selection.rule",
                                         key)
                           : fmt::format("unknown setting '{}'; did you mean '{}'?", key, nearest);
}

/// Reads one value of the setting, as the experiment would, and appends how it is written.
YamlResult<void> readSetting(const Experiment& base, const Setting& setting, const YamlNode& node,
                             SweepValue& value) {
    Experiment changed = base;
    if (node.kind == YamlNode::Kind::Null && setting.clear)
        setting.clear(changed);
    else if (auto read = setting.read(changed, node); !read)
        return yamlProblem(read.error().place, setting.key + ": " + read.error().message);
    value.settings.push_back({setting.key, setting.write(changed)});
    return {};
}

/// The settings of a map, all of them below `section` ("" for the top, where keys are dotted).
YamlResult<void> readSettings(const Experiment& base, const std::string& section, const YamlNode& map,
                              SweepValue& value) {
    for (const auto& entry : map.entries) {
        const std::string key = section.empty() ? fullKey(entry.key) : section + "." + entry.key;
        YamlResult<void> read;
        if (const Setting* setting = findSetting(key); setting != nullptr)
            read = readSetting(base, *setting, entry.value, value);
        else if (!keysBelow(key).empty() && entry.value.kind == YamlNode::Kind::Map)
            read = readSettings(base, key, entry.value, value);
        else
            read = yamlProblem(entry.place, unknownSetting(section, entry.key));
        if (!read)
            return read;
    }
    return {};
}

std::string wordsOf(const SweepSetting& setting) {
    if (setting.key == "name")
        return setting.value;
    return fmt::format("{} {}", lastPart(setting.key), setting.value.empty() ? "~" : setting.value);
}

/// A map of settings that change together.
YamlResult<SweepValue> readMap(const Experiment& base, const std::string& section, const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Map || node.entries.empty())
        return yamlProblem(node.place,
                           fmt::format("expected a map of settings such as {{{}}}, found {}",
                                       section.empty() ? "selection.rule: llkd, seed: 1"
                                                       : fmt::format("{}: …", keysBelow(section)[0]),
                                       describeNode(node)));
    SweepValue value;
    if (auto read = readSettings(base, section, node, value); !read)
        return passOn(std::move(read.error()));
    for (std::size_t i = 0; i < value.settings.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (value.settings[i].key == value.settings[j].key)
                return yamlProblem(
                    node.place, fmt::format("{} is set twice; keep one of the two", value.settings[i].key));
    for (const auto& setting : value.settings)
        value.name += (value.name.empty() ? "" : ", ") + wordsOf(setting);
    return value;
}

/// "1..5"; nothing when it is none.
std::optional<std::pair<long long, long long>> rangeOf(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Scalar || node.quoted)
        return {};
    const auto dots = node.text.find("..");
    if (dots == std::string::npos)
        return {};
    const auto first = readInteger(std::string_view(node.text).substr(0, dots));
    const auto last = readInteger(std::string_view(node.text).substr(dots + 2));
    if (!first || !last)
        return {};
    return std::pair(*first, *last);
}

/// One value of an axis, or those of a range.
YamlResult<void> readValues(const Experiment& base, SweepAxis& axis, const YamlNode& node) {
    const Setting* setting = findSetting(axis.key);
    if (setting == nullptr) {
        const bool variant = axis.key == variantKey;
        auto value = readMap(base, variant ? "" : axis.key, node);
        if (!value)
            return passOn(std::move(value.error()));
        if (variant) {
            const auto name = std::find_if(value->settings.begin(), value->settings.end(),
                                           [](const SweepSetting& one) { return one.key == "name"; });
            if (name == value->settings.end())
                return yamlProblem(node.place, "a variant needs a name: {name: half, selection.ratio: 0.5}");
            value->name = name->value;
        }
        axis.values.push_back(std::move(*value));
        return {};
    }
    const auto one = [&](const YamlNode& of) -> YamlResult<void> {
        SweepValue value;
        if (auto read = readSetting(base, *setting, of, value); !read)
            return read;
        value.name = wordsOf(value.settings[0]);
        axis.values.push_back(std::move(value));
        return {};
    };
    const auto range = rangeOf(node);
    if (!range)
        return one(node);
    const auto [first, last] = *range;
    if (first > last)
        return yamlProblem(node.place,
                           fmt::format("{} goes downwards; write the smaller number first", node.text));
    if (last - first >= MostSweepTasks)
        return yamlProblem(
            node.place, fmt::format("{} are more than {} values", node.text, groupThousands(MostSweepTasks)));
    YamlNode number = node;
    for (long long i = first; i <= last; ++i) {
        number.text = std::to_string(i);
        if (auto read = one(number); !read)
            return read;
    }
    return {};
}

/// {from: 0.1, to: 10, scale: log}
YamlResult<SweepSpan> readSpan(const Experiment& base, const std::string& key, const YamlNode& node) {
    static constexpr std::array<std::string_view, 3> keys{"from", "to", "scale"};
    if (auto checked = checkKeys(node, keys); !checked)
        return passOn(std::move(checked.error()));
    SweepSpan span;
    for (auto [name, target] : {std::pair("from", &span.from), std::pair("to", &span.to)}) {
        const YamlNode* given = findKey(node, name);
        if (given == nullptr)
            return yamlProblem(node.place, fmt::format("numbers that are drawn from need '{}'", name));
        const auto number = readNumberNode(*given);
        if (!number)
            return passOn(number.error());
        SweepValue unused;
        if (auto read = readSetting(base, *findSetting(key), *given, unused); !read)
            return passOn(std::move(read.error()));
        *target = *number;
    }
    if (const YamlNode* scale = findKey(node, "scale")) {
        const auto index = readWordNode(*scale, scales);
        if (!index)
            return passOn(index.error());
        span.logarithmic = *index == 1;
    }
    if (!(span.from < span.to))
        return yamlProblem(node.place, "'from' must be less than 'to'");
    if (span.logarithmic && span.from <= 0)
        return yamlProblem(node.place, "with scale: log 'from' must be more than 0");
    return span;
}

YamlResult<SweepAxis> readAxis(const Experiment& base, const YamlNode::Entry& entry, SweepHow how) {
    SweepAxis axis;
    axis.key = fullKey(entry.key);
    const bool leaf = findSetting(axis.key) != nullptr;
    if (!leaf && axis.key != variantKey && keysBelow(axis.key).empty())
        return yamlProblem(entry.place, unknownSetting({}, entry.key));
    const YamlNode& node = entry.value;
    if (node.kind == YamlNode::Kind::Map && leaf && how == SweepHow::Random) {
        auto span = readSpan(base, axis.key, node);
        if (!span)
            return passOn(std::move(span.error()));
        axis.span = *span;
        return axis;
    }
    YamlResult<void> read;
    if (node.kind == YamlNode::Kind::List) {
        for (const auto& item : node.items)
            if (read = readValues(base, axis, item); !read)
                return passOn(std::move(read.error()));
    } else if (rangeOf(node) && leaf) {
        if (read = readValues(base, axis, node); !read)
            return passOn(std::move(read.error()));
    } else {
        return yamlProblem(node.place, fmt::format("{}: expected a list of values, or a range such as 1..5, "
                                                   "found {}",
                                                   entry.key, describeNode(node)));
    }
    if (axis.values.empty())
        return yamlProblem(node.place, fmt::format("{}: the list is empty", entry.key));
    return axis;
}

YamlResult<void> readOver(Sweep& sweep, const YamlNode& over) {
    if (sweep.how == SweepHow::List) {
        if (over.kind != YamlNode::Kind::List || over.items.empty())
            return yamlProblem(over.place, fmt::format("how: list takes a list of maps such as "
                                                       "[{{selection.rule: all, seed: 1}}], found {}",
                                                       describeNode(over)));
        SweepAxis axis;
        for (const auto& item : over.items) {
            auto value = readMap(sweep.base, "", item);
            if (!value)
                return passOn(std::move(value.error()));
            axis.values.push_back(std::move(*value));
        }
        sweep.axes.push_back(std::move(axis));
        return {};
    }
    if (over.kind != YamlNode::Kind::Map || over.entries.empty())
        return yamlProblem(
            over.place,
            fmt::format("over: expected a map from settings to lists of values, "
                        "found {}{}",
                        describeNode(over),
                        over.kind == YamlNode::Kind::List ? "; for a list of maps write how: list" : ""));
    for (const auto& entry : over.entries) {
        auto axis = readAxis(sweep.base, entry, sweep.how);
        if (!axis)
            return passOn(std::move(axis.error()));
        for (const auto& earlier : sweep.axes)
            for (const auto& value : earlier.values)
                for (const auto& setting : value.settings)
                    if (setting.key == axis->key ||
                        std::any_of(axis->values.begin(), axis->values.end(), [&](const SweepValue& other) {
                            return std::any_of(other.settings.begin(), other.settings.end(),
                                               [&](const auto& one) { return one.key == setting.key; });
                        }))
                        return yamlProblem(entry.place,
                                           fmt::format("{} is set by '{}' too; keep one of the two",
                                                       setting.key, earlier.key));
        sweep.axes.push_back(std::move(*axis));
    }
    return {};
}

YamlResult<void> readCount(const YamlNode& map, const char* key, long long most, std::int64_t& into) {
    const YamlNode* given = findKey(map, key);
    if (given == nullptr)
        return {};
    const auto number = readIntegerNode(*given, 1, most);
    if (!number)
        return yamlProblem(number.error().place, fmt::format("{}: {}", key, number.error().message));
    into = *number;
    return {};
}

YamlResult<void> readSweepSection(Sweep& sweep, const YamlNode& node) {
    static constexpr std::array<std::string_view, 5> keys{"over", "how", "samples", "seed", "workers"};
    if (node.kind != YamlNode::Kind::Map)
        return yamlProblem(node.place, fmt::format("sweep: expected a map ({}), found {}",
                                                   fmt::join(keys, ", "), describeNode(node)));
    if (auto checked = checkKeys(node, keys); !checked)
        return checked;
    if (const YamlNode* how = findKey(node, "how")) {
        const auto index = readWordNode(*how, hows);
        if (!index)
            return yamlProblem(index.error().place, "how: " + index.error().message);
        sweep.how = static_cast<SweepHow>(*index);
    }
    const bool random = sweep.how == SweepHow::Random;
    for (const char* key : {"samples", "seed"})
        if (const YamlNode* given = findKey(node, key); given != nullptr && !random)
            return yamlProblem(given->place,
                               fmt::format("{} does nothing without how: random; leave it out", key));
    if (random && findKey(node, "samples") == nullptr)
        return yamlProblem(node.place, "how: random needs 'samples', the number of runs");
    if (auto read = readCount(node, "samples", MostSweepTasks, sweep.samples); !read)
        return read;
    if (auto read = readCount(node, "seed", std::numeric_limits<std::int64_t>::max(), sweep.seed); !read)
        return read;
    if (auto read = readCount(node, "workers", 1024, sweep.workers); !read)
        return read;
    const YamlNode* over = findKey(node, "over");
    if (over == nullptr)
        return yamlProblem(node.place, "sweep needs 'over': the settings, and their values");
    return readOver(sweep, *over);
}

std::string yamlValue(const std::string& value) {
    return value.empty() ? "~" : value;
}

/// `{name: half, selection.ratio: 0.5}`, keys below `section`.
std::string mapOf(const SweepValue& value, std::string_view section) {
    std::string out;
    for (const auto& setting : value.settings) {
        std::string_view key = setting.key;
        if (!section.empty())
            key.remove_prefix(section.size() + 1);
        out += fmt::format("{}{}: {}", out.empty() ? "{" : ", ", key, yamlValue(setting.value));
    }
    return out + "}";
}

std::string writeAxis(const SweepAxis& axis) {
    if (axis.span)
        return fmt::format("    {}: {{from: {}, to: {}, scale: {}}}\n", axis.key,
                           writeNumber(axis.span->from), writeNumber(axis.span->to),
                           scales[axis.span->logarithmic ? 1 : 0]);
    const bool leaf = findSetting(axis.key) != nullptr;
    std::string out = axis.key.empty() ? "" : fmt::format("    {}:{}", axis.key, leaf ? " [" : "\n");
    for (std::size_t i = 0; i < axis.values.size(); ++i) {
        const auto& value = axis.values[i];
        if (leaf)
            out += (i > 0 ? ", " : "") + yamlValue(value.settings[0].value);
        else
            out += fmt::format("{:{}}- {}\n", "", axis.key.empty() ? 4 : 6,
                               mapOf(value, axis.key == variantKey ? "" : axis.key));
    }
    return out + (leaf ? "]\n" : "");
}

} // namespace

Result<Sweep> parseSweep(std::string_view yaml, const std::string& where) {
    auto tree = parseYaml(yaml);
    if (!tree)
        return fail(yamlSentence(where, tree.error()));
    const auto isSweep = [](const YamlNode::Entry& entry) { return entry.key == "sweep"; };
    const auto found = std::find_if(tree->entries.begin(), tree->entries.end(), isSweep);
    if (found == tree->entries.end())
        return fail(
            fmt::format("{}: there is no 'sweep' in it; add sweep: {{over: {{seed: 1..5}}}}, or do it "
                        "once with `stillroom-cli run`",
                        where));
    const YamlNode section = found->value;
    tree->entries.erase(found);
    Sweep sweep;
    auto base = experimentFrom(*tree);
    if (!base)
        return fail(yamlSentence(where, base.error()));
    sweep.base = std::move(*base);
    if (auto read = readSweepSection(sweep, section); !read)
        return fail(yamlSentence(where, read.error()));
    return sweep;
}

Result<Sweep> readSweep(const std::string& path) {
    auto text = readTextFile(path, YamlSizeLimit, "an experiment is a page of settings");
    if (!text)
        return fail(std::move(text.error()));
    return parseSweep(*text, path);
}

std::string writeSweep(const Sweep& sweep) {
    std::string out = writeExperiment(sweep.base, YamlDetail::Changed) + "sweep:\n  over:\n";
    for (const auto& axis : sweep.axes)
        out += writeAxis(axis);
    out += fmt::format("  how: {}\n", hows.at(static_cast<std::size_t>(sweep.how)));
    if (sweep.how == SweepHow::Random)
        out += fmt::format("  samples: {}\n  seed: {}\n", sweep.samples, sweep.seed);
    if (sweep.workers > 0)
        out += fmt::format("  workers: {}\n", sweep.workers);
    return out;
}

} // namespace stillroom
