#include "core/output/report_content.h"

#include <algorithm>

namespace stillroom {

void ReportContent::add(const std::string& name, ReportFigure figure) {
    data.part(name).text("id", figure.id);
    figures.push_back(std::move(figure));
}

Result<ReportContent> reportContent(const ReportSources& sources, bool texts, const Progress& progress) {
    ReportContent content;
    addOverview(sources, content);
    addDataSection(sources, texts, content);
    addTeacherSection(sources, content);
    addRules(sources, content);
    addSettings(sources, texts, content);
    addComparison(sources, content);
    if (auto added = addCurves(sources, progress, content); !added)
        return fail(std::move(added.error()));
    addPlane(sources, content);
    addThresholds(sources, content);
    addClasses(sources, content);
    addExamples(sources, texts, content);
    addReproduction(sources, texts, content);
    return content;
}

std::string excerpt(std::string_view text, std::size_t most) {
    std::string cut;
    std::size_t characters = 0;
    for (const char c : text) {
        const bool begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        if (begins && characters++ == most) {
            while (!cut.empty() && cut.back() == ' ')
                cut.pop_back();
            return cut + "…";
        }
        cut += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
    return cut;
}

std::pair<Experiment, bool> withoutTexts(Experiment experiment) {
    const bool had = !experiment.teacher.llm.examples.empty();
    experiment.teacher.llm.examples.clear();
    return {std::move(experiment), had};
}

} // namespace stillroom
