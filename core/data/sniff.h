// What a file of the user's is, found out from its beginning: for the import wizard, and for a file whose
// ending says nothing.
#pragma once

#include "core/base/result.h"
#include "core/data/data_settings.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stillroom {

struct SniffedFile {
    /// files (the one, as `shown`), format, header, and where the format does not say it delimiter, quoting,
    /// encoding: `openRecords` reads the file by them. Columns are not guessed.
    SplitSettings settings;
    std::vector<std::string> columns;           ///< names; without a header line "1", "2", …
    std::vector<std::vector<std::string>> rows; ///< the first, at most 50, each as long as `columns`
    std::int64_t badRows = 0;                   ///< among those looked at, at most 1,000
    std::vector<std::string> remarks; ///< "read as Windows-1252: it is not valid UTF-8", a sentence each
};

/// Reads at most the first 256 KiB. What `given` says (format, delimiter, quoting, encoding, header: false)
/// is taken as it is; the rest is found out. `header` says it in either direction, for a user who knows
/// better. Errors: missing, empty, binary, nothing in it that looks like records; what is given and wrong.
/// Any thread but the window's.
Result<SniffedFile> sniffFile(const std::string& path, const std::string& shown,
                              const SplitSettings& given = {}, std::optional<bool> header = {});

} // namespace stillroom
