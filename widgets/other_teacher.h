// Another teacher of the same texts, read from another experiment or from a run's folder, and compared with
// this one. Not for the GUI thread.
#pragma once

#include "core/experiment/prepare.h"
#include "core/teacher/compare_teachers.h"
#include "widgets/teacher_series.h"

#include <memory>
#include <string>

namespace stillroom {

struct OtherTeacher {
    std::string name; ///< the experiment's
    Prepared prepared;
};

/// `path`: an experiment's YAML; the one in a run's folder is read with the run's own data root. `root`: what
/// relative paths begin at otherwise; empty: the YAML's folder. Errors: those of readExperiment and prepare.
Result<std::shared_ptr<const OtherTeacher>> readOtherTeacher(const std::string& path, const std::string& root,
                                                             BadRowPolicy badRows);

struct ComparedTeachers {
    TeacherComparison comparison;
    /// Of the other one, by confidence, over the rows that both answered: as in TeacherSeries.
    TeacherSeries::Histogram withGold{}, right{};
};

/// Over the training rows. Errors: those of joinTeacher.
Result<ComparedTeachers> compareWithOther(const DistillationSet& set, const OtherTeacher& other);

} // namespace stillroom
