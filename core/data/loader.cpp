#include "core/data/loader.h"

#include "core/base/number.h"
#include "core/base/random.h"
#include "core/data/html_entities.h"
#include "core/data/id_index.h"
#include "core/data/open_records.h"
#include "core/data/split_plan.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>

namespace stillroom {

namespace {

constexpr std::size_t MostClasses = 65535;
constexpr std::int64_t ProgressEvery = 1024;    // records
constexpr std::int64_t EstimateAfter = 1 << 15; // records: enough to tell how large the rest will be

std::int64_t fileSize(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

class Loader {
  public:
    Loader(const DataSettings& settings, const LoadContext& context, Labels& labels, RecordObserver* observer)
        : settings_(settings), context_(context), labels_(labels), trainObserver_(observer) {}

    Result<LoadedData> load();

  private:
    Result<void> registerClasses();
    Result<void> loadSplit(const SplitPlan& plan);
    Result<void> loadFile(const SplitPlan& plan, const std::string& path);
    void take(const Record& record, const SplitColumns& columns, Split split);
    std::string_view joined(const Record& record, const SplitColumns& columns);
    Result<int> goldOf(std::string_view name);
    Split splitOf(Split split) const;
    void refuse(std::int64_t line, std::string column, std::string reason);
    std::string_view fileOfRow(std::uint32_t row) const;
    void estimate(const SplitPlan& plan);
    Result<std::vector<std::string>> classNames() const;
    Error withBadRows(std::string message) const;

    const DataSettings& settings_;
    const LoadContext& context_;
    Labels& labels_;
    RecordObserver* const trainObserver_;

    DatasetBuilder builder_;
    LoadReport report_;
    IdIndex ids_;
    std::vector<bool> isClass_; ///< by label number: listed, or met as gold
    std::size_t classCount_ = 0;
    std::string joined_;    ///< scratch
    std::string unescaped_; ///< scratch
    std::string number_;    ///< scratch

    // Of the split and file that are being read.
    RecordObserver* observer_ = nullptr;
    std::int64_t record_ = 0;    ///< number in the split, from 1, bad ones included
    std::int64_t bytesDone_ = 0; ///< of the split's earlier files
    std::size_t rowsBefore_ = 0; ///< in the data set when the split began
    std::size_t textBefore_ = 0;
};

Result<void> Loader::registerClasses() {
    labels_.rename(settings_.rename);
    for (const auto& name : settings_.classes) {
        const auto number = static_cast<std::size_t>(labels_.classNumber(name));
        if (isClass_.size() <= number)
            isClass_.resize(number + 1);
        if (isClass_[number])
            return fail(fmt::format("data.classes names '{}' twice; remove one", name));
        isClass_[number] = true;
    }
    if (settings_.classes.size() == 1)
        return fail(
            "data.classes names one class only; name at least two, or none to take those of the data");
    return {};
}

void Loader::refuse(std::int64_t line, std::string column, std::string reason) {
    report_.badRows.add({report_.files.back().path, line, std::move(column), std::move(reason)});
}

std::string_view Loader::fileOfRow(std::uint32_t row) const {
    std::int64_t end = 0;
    for (const auto& file : report_.files)
        if (end += file.rows; row < end)
            return file.path;
    return {};
}

/// The label's number; an error for one that is not listed.
Result<int> Loader::goldOf(std::string_view name) {
    if (settings_.classes.empty())
        return labels_.number(name);
    const int number = labels_.find(name);
    if (number >= 0 && static_cast<std::size_t>(number) < isClass_.size() &&
        isClass_[static_cast<std::size_t>(number)])
        return number;
    const std::vector<std::string_view> known(settings_.classes.begin(), settings_.classes.end());
    const std::string nearest = nearestWord(name, known);
    return fail(fmt::format("label '{}' is not one of data.classes; {}correct it or add it there", name,
                            nearest.empty() ? "" : fmt::format("did you mean '{}'? ", nearest)));
}

/// A hash of the seed and the record's number alone decides, so that a bad row that is skipped moves nobody
/// else.
Split Loader::splitOf(Split split) const {
    const HoldoutSettings& holdout = settings_.holdout;
    if (split != Split::Train || (holdout.validation <= 0 && holdout.test <= 0))
        return split;
    const std::uint64_t hash =
        mix64(mix64(static_cast<std::uint64_t>(holdout.seed)) ^ static_cast<std::uint64_t>(record_));
    const double share = static_cast<double>(hash >> 11) * 0x1.0p-53;
    if (share < holdout.validation)
        return Split::Validation;
    return share < holdout.validation + holdout.test ? Split::Test : Split::Train;
}

void Loader::take(const Record& record, const SplitColumns& columns, Split split) {
    const auto idOf = [this](std::uint32_t row) { return builder_.soFar().id(row); };
    std::string_view id;
    std::uint64_t hash = 0;
    if (columns.id) {
        id = record.fields[*columns.id];
        if (id.empty())
            return refuse(record.line, columns.idName, "the id is empty; give the row one of its own");
        hash = hashId(id);
        if (const auto twin = ids_.find(hash, id, idOf); twin != IdIndex::None)
            return refuse(record.line, columns.idName,
                          fmt::format("id '{}' occurs already in {}; give every row an id of its own", id,
                                      fileOfRow(twin)));
    } else {
        number_ = std::to_string(record_);
        id = number_;
    }

    int gold = Dataset::NoLabel;
    if (columns.gold && !record.fields[*columns.gold].empty()) {
        auto number = goldOf(record.fields[*columns.gold]);
        if (!number)
            return refuse(record.line, columns.goldName, std::move(number.error().message));
        gold = *number;
    }
    if (observer_ != nullptr)
        if (auto refusal = observer_->look(record); !refusal.empty())
            return refuse(record.line, std::move(refusal.column), std::move(refusal.reason));

    std::string_view text = record.fields[columns.text];
    if (!columns.moreText.empty())
        text = joined(record, columns);
    if (settings_.unescapeHtml && text.find('&') != std::string_view::npos) {
        unescaped_.clear();
        report_.unescapedHtml += appendUnescapedHtml(unescaped_, text);
        text = unescaped_;
    }
    report_.emptyTexts += text.empty() ? 1 : 0;
    const std::uint32_t row = builder_.add(id, text, gold, splitOf(split));
    if (columns.id)
        ids_.insert(hash, row, idOf);
    if (gold != Dataset::NoLabel) {
        const auto number = static_cast<std::size_t>(gold);
        if (isClass_.size() <= number)
            isClass_.resize(number + 1);
        classCount_ += isClass_[number] ? 0 : 1;
        isClass_[number] = true;
    }
    ++report_.files.back().rows;
    if (observer_ != nullptr)
        observer_->accepted(row);
}

std::string_view Loader::joined(const Record& record, const SplitColumns& columns) {
    joined_ = record.fields[columns.text];
    for (const auto column : columns.moreText) {
        const std::string_view more = record.fields[column];
        if (!more.empty())
            joined_.append(joined_.empty() ? "" : "\n").append(more);
    }
    return joined_;
}

/// Room for the rest of the split at once: growing by and by would copy, and for a moment need, everything
/// twice.
void Loader::estimate(const SplitPlan& plan) {
    if (bytesDone_ <= 0)
        return;
    const Dataset& soFar = builder_.soFar();
    const double rest = 1.05 * static_cast<double>(plan.bytes) / static_cast<double>(bytesDone_);
    const auto scaled = [rest](std::size_t before, std::size_t now) {
        return before + static_cast<std::size_t>(rest * static_cast<double>(now - before));
    };
    const std::size_t rows = scaled(rowsBefore_, soFar.size());
    builder_.reserve(rows, scaled(textBefore_, soFar.textBytes()), scaled(0, soFar.idBytes()));
    if (ids_.size() > 0)
        ids_.reserve(rows, [&](std::uint32_t row) { return soFar.id(row); });
}

Result<void> Loader::loadFile(const SplitPlan& plan, const std::string& path) {
    const RecordSource source = recordSource(plan, context_.root, path);
    auto opened = openRecords(source);
    if (!opened)
        return fail(std::move(opened.error()));
    RecordReader& reader = **opened;
    auto columns = findSplitColumns(source, *plan.settings, reader.columns());
    if (!columns)
        return fail(std::move(columns.error()));
    if (observer_ != nullptr)
        if (auto begun = observer_->begin(source.shown, reader.columns()); !begun)
            return begun;
    report_.files.push_back({source.shown, plan.split, fileSize(path), 0});

    Record record;
    std::string reason;
    std::int64_t bytesSeen = 0;
    const auto advance = [&] {
        const std::int64_t bytes = reader.bytesRead() - bytesSeen;
        bytesSeen += bytes;
        bytesDone_ += bytes;
        if (context_.progress != nullptr)
            context_.progress->advance(bytes);
    };
    for (;;) {
        auto next = reader.next(record, reason);
        if (!next)
            return fail(std::move(next.error()));
        if (*next == RecordReader::Next::End)
            break;
        ++record_;
        if (*next == RecordReader::Next::Bad)
            refuse(record.line, {}, reason);
        else
            take(record, *columns, plan.split);
        if (record_ % ProgressEvery == 0) {
            advance();
            if (context_.progress != nullptr && context_.progress->cancelled())
                return fail("loading was cancelled", ErrorKind::Cancelled);
            if (record_ == EstimateAfter)
                estimate(plan);
        }
        if (settings_.classes.empty() && classCount_ > MostClasses)
            return fail(
                fmt::format("{}: column '{}' has more than {} different labels; {}.gold probably names the "
                            "wrong column",
                            source.shown, columns->goldName, groupThousands(MostClasses), plan.section));
        if (builder_.size() >= IdIndex::None)
            return fail(
                fmt::format("{}: there are more than four thousand million rows; load fewer", source.shown));
    }
    advance();
    report_.invalidUtf8 += reader.invalidUtf8();
    return {};
}

Result<void> Loader::loadSplit(const SplitPlan& plan) {
    observer_ = plan.split == Split::Train ? trainObserver_ : nullptr;
    record_ = 0;
    bytesDone_ = 0;
    rowsBefore_ = builder_.size();
    textBefore_ = builder_.soFar().textBytes();
    for (const auto& file : plan.files)
        if (auto loaded = loadFile(plan, file); !loaded)
            return loaded;
    const bool stops = context_.badRows == BadRowPolicy::Stop && report_.badRows.count > 0;
    if (builder_.size() == rowsBefore_ && !stops)
        return fail(withBadRows(fmt::format(
            "{}: there is no good row in {}; name files with data ({}.files)",
            plan.files.size() == 1 ? report_.files.back().path : std::string(splitName(plan.split)),
            plan.files.size() == 1 ? "it" : "any of its files", plan.section)));
    return {};
}

Error Loader::withBadRows(std::string message) const {
    Error error{std::move(message)};
    if (report_.badRows.count > 0)
        error.details = report_.badRows.error().details;
    return error;
}

Result<std::vector<std::string>> Loader::classNames() const {
    if (!settings_.classes.empty())
        return settings_.classes;
    std::vector<std::string> names;
    for (std::size_t number = 0; number < labels_.names().size(); ++number)
        if (classCount_ == 0 || (number < isClass_.size() && isClass_[number]))
            names.push_back(labels_.names()[number]);
    std::sort(names.begin(), names.end());
    if (names.empty())
        return fail(
            "there is no label in the data; set data.train.gold to the column that has them, or let the "
            "teacher give them");
    if (names.size() == 1)
        return fail(
            fmt::format("{}every label is '{}'; a student needs at least two classes: set data.train.gold to "
                        "another column, or add files with other classes",
                        report_.files.size() == 1 ? report_.files[0].path + ": " : "", names[0]));
    if (names.size() > MostClasses)
        return fail(
            fmt::format("there are {} different labels; at most {} can be learnt: is it the right column?",
                        groupThousands(static_cast<long long>(names.size())), groupThousands(MostClasses)));
    return names;
}

Result<LoadedData> Loader::load() {
    const auto start = std::chrono::steady_clock::now();
    std::int64_t bytes = 0;
    if (auto registered = registerClasses(); !registered)
        return fail(std::move(registered.error()));
    auto plans = planSplits(settings_, context_.root);
    if (!plans)
        return fail(std::move(plans.error()));
    for (auto& plan : *plans) {
        for (const auto& file : plan.files)
            plan.bytes += fileSize(file);
        bytes += plan.bytes;
    }
    if (context_.progress != nullptr)
        context_.progress->expect(bytes);
    for (const auto& plan : *plans)
        if (auto loaded = loadSplit(plan); !loaded)
            return fail(std::move(loaded.error()));
    if (context_.badRows == BadRowPolicy::Stop && report_.badRows.count > 0)
        return fail(report_.badRows.error());
    if (builder_.soFar().rows(Split::Train).empty())
        return fail("data.holdout leaves no training row; make its shares smaller");
    if (auto renamed = labels_.allRenamed(); !renamed)
        return fail(std::move(renamed.error()));
    auto names = classNames();
    if (!names)
        return fail(std::move(names.error()));

    LoadedData loaded;
    loaded.classOfLabel.assign(labels_.names().size(), Dataset::NoLabel);
    for (std::size_t i = 0; i < names->size(); ++i)
        if (const int number = labels_.findClass((*names)[i]); number >= 0)
            loaded.classOfLabel[static_cast<std::size_t>(number)] = static_cast<std::int32_t>(i);
    loaded.dataset = builder_.finish(std::move(*names), loaded.classOfLabel);
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    loaded.report = std::move(report_);
    return loaded;
}

} // namespace

Result<LoadedData> loadData(const DataSettings& settings, const LoadContext& context, Labels& labels,
                            RecordObserver* trainObserver) {
    return Loader(settings, context, labels, trainObserver).load();
}

} // namespace stillroom
