// An experiment that is saved in another folder still means the same files.
#pragma once

#include "widgets/experiment_document.h"

namespace stillroom {

/// What to change so that relative paths of data and teacher, seen from `to`, name what they named from
/// `from`: relative where that lies below `to`, else absolute. Looks at no disk.
[[nodiscard]] QList<SettingChange> movedPaths(const Experiment& experiment, const QString& from,
                                              const QString& to);

} // namespace stillroom
