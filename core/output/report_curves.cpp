// How training went: samples kept, accuracy and macro-F1, against steps and against samples used. Runs of one
// configuration are one curve with a band.
#include "core/output/report_content.h"

#include "core/experiment/curve_band.h"
#include "core/experiment/run_curves.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr int StepBuckets = 120; ///< of a curve with a point a step
constexpr int MostPoints = 400;  ///< of one with a point an evaluation

CurveLine lineOf(const RunCurve& curve) {
    CurveLine line;
    for (const auto& bucket : curve.buckets) {
        line.x.push_back(bucket.x);
        line.y.push_back(100 * bucket.mean);
    }
    return line;
}

class Curves {
  public:
    Curves(const ReportSources& sources, const Progress& progress) : sources_(sources), progress_(progress) {}

    /// One series a configuration; those beyond `MostCurves` are left out.
    Result<std::vector<FigureSeries>> series(CurveValue value, CurveAxis axis) const {
        std::vector<FigureSeries> all;
        const int most = value == CurveValue::KeptShare ? StepBuckets : MostPoints;
        for (std::size_t i = 0; i < std::min(sources_.groups.size(), MostCurves); ++i) {
            std::vector<CurveLine> lines;
            for (const auto run : sources_.groups[i].runs) {
                auto curve = readRunCurve(sources_.runs[run].folder, value, axis, progress_, most);
                if (!curve)
                    return fail(std::move(curve.error()));
                if (!curve->buckets.empty())
                    lines.push_back(lineOf(*curve));
            }
            if (lines.empty())
                continue;
            FigureSeries one;
            one.style = static_cast<int>(i);
            if (sources_.groups.size() > 1)
                one.name = sources_.groups[i].label;
            CurveBand band = bandOf(lines, BandKind::Deviation);
            if (band.x.empty()) {
                one.x = std::move(lines.front().x);
                one.y = std::move(lines.front().y);
            } else {
                one.x = std::move(band.x);
                one.y = std::move(band.mean);
                one.low = std::move(band.low);
                one.high = std::move(band.high);
            }
            all.push_back(std::move(one));
        }
        return all;
    }

  private:
    const ReportSources& sources_;
    const Progress& progress_;
};

std::string endsOf(const std::vector<FigureSeries>& series, const char* what) {
    std::string text;
    for (const auto& one : series)
        text += fmt::format(" {}{} ends at {:.1f} %.", one.name.empty() ? "" : one.name + ": ", what,
                            one.y.back());
    return text;
}

std::string spokenAxis(CurveAxis axis) {
    return axis == CurveAxis::Steps      ? "steps"
           : axis == CurveAxis::Gradient ? "gradient samples"
                                         : "distinct samples";
}

const char* axisLabel(CurveAxis axis) {
    return axis == CurveAxis::Steps      ? "step (candidate batches)"
           : axis == CurveAxis::Gradient ? "gradient samples"
                                         : "distinct samples";
}

/// Accuracy beside macro-F1. No panels: nothing was evaluated.
Result<ReportFigure> scoresFigure(const Curves& curves, CurveAxis axis, std::string id) {
    ReportFigure figure;
    figure.id = std::move(id);
    figure.title = fmt::format("Validation accuracy and macro-F1 against {}", spokenAxis(axis));
    figure.description = figure.title + ".";
    figure.height = 0.4;
    for (const auto& [value, label, what] :
         {std::tuple(CurveValue::Accuracy, "validation accuracy (%)", "accuracy"),
          std::tuple(CurveValue::MacroF1, "validation macro-F1 (%)", "macro-F1")}) {
        auto series = curves.series(value, axis);
        if (!series)
            return fail(std::move(series.error()));
        if (series->empty())
            continue;
        figure.description += endsOf(*series, what);
        FigurePanel panel{"", {axisLabel(axis), 0}, {label}};
        panel.series = *std::move(series);
        figure.panels.push_back(std::move(panel));
    }
    return figure;
}

/// Where settings were changed while the run trained.
void markEdits(const ReportSources& sources, FigurePanel& panel) {
    if (sources.several())
        return;
    for (const auto& edit : sources.run.edits)
        if (!edit.changes.empty())
            panel.marks.push_back({true, static_cast<double>(edit.step), 3, "settings changed", true});
}

} // namespace

Result<void> addCurves(const ReportSources& sources, const Progress& progress, ReportContent& content) {
    const Curves curves(sources, progress);
    auto kept = curves.series(CurveValue::KeptShare, CurveAxis::Steps);
    if (!kept)
        return fail(std::move(kept.error()));
    content.data.flag("curves_left_out", sources.groups.size() > MostCurves);
    putCount(content.data, "most_curves", "curves.most", static_cast<std::int64_t>(MostCurves));
    content.data.flag(
        "bands", std::any_of(kept->begin(), kept->end(), [](const auto& one) { return !one.low.empty(); }));
    if (!kept->empty()) {
        ReportFigure figure;
        figure.id = "fig-kept";
        figure.title = "Share of the candidates that was kept, step by step";
        figure.description =
            "Share of each candidate batch that the rule kept." + endsOf(*kept, "the share kept");
        figure.height = 0.3;
        FigurePanel panel{"", {axisLabel(CurveAxis::Steps), 0}, {"kept (% of candidates)", 0}};
        panel.series = *std::move(kept);
        markEdits(sources, panel);
        figure.panels.push_back(std::move(panel));
        content.add("fig_kept", std::move(figure));
    }
    for (const auto& [axis, name, id] : {std::tuple(CurveAxis::Steps, "fig_steps", "fig-steps"),
                                         std::tuple(CurveAxis::Gradient, "fig_gradient", "fig-gradient"),
                                         std::tuple(CurveAxis::Distinct, "fig_distinct", "fig-distinct")}) {
        auto figure = scoresFigure(curves, axis, id);
        if (!figure)
            return fail(std::move(figure.error()));
        if (!figure->panels.empty())
            content.add(name, *std::move(figure));
    }
    return {};
}

} // namespace stillroom
