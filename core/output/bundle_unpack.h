// The files of a bundle on disk. Private to core/output.
#pragma once

#include "core/base/progress.h"
#include "core/output/bundle_names.h"

#include <string>

namespace stillroom {

/// Unpacks into `folder`, which is there and empty; every file is new, synced, and nobody's link is followed.
/// `progress` counts bytes. Errors: damaged, no room, disk, cancelled; what was unpacked stays.
Result<void> unpackBundle(const ZipFile& zip, const BundlePlan& plan, const std::string& folder,
                          Progress& progress);

} // namespace stillroom
