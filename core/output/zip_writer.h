// Files packed into a ZIP archive, one after the other. Private to core/output.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/files/atomic_file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

/// One thread. Deflated, ZIP64 where a number asks for it; constant memory. Sizes stand behind the data, for
/// what was written is not written again.
class ZipWriter {
  public:
    /// `file`: opened, nothing written yet; it outlives the writer, and is the caller's to commit.
    explicit ZipWriter(AtomicFile& file) : file_(file) {}

    /// `progress` counts bytes of `path`. Errors: it cannot be read, or is no ordinary file; disk; cancelled.
    Result<void> add(const std::string& name, const std::string& path, Progress& progress);
    Result<void> addText(const std::string& name, std::string_view text);
    /// The directory; nothing may be added behind it. Errors: disk.
    Result<void> finish();
    [[nodiscard]] std::uint64_t written() const { return written_; } ///< bytes of the archive so far

  private:
    struct Entry {
        std::string name;
        std::uint64_t size = 0, packed = 0, header = 0;
        std::uint32_t crc = 0, time = 0;
        bool large = false; ///< its sizes behind the data have 64 bits
    };
    class Packing;
    Result<void> write(std::string_view bytes);
    Result<void> begin(Entry& entry);
    Result<void> end(const Entry& entry);

    AtomicFile& file_;
    std::uint64_t written_ = 0;
    std::vector<Entry> entries_;
};

} // namespace stillroom
