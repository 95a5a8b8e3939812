#include "core/experiment/configurations.h"

#include "core/base/number.h"
#include "core/experiment/configuration_labels.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

namespace stillroom {

namespace {

using Settings = std::map<std::string, std::string>;

/// "cuda" of "cuda:1".
std::string deviceKind(const std::string& device) {
    return device.substr(0, device.find(':'));
}

/// What makes a configuration.
Settings identityOf(const RunSummary& run) {
    Settings settings = run.settings;
    for (const char* key : {"name", "training.seed", "training.threads"})
        settings.erase(key);
    std::erase_if(settings, [](const auto& one) { return one.first.starts_with("training.checkpoint."); });
    if (const auto device = settings.find("training.device"); device != settings.end())
        device->second = deviceKind(device->second);
    return settings;
}

std::string settingOf(const RunSummary& run, const std::string& key) {
    const auto found = run.settings.find(key);
    return found == run.settings.end() ? std::string() : found->second;
}

/// Rows of gold by class.
std::vector<std::int64_t> testRowsByClass(const RunSummary& run) {
    const std::size_t classes = run.classes.size();
    std::vector<std::int64_t> rows(classes);
    if (run.testConfusion.size() == classes * classes)
        for (std::size_t i = 0; i < run.testConfusion.size(); ++i)
            rows[i / classes] += run.testConfusion[i];
    return rows;
}

/// Where the test texts come from: files of their own, or some of those for training.
Settings testSourceOf(const RunSummary& run) {
    const bool own = !settingOf(run, "data.test.files").empty();
    Settings source;
    for (const auto& [key, value] : run.settings)
        if (key.starts_with("data.test.") ||
            (!own && (key.starts_with("data.train.") || key.starts_with("data.holdout."))))
            source.emplace(key, value);
    return source;
}

struct DataSetIdentity {
    std::vector<std::string> classes;
    std::vector<std::int64_t> rows;
    Settings source;
    friend bool operator<(const DataSetIdentity& a, const DataSetIdentity& b) {
        return std::tie(a.classes, a.rows, a.source) < std::tie(b.classes, b.rows, b.source);
    }
};

std::string dataSetName(const RunSummary& run) {
    std::string files = settingOf(run, "data.test.files");
    const bool own = !files.empty();
    if (!own)
        files = settingOf(run, "data.train.files");
    std::string shown;
    for (const char c : files)
        if (std::string_view("[]\"'").find(c) == std::string_view::npos)
            shown += c;
    if (!run.test)
        return fmt::format("{} (no test)", shown);
    return fmt::format("{}{} ({} test texts)", own ? "" : "held out of ", shown,
                       groupThousands(run.test->rows));
}

/// "it was cut off", "they failed".
std::string whyLeftOut(RunSummary::State state, bool one) {
    const char* subject = one ? "it" : "they";
    switch (state) {
    case RunSummary::State::Running:
        return fmt::format("{} still {}", subject, one ? "goes on" : "go on");
    case RunSummary::State::CutOff:
        return fmt::format("{} {} cut off", subject, one ? "was" : "were");
    case RunSummary::State::Stopped:
        return fmt::format("{} {} stopped by hand", subject, one ? "was" : "were");
    default:
        return fmt::format("{} failed", subject);
    }
}

/// The newer of two runs of one seed.
bool isNewer(const RunSummary& a, const RunSummary& b) {
    return a.created != b.created ? a.created > b.created : a.folder > b.folder;
}

struct Sorter {
    SortedRuns sorted;
    std::map<DataSetIdentity, std::size_t> dataSets;
    std::map<std::pair<std::size_t, Settings>, std::size_t> configurations;
    std::map<RunSummary::State, int> leftOut;
    int repeated = 0;
    bool threadsDiffer = false;

    void add(const RunSummary& run) {
        if (run.state != RunSummary::State::Completed) {
            ++leftOut[run.state];
            return;
        }
        const auto [set, newSet] = dataSets.emplace(
            DataSetIdentity{run.classes, testRowsByClass(run), testSourceOf(run)}, sorted.dataSets.size());
        if (newSet)
            sorted.dataSets.push_back({dataSetName(run), {}});
        auto& all = sorted.dataSets[set->second].configurations;
        const auto [place, newOne] =
            configurations.emplace(std::pair(set->second, identityOf(run)), all.size());
        if (newOne)
            all.emplace_back();
        auto& runs = all[place->second].runs;
        if (!runs.empty() &&
            settingOf(*runs.front(), "training.threads") != settingOf(run, "training.threads"))
            threadsDiffer = true;
        const auto same = std::find_if(runs.begin(), runs.end(),
                                       [&](const RunSummary* other) { return other->seed == run.seed; });
        if (same == runs.end()) {
            runs.push_back(&run);
            return;
        }
        ++repeated;
        if (isNewer(run, **same))
            *same = &run;
    }

    void remark() {
        const auto say = [&](std::string sentence) { sorted.remarks.push_back(std::move(sentence)); };
        for (const auto& [state, count] : leftOut)
            say(fmt::format("{} left out: {}; only completed runs are compared.",
                            count == 1 ? "1 run is" : fmt::format("{} runs are", count),
                            whyLeftOut(state, count == 1)));
        if (repeated > 0)
            say(fmt::format("{} left out: of the same configuration and seed the newest run counts.",
                            repeated == 1 ? "1 run is" : fmt::format("{} runs are", repeated)));
        if (threadsDiffer)
            say("Runs with different training.threads are taken together: their last digits, and their "
                "seconds, "
                "may differ by that alone.");
    }
};

} // namespace

SortedRuns sortRuns(std::span<const RunSummary> runs) {
    Sorter sorter;
    for (const auto& run : runs)
        sorter.add(run);
    sorter.remark();
    for (auto& set : sorter.sorted.dataSets) {
        std::vector<std::map<std::string, std::string>> settings;
        for (auto& configuration : set.configurations) {
            std::sort(configuration.runs.begin(), configuration.runs.end(),
                      [](const RunSummary* a, const RunSummary* b) { return a->seed < b->seed; });
            settings.push_back(identityOf(*configuration.runs.front()));
        }
        const auto labels = configurationLabels(settings);
        for (std::size_t i = 0; i < labels.size(); ++i)
            set.configurations[i].label =
                labels[i].empty() ? set.configurations[i].runs.front()->name : labels[i];
    }
    return std::move(sorter.sorted);
}

std::vector<std::string> alsoDifferent(const Configuration& a, const Configuration& b) {
    const Settings first = identityOf(*a.runs.front());
    const Settings second = identityOf(*b.runs.front());
    std::vector<std::string> keys;
    for (const auto& [key, value] : first) {
        const auto other = second.find(key);
        if (other == second.end() || other->second == value)
            continue;
        const std::string name = shortSettingName(key);
        const bool said = key == RuleKey || a.label.find(name + "=") != std::string::npos ||
                          b.label.find(name + "=") != std::string::npos;
        if (!said)
            keys.push_back(key);
    }
    return keys;
}

} // namespace stillroom
