// What a `data:` section asks for: each split's files, and which of their columns is what.
#pragma once

#include "core/base/result.h"
#include "core/data/data_settings.h"
#include "core/data/dataset.h"
#include "core/data/open_records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stillroom {

/// One split's section. Points into the settings it was made from.
struct SplitPlan {
    const SplitSettings* settings = nullptr;
    Split split = Split::Train;
    std::string section; ///< "data.train"
    std::vector<std::string> files;
    std::int64_t bytes = 0; ///< for whoever opens them to fill in
};

/// The splits that have files, train first. Errors: no training files; those of expandPatterns.
Result<std::vector<SplitPlan>> planSplits(const DataSettings& settings, const std::string& root);

[[nodiscard]] RecordSource recordSource(const SplitPlan& plan, const std::string& root,
                                        const std::string& path);

/// Which field of a record is what.
struct SplitColumns {
    std::size_t text = 0;
    std::vector<std::size_t> moreText; ///< SplitSettings::moreText
    std::optional<std::size_t> id, gold;
    std::string idName, goldName;
};

/// `names` are the file's columns. Where the format fixes their names, settings left empty mean those.
Result<SplitColumns> findSplitColumns(const RecordSource& source, const SplitSettings& settings,
                                      const std::vector<std::string>& names);

} // namespace stillroom
