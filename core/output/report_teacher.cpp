// The teacher: who it is, how often it is right, and how far its confidence can be trusted.
#include "core/output/report_content.h"

#include <cmath>
#include <fmt/format.h>

namespace stillroom {

namespace {

/// Accuracy by confidence beside how many answers have it.
ReportFigure reliabilityOf(const TeacherQuality& quality) {
    ReportFigure figure;
    figure.id = "fig-reliability";
    figure.title = "Reliability of the teacher";
    figure.description = fmt::format(
        "Accuracy of the teacher's labels by its confidence, in {} bins, beside the number of answers in "
        "each "
        "bin. Where bars end at the diagonal, confidence is what it says. Mean confidence {:.3f}, accuracy "
        "{:.3f}.",
        quality.bins.size(), quality.meanConfidence, quality.accuracy);
    figure.height = 0.4;
    FigureSeries accuracy{"accuracy of the label", 0, FigureSeries::Mark::Bars, {}, {}};
    FigureSeries answers{"", 7, FigureSeries::Mark::Bars, {}, {}};
    for (const auto& bin : quality.bins) {
        const double middle = (bin.low + bin.high) / 2;
        accuracy.x.push_back(middle);
        accuracy.y.push_back(bin.rows > 0 ? bin.accuracy : 0);
        answers.x.push_back(middle);
        answers.y.push_back(static_cast<double>(bin.rows));
    }
    FigurePanel left{"", {"teacher's confidence", 0, 1}, {"share of right labels", 0, 1}};
    left.series.push_back(std::move(accuracy));
    left.diagonal = true;
    FigurePanel right{"", {"teacher's confidence", 0, 1}, {"answers", 0}};
    right.series.push_back(std::move(answers));
    figure.panels = {std::move(left), std::move(right)};
    return figure;
}

void putQuality(const TeacherQuality& quality, TemplateData& data) {
    putCount(data, "rows", "teacher.rows", quality.rows);
    putShare(data, "accuracy", "teacher.accuracy", quality.accuracy);
    putShare(data, "macro_f1", "teacher.macro_f1", quality.macroF1);
    putReal(data, "mean_confidence", "teacher.mean_confidence", quality.meanConfidence, 4);
    putReal(data, "ece", "teacher.ece", quality.eceEqualWidth, 4);
    putReal(data, "ece_mass", "teacher.ece_equal_mass", quality.eceEqualMass, 4);
    putReal(data, "brier", "teacher.brier", quality.brier, 4);
    putReal(data, "nll", "teacher.nll", quality.nll, 4);
    data.flag("too_sure", quality.meanConfidence > quality.accuracy + 0.005);
    data.flag("too_modest", quality.meanConfidence < quality.accuracy - 0.005);
    putReal(data, "gap", "teacher.gap", 100 * std::abs(quality.meanConfidence - quality.accuracy), 1);
}

const char* kindFlag(TeacherKind kind) {
    switch (kind) {
    case TeacherKind::Columns:
        return "is_columns";
    case TeacherKind::File:
        return "is_file";
    case TeacherKind::Simulated:
        return "is_simulated";
    case TeacherKind::Gold:
        return "is_gold";
    case TeacherKind::ZeroShot:
        return "is_zero_shot";
    case TeacherKind::Llm:
        break;
    }
    return "is_llm";
}

} // namespace

void addTeacherSection(const ReportSources& sources, ReportContent& content) {
    TemplateData& data = content.data.part("teacher");
    const TeacherSettings& settings = sources.run.experiment.teacher;
    data.flag(kindFlag(settings.kind), true);
    if (const std::string model = settingValue(sources.run.experiment, "teacher.model"); !model.empty())
        data.text("model", model);
    const RunOrigin& origin = sources.run.origin;
    putCount(data, "answers", "teacher.answers", origin.teacherRows);
    if (origin.teacherAccuracy >= 0) {
        TemplateData& recorded = data.part("recorded");
        putShare(recorded, "accuracy", "teacher.recorded_accuracy", origin.teacherAccuracy);
        putShare(recorded, "macro_f1", "teacher.recorded_macro_f1", origin.teacherMacroF1);
    }
    data.flag("no_gold", origin.teacherAccuracy < 0);
    if (!sources.prepared)
        return;
    if (sources.prepared->calibration)
        data.text("calibration", calibrationSentence(*sources.prepared->calibration));
    const TeacherQuality& quality = sources.prepared->quality;
    if (quality.rows == 0)
        return;
    putQuality(quality, data.part("quality"));
    data.part("quality").flag("no_vectors", !sources.prepared->set.teacher->hasVectors());
    content.add("fig_reliability", reliabilityOf(quality));
}

} // namespace stillroom
