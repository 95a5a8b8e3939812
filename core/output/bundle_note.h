// What a bundle says of itself in bundle.json, which is no part of the run's folder. Private to core/output.
#pragma once

#include "core/output/bundle_names.h"

#include <cstdint>
#include <map>
#include <string>

namespace stillroom {

struct BundleContents {
    /// Another one when older programs cannot open a bundle of this one.
    static constexpr int Format = 1;

    std::string best, last; ///< folders in checkpoints/, of the best student and the newest checkpoint, to
                            ///< which the links lead; empty: there was none, or it was not asked for
    std::map<std::string, std::int64_t> bytes; ///< of the files in checkpoints/, by their paths in the run
};

[[nodiscard]] std::string bundleNoteOf(const BundleContents& contents);

/// Reads it out of the archive and holds the archive's directory against it. Errors, one sentence: there is
/// none, it is damaged, of a newer Stillroom, or names what is not there, or is there in another size.
Result<BundleContents> readBundleNote(const ZipFile& zip, const BundlePlan& plan);

} // namespace stillroom
