#include "widgets/other_teacher.h"

#include "core/experiment/find_experiment.h"
#include "core/experiment/run_folder.h"
#include "widgets/data_summary.h"

#include <filesystem>
#include <system_error>

namespace stillroom {

namespace {

/// What its relative paths begin at.
Result<std::string> rootOf(const std::string& path, const std::string& root) {
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code none;
    if (!std::filesystem::exists(folder / "run.sqlite", none))
        return dataRootFor(root, path);
    auto run = StoredRun::open(folder.string());
    if (!run)
        return fail(std::move(run.error()));
    return run->origin.dataRoot;
}

} // namespace

Result<std::shared_ptr<const OtherTeacher>> readOtherTeacher(const std::string& path, const std::string& root,
                                                             BadRowPolicy badRows) {
    auto experiment = readExperiment(path);
    if (!experiment)
        return fail(std::move(experiment.error()));
    auto begin = rootOf(path, root);
    if (!begin)
        return fail(std::move(begin.error()));
    // Its data and its teacher are all that is wanted: as readExamples does for the window's own.
    Experiment wanted;
    wanted.data = std::move(experiment->data);
    wanted.teacher = std::move(experiment->teacher);
    wanted.training.device = experiment->training.device;
    wanted.training.threads = experiment->training.threads;
    wanted.training.microBatch = experiment->training.microBatch;
    LoadContext context;
    context.root = std::move(*begin);
    context.badRows = badRows;
    auto prepared = prepare(wanted, context);
    if (!prepared)
        return fail(std::move(prepared.error()));
    auto other = std::make_shared<OtherTeacher>();
    other->name = std::move(experiment->name);
    other->prepared = std::move(*prepared);
    return other;
}

Result<ComparedTeachers> compareWithOther(const DistillationSet& set, const OtherTeacher& other) {
    auto joined = joinTeacher(*set.data, *other.prepared.set.data, *other.prepared.set.teacher);
    if (!joined)
        return fail(std::move(joined.error()));
    ComparedTeachers compared;
    compared.comparison = compareTeachers(*set.data, *set.teacher, *joined, set.data->rows(Split::Train));
    const DataSummary summary =
        DataSummary::of({set.data, std::make_shared<const TeacherOutputs>(std::move(*joined))});
    compared.withGold = summary.confidenceWithGold;
    compared.right = summary.confidenceRight;
    return compared;
}

} // namespace stillroom
