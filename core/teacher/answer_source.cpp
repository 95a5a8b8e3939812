#include "core/teacher/answer_source.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace stillroom {

RecordedAnswers::RecordedAnswers(std::shared_ptr<const Dataset> data,
                                 std::shared_ptr<const TeacherOutputs> teacher)
    : data_(std::move(data)), teacher_(std::move(teacher)) {
    assert(data_->size() == teacher_->size());
}

std::vector<std::uint32_t> RecordedAnswers::askable() const {
    std::vector<std::uint32_t> rows;
    for (const auto row : data_->rows(Split::Train))
        if (teacher_->has(row))
            rows.push_back(row);
    return rows;
}

Result<void> RecordedAnswers::ask(std::span<const std::uint32_t> rows, TeacherOutputs& answers,
                                  const AnswerWatch& watch) {
    for (const auto row : rows)
        copyAnswer(*teacher_, row, answers);
    const auto count = static_cast<std::int64_t>(rows.size());
    if (!watch({count, count, 0, {}}))
        return fail("interrupted", ErrorKind::Cancelled);
    return {};
}

void copyAnswer(const TeacherOutputs& from, std::uint32_t row, TeacherOutputs& to) {
    if (!from.has(row))
        return;
    std::vector<float> q;
    if (from.hasVectors()) {
        q.resize(static_cast<std::size_t>(from.classCount()));
        from.distribution(row, q);
    }
    // A vector whose largest is another than the label was filled in around the label, and will be again.
    if (q.empty() || std::max_element(q.begin(), q.end()) - q.begin() != from.label(row))
        to.set(row, from.label(row), from.confidence(row), from.origin(row));
    else
        to.set(row, q, from.origin(row));
}

} // namespace stillroom
