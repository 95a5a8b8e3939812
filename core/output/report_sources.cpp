#include "core/output/report_sources.h"

#include "core/experiment/open_run.h"
#include "core/output/report_match.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <set>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> cancelled() {
    return fail("the report was cancelled; nothing was written", ErrorKind::Cancelled);
}

/// Examples that the teacher's prompt shows are texts, and may come into the name of a configuration: each
/// set of them gets a number in its place.
class ExampleNumbers {
  public:
    void replaceIn(RunSummary& run) {
        const auto found = run.settings.find("teacher.examples");
        if (found == run.settings.end())
            return;
        const std::size_t number = numbers_.emplace(found->second, numbers_.size() + 1).first->second;
        found->second = fmt::format("set {}", number);
    }

  private:
    std::map<std::string, std::size_t> numbers_;
};

/// Whether the last loss of training or of an evaluation is no finite number. A step that kept nothing has
/// none.
Result<bool> hasDiverged(const std::string& folder) {
    Database database;
    if (const auto format = openRun(database, folder); !format)
        return fail(format.error());
    bool diverged = false;
    for (const char* losses : {"SELECT loss FROM steps WHERE kept > 0 ORDER BY step DESC LIMIT 1",
                               "SELECT loss FROM evaluations WHERE rows > 0 AND split = 'validation' "
                               "ORDER BY evaluation DESC LIMIT 1",
                               "SELECT test_loss FROM result WHERE test_rows > 0"})
        if (auto read =
                forEachRow(database, losses,
                           [&](const Statement& row) { diverged = diverged || !std::isfinite(row.real(0)); });
            !read)
            return fail(std::move(read.error()));
    return diverged;
}

Result<void> readRuns(ReportSources& sources, const ReportRequest& request, Progress& progress) {
    ExampleNumbers examples;
    std::set<fs::path> known;
    for (const auto& folder : request.runs) {
        std::error_code ignored;
        const auto whole = fs::weakly_canonical(folder, ignored);
        if (!known.insert(whole.empty() ? fs::path(folder) : whole).second)
            continue;
        auto summary = summarizeRun(folder);
        if (!summary)
            return fail(std::move(summary.error()));
        auto experiment = readExperiment((fs::path(folder) / "experiment.yaml").string());
        if (!experiment)
            return fail(std::move(experiment.error()));
        const auto diverged = hasDiverged(folder);
        if (!diverged)
            return fail(diverged.error());
        sources.diverged.push_back(*diverged);
        if (!request.texts)
            examples.replaceIn(*summary);
        sources.runs.push_back(*std::move(summary));
        sources.experiments.push_back(*std::move(experiment));
        progress.advance(1);
        if (progress.cancelled())
            return cancelled();
    }
    if (sources.runs.empty())
        return fail("name at least one run to report on", ErrorKind::Usage);
    std::vector<const RunSummary*> runs;
    for (const auto& run : sources.runs)
        runs.push_back(&run);
    sources.groups = groupBySeed(runs);
    return {};
}

/// The first one that LLKD chose for, as that is what the others are compared with; one that ended before one
/// that did not.
std::size_t runToLookInto(const std::vector<RunSummary>& runs) {
    const auto best =
        std::max_element(runs.begin(), runs.end(), [](const RunSummary& a, const RunSummary& b) {
            const auto rank = [](const RunSummary& run) {
                return (run.state == RunSummary::State::Completed ? 2 : 0) + (run.rule == "llkd" ? 1 : 0);
            };
            return rank(a) < rank(b);
        });
    return static_cast<std::size_t>(best - runs.begin());
}

/// What an experiment learned from. Its student may be an encoder that is not on this machine, and is not
/// asked here.
Experiment withoutStudent(const Experiment& experiment) {
    Experiment data;
    data.name = experiment.name;
    data.data = experiment.data;
    data.teacher = experiment.teacher;
    data.asking = experiment.asking;
    data.training.seed = experiment.training.seed;
    data.training.device = experiment.training.device;
    data.training.threads = experiment.training.threads;
    return data;
}

/// The samples as they are where the data are said to be; an error where they cannot be had.
Result<void> readData(ReportSources& sources, const ReportRequest& request, Progress& progress) {
    const StoredRun& run = sources.run;
    LoadContext context;
    context.root = request.dataRoot.empty() ? run.origin.dataRoot : request.dataRoot;
    context.badRows = BadRowPolicy::Skip; // the run was made, whatever was thought of them
    context.progress = &progress;
    auto prepared = prepare(withoutStudent(run.experiment), context);
    if (!prepared)
        return fail(std::move(prepared.error()));
    DistillationSet set = prepared->set;
    if (!run.origin.asking.rows.empty()) {
        auto asked = onlyAsked(set, run.origin.asking.rows);
        if (!asked)
            return fail(std::move(asked.error()));
        set = *std::move(asked);
    }
    sources.table = std::make_unique<SampleTable>(std::move(set));
    sources.prepared = std::make_shared<const Prepared>(*std::move(prepared));
    return {};
}

/// One sentence, without paths of this machine.
std::string reasonOf(const Error& error, const std::string& root) {
    std::string reason = error.message;
    if (!root.empty())
        for (std::size_t at = reason.find(root); at != std::string::npos; at = reason.find(root, at + 1))
            reason.replace(at, root.size(), "…");
    return reason;
}

/// Those that are recorded: of a run that was killed there may be files that nothing else knows of.
void openSnapshots(ReportSources& sources) {
    for (const auto& recorded : sources.run.snapshots)
        if (auto snapshot =
                Snapshot::open(snapshotPath(sources.run.path, recorded.epoch), sources.table->size()))
            sources.snapshots.push_back(*std::move(snapshot));
}

} // namespace

std::size_t ReportSources::groupOf(std::size_t number) const {
    for (std::size_t i = 0; i < groups.size(); ++i)
        if (std::find(groups[i].runs.begin(), groups[i].runs.end(), number) != groups[i].runs.end())
            return i;
    return 0;
}

std::size_t ReportSources::groupOf(const RunSummary* wanted) const {
    return groupOf(static_cast<std::size_t>(wanted - runs.data()));
}

Result<std::unique_ptr<ReportSources>> readReportSources(const ReportRequest& request, Progress& progress) {
    auto sources = std::make_unique<ReportSources>();
    progress.expect(2 * static_cast<std::int64_t>(request.runs.size()) + 1);
    if (auto read = readRuns(*sources, request, progress); !read)
        return fail(std::move(read.error()));
    if (auto compared = compareRuns(sources->runs, {}, readTestPredictions, nullptr))
        sources->comparison = *std::move(compared);
    else
        sources->notCompared = compared.error().message;
    if (progress.cancelled())
        return cancelled();
    sources->detail = runToLookInto(sources->runs);
    sources->key = fmt::format("run.{}", sources->detail);
    auto stored = StoredRun::open(sources->summary().folder);
    if (!stored)
        return fail(std::move(stored.error()));
    sources->run = *std::move(stored);
    if (auto read = readData(*sources, request, progress); !read) {
        if (read.error().kind == ErrorKind::Cancelled || progress.cancelled())
            return cancelled();
        if (!request.dataRoot.empty() && request.dataNeeded) {
            read.error().message =
                fmt::format("the data below {} cannot be read: {}", request.dataRoot, read.error().message);
            return fail(std::move(read.error()));
        }
        sources->noData = reasonOf(read.error(), request.dataRoot.empty() ? sources->run.origin.dataRoot
                                                                          : request.dataRoot);
    } else if (const std::string why = whyNotOfRun(sources->run, *sources->prepared, *sources->table);
               !why.empty()) {
        const std::string others = "not those that the run was trained on: " + why;
        if (!request.dataRoot.empty() && request.dataNeeded)
            return fail(fmt::format("the data below {} are {}; name the folder of its own data (--data)",
                                    request.dataRoot, others));
        sources->noData = "they are " + others;
        sources->prepared.reset();
        sources->table.reset();
    } else {
        openSnapshots(*sources);
    }
    return sources;
}

} // namespace stillroom
