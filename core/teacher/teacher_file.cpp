#include "core/teacher/teacher_file.h"

#include "core/base/number.h"
#include "core/data/columns.h"
#include "core/data/id_index.h"
#include "core/data/open_records.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::int64_t CancelEvery = 1024; // records

bool fromTrainingFile(const LoadReport& report, const BadRow& bad) {
    return std::any_of(report.files.begin(), report.files.end(), [&](const LoadReport::File& file) {
        return file.split == Split::Train && file.path == bad.file;
    });
}

} // namespace

Result<TeacherFile> TeacherFile::read(const TeacherSettings& settings, const DataSettings& data,
                                      const LoadContext& context, Labels& labels) {
    if (settings.file.empty())
        return fail("teacher.file is missing; name the file with what the teacher said");
    const std::string path = pathBelow(context.root, settings.file);
    RecordSource source = recordSourceOf(settings, path, shownPath(context.root, path), "teacher");
    source.filesKey = "file";
    auto reader = openRecords(source);
    if (!reader)
        return fail(std::move(reader.error()));
    labels.rename(data.rename);
    TeacherFile file(settings, data);
    file.columns_ = std::make_unique<TeacherColumns>(settings, data.classes, "teacher", labels);
    if (auto begun = file.columns_->begin(source.shown, (*reader)->columns()); !begun)
        return fail(std::move(begun.error()));
    if (auto read = file.readRecords(**reader, source.shown, context); !read)
        return fail(std::move(read.error()));
    return file;
}

Result<void> TeacherFile::readRecords(RecordReader& reader, const std::string& shown,
                                      const LoadContext& context) {
    const bool byId = !settings_.id.empty();
    std::size_t idField = 0;
    if (byId) {
        const auto field = findColumn(reader.columns(), settings_.id, shown, "teacher.id", "teacher");
        if (!field)
            return fail(field.error());
        idField = *field;
    }
    Record record;
    std::string reason;
    for (std::int64_t number = 0;; ++number) {
        auto next = reader.next(record, reason);
        if (!next)
            return fail(std::move(next.error()));
        if (*next == RecordReader::Next::End)
            return {};
        if (number % CancelEvery == 0 && context.progress != nullptr && context.progress->cancelled())
            return fail("loading was cancelled", ErrorKind::Cancelled);
        if (*next == RecordReader::Next::Bad) {
            bad_.add({shown, record.line, {}, reason});
            continue;
        }
        if (auto refusal = columns_->look(record); !refusal.empty()) {
            bad_.add({shown, record.line, std::move(refusal.column), std::move(refusal.reason)});
            continue;
        }
        if (!columns_->answered())
            continue;
        if (!byId) {
            columns_->accepted(static_cast<std::uint32_t>(number));
            continue;
        }
        if (record.fields[idField].empty()) {
            bad_.add({shown, record.line, settings_.id, "the id is empty; write that of the text"});
            continue;
        }
        columns_->accepted(static_cast<std::uint32_t>(ids_.size()));
        ids_.append(record.fields[idField]);
    }
}

Result<void> TeacherFile::join(const Dataset& dataset, std::span<const std::uint32_t> trainingRows,
                               const LoadReport& report) {
    if (settings_.id.empty())
        return joinByRow(trainingRows, report);
    joinById(dataset, trainingRows);
    return {};
}

void TeacherFile::joinById(const Dataset& dataset, std::span<const std::uint32_t> trainingRows) {
    const auto idOf = [&](std::uint32_t row) { return dataset.id(row); };
    IdIndex index;
    index.reserve(dataset.size(), idOf);
    const auto add = [&](std::uint32_t row) {
        const auto hash = hashId(dataset.id(row));
        // Training texts come first: where splits number their rows alone, theirs are the ids that count.
        if (index.find(hash, dataset.id(row), idOf) == IdIndex::None)
            index.insert(hash, row, idOf);
    };
    for (const auto row : trainingRows)
        add(row);
    for (const auto split : {Split::Validation, Split::Test})
        if (!(split == Split::Validation ? data_.validation : data_.test).id.empty())
            for (const auto row : dataset.rows(split))
                add(row);

    std::vector<std::uint32_t> answerOf(dataset.size(), TeacherColumns::NoRow);
    for (std::size_t answer = 0; answer < columns_->size(); ++answer) {
        const std::string_view id = ids_[answer];
        const std::uint32_t row = index.find(hashId(id), id, idOf);
        columns_->join(answer, TeacherColumns::NoRow);
        if (row == IdIndex::None) {
            bad_.add(columns_->badRow(
                answer, settings_.id,
                fmt::format("there is no text with the id '{}'; add the text or remove the row",
                            shortened(id))));
        } else if (answerOf[row] != TeacherColumns::NoRow) {
            const BadRow first = columns_->badRow(answerOf[row], {}, {});
            bad_.add(columns_->badRow(answer, settings_.id,
                                      fmt::format("id '{}' occurs already in line {}; keep one of the rows",
                                                  shortened(id), first.row)));
        } else {
            answerOf[row] = static_cast<std::uint32_t>(answer);
            columns_->join(answer, row);
        }
    }
}

Result<void> TeacherFile::joinByRow(std::span<const std::uint32_t> trainingRows, const LoadReport& report) {
    const auto& skipped = report.badRows;
    const auto fromTraining = [&](const BadRow& bad) { return fromTrainingFile(report, bad); };
    if (skipped.count > static_cast<std::int64_t>(skipped.first.size()) ||
        std::any_of(skipped.first.begin(), skipped.first.end(), fromTraining))
        return fail(fmt::format(
            "{} bad rows were skipped, so that the rows of {} no longer stand beside those of the "
            "training files; correct them, or name the column that joins in teacher.id",
            groupThousands(skipped.count), settings_.file));
    for (std::size_t answer = 0; answer < columns_->size(); ++answer) {
        const std::uint32_t record = columns_->row(answer);
        const bool has = record < trainingRows.size();
        columns_->join(answer, has ? trainingRows[record] : TeacherColumns::NoRow);
        if (!has)
            bad_.add(columns_->badRow(
                answer, {},
                fmt::format("there is no text for record {}: the training files have {}; remove "
                            "it, or name the column that joins in teacher.id",
                            groupThousands(std::int64_t{record} + 1),
                            groupThousands(static_cast<long long>(trainingRows.size())))));
    }
    return {};
}

} // namespace stillroom
