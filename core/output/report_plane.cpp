// Where the samples lay in one epoch: by the teacher's confidence and the student's uncertainty, all of them
// beside those that were kept, with the thresholds.
#include "core/output/report_content.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr int Columns = 56, Rows = 40;

/// Of the epoch in which the best student was measured; where it is not known, the last one.
const Snapshot* snapshotToShow(const ReportSources& sources) {
    const Snapshot* shown = nullptr;
    std::int64_t bestStep = -1;
    for (const auto& evaluation : sources.run.evaluations)
        if (evaluation.split == Split::Validation && evaluation.best)
            bestStep = evaluation.step;
    for (const auto& snapshot : sources.snapshots) {
        shown = snapshot.get();
        if (bestStep >= 0 && snapshot->info().step >= bestStep)
            break;
    }
    return shown;
}

/// The highest uncertainty that matters: all but a thirtieth lie below, to the next twentieth.
double topOf(std::span<const SampleTrace> traces) {
    std::vector<float> values;
    for (const auto& trace : traces)
        if (trace.scored())
            values.push_back(trace.uncertainty());
    if (values.empty())
        return 1;
    const auto place = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * 29 / 30);
    std::nth_element(values.begin(), place, values.end());
    return std::clamp(std::ceil(static_cast<double>(*place) * 20 + 0.2) / 20, 0.05, 1.0);
}

/// The lowest confidence that matters, likewise, to the tenth below.
double leftOf(const SampleTable& table) {
    std::vector<float> values = table.confidences;
    if (values.empty())
        return 0;
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 100);
    std::nth_element(values.begin(), place, values.end());
    return std::clamp(std::floor(static_cast<double>(*place) * 10 - 0.2) / 10, 0.0, 0.9);
}

struct Grid {
    FigureCells cells;
    std::int64_t samples = 0, outside = 0;
};

Grid gridOf(const SampleTable& table, std::span<const SampleTrace> traces, bool keptOnly, double left,
            double top) {
    Grid grid;
    FigureCells& cells = grid.cells;
    cells.columns = Columns;
    cells.rows = Rows;
    cells.top = top;
    cells.left = left;
    cells.logarithmic = true;
    cells.unit = "texts";
    cells.values.assign(static_cast<std::size_t>(Columns) * Rows, 0);
    for (std::size_t i = 0; i < traces.size(); ++i) {
        if (!traces[i].scored() || (keptOnly && !traces[i].kept()))
            continue;
        ++grid.samples;
        const double uncertainty = static_cast<double>(traces[i].uncertainty());
        const double confidence = static_cast<double>(table.confidences[i]);
        grid.outside += uncertainty > top || confidence < left ? 1 : 0;
        const auto cell = [](double share, int count) {
            return static_cast<std::size_t>(
                std::clamp(static_cast<int>(std::floor(share * count)), 0, count - 1));
        };
        const std::size_t column = cell((confidence - left) / (1 - left), Columns);
        const std::size_t row = cell(uncertainty / top, Rows);
        ++cells.values[row * Columns + column];
    }
    return grid;
}

/// The thresholds at the end of that epoch.
const Thresholds* thresholdsAt(const StoredRun& run, std::int64_t step) {
    const Thresholds* found = nullptr;
    for (const auto& window : run.windows)
        if (window.lastStep <= step)
            found = &window.thresholds;
    return found;
}

/// The lowest, the middle one and the highest of the classes.
void mark(FigurePanel& panel, std::vector<double> values, bool vertical, double least, double most) {
    if (values.empty())
        return;
    std::sort(values.begin(), values.end());
    const auto add = [&](double at, bool faint) {
        if (at >= least && at <= most)
            panel.marks.push_back({vertical, at, vertical ? 3 : 1,
                                   vertical ? "teacher's thresholds" : "student's thresholds", faint});
    };
    add(values.front(), true);
    if (values.size() > 1) {
        add(values[values.size() / 2], false);
        add(values.back(), true);
    }
}

} // namespace

void addPlane(const ReportSources& sources, ReportContent& content) {
    const Snapshot* snapshot = snapshotToShow(sources);
    if (snapshot == nullptr)
        return;
    const auto traces = snapshot->traces();
    const double top = topOf(traces), left = leftOf(*sources.table);
    Grid all = gridOf(*sources.table, traces, false, left, top),
         kept = gridOf(*sources.table, traces, true, left, top);
    const std::string epoch = std::to_string(snapshot->info().epoch);
    if (all.samples == 0) {
        content.data.text("plane_empty", epoch);
        return;
    }
    TemplateData& data = content.data.part("plane");
    putCount(data, "epoch", "plane.epoch", snapshot->info().epoch);
    putCount(data, "samples", "plane.samples", all.samples);
    putCount(data, "kept", "plane.kept", kept.samples);
    if (all.outside > 0)
        putCount(data, "outside", "plane.outside", all.outside);

    ReportFigure figure;
    figure.id = "fig-plane";
    figure.title = "Confidence of the teacher and uncertainty of the student";
    figure.height = 0.42;
    figure.description =
        fmt::format("In epoch {}: density of {} scored samples by the teacher's confidence and the "
                    "student's uncertainty, beside that of the {} that were kept.",
                    epoch, all.samples, kept.samples);
    const Thresholds* thresholds = thresholdsAt(sources.run, snapshot->info().step);
    for (Grid* grid : {&all, &kept}) {
        FigurePanel panel{grid == &all ? "all candidates" : "kept",
                          {"teacher's confidence", left, 1},
                          {"student's uncertainty", 0, top}};
        panel.cells.push_back(std::move(grid->cells));
        if (thresholds != nullptr) {
            mark(panel, thresholds->teacher, true, left, 1);
            mark(panel, thresholds->student, false, 0, top);
        }
        figure.panels.push_back(std::move(panel));
    }
    data.flag("thresholds",
              thresholds != nullptr && !(thresholds->teacher.empty() && thresholds->student.empty()));
    content.add("fig_plane", std::move(figure));
}

} // namespace stillroom
