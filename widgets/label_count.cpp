#include "widgets/label_count.h"

#include "core/data/columns.h"
#include "core/data/open_records.h"
#include "core/data/split_plan.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <system_error>

namespace stillroom {
namespace {

class Counter {
  public:
    Counter(const Experiment& experiment, const std::string& root, Progress& progress)
        : experiment_(experiment), root_(root), progress_(progress) {}

    Result<LabelCounts> count() {
        DataSettings data = experiment_.data;
        auto plans = planSplits(data, root_);
        if (!plans)
            return fail(std::move(plans.error()));
        std::int64_t bytes = 0;
        for (const auto& plan : *plans)
            for (const auto& file : plan.files) {
                std::error_code error;
                const auto size = std::filesystem::file_size(file, error);
                bytes += error ? 0 : static_cast<std::int64_t>(size);
            }
        progress_.expect(bytes);
        for (const auto& plan : *plans)
            for (const auto& file : plan.files)
                if (auto done = countFile(plan, file); !done)
                    return fail(std::move(done.error()));
        for (auto& entry : labels_)
            counts_.labels.push_back(std::move(entry.second));
        return std::move(counts_);
    }

  private:
    using Table = std::map<std::string, ImportClass, std::less<>>;

    ImportClass& labelled(std::string_view name) {
        auto found = labels_.find(name);
        if (found == labels_.end()) {
            found = labels_.emplace(std::string(name), ImportClass{}).first;
            found->second.label = found->second.name = std::string(name);
        }
        return found->second;
    }

    Result<void> countFile(const SplitPlan& plan, const std::string& path) {
        const RecordSource source = recordSource(plan, root_, path);
        auto opened = openRecords(source);
        if (!opened)
            return fail(std::move(opened.error()));
        RecordReader& reader = **opened;
        const auto columns = findSplitColumns(source, *plan.settings, reader.columns());
        if (!columns)
            return fail(columns.error());
        const TeacherSettings& teacher = experiment_.teacher;
        std::optional<std::size_t> said;
        if (plan.split == Split::Train && teacher.kind == TeacherKind::Columns) {
            if (!teacher.label.empty()) {
                const auto column =
                    findColumn(reader.columns(), teacher.label, source.shown, "teacher.label", plan.section);
                if (!column)
                    return fail(column.error());
                said = *column;
            }
            for (const auto& name : reader.columns())
                if (!teacher.probabilities.empty() && name.size() > teacher.probabilities.size() &&
                    name.starts_with(teacher.probabilities))
                    labelled(name.substr(teacher.probabilities.size()));
        }

        Record record;
        std::string reason;
        std::int64_t seen = 0;
        const auto advance = [&] {
            progress_.advance(reader.bytesRead() - seen);
            seen = reader.bytesRead();
        };
        for (;;) {
            const auto next = reader.next(record, reason);
            if (!next)
                return fail(next.error());
            if (*next == RecordReader::Next::End)
                break;
            ++counts_.rows;
            if (counts_.rows % 1024 == 0) {
                advance();
                if (progress_.cancelled())
                    return fail("counting was stopped", ErrorKind::Cancelled);
            }
            if (*next == RecordReader::Next::Bad) {
                ++counts_.unreadable;
                continue;
            }
            if (columns->gold && !record.fields[*columns->gold].empty())
                ++labelled(record.fields[*columns->gold]).gold[static_cast<std::size_t>(plan.split)];
            if (said && !record.fields[*said].empty())
                ++labelled(record.fields[*said]).taught;
            if (labels_.size() > LabelCounts::Most)
                return fail(fmt::format("{}: '{}' has more than {} different values, so it is hardly the "
                                        "class; choose another column",
                                        source.shown, columns->gold ? columns->goldName : teacher.label,
                                        LabelCounts::Most));
        }
        advance();
        return {};
    }

    const Experiment& experiment_;
    const std::string& root_;
    Progress& progress_;
    Table labels_;
    LabelCounts counts_;
};

} // namespace

Result<LabelCounts> countLabels(const Experiment& experiment, const std::string& root, Progress& progress) {
    return Counter(experiment, root, progress).count();
}

} // namespace stillroom
