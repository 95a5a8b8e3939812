#include "app/cli/compare_options.h"

#include "core/experiment/run_metric.h"

namespace stillroom::cli {

void CompareOptions::addTo(CLI::App& command) {
    std::string metrics;
    for (const RunMetric one : AllRunMetrics)
        metrics.append(metrics.empty() ? "" : ", ").append(metricName(one));
    command.add_option("runs", paths, "Run folders, or folders that hold runs")->required();
    command
        .add_option(
            "--baseline", baseline,
            "What the others are compared with, by a setting it has, e.g. rule=all (repeatable; else the "
            "first with rule all, else the first)")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    command.add_option("--metric", metric, "What is compared: " + metrics)
        ->type_name("METRIC")
        ->capture_default_str();
    command.add_option("--format", format, "text, csv or json")->type_name("FORMAT")->capture_default_str();
    command.add_option("--level", level, "Of intervals, between 0 and 1")
        ->type_name("SHARE")
        ->capture_default_str();
}

} // namespace stillroom::cli
