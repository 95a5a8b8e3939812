#include "core/teacher/teacher_loader.h"

#include "core/base/number.h"
#include "core/teacher/answer_store.h"
#include "core/teacher/labelling.h"
#include "core/teacher/simulator.h"
#include "core/teacher/teacher_columns.h"
#include "core/teacher/teacher_file.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace stillroom {

namespace {

/// Which of the dataset's rows came from the training files, those held out included.
class TrainingRows final : public RecordObserver {
  public:
    Result<void> begin(const std::string&, const std::vector<std::string>&) override { return {}; }
    Refusal look(const Record&) override { return {}; }
    void accepted(std::uint32_t row) override { rows.push_back(row); }

    std::vector<std::uint32_t> rows;
};

/// Both keep the first fifty; those of the data come first.
void append(BadRows& all, BadRows&& more) {
    all.count += more.count;
    all.files += more.files;
    for (auto& row : more.first)
        if (all.first.size() < BadRows::Listed)
            all.first.push_back(std::move(row));
}

LoadedExamples examplesOf(LoadedData&& loaded) {
    LoadedExamples examples;
    examples.dataset = std::move(loaded.dataset);
    examples.report = std::move(loaded.report);
    return examples;
}

Result<LoadedExamples> loadColumns(const DataSettings& data, const TeacherSettings& teacher,
                                   const LoadContext& context) {
    Labels labels;
    TeacherColumns columns(teacher, data.classes, "data.train", labels);
    auto loaded = loadData(data, context, labels, &columns);
    if (!loaded)
        return fail(std::move(loaded.error()));
    auto examples = examplesOf(std::move(*loaded));
    auto outputs = columns.outputs(examples.dataset, loaded->classOfLabel, examples.report.badRows);
    if (!outputs)
        return fail(std::move(outputs.error()));
    examples.teacher = std::move(*outputs);
    return examples;
}

Result<LoadedExamples> loadFile(const DataSettings& data, const TeacherSettings& teacher,
                                const LoadContext& context) {
    Labels labels;
    auto file = TeacherFile::read(teacher, data, context, labels);
    if (!file)
        return fail(std::move(file.error()));
    TrainingRows training;
    auto loaded = loadData(data, context, labels, &training);
    if (!loaded)
        return fail(std::move(loaded.error()));
    auto examples = examplesOf(std::move(*loaded));
    if (auto joined = file->join(examples.dataset, training.rows, examples.report); !joined)
        return fail(std::move(joined.error()));
    auto outputs = file->columns().outputs(examples.dataset, loaded->classOfLabel, file->badRows());
    if (!outputs)
        return fail(std::move(outputs.error()));
    append(examples.report.badRows, std::move(file->badRows()));
    examples.teacher = std::move(*outputs);
    return examples;
}

Result<TeacherOutputs> goldTeacher(const Dataset& dataset) {
    if (!dataset.hasGold(Split::Train))
        return fail("the teacher is the gold labels (teacher.kind: gold), but no training text has one; set "
                    "data.train.gold to their column, or take another teacher.kind");
    TeacherOutputs outputs(dataset.size(), dataset.classCount());
    for (const auto row : dataset.rows(Split::Train))
        if (dataset.gold(row) != Dataset::NoLabel)
            outputs.set(row, dataset.gold(row), 1.0F, TeacherOrigin::Gold);
    return outputs;
}

Result<LoadedExamples> loadWithGold(const DataSettings& data, const TeacherSettings& teacher,
                                    const LoadContext& context) {
    Labels labels;
    auto loaded = loadData(data, context, labels);
    if (!loaded)
        return fail(std::move(loaded.error()));
    auto examples = examplesOf(std::move(*loaded));
    auto outputs = teacher.kind == TeacherKind::Gold ? goldTeacher(examples.dataset)
                                                     : simulateTeacher(examples.dataset, teacher);
    if (!outputs)
        return fail(std::move(outputs.error()));
    examples.teacher = std::move(*outputs);
    return examples;
}

/// The texts alone: what such a teacher says of them is computed by who has an encoder.
Result<LoadedExamples> loadTexts(const DataSettings& data, const LoadContext& context) {
    Labels labels;
    auto loaded = loadData(data, context, labels);
    if (!loaded)
        return fail(std::move(loaded.error()));
    auto examples = examplesOf(std::move(*loaded));
    examples.teacher = TeacherOutputs(examples.dataset.size(), examples.dataset.classCount());
    return examples;
}

Result<LoadedExamples> loadStoredAnswers(const DataSettings& data, const TeacherSettings& teacher,
                                         const LoadContext& context) {
    auto examples = loadTexts(data, context);
    if (!examples)
        return examples;
    auto outputs = storedAnswers(teacher.llm, context.root, examples->dataset);
    if (!outputs)
        return fail(std::move(outputs.error()));
    examples->teacher = std::move(*outputs);
    return examples;
}

/// What to do where no text has an answer.
std::string wayOut(const TeacherSettings& teacher, const LoadContext& context) {
    switch (teacher.kind) {
    case TeacherKind::File:
        return "see that teacher.id and data.train.id name the same ids";
    case TeacherKind::Llm:
        return fmt::format(
            "ask it first: stillroom-cli label EXPERIMENT (the answers go to {}, and belong to this "
            "model, prompt and way of asking)",
            answersPath(teacher.llm, context.root));
    default:
        return "see that teacher names the right column";
    }
}

Result<LoadedExamples> loadKind(const DataSettings& data, const TeacherSettings& teacher,
                                const LoadContext& context) {
    switch (teacher.kind) {
    case TeacherKind::Columns:
        return loadColumns(data, teacher, context);
    case TeacherKind::File:
        return loadFile(data, teacher, context);
    case TeacherKind::ZeroShot:
        return loadTexts(data, context);
    case TeacherKind::Llm:
        return loadStoredAnswers(data, teacher, context);
    case TeacherKind::Simulated:
    case TeacherKind::Gold:
        break;
    }
    return loadWithGold(data, teacher, context);
}

} // namespace

Result<LoadedExamples> loadExamples(const DataSettings& data, const TeacherSettings& teacher,
                                    const LoadContext& context) {
    const auto start = std::chrono::steady_clock::now();
    auto examples = loadKind(data, teacher, context);
    if (!examples)
        return examples;
    const BadRows& bad = examples->report.badRows;
    const auto training = examples->dataset.rows(Split::Train);
    examples->untaught = std::count_if(training.begin(), training.end(),
                                       [&](std::uint32_t row) { return !examples->teacher.has(row); });
    // Before the bad rows, of which it is the reason: that the ids are others is said once, not row by row.
    if (examples->untaught == static_cast<std::int64_t>(training.size()) &&
        teacher.kind != TeacherKind::ZeroShot) {
        const bool file = teacher.kind == TeacherKind::File;
        Error error{fmt::format("none of the {} training texts has an answer of the teacher's{}; {}",
                                groupThousands(examples->untaught), file ? " in " + teacher.file : "",
                                wayOut(teacher, context))};
        if (bad.count > 0)
            error.details = bad.error().details;
        return fail(std::move(error));
    }
    if (context.badRows == BadRowPolicy::Stop && bad.count > 0)
        return fail(bad.error());
    examples->report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return examples;
}

} // namespace stillroom
