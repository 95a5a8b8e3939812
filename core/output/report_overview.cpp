// What the report is about, and in short what came out.
#include "core/output/output_folder.h"
#include "core/output/report_content.h"

#include <QDate>
#include <fmt/format.h>
#include <map>
#include <string_view>

namespace stillroom {

namespace {

void putScore(TemplateData& data, const std::string& name, const std::string& figure, const Score& score) {
    TemplateData& part = data.part(name);
    const std::string begin = figure + "." + name;
    putCount(part, "rows", begin + ".rows", score.rows);
    putShare(part, "accuracy", begin + ".accuracy", score.accuracy);
    putShare(part, "macro_f1", begin + ".macro_f1", score.macroF1);
    putReal(part, "loss", begin + ".loss", score.loss, 4);
}

void putSamples(TemplateData& data, const std::string& figure, const RunSummary& run) {
    if (run.trainingSamples == 0)
        return;
    TemplateData& part = data.part("samples");
    putCount(part, "total", figure + ".samples.total", run.counts.total);
    putCount(part, "seen", figure + ".samples.seen", run.counts.seen);
    putCount(part, "gradient", figure + ".samples.gradient", run.counts.gradient);
    putShare(part, "gradient_share", figure + ".samples.gradient_share", run.gradientShare());
    putCount(part, "distinct", figure + ".samples.distinct", run.counts.distinct);
    putShare(part, "distinct_share", figure + ".samples.distinct_share", run.distinctShare());
    part.flag("none_kept", run.steps > 0 && run.counts.gradient == 0);
    putCount(part, "steps", figure + ".steps", run.steps);
    putCount(part, "epochs", figure + ".epochs", run.epochs);
    putReal(part, "epochs_done", figure + ".epochs_done", run.epochsDone, run.epochsDone < 10 ? 1 : 0);
    putReal(part, "train_seconds", figure + ".train_seconds", run.trainSeconds, 1);
    putReal(part, "evaluate_seconds", figure + ".evaluate_seconds", run.evaluateSeconds, 1);
}

void putState(TemplateData& data, const RunSummary& run) {
    data.text("state", stateName(run.state));
    data.flag("begun", run.steps > 0);
    data.flag("running", run.state == RunSummary::State::Running);
    data.flag("cut_off", run.state == RunSummary::State::CutOff);
    data.flag("stopped", run.state == RunSummary::State::Stopped);
    data.flag("failed", run.state == RunSummary::State::Failed);
    if (!run.error.empty())
        data.text("error", run.error);
}

/// What is said of one run.
TemplateData factsOf(const ReportSources& sources, std::size_t number) {
    const RunSummary& run = sources.runs[number];
    const std::string figure = fmt::format("run.{}", number);
    TemplateData data;
    data.flag("diverged", sources.diverged[number]);
    data.text("name", run.name);
    data.text("folder", folderName(run.folder));
    data.text("rule", run.rule);
    putCount(data, "seed", figure + ".seed", run.seed);
    putState(data, run);
    putSamples(data, figure, run);
    if (run.validation)
        putScore(data, "validation", figure, *run.validation);
    if (run.test)
        putScore(data, "test", figure, *run.test);
    if (run.keptPrecision)
        putShare(data.part("precision"), "kept", figure + ".kept_precision", *run.keptPrecision);
    return data;
}

/// The interval that the test set alone gives a single run.
void putTestInterval(const ReportSources& sources, TemplateData& detail) {
    if (!sources.comparison || sources.several())
        return;
    const auto& one = sources.comparison->dataSets.front().configurations.front();
    for (const auto& [metric, name] :
         {std::pair(RunMetric::Accuracy, "accuracy"), std::pair(RunMetric::MacroF1, "macro_f1")})
        if (const auto& summary = one.metrics.at(static_cast<std::size_t>(metric)); summary.interval) {
            TemplateData& part = detail.part(fmt::format("{}_interval", name));
            putShare(part, "low", fmt::format("{}.test.{}.low", sources.key, name), summary.interval->low);
            putShare(part, "high", fmt::format("{}.test.{}.high", sources.key, name), summary.interval->high);
        }
}

/// Sections that are of one run's data and teacher have to say so where others have others.
void putWhatDiffers(const ReportSources& sources, TemplateData& data) {
    const RunSummary& one = sources.summary();
    bool otherData = sources.comparison && sources.comparison->dataSets.size() > 1, otherTeacher = false;
    const auto below = [](const RunSummary& run, std::string_view section) {
        std::map<std::string, std::string> settings;
        for (const auto& [key, value] : run.settings)
            if (key.starts_with(section))
                settings.emplace(key, value);
        return settings;
    };
    for (const auto& other : sources.runs) {
        const bool sameAsking = other.trainingSamples > 0 && one.trainingSamples > 0 &&
                                below(other, "asking.") == below(one, "asking.");
        otherData = otherData || other.classes != one.classes ||
                    below(other, "data.") != below(one, "data.") ||
                    (sameAsking && other.trainingSamples != one.trainingSamples);
        otherTeacher = otherTeacher || below(other, "teacher.") != below(one, "teacher.");
    }
    data.flag("other_data", otherData);
    data.flag("other_teacher", otherTeacher || otherData);
}

} // namespace

void addOverview(const ReportSources& sources, ReportContent& content) {
    TemplateData& data = content.data;
    const RunSummary& run = sources.summary();
    data.text("version", STILLROOM_VERSION);
    data.text("date", QDate::currentDate().toString(Qt::ISODate).toStdString());
    data.flag("several", sources.several());
    data.flag("single", !sources.several());
    putCount(data, "run_count", "runs", static_cast<std::int64_t>(sources.runs.size()));
    putCount(data, "group_count", "configurations", static_cast<std::int64_t>(sources.groups.size()));
    data.flag("one_group", sources.groups.size() == 1);
    putWhatDiffers(sources, data);

    TemplateData detail = factsOf(sources, sources.detail);
    detail.text("label", sources.groups[sources.groupOf(sources.detail)].label);
    detail.text("rule_title", ruleTitle(sources.run.experiment.selection.rule));
    putTestInterval(sources, detail);
    detail.flag("no_score", !run.test && !run.validation);
    data.part("detail") = std::move(detail);

    std::vector<TemplateData> runs;
    for (std::size_t i = 0; i < sources.runs.size(); ++i) {
        TemplateData one = factsOf(sources, i);
        one.text("number", std::to_string(i + 1));
        one.text("label", sources.groups[sources.groupOf(i)].label);
        one.flag("is_detail", i == sources.detail);
        runs.push_back(std::move(one));
    }
    data.list("runs", std::move(runs));
}

} // namespace stillroom
