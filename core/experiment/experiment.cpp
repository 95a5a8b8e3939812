#include "core/experiment/experiment.h"

#include "core/base/number.h"
#include "core/experiment/settings.h"
#include "core/experiment/yaml_text.h"
#include "core/experiment/yaml_tree.h"
#include "core/files/read_text_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom {

namespace {

const Experiment& defaults() {
    static const Experiment experiment;
    return experiment;
}

Experiment resolvedExperiment(Experiment experiment) {
    experiment.selection = resolved(std::move(experiment.selection));
    experiment.training.learningRate = learningRateOf(experiment.training, experiment.student.kind);
    if (experiment.teacher.kind == TeacherKind::Llm)
        experiment.teacher.llm.prompt = promptNameOf(experiment.teacher.llm);
    return experiment;
}

/// A setting that was read, and where it stood.
struct SettingRead {
    const Setting* setting;
    YamlPlace place;
};

/// A section and all below it. `section` is "" at the top.
YamlResult<void> readSection(Experiment& experiment, const YamlNode& node, const std::string& section,
                             std::vector<SettingRead>& all) {
    if (node.kind == YamlNode::Kind::Null) // "selection:" with everything below commented out
        return {};
    if (node.kind != YamlNode::Kind::Map) {
        const std::string what =
            section.empty() ? "an experiment is a map of settings" : section + ": expected a map";
        return yamlProblem(node.place, fmt::format("{} ({}), found {}", what,
                                                   fmt::join(keysBelow(section), ", "), describeNode(node)));
    }
    for (const auto& entry : node.entries) {
        const std::string key = section.empty() ? entry.key : section + "." + entry.key;
        YamlResult<void> read;
        const bool dotted = entry.key.find('.') != std::string::npos;
        if (const Setting* setting = findSetting(key); setting != nullptr && !dotted) {
            read = setting->read(experiment, entry.value);
            if (!read)
                read.error().message = key + ": " + read.error().message;
            all.push_back({setting, entry.place});
        } else if (!dotted && !keysBelow(key).empty()) {
            read = readSection(experiment, entry.value, key, all);
        } else if (section.empty() && entry.key == "sweep") {
            read = yamlProblem(entry.place,
                               "with 'sweep' these are many runs, which `stillroom-cli sweep` does; "
                               "take it out to do one of them");
        } else {
            read = yamlProblem(entry.place, unknownKeySentence(section, entry.key));
        }
        if (!read)
            return read;
    }
    return {};
}

std::vector<std::string_view> partsOf(std::string_view key) {
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= key.size();) {
        const std::size_t end = std::min(key.find('.', begin), key.size());
        parts.push_back(key.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

} // namespace

YamlResult<Experiment> experimentFrom(const YamlNode& tree) {
    if (tree.kind == YamlNode::Kind::Null)
        return yamlProblem({}, "the experiment is empty; it needs at least data.train.files");
    Experiment experiment;
    std::vector<SettingRead> all;
    if (auto read = readSection(experiment, tree, "", all); !read)
        return tl::unexpected<YamlProblem>(std::move(read.error()));
    for (const auto& [setting, place] : all)
        if (setting->applies && !setting->applies(experiment))
            return yamlProblem(
                place, fmt::format("{} does nothing without {}; leave it out", setting->key, setting->needs));
    return experiment;
}

Result<Experiment> parseExperiment(std::string_view yaml, const std::string& where) {
    auto tree = parseYaml(yaml);
    if (!tree)
        return fail(yamlSentence(where, tree.error()));
    auto experiment = experimentFrom(*tree);
    if (!experiment)
        return fail(yamlSentence(where, experiment.error()));
    return *std::move(experiment);
}

Result<Experiment> readExperiment(const std::string& path) {
    auto text = readTextFile(path, YamlSizeLimit, "an experiment is a page of settings");
    if (!text)
        return fail(std::move(text.error()));
    return parseExperiment(*text, path);
}

std::string writeExperiment(const Experiment& experiment, YamlDetail detail) {
    const Experiment shown = detail == YamlDetail::Everything ? resolvedExperiment(experiment) : experiment;
    std::string out;
    std::vector<std::string_view> open; // the sections that the last line stood in
    for (const auto& setting : allSettings()) {
        if (setting.applies && !setting.applies(shown))
            continue;
        const std::string value = setting.write(shown);
        const bool wanted =
            detail == YamlDetail::Everything || setting.key == "name" || value != setting.write(defaults());
        if (value.empty() || !wanted)
            continue;
        auto parts = partsOf(setting.key);
        const std::string_view leaf = parts.back();
        parts.pop_back();
        std::size_t shared = 0;
        while (shared < std::min(open.size(), parts.size()) && open[shared] == parts[shared])
            ++shared;
        for (std::size_t level = shared; level < parts.size(); ++level)
            out += fmt::format("{:{}}{}:\n", "", 2 * level, parts[level]);
        out += fmt::format("{:{}}{}: {}\n", "", 2 * parts.size(), leaf, value);
        open = std::move(parts);
    }
    return out;
}

const std::vector<std::string>& settingKeys() {
    static const auto keys = [] {
        std::vector<std::string> all;
        for (const auto& setting : allSettings())
            all.push_back(setting.key);
        return all;
    }();
    return keys;
}

std::string settingValue(const Experiment& experiment, std::string_view key) {
    const Setting* setting = findSetting(key);
    return setting == nullptr ? std::string() : setting->write(experiment);
}

std::string effectiveValue(const Experiment& experiment, std::string_view key) {
    std::string value = settingValue(experiment, key);
    return value.empty() ? settingValue(resolvedExperiment(experiment), key) : value;
}

Result<void> setSetting(Experiment& experiment, std::string_view key, std::string_view value) {
    const Setting* setting = findSetting(key);
    const bool section = setting == nullptr && !key.empty() && !keysBelow(key).empty();
    if (setting == nullptr && isSecretName(key.substr(key.rfind('.') + 1)))
        return fail(unknownKeySentence({}, key));
    if (setting == nullptr && !section) {
        const std::vector<std::string_view> known(settingKeys().begin(), settingKeys().end());
        if (const std::string nearest = nearestWord(key, known); !nearest.empty())
            return fail(fmt::format("unknown setting '{}'; did you mean '{}'?", key, nearest));
        const auto dot = key.rfind('.');
        const auto parent = dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
        const bool parentKnown = !keysBelow(parent).empty();
        return fail(fmt::format(
            "--set {}: {}", key,
            unknownKeySentence(parentKnown ? parent : std::string_view(),
                               parentKnown && dot != std::string_view::npos ? key.substr(dot + 1) : key)));
    }
    if (setting != nullptr && value.empty() && setting->clear) {
        setting->clear(experiment);
        return {};
    }
    const auto sentence = [&](YamlProblem problem) {
        if (problem.place.line <= 1)
            problem.place = {};
        return fail(yamlSentence(std::string(key), problem));
    };
    auto node = parseYaml(value);
    if (!node)
        return sentence(node.error());
    if (setting != nullptr) {
        if (auto read = setting->read(experiment, *node); !read)
            return sentence(read.error());
        return {};
    }
    Experiment changed = experiment;
    std::vector<SettingRead> all;
    if (auto read = readSection(changed, *node, std::string(key), all); !read)
        return sentence(read.error());
    experiment = std::move(changed);
    return {};
}

bool settingApplies(const Experiment& experiment, std::string_view key) {
    const Setting* setting = findSetting(key);
    return setting != nullptr && (!setting->applies || setting->applies(experiment));
}

bool isDefault(const Experiment& experiment, std::string_view key) {
    return settingValue(experiment, key) == settingValue(defaults(), key);
}

std::string textAsYaml(std::string_view text) {
    return text.empty() ? std::string() : yamlText(text);
}

} // namespace stillroom
