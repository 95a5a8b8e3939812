// Which names the entries of a bundle may have, and where they are unpacked to. Private to core/output.
#pragma once

#include "core/output/zip_file.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

struct BundlePlan {
    std::string name; ///< of the run: the folder that all entries lie in; empty: they lie at the top
    struct File {
        std::size_t entry = 0; ///< of the archive
        std::string path;      ///< below the run's folder, '/' between its parts
    };
    std::vector<File> files; ///< folders come by themselves
    std::uint64_t bytes = 0; ///< of all files, unpacked
};

/// What a bundle says of itself, beside experiment.yaml in it; not a part of the run's folder.
inline constexpr std::string_view BundleNote = "bundle.json";

/// Errors, one sentence: a name that leads elsewhere, or means other things on other systems; two entries of
/// one name (case and composed letters aside); a name that no run's folder has; no experiment.yaml or
/// run.sqlite; more bytes than an honest archive of that size holds.
Result<BundlePlan> planUnpacking(const ZipFile& zip);

/// The paths of a bundle: no two are one file (case and composed letters aside), and none is a file and a
/// folder.
class BundleNames {
  public:
    /// Empty: it is added; else why not, as the end of a sentence.
    [[nodiscard]] std::string_view add(const std::string& path, bool folder);

  private:
    std::set<std::string> files_, folders_;
};

/// More bytes than an honest archive of that size holds.
[[nodiscard]] bool isBomb(std::uint64_t unpacked, std::uint64_t archive);
/// Whether a file, or a folder, of that path is one of a run's folder.
[[nodiscard]] bool isRunFile(std::string_view path);
[[nodiscard]] bool isRunFolder(std::string_view path);
/// Empty: it may be part of a path; else why not, as the end of a sentence.
[[nodiscard]] std::string_view wrongInName(std::string_view part);

} // namespace stillroom
