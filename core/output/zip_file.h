// A ZIP archive of somebody else's, read with suspicion (APPNOTE.TXT 6.3 of PKWARE). Private to core/output.
// Our own and not a library's, because those take what they can: here an archive is refused when two readers
// could see two things in it. Only what a run is packed with: stored and deflated, ZIP64, one disk.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

struct ZipEntry {
    std::string name; ///< bytes as they stand there, whatever they are; of a folder without its last '/'
    bool folder = false;
    bool deflated = false;
    std::uint64_t size = 0, packed = 0; ///< bytes
    std::uint64_t begin = 0;            ///< of its data in the file
    std::uint32_t crc = 0;
};

/// One thread. Owns the descriptor.
class ZipFile {
  public:
    static constexpr std::size_t MostEntries = 10'000;
    static constexpr std::size_t MostDirectoryBytes = std::size_t{16} << 20;

    /// Reads the directory and holds it against each entry's own header. Errors, one sentence that begins
    /// with `path`: not there, no ZIP, cut off, more entries than a run has files, something in it that is
    /// encrypted, a link or a device, packed in another way, overlaps something else, or is said differently
    /// in the two places.
    static Result<ZipFile> open(const std::string& path);
    ~ZipFile();
    ZipFile(ZipFile&& other) noexcept;
    ZipFile(const ZipFile&) = delete;
    ZipFile& operator=(const ZipFile&) = delete;

    [[nodiscard]] const std::vector<ZipEntry>& entries() const { return entries_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::uint64_t bytes() const { return size_; } ///< of the archive

    /// Unpacks an entry piece by piece: never more than it says, in constant memory. Errors: damaged (another
    /// size, another checksum), I/O, those of `take`.
    Result<void> read(const ZipEntry& entry, const std::function<Result<void>(std::string_view)>& take) const;

    /// "x.zip: 'name' why; ask for another copy of it"
    [[nodiscard]] Error refusal(std::string_view name, std::string_view why) const;

  private:
    struct Directory {
        std::uint64_t begin = 0, bytes = 0, entries = 0;
    };
    explicit ZipFile(std::string path) : path_(std::move(path)) {}
    Result<std::string> bytesAt(std::uint64_t offset, std::size_t count) const;
    Result<Directory> findDirectory() const;
    Result<Directory> largeDirectory(std::uint64_t locator) const;
    Result<void> readDirectory(const Directory& directory);
    Result<void> readEntry(std::string_view& rest);
    Result<void> checkLocal(ZipEntry& entry, std::uint64_t offset, std::uint16_t flags,
                            std::uint64_t end) const;
    Result<void> checkOverlaps() const;
    Result<void> inflateEntry(const ZipEntry& entry,
                              const std::function<Result<void>(std::string_view)>& take) const;
    [[nodiscard]] tl::unexpected<Error> damaged(std::string_view why) const;

    std::string path_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
    std::uint64_t directory_ = 0; ///< where it begins: behind all data
    std::vector<ZipEntry> entries_;
    std::vector<std::uint64_t> headers_; ///< of each entry: where its own header begins
};

} // namespace stillroom
