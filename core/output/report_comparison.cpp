// Several runs beside each other: means, intervals, paired differences, and what may be said of them.
#include "core/output/report_content.h"

#include "core/base/number.h"
#include "core/experiment/comparison_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom {

namespace {

constexpr std::size_t MostPoints = 16; ///< of a figure; markers differ in so many, also without colour

constexpr std::array TableMetrics{RunMetric::Accuracy, RunMetric::MacroF1, RunMetric::GradientShare,
                                  RunMetric::DistinctShare, RunMetric::Seconds};

const MetricSummary& summaryOf(const ComparedConfiguration& one, RunMetric metric) {
    return one.metrics.at(static_cast<std::size_t>(metric));
}

/// In percent where it is a share.
void putMetric(TemplateData& data, const std::string& figure, RunMetric metric, double value,
               const std::string& name) {
    data.markup(name, figureMarkup(figure, value, metricText(value, metric)));
}

void putSummary(TemplateData& data, const std::string& figure, RunMetric metric,
                const MetricSummary& summary) {
    if (summary.said.count == 0)
        return;
    TemplateData& part = data.part(std::string(metricName(metric)));
    const std::string begin = fmt::format("{}.{}", figure, metricName(metric));
    putMetric(part, begin + ".mean", metric, summary.said.mean, "mean");
    if (summary.said.count > 1)
        putMetric(part.part("spread"), begin + ".deviation", metric, summary.said.deviation, "deviation");
    if (summary.interval) {
        TemplateData& interval = part.part("interval");
        putMetric(interval, begin + ".low", metric, summary.interval->low, "low");
        putMetric(interval, begin + ".high", metric, summary.interval->high, "high");
        interval.flag("from_test_set", summary.fromTestSet);
    }
}

std::string probability(double p) {
    return p < 0.001 ? "<0.001" : fmt::format("{:.3f}", p);
}

TemplateData differenceRow(const ComparedConfiguration& one, RunMetric metric, const std::string& figure,
                           bool& fromTestSet) {
    const Difference& difference = one.difference;
    TemplateData row;
    row.text("label", one.configuration.label);
    putCount(row, "pairs", figure + ".pairs", static_cast<std::int64_t>(difference.values.size()));
    if (!difference.values.empty())
        row.markup("difference", figureMarkup(figure + ".difference", difference.said.mean,
                                              differenceText(difference.said.mean, metric)));
    if (difference.interval) {
        TemplateData& interval = row.part("interval");
        interval.markup("low", figureMarkup(figure + ".low", difference.interval->low,
                                            differenceText(difference.interval->low, metric)));
        interval.markup("high", figureMarkup(figure + ".high", difference.interval->high,
                                             differenceText(difference.interval->high, metric)));
        interval.flag("from_test_set", difference.source == Difference::Source::TestSet);
        fromTestSet = fromTestSet || difference.source == Difference::Source::TestSet;
    }
    if (difference.p) {
        row.markup("p", figureMarkup(figure + ".p", *difference.p, probability(*difference.p)));
        row.markup("holm", figureMarkup(figure + ".p_holm", difference.correctedP,
                                        probability(difference.correctedP)));
    }
    if (difference.effectSize && std::isfinite(*difference.effectSize))
        row.markup("effect", figureMarkup(figure + ".hedges_g", *difference.effectSize,
                                          fmt::format("{:+.2f}", *difference.effectSize)));
    return row;
}

/// Of one number: each configuration against the baseline, and the sentences.
TemplateData differencesOf(const ComparedDataSet& set, const Comparison& comparison,
                           const std::string& figure) {
    TemplateData data;
    const RunMetric metric = comparison.options.metric;
    data.text("metric", metricWords(metric));
    data.flag("shares", isShare(metric));
    data.flag("of_accuracy", metric == RunMetric::Accuracy);
    data.text("baseline", set.configurations[set.baseline].configuration.label);
    data.text("level", levelText(comparison.options.level));
    std::vector<TemplateData> rows, sentences;
    bool fromTestSet = false;
    for (std::size_t i = 0; i < set.configurations.size(); ++i) {
        if (i == set.baseline)
            continue;
        const auto& one = set.configurations[i];
        rows.push_back(
            differenceRow(one, metric, fmt::format("{}.{}.{}", figure, i, metricName(metric)), fromTestSet));
        TemplateData sentence;
        sentence.text("sentence", one.sentence + ".");
        if (!one.alsoDifferent.empty())
            sentence.text("also", fmt::format("{}", fmt::join(one.alsoDifferent, ", ")));
        sentences.push_back(std::move(sentence));
    }
    data.list("rows", std::move(rows));
    data.list("sentences", std::move(sentences));
    data.flag("test_set_alone", fromTestSet);
    data.text("id", fmt::format("{}-{}", figure.substr(figure.rfind('.') + 1), metricName(metric)));
    return data;
}

/// Accuracy against the work and against the texts it took, each configuration with its interval.
ReportFigure usedFigure(const ReportSources& sources, const ComparedDataSet& set, std::size_t number,
                        double level) {
    ReportFigure figure;
    figure.id = fmt::format("fig-used-{}", number);
    figure.title = "Accuracy against samples used";
    figure.height = 0.4;
    figure.description =
        fmt::format("Test accuracy, mean with its {} interval, of {} configurations against the share of "
                    "gradient samples and of distinct samples that each used.",
                    levelText(level), set.configurations.size());
    FigurePanel work{"", {"gradient samples (% of samples × epochs)", 0}, {"test accuracy (%)"}};
    FigurePanel texts{"", {"distinct samples (% of samples)", 0}, {"test accuracy (%)"}};
    for (const auto& one : set.configurations) {
        const auto& accuracy = summaryOf(one, RunMetric::Accuracy);
        if (accuracy.said.count == 0 || summaryOf(one, RunMetric::GradientShare).said.count == 0 ||
            summaryOf(one, RunMetric::DistinctShare).said.count == 0 || work.series.size() == MostPoints)
            continue;
        FigureSeries point;
        point.name = one.configuration.label;
        // As its curves, where there are not more configurations than styles.
        point.style = static_cast<int>(sources.groups.size() <= MostPoints
                                           ? sources.groupOf(one.configuration.runs.front())
                                           : work.series.size());
        point.mark = FigureSeries::Mark::Points;
        point.x = {100 * summaryOf(one, RunMetric::GradientShare).said.mean};
        point.y = {100 * accuracy.said.mean};
        if (accuracy.interval) {
            point.low = {100 * accuracy.interval->low};
            point.high = {100 * accuracy.interval->high};
        }
        figure.description +=
            fmt::format(" {}: {:.2f} % with {:.2f} % and {:.2f} %.", point.name, point.y[0], point.x[0],
                        100 * summaryOf(one, RunMetric::DistinctShare).said.mean);
        work.series.push_back(point);
        point.x = {100 * summaryOf(one, RunMetric::DistinctShare).said.mean};
        texts.series.push_back(std::move(point));
    }
    figure.panels = {std::move(work), std::move(texts)};
    return figure;
}

TemplateData configurationsOf(const ComparedDataSet& set, const std::string& figure, bool& fromTestSet) {
    TemplateData data;
    std::vector<TemplateData> rows;
    for (std::size_t i = 0; i < set.configurations.size(); ++i) {
        const auto& one = set.configurations[i];
        TemplateData row;
        row.text("label", one.configuration.label);
        row.flag("one_run", one.configuration.runs.size() == 1);
        putCount(row, "runs", fmt::format("{}.{}.runs", figure, i),
                 static_cast<std::int64_t>(one.configuration.runs.size()));
        for (const RunMetric metric : TableMetrics) {
            putSummary(row, fmt::format("{}.{}", figure, i), metric, summaryOf(one, metric));
            fromTestSet = fromTestSet || summaryOf(one, metric).fromTestSet;
        }
        rows.push_back(std::move(row));
    }
    data.list("rows", std::move(rows));
    return data;
}

} // namespace

void addComparison(const ReportSources& sources, ReportContent& content) {
    if (!sources.several())
        return;
    TemplateData& data = content.data.part("comparison");
    if (!sources.comparison) {
        data.text("not_compared", sources.notCompared);
        return;
    }
    ComparisonOptions f1;
    f1.metric = RunMetric::MacroF1;
    const auto second = compareRuns(sources.runs, f1, readTestPredictions);
    std::vector<TemplateData> sets;
    for (std::size_t i = 0; i < sources.comparison->dataSets.size(); ++i) {
        const auto& set = sources.comparison->dataSets[i];
        const std::string figure = fmt::format("comparison.{}", i);
        bool fromTestSet = false;
        TemplateData one = configurationsOf(set, figure, fromTestSet);
        one.text("name", set.name);
        one.text("number", std::to_string(i));
        one.flag("from_test_set", fromTestSet);
        one.text("level", levelText(sources.comparison->options.level));
        if (set.configurations.size() > 1) {
            const std::string difference = fmt::format("difference.{}", i);
            std::vector<TemplateData> differences{differencesOf(set, *sources.comparison, difference)};
            if (second && i < second->dataSets.size())
                differences.push_back(differencesOf(second->dataSets[i], *second, difference));
            one.list("differences", std::move(differences));
        }
        ReportFigure used = usedFigure(sources, set, i, sources.comparison->options.level);
        if (!used.panels[0].series.empty()) {
            one.text("figure", used.id);
            if (used.panels[0].series.size() == MostPoints && set.configurations.size() > MostPoints)
                putCount(one, "most_points", figure + ".most_points", static_cast<std::int64_t>(MostPoints));
            content.figures.push_back(std::move(used));
        }
        sets.push_back(std::move(one));
    }
    data.flag("several_sets", sets.size() > 1);
    putCount(data, "set_count", "comparison.sets", static_cast<std::int64_t>(sets.size()));
    data.list("sets", std::move(sets));
    if (sources.comparison->ranks)
        data.text("ranks", sources.comparison->ranks->sentence + ".");
    std::vector<TemplateData> remarks;
    for (const auto& remark : sources.comparison->remarks) {
        TemplateData one;
        one.text("remark", remark);
        remarks.push_back(std::move(one));
    }
    data.flag("has_remarks", !remarks.empty());
    data.list("remarks", std::move(remarks));
}

} // namespace stillroom
