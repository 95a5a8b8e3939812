#include "core/experiment/asked.h"

#include "core/teacher/answer_source.h"

namespace stillroom {

Result<DistillationSet> onlyAsked(const DistillationSet& set, std::span<const AskedRow> asked) {
    auto answers = std::make_shared<TeacherOutputs>(set.data->size(), set.data->classCount());
    for (const auto& [row, round] : asked) {
        if (row >= set.data->size() || set.data->split(row) != Split::Train)
            return fail(
                "the data are not those of the run: a text that it asked the teacher about is not among the "
                "training texts; name the folder of the data that it was trained on (--data)");
        copyAnswer(*set.teacher, row, *answers);
    }
    return DistillationSet{set.data, std::move(answers)};
}

} // namespace stillroom
