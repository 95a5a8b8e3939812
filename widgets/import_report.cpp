#include "widgets/import_report.h"

#include "core/teacher/teacher_loader.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {
namespace {

constexpr std::size_t TextShown = 300; // bytes
constexpr std::size_t IdsShown = 6;

/// The beginning, cut between characters.
std::string beginning(const std::string& text) {
    if (text.size() <= TextShown)
        return text;
    std::size_t end = TextShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end) + "…";
}

ImportReport::Shared sharedOf(const DataProfile::SharedText& text, const Dataset& dataset) {
    ImportReport::Shared shared;
    shared.text = beginning(text.text);
    std::vector<int> labels;
    std::size_t listed = 0;
    for (const auto row : text.rows) {
        ++shared.rows[static_cast<std::size_t>(dataset.split(row))];
        if (listed++ < IdsShown)
            shared.ids += fmt::format("{}{} {}", shared.ids.empty() ? "" : ", ",
                                      splitName(dataset.split(row)), dataset.id(row));
        const int gold = dataset.gold(row);
        if (gold != Dataset::NoLabel && std::find(labels.begin(), labels.end(), gold) == labels.end())
            labels.push_back(gold);
    }
    if (listed > IdsShown)
        shared.ids += ", …";
    for (const int label : labels)
        shared.gold += (shared.gold.empty() ? "" : ", ") + dataset.classes()[static_cast<std::size_t>(label)];
    return shared;
}

} // namespace

Result<ImportReport> makeImportReport(const Experiment& experiment, bool taught, Progress& progress) {
    LoadContext context;
    context.badRows = BadRowPolicy::Skip;
    context.progress = &progress;
    ImportReport made;
    Dataset dataset;
    if (taught) {
        auto examples = loadExamples(experiment.data, experiment.teacher, context);
        if (!examples)
            return fail(std::move(examples.error()));
        dataset = std::move(examples->dataset);
        made.report = std::move(examples->report);
        made.untaught = examples->untaught;
    } else {
        Labels labels;
        auto loaded = loadData(experiment.data, context, labels);
        if (!loaded)
            return fail(std::move(loaded.error()));
        dataset = std::move(loaded->dataset);
        made.report = std::move(loaded->report);
    }
    if (progress.cancelled())
        return fail("reading was stopped", ErrorKind::Cancelled);
    made.profile = profileData(dataset);
    made.classes = dataset.classes();
    for (const auto& text : made.profile.shared)
        made.shared.push_back(sharedOf(text, dataset));
    return made;
}

} // namespace stillroom
