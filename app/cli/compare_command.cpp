// Runs beside each other, with statistics.
#include "app/cli/commands.h"
#include "app/cli/compare_output.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_output.h"
#include "app/cli/progress_line.h"
#include "core/base/number.h"
#include "core/experiment/comparison.h"
#include "core/experiment/run_finder.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <future>
#include <set>

namespace stillroom::cli {

namespace {

namespace fs = std::filesystem;

Error usage(std::string sentence) {
    return {std::move(sentence), ErrorKind::Usage, {}};
}

Result<ComparisonOptions> wishesOf(const CompareOptions& options) {
    ComparisonOptions wishes;
    const auto metric = metricNamed(options.metric);
    if (!metric) {
        std::vector<std::string_view> names;
        for (const RunMetric one : AllRunMetrics)
            names.push_back(metricName(one));
        const std::string nearest = nearestWord(options.metric, names);
        return fail(usage(
            fmt::format("--metric {}: there is no such number of a run; {}", options.metric,
                        nearest.empty() ? "--help lists them" : fmt::format("did you mean '{}'?", nearest))));
    }
    wishes.metric = *metric;
    if (!(options.level > 0 && options.level < 1))
        return fail(usage(
            fmt::format("--level {} is not between 0 and 1; 0.95 is usual", writeNumber(options.level))));
    wishes.level = options.level;
    for (const auto& setting : options.baseline) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos || equals == 0)
            return fail(
                usage(fmt::format("--baseline {} has no key and '='; write --baseline rule=all", setting)));
        wishes.baseline.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    if (options.format != "text" && options.format != "csv" && options.format != "json")
        return fail(usage(fmt::format("--format {}: must be text, csv or json", options.format)));
    return wishes;
}

bool isRun(const std::string& folder) {
    std::error_code ignored;
    return fs::exists(fs::path(folder) / "run.sqlite", ignored);
}

struct ReadRuns {
    std::vector<RunSummary> runs;
    std::vector<std::string> remarks; ///< of those within a folder that cannot be read
};

/// Each once, in the order of the arguments, within a folder the oldest first. A run that was named and
/// cannot be read is an error; one that lies in a folder is told of.
Result<ReadRuns> readRuns(const std::vector<std::string>& paths, const Progress& progress) {
    ReadRuns read;
    std::set<fs::path> known;
    const auto isNew = [&](const std::string& folder) {
        std::error_code ignored;
        const auto whole = fs::weakly_canonical(folder, ignored);
        return known.insert(whole.empty() ? fs::path(folder) : whole).second;
    };
    for (const auto& path : paths) {
        std::error_code ignored;
        if (!fs::exists(path, ignored))
            return fail(fmt::format("{}: there is no such run, nor a folder that holds runs", path));
        if (isRun(path)) {
            auto summary = summarizeRun(path);
            if (!summary)
                return fail(std::move(summary.error()));
            if (isNew(path))
                read.runs.push_back(*std::move(summary));
            continue;
        }
        auto found = findRuns(path, progress);
        if (!found)
            return fail(std::move(found.error()));
        if (found->empty())
            return fail(fmt::format("{} is no run, and holds none: no folder in it has a run.sqlite", path));
        for (auto run = found->rbegin(); run != found->rend(); ++run) {
            if (progress.cancelled())
                return fail("the comparison was cancelled", ErrorKind::Cancelled);
            if (!isNew(run->folder))
                continue;
            if (auto summary = summarizeRun(run->folder))
                read.runs.push_back(*std::move(summary));
            else
                read.remarks.push_back(fmt::format("Left out: {}.", summary.error().message));
        }
    }
    return read;
}

/// The runs stay with the comparison, which points into them.
struct Compared {
    ReadRuns read;
    Comparison comparison;
};

Result<std::unique_ptr<Compared>> readAndCompare(const std::vector<std::string>& paths,
                                                 const ComparisonOptions& wishes, Progress& progress) {
    auto compared = std::make_unique<Compared>();
    auto read = readRuns(paths, progress);
    if (!read)
        return fail(std::move(read.error()));
    compared->read = *std::move(read);
    auto comparison = compareRuns(compared->read.runs, wishes, readTestPredictions, &progress);
    if (!comparison) {
        auto& details = comparison.error().details;
        details.insert(details.end(), compared->read.remarks.begin(), compared->read.remarks.end());
        return fail(std::move(comparison.error()));
    }
    compared->comparison = *std::move(comparison);
    auto& remarks = compared->comparison.remarks;
    remarks.insert(remarks.end(), compared->read.remarks.begin(), compared->read.remarks.end());
    return compared;
}

} // namespace

int compareCommand(const Options& options, const CompareOptions& compare) {
    const auto wishes = wishesOf(compare);
    if (!wishes)
        return report(wishes.error());
    catchInterrupts();
    Progress progress;
    ProgressLine line(options.quiet);
    auto comparing =
        std::async(std::launch::async, [&] { return readAndCompare(compare.paths, *wishes, progress); });
    while (comparing.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
        if (interrupted())
            progress.cancel();
        line.show(progress.total() > 0
                      ? static_cast<double>(progress.done()) / static_cast<double>(progress.total())
                      : 0,
                  "comparing");
    }
    line.clear();
    const auto compared = comparing.get();
    if (!compared)
        return report(compared.error());
    const Comparison& comparison = (*compared)->comparison;
    if (options.json || compare.format == "json") {
        printJson(comparisonJson(comparison));
        return Done;
    }
    const bool csv = compare.format == "csv";
    const std::string text = csv ? comparisonCsv(comparison) : comparisonText(comparison);
    std::fwrite(text.data(), 1, text.size(), stdout);
    if (csv && !options.quiet)
        for (const auto& remark : comparison.remarks)
            fmt::print(stderr, "{}\n", remark);
    return Done;
}

} // namespace stillroom::cli
