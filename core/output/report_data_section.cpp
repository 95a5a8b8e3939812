// What was learned from and measured on: files, sizes, classes.
#include "core/output/report_content.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom {

namespace {

const SplitSettings& settingsOf(const DataSettings& data, Split split) {
    return split == Split::Train ? data.train : split == Split::Validation ? data.validation : data.test;
}

/// Texts with gold of each class, from a confusion matrix: rows are gold. Empty without one.
std::vector<std::int64_t> goldOf(const std::vector<std::int64_t>& confusion, std::size_t classes) {
    std::vector<std::int64_t> gold;
    if (classes == 0 || confusion.size() != classes * classes)
        return gold;
    gold.resize(classes);
    for (std::size_t i = 0; i < confusion.size(); ++i)
        gold[i / classes] += confusion[i];
    return gold;
}

std::vector<std::int64_t> goldOf(const Dataset& data, Split split) {
    std::vector<std::int64_t> gold;
    if (!data.hasGold(split))
        return gold;
    gold.resize(static_cast<std::size_t>(data.classCount()));
    for (const auto row : data.rows(split))
        if (data.gold(row) >= 0)
            ++gold[static_cast<std::size_t>(data.gold(row))];
    return gold;
}

/// Of the training texts, by what the teacher calls them: from the data, else from what an epoch showed the
/// rule.
std::vector<std::int64_t> teacherCounts(const ReportSources& sources) {
    const StoredRun& run = sources.run;
    std::vector<std::int64_t> counts(run.origin.classes.size());
    if (sources.table) {
        for (const auto label : sources.table->labels)
            ++counts[static_cast<std::size_t>(label)];
        return counts;
    }
    bool any = false;
    for (const auto& window : run.windows)
        if (window.lastStep <= run.started.stepsPerEpoch &&
            window.candidatesByClass.size() == counts.size()) {
            any = true;
            for (std::size_t i = 0; i < counts.size(); ++i)
                counts[i] += window.candidatesByClass[i];
        }
    return any ? counts : std::vector<std::int64_t>();
}

void putSplits(const ReportSources& sources, TemplateData& data) {
    const RunSummary& summary = sources.summary();
    std::vector<TemplateData> splits;
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
        const SplitSettings& settings = settingsOf(sources.run.experiment.data, split);
        std::int64_t rows = split == Split::Train        ? summary.counts.total
                            : split == Split::Validation ? (summary.validation ? summary.validation->rows : 0)
                                                         : (summary.test ? summary.test->rows : 0);
        if (sources.prepared)
            rows = static_cast<std::int64_t>(sources.prepared->set.data->rows(split).size());
        if (rows == 0 && settings.files.empty())
            continue;
        TemplateData one;
        one.text("name", split == Split::Train ? "training" : splitName(split));
        one.text("files", fmt::format("{}", fmt::join(settings.files, ", ")));
        one.flag("put_aside", settings.files.empty());
        putCount(one, "rows", fmt::format("data.{}.rows", splitName(split)), rows);
        if (sources.prepared) {
            std::int64_t gold = 0;
            for (const auto count : goldOf(*sources.prepared->set.data, split))
                gold += count;
            putCount(one, "with_gold", fmt::format("data.{}.with_gold", splitName(split)), gold);
        }
        splits.push_back(std::move(one));
    }
    data.list("splits", std::move(splits));
}

void putClasses(const ReportSources& sources, TemplateData& data) {
    const auto& classes = sources.run.origin.classes;
    struct Column {
        const char* name;
        std::vector<std::int64_t> counts;
    };
    std::vector<Column> columns{{"train_gold", {}}, {"train_teacher", teacherCounts(sources)}};
    if (sources.prepared) {
        const Dataset& read = *sources.prepared->set.data;
        columns[0].counts = goldOf(read, Split::Train);
        columns.push_back({"validation", goldOf(read, Split::Validation)});
        columns.push_back({"test", goldOf(read, Split::Test)});
    } else {
        columns.push_back({"validation", goldOf(sources.summary().validationConfusion, classes.size())});
        columns.push_back({"test", goldOf(sources.summary().testConfusion, classes.size())});
    }
    for (const auto& column : columns)
        data.flag(fmt::format("has_{}", column.name), column.counts.size() == classes.size());
    std::vector<TemplateData> rows;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        TemplateData row;
        row.text("number", std::to_string(i + 1));
        row.text("class", classes[i]);
        for (const auto& column : columns)
            if (column.counts.size() == classes.size())
                putCount(row, column.name, fmt::format("data.class.{}.{}", i, column.name), column.counts[i]);
        rows.push_back(std::move(row));
    }
    data.list("classes", std::move(rows));
    putCount(data, "class_count", "data.classes", static_cast<std::int64_t>(classes.size()));
}

} // namespace

void addDataSection(const ReportSources& sources, bool texts, ReportContent& content) {
    TemplateData& data = content.data.part("data");
    putSplits(sources, data);
    putClasses(sources, data);
    content.data.flag("data_read", sources.prepared != nullptr);
    if (!sources.noData.empty() && texts) // why may quote a cell
        content.data.text("no_data", sources.noData);
    if (!sources.prepared)
        return;
    const auto note = [&](const char* name, std::int64_t count) {
        if (count > 0)
            putCount(data, name, fmt::format("data.{}", name), count);
    };
    note("bad_rows", sources.prepared->report.badRows.count);
    note("empty_texts", sources.prepared->report.emptyTexts);
    note("repaired", sources.prepared->report.invalidUtf8);
    note("untaught", sources.prepared->untaught);
}

} // namespace stillroom
