#include "core/data/split_plan.h"

#include "core/data/columns.h"
#include "core/data/file_patterns.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

const SplitSettings& sectionOf(const DataSettings& settings, Split split) {
    switch (split) {
    case Split::Train:
        return settings.train;
    case Split::Validation:
        return settings.validation;
    case Split::Test:
        break;
    }
    return settings.test;
}

} // namespace

Result<std::vector<SplitPlan>> planSplits(const DataSettings& settings, const std::string& root) {
    if (settings.train.files.empty())
        return fail("there is no training data; set data.train.files to a file or to a pattern such as "
                    "'humaid/*_train.csv'");
    std::vector<SplitPlan> plans;
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
        const SplitSettings& section = sectionOf(settings, split);
        if (section.files.empty())
            continue;
        SplitPlan plan{&section, split, fmt::format("data.{}", splitName(split)), {}, 0};
        auto files = expandPatterns(section.files, root, plan.section + ".files");
        if (!files)
            return fail(std::move(files.error()));
        plan.files = std::move(*files);
        plans.push_back(std::move(plan));
    }
    return plans;
}

RecordSource recordSource(const SplitPlan& plan, const std::string& root, const std::string& path) {
    return recordSourceOf(*plan.settings, path, shownPath(root, path), plan.section);
}

Result<SplitColumns> findSplitColumns(const RecordSource& source, const SplitSettings& settings,
                                      const std::vector<std::string>& names) {
    auto format = recordFormat(source);
    if (!format)
        return fail(std::move(format.error()));
    const bool hasIds = *format == RecordFormat::WordNet || *format == RecordFormat::PubMedRct;
    const bool fixed = hasIds || *format == RecordFormat::LabelLines;
    const auto nameOr = [&](const std::string& set, const char* standard) {
        return set.empty() && fixed ? std::string(standard) : set;
    };
    const auto find = [&](const std::string& name, std::string_view key) {
        return findColumn(names, name, source.shown, fmt::format("{}.{}", source.setting, key),
                          source.setting);
    };

    SplitColumns columns;
    auto text = find(nameOr(settings.text, "text"), "text");
    if (!text)
        return fail(std::move(text.error()));
    columns.text = *text;
    for (const auto& name : settings.moreText) {
        auto more = find(name, "text");
        if (!more)
            return fail(std::move(more.error()));
        columns.moreText.push_back(*more);
    }
    columns.idName = hasIds ? nameOr(settings.id, "id") : settings.id;
    columns.goldName = nameOr(settings.gold, "label");
    if (!columns.idName.empty()) {
        auto id = find(columns.idName, "id");
        if (!id)
            return fail(std::move(id.error()));
        columns.id = *id;
    }
    if (!columns.goldName.empty()) {
        auto gold = find(columns.goldName, "gold");
        if (!gold)
            return fail(std::move(gold.error()));
        columns.gold = *gold;
    }
    return columns;
}

} // namespace stillroom
