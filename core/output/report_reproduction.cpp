// How to do it again: versions, seeds, commands, edits, experiments.
#include "core/output/output_folder.h"
#include "core/output/report_content.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace stillroom {

namespace {

constexpr std::size_t MostMessages = 30;

std::string commandName(const std::string& text) {
    const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    });
    return plain ? text : "experiment";
}

/// Seeds of a group, ascending: "1, 2, 3".
std::string seedsOf(const ReportSources& sources, const SeedGroup& group) {
    std::set<std::int64_t> seeds;
    for (const auto run : group.runs)
        seeds.insert(sources.runs[run].seed);
    std::string text;
    for (const auto seed : seeds)
        text += fmt::format("{}{}", text.empty() ? "" : ", ", seed);
    return text;
}

void putExperiments(const ReportSources& sources, bool texts, ReportContent& content) {
    std::vector<TemplateData> groups;
    std::map<std::string, int> named; // configurations of a sweep have one name
    bool leftOut = false;
    for (const auto& group : sources.groups) {
        const std::size_t first = group.runs.front();
        Experiment experiment = sources.experiments[first];
        if (!texts) {
            auto [without, had] = withoutTexts(std::move(experiment));
            experiment = std::move(without);
            leftOut = leftOut || had;
        }
        TemplateData one;
        one.text("label", group.label);
        one.text("seeds", seedsOf(sources, group));
        one.flag("several_seeds", group.runs.size() > 1);
        one.text("folder", folderName(sources.runs[first].folder));
        const std::string name = commandName(experiment.name);
        const int number = ++named[name];
        one.text("file", (number == 1 ? name : fmt::format("{}-{}", name, number)) + ".yaml");
        one.text("yaml", writeExperiment(experiment, YamlDetail::Changed));
        one.text("whole", writeExperiment(experiment, YamlDetail::Everything));
        groups.push_back(std::move(one));
    }
    content.data.list("experiments", std::move(groups));
    content.data.flag("texts_left_out_of_settings", leftOut);
}

void putEdits(const StoredRun& run, ReportContent& content) {
    std::vector<TemplateData> edits;
    for (const auto& edit : run.edits)
        for (const auto& change : edit.changes) {
            TemplateData one;
            putCount(one, "step", "edit.step", edit.step);
            one.text("key", change.key);
            one.text("from", change.from.empty() ? "–" : change.from);
            one.text("to", change.to.empty() ? "–" : change.to);
            edits.push_back(std::move(one));
        }
    content.data.flag("edited", !edits.empty());
    content.data.list("edits", std::move(edits));
}

void putAsking(const StoredRun& run, ReportContent& content) {
    std::vector<TemplateData> rounds;
    for (const auto& round : run.origin.asking.rounds) {
        const std::string figure = fmt::format("asking.{}", round.round);
        TemplateData one;
        putCount(one, "round", figure + ".round", round.round);
        putCount(one, "calls", figure + ".calls", round.calls);
        putCount(one, "answered", figure + ".answered", round.answered);
        if (round.withGold > 0)
            putShare(one, "right", figure + ".right",
                     static_cast<double>(round.right) / static_cast<double>(round.withGold), 1);
        if (round.validation.rows > 0)
            putShare(one, "accuracy", figure + ".validation_accuracy", round.validation.accuracy);
        rounds.push_back(std::move(one));
    }
    content.data.flag("asked", !rounds.empty());
    content.data.list("rounds", std::move(rounds));
}

} // namespace

void addReproduction(const ReportSources& sources, bool texts, ReportContent& content) {
    TemplateData& origin = content.data.part("origin");
    const RunOrigin& made = sources.run.origin;
    origin.text("version", made.version);
    origin.text("torch", made.torchVersion);
    origin.text("blas", made.blas);
    origin.text("device", made.device);
    putCount(origin, "threads", "origin.threads", made.threads);
    origin.text("created", sources.summary().created);
    if (!made.replayOf.empty())
        origin.text("replay_of", folderName(made.replayOf));
    if (!made.branchOf.empty()) {
        origin.text("branch_of", folderName(made.branchOf));
        putCount(origin, "branch_step", "origin.branch_step", made.branchStep);
    }
    origin.flag("resumed", !sources.run.resumes.empty());
    std::set<std::string> versions;
    for (const auto& run : sources.runs)
        versions.insert(run.version);
    origin.flag("versions_differ", versions.size() > 1);

    putExperiments(sources, texts, content);
    putEdits(sources.run, content);
    putAsking(sources.run, content);
    std::vector<TemplateData> messages;
    for (const auto& message : sources.run.messages)
        if (messages.size() < MostMessages) {
            TemplateData one;
            one.text("message", message);
            messages.push_back(std::move(one));
        }
    if (const std::size_t more = sources.run.messages.size() - messages.size(); more > 0)
        putCount(content.data, "more_messages", "messages.more", static_cast<std::int64_t>(more));
    content.data.flag("has_messages", !messages.empty());
    content.data.list("messages", std::move(messages));
}

} // namespace stillroom
