// From the `data:` section to a Dataset.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/data_settings.h"
#include "core/data/dataset.h"
#include "core/data/labels.h"
#include "core/data/load_report.h"
#include "core/data/record.h"

#include <string>

namespace stillroom {

struct LoadContext {
    std::string root; ///< relative paths of the experiment begin here
    BadRowPolicy badRows = BadRowPolicy::Stop;
    Progress* progress = nullptr; ///< may be null; bytes
};

struct LoadedData {
    Dataset dataset;
    LoadReport report;
    /// Number in `labels` → class number; −1 for a label that only the observer met and that is no class.
    std::vector<std::int32_t> classOfLabel;
};

/// Reads every split. Classes are the listed ones, else the gold labels of all splits (sorted), else, where
/// there is no gold at all, every name in `labels`. Labels are renamed by `settings.rename` as they are read.
/// Errors (nothing is left half-made): missing, empty, unreadable or binary file; a folder; a glob that
/// matches nothing; no such column; unclosed quote; a record over 16 MiB; fewer than two classes; a label to
/// be renamed that is nowhere; with BadRowPolicy::Stop, bad rows. Any thread; takes as long as reading the
/// files does.
Result<LoadedData> loadData(const DataSettings& settings, const LoadContext& context, Labels& labels,
                            RecordObserver* trainObserver = nullptr);

} // namespace stillroom
