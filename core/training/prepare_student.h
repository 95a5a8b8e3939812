// From an experiment's settings to a student that can be trained: texts are tokenized, vectors computed,
// weights read or drawn.
#pragma once

#include "core/base/progress.h"
#include "core/engine/session.h"
#include "core/student/network.h"
#include "core/training/samples.h"

#include <functional>
#include <memory>
#include <string>

namespace stillroom {

/// What can be known of the student's files without reading weights. Errors: a model that is not there, is of
/// another kind, or does not fit the settings.
Result<void> checkStudentFiles(const StudentSettings& student);

struct PreparedStudent {
    std::unique_ptr<Network> network;
    std::vector<std::string> remarks; ///< for people: texts cut off, a cache that cannot be written
};

/// Takes long for an encoder's vectors: `doing` is told what begins, `progress` counts it and may cancel it.
/// Errors: files, cancelled. LibTorch's exceptions pass through.
Result<PreparedStudent> prepareStudent(const SessionSpec& spec, const Samples& samples,
                                       const std::string& device, int threads, Progress& progress,
                                       const std::function<void(const std::string&)>& doing);

} // namespace stillroom
