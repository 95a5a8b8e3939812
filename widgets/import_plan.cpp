#include "widgets/import_plan.h"

#include "core/data/open_records.h"
#include "widgets/text.h"

#include <algorithm>

namespace stillroom {
namespace {

/// Without what the files' endings say anyway. Looks at no disk: of a .txt that would be needed.
SplitSettings shortest(SplitSettings settings, const std::vector<std::string>& paths) {
    const auto byEnding = [&](const std::string& path) { return path.ends_with('.' + settings.format); };
    const bool tabbed = settings.format == "tsv";
    if (settings.delimiter == (tabbed ? "tab" : ",") || (tabbed && settings.delimiter == "\t"))
        settings.delimiter.clear();
    if (std::all_of(paths.begin(), paths.end(), byEnding))
        settings.format.clear();
    if (settings.quoting == "double")
        settings.quoting.clear();
    if (settings.encoding == "utf-8")
        settings.encoding.clear();
    return settings;
}

} // namespace

const SniffedFile* ImportSplit::sample() const {
    for (const auto& file : reading.files)
        if (file)
            return &*file;
    return nullptr;
}

std::vector<std::string> ImportSplit::columnsOf(ColumnRole role) const {
    std::vector<std::string> names;
    const SniffedFile* file = sample();
    for (std::size_t i = 0; file != nullptr && i < roles.size() && i < file->columns.size(); ++i)
        if (roles[i] == role)
            names.push_back(file->columns[i]);
    return names;
}

std::string ImportSplit::columnOf(ColumnRole role) const {
    const auto names = columnsOf(role);
    return names.empty() ? std::string() : names.front();
}

std::vector<std::string> ImportPlan::pathsOf(Split split) const {
    std::vector<std::string> paths;
    for (const auto& file : files)
        if (file.split == split)
            paths.push_back(file.path);
    return paths;
}

std::string ImportPlan::probabilities() const {
    const auto names = of(Split::Train).columnsOf(ColumnRole::Probabilities);
    if (names.size() < 2)
        return names.empty() ? std::string() : names.front();
    std::string prefix = names.front();
    for (const auto& name : names) {
        const auto end = std::mismatch(prefix.begin(), prefix.end(), name.begin(), name.end()).first;
        prefix.erase(end, prefix.end());
    }
    // Of p_joy and p_jealousy it is "p_", not "p_j".
    const auto end = prefix.find_last_of("_-.: ");
    return end == std::string::npos ? prefix : prefix.substr(0, end + 1);
}

bool ImportPlan::hasTeacher() const {
    return !of(Split::Train).columnOf(ColumnRole::Label).empty() || !probabilities().empty();
}

std::vector<std::string> ImportPlan::classNames() const {
    const auto isGold = [](const ImportClass& entry) {
        return entry.gold[0] + entry.gold[1] + entry.gold[2] > 0;
    };
    const bool gold = std::any_of(classes.begin(), classes.end(), isGold);
    const auto isClass = [&](const std::string& name) {
        return !gold || std::any_of(classes.begin(), classes.end(), [&](const ImportClass& entry) {
            return entry.name == name && (isGold(entry) || entry.label.empty());
        });
    };
    std::vector<std::string> names;
    for (const auto& entry : classes)
        if (!entry.name.empty() && isClass(entry.name) &&
            std::find(names.begin(), names.end(), entry.name) == names.end())
            names.push_back(entry.name);
    return names;
}

Experiment ImportPlan::applied(const Experiment& before, const std::string& root) const {
    Experiment after = before;
    after.data = DataSettings{};
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
        const auto paths = pathsOf(split);
        if (paths.empty())
            continue;
        const ImportSplit& from = of(split);
        SplitSettings to = shortest(from.reading.settings, paths);
        to.files.clear();
        for (const auto& path : paths)
            to.files.push_back(root.empty() ? path : shownPath(root, path));
        const auto texts = from.columnsOf(ColumnRole::Text);
        to.text = texts.empty() ? std::string() : texts.front();
        to.moreText.assign(texts.begin() + (texts.empty() ? 0 : 1), texts.end());
        to.id = from.columnOf(ColumnRole::Id);
        to.gold = from.columnOf(ColumnRole::Gold);
        (split == Split::Train        ? after.data.train
         : split == Split::Validation ? after.data.validation
                                      : after.data.test) = std::move(to);
    }
    after.data.holdout.seed = before.data.holdout.seed;
    if (after.data.validation.files.empty())
        after.data.holdout.validation = holdoutValidation;
    if (after.data.test.files.empty())
        after.data.holdout.test = holdoutTest;
    after.data.unescapeHtml = unescapeHtml;

    bool added = false;
    for (const auto& entry : classes) {
        added = added || entry.label.empty();
        if (!entry.label.empty() && !entry.name.empty() && entry.name != entry.label)
            after.data.rename.emplace_back(entry.label, entry.name);
    }
    if (ordered || added)
        after.data.classes = classNames();

    const ImportSplit& train = of(Split::Train);
    if (hasTeacher()) {
        const std::string vector = probabilities();
        after.teacher.kind = TeacherKind::Columns;
        after.teacher.probabilities = vector;
        after.teacher.label = vector.empty() ? train.columnOf(ColumnRole::Label) : std::string();
        after.teacher.confidence = vector.empty() ? train.columnOf(ColumnRole::Confidence) : std::string();
    } else if (before.teacher.kind == TeacherKind::Columns) {
        after.teacher.label.clear();
        after.teacher.confidence.clear();
        after.teacher.probabilities.clear();
        if (!train.columnOf(ColumnRole::Gold).empty())
            after.teacher.kind = TeacherKind::Simulated;
    }
    return after;
}

QList<SettingChange> changesBetween(const Experiment& before, const Experiment& after) {
    QList<SettingChange> changes;
    for (const auto& key : settingKeys()) {
        if (!key.starts_with("data.") && !key.starts_with("teacher."))
            continue;
        const std::string value = settingValue(after, key);
        if (value != settingValue(before, key))
            changes.append({toQString(key), toQString(value)});
    }
    return changes;
}

} // namespace stillroom
