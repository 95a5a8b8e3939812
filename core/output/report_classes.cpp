// The best student class by class, and what it takes for what.
#include "core/output/report_content.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace stillroom {

namespace {

constexpr std::size_t MostTableClasses = 12; ///< with more the confusion is a picture
constexpr std::size_t MostErrors = 20;
constexpr int Shades = 6;

struct Measured {
    Metrics metrics;
    Split split = Split::Test;
};

/// Of the best student: on the test set, else on validation, as far as it came. rows == 0: neither has gold.
Measured measuredOf(const ReportSources& sources) {
    const StoredRun& run = sources.run;
    if (run.finished && run.end.test.rows > 0)
        return {run.end.test, Split::Test};
    if (run.finished && run.end.validation.rows > 0)
        return {run.end.validation, Split::Validation};
    Measured measured{{}, Split::Validation};
    for (const auto& evaluation : run.evaluations)
        if (evaluation.split == Split::Validation && evaluation.metrics.rows > 0 &&
            (evaluation.best || measured.metrics.rows == 0))
            measured.metrics = evaluation.metrics;
    return measured;
}

std::vector<TemplateData> classRows(const ReportSources& sources, const Measured& measured) {
    const auto& classes = sources.run.origin.classes;
    std::vector<TemplateData> rows;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        std::int64_t gold = 0, predicted = 0;
        for (std::size_t k = 0; k < classes.size(); ++k) {
            gold += measured.metrics.confusion[i * classes.size() + k];
            predicted += measured.metrics.confusion[k * classes.size() + i];
        }
        const std::string figure = fmt::format("{}.{}.class.{}", sources.key, splitName(measured.split), i);
        TemplateData row;
        row.text("class", classes[i]);
        putCount(row, "gold", figure + ".gold", gold);
        putCount(row, "predicted", figure + ".predicted", predicted);
        // A class that is neither there nor predicted has no such numbers.
        const bool absent = gold == 0 && predicted == 0;
        const auto put = [&](const char* name, double value) {
            putShare(row, name, figure + "." + name, absent ? std::nan("") : value, 1);
        };
        put("precision", measured.metrics.precision[i]);
        put("recall", measured.metrics.recall[i]);
        put("f1", measured.metrics.f1[i]);
        rows.push_back(std::move(row));
    }
    return rows;
}

/// As a table, each cell shaded by its share of the gold of its row.
void putConfusionTable(const ReportSources& sources, const Measured& measured, TemplateData& data) {
    const auto& classes = sources.run.origin.classes;
    std::vector<TemplateData> heads, rows;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        TemplateData head, row;
        head.text("number", std::to_string(i + 1));
        head.text("class", classes[i]);
        row.text("number", std::to_string(i + 1));
        row.text("class", classes[i]);
        const auto* counts = measured.metrics.confusion.data() + i * classes.size();
        const std::int64_t gold = std::accumulate(counts, counts + classes.size(), std::int64_t{0});
        std::vector<TemplateData> cells;
        for (std::size_t k = 0; k < classes.size(); ++k) {
            TemplateData cell;
            putCount(cell, "count",
                     fmt::format("{}.{}.confusion.{}.{}", sources.key, splitName(measured.split), i, k),
                     counts[k]);
            const double share = gold > 0 ? static_cast<double>(counts[k]) / static_cast<double>(gold) : 0;
            cell.text("shade",
                      std::to_string(std::min(Shades - 1, static_cast<int>(std::sqrt(share) * Shades))));
            cell.flag("right", i == k);
            cells.push_back(std::move(cell));
        }
        row.list("cells", std::move(cells));
        heads.push_back(std::move(head));
        rows.push_back(std::move(row));
    }
    TemplateData& table = data.part("confusion_table");
    table.list("heads", std::move(heads));
    table.list("rows", std::move(rows));
}

ReportFigure confusionFigure(const ReportSources& sources, const Measured& measured) {
    const auto classes = static_cast<int>(sources.run.origin.classes.size());
    ReportFigure figure;
    figure.id = "fig-confusion";
    figure.title = "Confusion of the best student";
    figure.description =
        fmt::format("Of each of {} gold classes, numbered as in the table of classes, the share that the "
                    "student gives each class; the diagonal is right.",
                    classes);
    figure.height = 0.9;
    FigurePanel panel{"",
                      {"class that the student says (number)", 0.5, classes + 0.5},
                      {"gold class (number)", 0.5, classes + 0.5}};
    FigureCells cells;
    cells.columns = cells.rows = classes;
    cells.left = cells.bottom = 0.5;
    cells.right = cells.top = classes + 0.5;
    cells.unit = "% of the gold class";
    const auto size = static_cast<std::size_t>(classes);
    cells.values.resize(size * size);
    for (std::size_t row = 0; row < size; ++row) {
        const auto* counts = measured.metrics.confusion.data() + row * size;
        const std::int64_t gold = std::accumulate(counts, counts + size, std::int64_t{0});
        for (std::size_t column = 0; column < size && gold > 0; ++column)
            cells.values[row * size + column] =
                100 * static_cast<double>(counts[column]) / static_cast<double>(gold);
    }
    panel.cells.push_back(std::move(cells));
    figure.panels.push_back(std::move(panel));
    return figure;
}

std::vector<TemplateData> commonErrors(const ReportSources& sources, const Measured& measured) {
    const auto& classes = sources.run.origin.classes;
    struct Mistake {
        std::size_t gold, said;
        std::int64_t count;
    };
    std::vector<Mistake> errors;
    for (std::size_t i = 0; i < classes.size(); ++i)
        for (std::size_t k = 0; k < classes.size(); ++k)
            if (const auto count = measured.metrics.confusion[i * classes.size() + k]; i != k && count > 0)
                errors.push_back({i, k, count});
    std::stable_sort(errors.begin(), errors.end(),
                     [](const Mistake& a, const Mistake& b) { return a.count > b.count; });
    errors.resize(std::min(errors.size(), MostErrors));
    std::vector<TemplateData> rows;
    for (const auto& error : errors) {
        TemplateData row;
        row.text("gold", classes[error.gold]);
        row.text("said", classes[error.said]);
        putCount(row, "count",
                 fmt::format("{}.{}.confusion.{}.{}", sources.key, splitName(measured.split), error.gold,
                             error.said),
                 error.count);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace

void addClasses(const ReportSources& sources, ReportContent& content) {
    const std::size_t classes = sources.run.origin.classes.size();
    const Measured measured = measuredOf(sources);
    if (measured.metrics.rows == 0 || classes == 0 ||
        measured.metrics.confusion.size() != classes * classes || measured.metrics.f1.size() != classes)
        return;
    TemplateData& data = content.data.part("classes");
    data.text("split", splitName(measured.split));
    putCount(data, "rows", fmt::format("{}.{}.rows", sources.key, splitName(measured.split)),
             measured.metrics.rows);
    data.list("rows_by_class", classRows(sources, measured));
    if (classes <= MostTableClasses) {
        putConfusionTable(sources, measured, data);
        return;
    }
    content.add("fig_confusion", confusionFigure(sources, measured));
    auto errors = commonErrors(sources, measured);
    data.flag("has_errors", !errors.empty());
    data.list("errors", std::move(errors));
}

} // namespace stillroom
