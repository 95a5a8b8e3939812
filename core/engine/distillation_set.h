// What a session trains and is measured on.
#pragma once

#include "core/data/dataset.h"
#include "core/teacher/teacher_outputs.h"

#include <memory>

namespace stillroom {

/// Shared, immutable; both have the same row numbers. The training samples are the rows of Split::Train that
/// have a teacher row; sample number i is the i-th of them.
struct DistillationSet {
    std::shared_ptr<const Dataset> data;
    std::shared_ptr<const TeacherOutputs> teacher;

    [[nodiscard]] std::vector<std::uint32_t> trainingRows() const;
};

} // namespace stillroom
