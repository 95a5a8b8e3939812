// A report's content as data: what the templates of resources/report can name, and the figures. Each section
// is a file of its own. Private to core/output.
#pragma once

#include "core/output/report_figure.h"
#include "core/output/report_sources.h"
#include "core/output/report_values.h"
#include "core/output/text_template.h"

#include <string>
#include <utility>
#include <vector>

namespace stillroom {

struct ReportContent {
    TemplateData data;
    std::vector<ReportFigure> figures; ///< templates say where: <drawing of="fig-plane"></drawing>

    /// `name`: by which a template asks whether it is there.
    void add(const std::string& name, ReportFigure figure);
};

inline constexpr std::size_t MostCurves = 12; ///< of a figure; styles differ in so many

// The sections, in the order of the report.
void addOverview(const ReportSources& sources, ReportContent& content);
void addDataSection(const ReportSources& sources, bool texts, ReportContent& content);
void addTeacherSection(const ReportSources& sources, ReportContent& content);
void addRules(const ReportSources& sources, ReportContent& content);
void addSettings(const ReportSources& sources, bool texts, ReportContent& content);
void addComparison(const ReportSources& sources, ReportContent& content);
/// Reads the curves of all runs.
Result<void> addCurves(const ReportSources& sources, const Progress& progress, ReportContent& content);
void addPlane(const ReportSources& sources, ReportContent& content);
void addThresholds(const ReportSources& sources, ReportContent& content);
void addClasses(const ReportSources& sources, ReportContent& content);
void addExamples(const ReportSources& sources, bool texts, ReportContent& content);
void addReproduction(const ReportSources& sources, bool texts, ReportContent& content);

/// All of them. Errors: a run's curves cannot be read; Cancelled.
Result<ReportContent> reportContent(const ReportSources& sources, bool texts, const Progress& progress);

/// Some characters of a text, whole ones: at most `most` of them, and "…" where there are more; line breaks
/// are spaces.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t most);

/// An experiment without texts of samples that its settings may hold, and whether there were any.
[[nodiscard]] std::pair<Experiment, bool> withoutTexts(Experiment experiment);

} // namespace stillroom
