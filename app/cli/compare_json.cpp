// comparisonJson of app/cli/compare_output.h.
#include "app/cli/compare_output.h"
#include "core/experiment/run_metric.h"

#include <QJsonArray>
#include <cmath>

namespace stillroom::cli {

namespace {

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QJsonValue number(std::optional<double> value) {
    return value && std::isfinite(*value) ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

QJsonValue intervalJson(const std::optional<Interval>& interval) {
    return interval ? QJsonValue(QJsonArray{interval->low, interval->high}) : QJsonValue(QJsonValue::Null);
}

QJsonArray texts(const std::vector<std::string>& all) {
    QJsonArray array;
    for (const auto& one : all)
        array.append(text(one));
    return array;
}

QJsonObject metricsJson(const ComparedConfiguration& one) {
    QJsonObject object;
    for (const RunMetric metric : AllRunMetrics) {
        const auto& summary = one.metrics.at(static_cast<std::size_t>(metric));
        if (summary.said.count == 0) {
            object.insert(text(metricName(metric)), QJsonValue::Null);
            continue;
        }
        object.insert(
            text(metricName(metric)),
            QJsonObject{
                {QStringLiteral("runs"), static_cast<double>(summary.said.count)},
                {QStringLiteral("mean"), summary.said.mean},
                {QStringLiteral("sd"),
                 summary.said.count > 1 ? QJsonValue(summary.said.deviation) : QJsonValue(QJsonValue::Null)},
                {QStringLiteral("lowest"), summary.said.lowest},
                {QStringLiteral("highest"), summary.said.highest},
                {QStringLiteral("interval"), intervalJson(summary.interval)},
                {QStringLiteral("interval_from"), summary.fromTestSet ? QJsonValue(QStringLiteral("test set"))
                                                  : summary.interval  ? QJsonValue(QStringLiteral("seeds"))
                                                                      : QJsonValue(QJsonValue::Null)},
                {QStringLiteral("bootstrap_interval"), intervalJson(summary.bootstrap)}});
    }
    return object;
}

QJsonValue mcnemarJson(const std::optional<McNemarResult>& mcnemar) {
    if (!mcnemar)
        return QJsonValue::Null;
    return QJsonObject{{QStringLiteral("rows"), static_cast<double>(mcnemar->rows)},
                       {QStringLiteral("only_this_right"), static_cast<double>(mcnemar->onlyFirst)},
                       {QStringLiteral("only_baseline_right"), static_cast<double>(mcnemar->onlySecond)},
                       {QStringLiteral("p"), mcnemar->exactP},
                       {QStringLiteral("chi_square"), mcnemar->chiSquare},
                       {QStringLiteral("chi_square_p"), mcnemar->chiSquareP}};
}

QJsonObject differenceJson(const ComparedConfiguration& one, RunMetric metric) {
    const Difference& difference = one.difference;
    QJsonArray pairs;
    for (std::size_t i = 0; i < difference.values.size(); ++i)
        pairs.append(QJsonObject{{QStringLiteral("seed"), static_cast<double>(difference.seeds[i])},
                                 {QStringLiteral("difference"), difference.values[i]}});
    const bool tested = difference.p.has_value();
    const auto ifTested = [&](double p) { return tested ? QJsonValue(p) : QJsonValue(QJsonValue::Null); };
    return {{QStringLiteral("metric"), text(metricName(metric))},
            {QStringLiteral("pairs"), pairs},
            {QStringLiteral("mean"), number(difference.said.mean)},
            {QStringLiteral("sd"), difference.values.size() > 1 ? QJsonValue(difference.said.deviation)
                                                                : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("interval"), intervalJson(difference.interval)},
            {QStringLiteral("interval_from"),
             difference.source == Difference::Source::None    ? QJsonValue(QJsonValue::Null)
             : difference.source == Difference::Source::Seeds ? QJsonValue(QStringLiteral("seeds"))
                                                              : QJsonValue(QStringLiteral("test set"))},
            {QStringLiteral("bootstrap_interval"), intervalJson(difference.bootstrap)},
            {QStringLiteral("p"), number(difference.p)},
            {QStringLiteral("p_holm"), ifTested(difference.correctedP)},
            {QStringLiteral("p_benjamini_hochberg"), ifTested(difference.falseDiscoveryP)},
            {QStringLiteral("p_wilcoxon"), number(difference.wilcoxonP)},
            {QStringLiteral("p_sign_flip"), number(difference.signFlipP)},
            {QStringLiteral("effect_size"), number(difference.effectSize)},
            {QStringLiteral("mcnemar"), mcnemarJson(difference.mcnemar)},
            {QStringLiteral("finding"), QLatin1String(findingName(difference.finding))},
            {QStringLiteral("sentence"), text(one.sentence)},
            {QStringLiteral("also_different"), texts(one.alsoDifferent)}};
}

QJsonObject configurationJson(const ComparedConfiguration& one, bool isBaseline, RunMetric metric) {
    QJsonArray runs;
    for (const RunSummary* run : one.configuration.runs)
        runs.append(QJsonObject{{QStringLiteral("run"), text(run->folder)},
                                {QStringLiteral("seed"), static_cast<double>(run->seed)}});
    return {{QStringLiteral("label"), text(one.configuration.label)},
            {QStringLiteral("baseline"), isBaseline},
            {QStringLiteral("runs"), runs},
            {QStringLiteral("metrics"), metricsJson(one)},
            {QStringLiteral("difference"),
             isBaseline ? QJsonValue(QJsonValue::Null) : QJsonValue(differenceJson(one, metric))}};
}

QJsonValue ranksJson(const std::optional<ComparedRanks>& ranks) {
    if (!ranks)
        return QJsonValue::Null;
    QJsonObject averages;
    for (std::size_t i = 0; i < ranks->labels.size(); ++i)
        averages.insert(text(ranks->labels[i]), ranks->friedman.averageRanks[i]);
    return QJsonObject{{QStringLiteral("average_ranks"), averages},
                       {QStringLiteral("data_sets"), static_cast<double>(ranks->friedman.dataSets)},
                       {QStringLiteral("chi_square"), ranks->friedman.chiSquare},
                       {QStringLiteral("p"), ranks->friedman.p},
                       {QStringLiteral("critical_difference"), ranks->criticalDifference},
                       {QStringLiteral("sentence"), text(ranks->sentence)}};
}

} // namespace

const char* findingName(Finding finding) {
    switch (finding) {
    case Finding::Higher:
        return "higher";
    case Finding::Lower:
        return "lower";
    case Finding::Same:
        return "same";
    case Finding::NotShown:
        return "not shown";
    case Finding::NotAfterCorrection:
        return "not shown after correction";
    case Finding::TooFew:
        return "too few runs";
    case Finding::Unpaired:
        break;
    }
    return "no pairs";
}

QJsonObject comparisonJson(const Comparison& comparison) {
    QJsonArray sets;
    for (const auto& set : comparison.dataSets) {
        QJsonArray configurations;
        for (std::size_t i = 0; i < set.configurations.size(); ++i)
            configurations.append(
                configurationJson(set.configurations[i], i == set.baseline, comparison.options.metric));
        sets.append(QJsonObject{{QStringLiteral("data_set"), text(set.name)},
                                {QStringLiteral("configurations"), configurations}});
    }
    return {{QStringLiteral("metric"), text(metricName(comparison.options.metric))},
            {QStringLiteral("level"), comparison.options.level},
            {QStringLiteral("data_sets"), sets},
            {QStringLiteral("ranks"), ranksJson(comparison.ranks)},
            {QStringLiteral("remarks"), texts(comparison.remarks)}};
}

} // namespace stillroom::cli
