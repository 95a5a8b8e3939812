// Thresholds over time, class by class, and what the rule kept of each.
#include "core/output/report_content.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace stillroom {

namespace {

constexpr std::size_t MostWindows = 150; ///< of a curve

struct ClassTotals {
    std::vector<std::int64_t> candidates, kept;
};

ClassTotals totalsOf(const StoredRun& run) {
    ClassTotals totals;
    const std::size_t classes = run.origin.classes.size();
    totals.candidates.resize(classes);
    totals.kept.resize(classes);
    for (const auto& window : run.windows)
        for (std::size_t i = 0; i < classes; ++i) {
            if (i < window.candidatesByClass.size())
                totals.candidates[i] += window.candidatesByClass[i];
            if (i < window.keptByClass.size())
                totals.kept[i] += window.keptByClass[i];
        }
    return totals;
}

/// The largest classes, which are drawn each in its own style; the others are drawn behind them.
std::vector<std::size_t> drawnApart(const ClassTotals& totals) {
    std::vector<std::size_t> order(totals.candidates.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return totals.candidates[a] > totals.candidates[b];
    });
    order.resize(std::min(order.size(), MostCurves));
    return order;
}

using Side = std::vector<double> Thresholds::*;

/// No series: the rule has no such thresholds.
FigurePanel panelOf(const StoredRun& run, const ClassTotals& totals, Side side, const std::string& label) {
    FigurePanel panel{"", {"step (candidate batches)", 0}, {label}};
    const auto apart = drawnApart(totals);
    const std::size_t stride = std::max<std::size_t>(1, (run.windows.size() + MostWindows - 1) / MostWindows);
    const auto seriesOf = [&](std::size_t number) {
        FigureSeries series;
        for (std::size_t i = 0; i < run.windows.size(); ++i) {
            if (i % stride != 0 && i + 1 != run.windows.size())
                continue;
            const auto& values = run.windows[i].thresholds.*side;
            if (number >= values.size())
                continue;
            series.x.push_back(static_cast<double>(run.windows[i].lastStep));
            series.y.push_back(values[number]);
        }
        return series;
    };
    for (std::size_t number = 0; number < totals.candidates.size(); ++number) {
        if (std::find(apart.begin(), apart.end(), number) != apart.end())
            continue;
        FigureSeries series = seriesOf(number);
        if (series.x.empty())
            continue;
        series.name = "other classes";
        series.faint = true;
        panel.series.push_back(std::move(series));
    }
    for (std::size_t i = 0; i < apart.size(); ++i) {
        FigureSeries series = seriesOf(apart[i]);
        if (series.x.empty())
            continue;
        series.style = static_cast<int>(i);
        series.name = run.origin.classes[apart[i]];
        panel.series.push_back(std::move(series));
    }
    return panel;
}

const Thresholds* lastThresholds(const StoredRun& run) {
    return run.windows.empty() ? nullptr : &run.windows.back().thresholds;
}

void putRows(const ReportSources& sources, const ClassTotals& totals, ReportContent& content) {
    const StoredRun& run = sources.run;
    const Thresholds* last = lastThresholds(run);
    std::vector<TemplateData> rows;
    for (std::size_t i = 0; i < totals.candidates.size(); ++i) {
        const std::string figure = fmt::format("{}.class.{}", sources.key, i);
        TemplateData row;
        row.text("class", run.origin.classes[i]);
        putCount(row, "candidates", figure + ".candidates", totals.candidates[i]);
        putCount(row, "kept", figure + ".kept", totals.kept[i]);
        if (totals.candidates[i] > 0)
            putShare(row, "share", figure + ".kept_share",
                     static_cast<double>(totals.kept[i]) / static_cast<double>(totals.candidates[i]), 1);
        const auto put = [&](const char* name, const std::vector<double>& values) {
            if (i < values.size())
                putReal(row, name, fmt::format("{}.threshold.{}", figure, name), values[i], 3);
        };
        if (last != nullptr) {
            put("teacher", last->teacher);
            put("student", last->student);
            put("student_confidence", last->studentConfidence);
        }
        rows.push_back(std::move(row));
    }
    content.data.list("selection_rows", std::move(rows));
    content.data.flag("selection_known", true);
    if (last != nullptr) {
        content.data.flag("teacher_thresholds", !last->teacher.empty());
        content.data.flag("student_thresholds", !last->student.empty());
        content.data.flag("student_confidence_thresholds", !last->studentConfidence.empty());
    }
}

} // namespace

void addThresholds(const ReportSources& sources, ReportContent& content) {
    const StoredRun& run = sources.run;
    if (run.windows.empty())
        return;
    const ClassTotals totals = totalsOf(run);
    putRows(sources, totals, content);
    ReportFigure figure;
    figure.id = "fig-thresholds";
    figure.title = "Thresholds over time, by class";
    figure.description = figure.title + ".";
    figure.height = 0.44;
    for (const auto& [side, label, what] :
         {std::tuple(&Thresholds::teacher, "teacher's confidence at least", "teacher"),
          std::tuple(&Thresholds::student, "student's uncertainty at least", "student"),
          std::tuple(&Thresholds::studentConfidence, "student's probability at least",
                     "student's probability")}) {
        FigurePanel panel = panelOf(run, totals, side, label);
        if (panel.series.empty())
            continue;
        double low = 1, high = 0;
        for (const auto& series : panel.series) {
            low = std::min(low, series.y.back());
            high = std::max(high, series.y.back());
        }
        figure.description +=
            fmt::format(" At the end the {} thresholds lie between {:.3f} and {:.3f}.", what, low, high);
        figure.panels.push_back(std::move(panel));
    }
    content.data.flag("thresholds_left_out", run.origin.classes.size() > MostCurves);
    if (!figure.panels.empty())
        content.add("fig_thresholds", std::move(figure));
}

} // namespace stillroom
