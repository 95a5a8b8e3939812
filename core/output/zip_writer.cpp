#include "core/output/zip_writer.h"

#include "core/output/zip_layout.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace stillroom {

namespace {

constexpr std::size_t PieceBytes = std::size_t{256} << 10;
/// Weights hardly become smaller, and are what is large.
constexpr off_t QuicklyFrom = off_t{16} << 20;
/// Deflate may make more of what cannot be packed; so much less is left for it.
constexpr off_t LargeFrom = off_t{0xFFFFFFFF} - (off_t{64} << 20);
constexpr std::uint16_t Version = 20, LargeVersion = 45;
constexpr std::uint16_t MadeByUnix = 3U << 8U;
constexpr std::uint16_t Flags = zip::Utf8Names | zip::SizesBehind;

/// Two seconds' steps since 1980, as DOS kept them.
std::uint32_t dosTime(std::time_t time) {
    std::tm parts{};
    gmtime_r(&time, &parts);
    if (parts.tm_year < 80 || parts.tm_year > 207)
        return 1U << 21U | 1U << 16U;
    return static_cast<std::uint32_t>((parts.tm_year - 80) << 25 | (parts.tm_mon + 1) << 21 |
                                      parts.tm_mday << 16 | parts.tm_hour << 11 | parts.tm_min << 5 |
                                      parts.tm_sec / 2);
}

std::uint32_t small(std::uint64_t number) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, zip::Large32));
}

struct Descriptor {
    int number;
    ~Descriptor() {
        if (number >= 0)
            ::close(number);
    }
};

} // namespace

/// zlib's stream, ended whatever happens.
class ZipWriter::Packing {
  public:
    explicit Packing(int level)
        : begun_(deflateInit2(&stream_, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK),
          out_(PieceBytes, '\0') {}
    ~Packing() {
        if (begun_)
            deflateEnd(&stream_);
    }
    Packing(const Packing&) = delete;
    Packing& operator=(const Packing&) = delete;

    [[nodiscard]] bool begun() const { return begun_; }
    /// Packs a piece; `write` is given what comes out.
    template <class Write>
    Result<void> pack(std::string_view piece, bool last, Write write) {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data())); // zlib only reads it
        stream_.avail_in = static_cast<uInt>(piece.size());
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
            stream_.avail_out = static_cast<uInt>(out_.size());
            deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
            if (auto done = write(std::string_view(out_).substr(0, out_.size() - stream_.avail_out)); !done)
                return done;
        } while (stream_.avail_out == 0);
        return {};
    }

  private:
    z_stream stream_{};
    bool begun_;
    std::string out_;
};

Result<void> ZipWriter::write(std::string_view bytes) {
    written_ += bytes.size();
    return file_.write(bytes);
}

Result<void> ZipWriter::begin(Entry& entry) {
    entry.header = written_;
    std::string bytes;
    zip::put(bytes, zip::LocalSignature);
    zip::put(bytes, entry.large ? LargeVersion : Version);
    zip::put(bytes, Flags);
    zip::put(bytes, zip::Deflated);
    zip::put(bytes, entry.time);
    zip::put(bytes, std::uint32_t{0}); // the checksum, and the sizes: behind the data
    zip::put(bytes, entry.large ? zip::Large32 : std::uint32_t{0});
    zip::put(bytes, entry.large ? zip::Large32 : std::uint32_t{0});
    zip::put(bytes, static_cast<std::uint16_t>(entry.name.size()));
    zip::put(bytes, static_cast<std::uint16_t>(entry.large ? 20 : 0));
    bytes += entry.name;
    if (entry.large) {
        zip::put(bytes, zip::LargeExtra);
        zip::put(bytes, std::uint16_t{16});
        zip::put(bytes, std::uint64_t{0});
        zip::put(bytes, std::uint64_t{0});
    }
    return write(bytes);
}

Result<void> ZipWriter::end(const Entry& entry) {
    entries_.push_back(entry);
    std::string bytes;
    zip::put(bytes, zip::DescriptorSignature);
    zip::put(bytes, entry.crc);
    if (entry.large) {
        zip::put(bytes, entry.packed);
        zip::put(bytes, entry.size);
    } else {
        zip::put(bytes, small(entry.packed));
        zip::put(bytes, small(entry.size));
    }
    return write(bytes);
}

Result<void> ZipWriter::add(const std::string& name, const std::string& path, Progress& progress) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat about {};
    if (file.number < 0 || ::fstat(file.number, &about) != 0)
        return fail(fmt::format("{} cannot be read: {}", path, describeErrno(errno)));
    if (!S_ISREG(about.st_mode))
        return fail(fmt::format("{} is no ordinary file", path));
    Packing packing(about.st_size >= QuicklyFrom ? 1 : 6);
    if (!packing.begun())
        return fail("there is no memory to pack a bundle with", ErrorKind::Training);
    Entry entry{.name = name};
    entry.time = dosTime(about.st_mtime);
    entry.large = about.st_size >= LargeFrom;
    entry.crc = static_cast<std::uint32_t>(crc32(0, nullptr, 0));
    if (auto begun = begin(entry); !begun)
        return begun;
    std::string piece(PieceBytes, '\0');
    for (bool last = false; !last;) {
        const ssize_t got = ::read(file.number, piece.data(), piece.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(fmt::format("{} cannot be read: {}", path, describeErrno(errno)));
        last = got == 0;
        const auto bytes = std::string_view(piece).substr(0, static_cast<std::size_t>(got));
        entry.size += bytes.size();
        if (entry.size > static_cast<std::uint64_t>(about.st_size))
            return fail(fmt::format("{} became longer while it was read; try again", path));
        entry.crc = static_cast<std::uint32_t>(
            crc32(entry.crc, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
        auto packed = packing.pack(bytes, last, [&](std::string_view out) {
            entry.packed += out.size();
            return write(out);
        });
        if (!packed)
            return packed;
        progress.advance(got);
        if (progress.cancelled())
            return fail("the export was cancelled; nothing was written", ErrorKind::Cancelled);
    }
    if (entry.size < static_cast<std::uint64_t>(about.st_size))
        return fail(fmt::format("{} became shorter while it was read; try again", path));
    return end(entry);
}

Result<void> ZipWriter::addText(const std::string& name, std::string_view text) {
    Packing packing(6);
    if (!packing.begun())
        return fail("there is no memory to pack a bundle with", ErrorKind::Training);
    Entry entry{.name = name};
    entry.time = dosTime(std::time(nullptr));
    entry.size = text.size();
    entry.crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
    if (auto begun = begin(entry); !begun)
        return begun;
    auto packed = packing.pack(text, true, [&](std::string_view out) {
        entry.packed += out.size();
        return write(out);
    });
    if (!packed)
        return packed;
    return end(entry);
}

Result<void> ZipWriter::finish() {
    const std::uint64_t begin = written_;
    for (const Entry& entry : entries_) {
        std::string extra;
        for (const std::uint64_t number : {entry.size, entry.packed, entry.header})
            if (number >= zip::Large32)
                zip::put(extra, number);
        std::string bytes;
        zip::put(bytes, zip::CentralSignature);
        zip::put(bytes, static_cast<std::uint16_t>(MadeByUnix | LargeVersion));
        zip::put(bytes, entry.large || !extra.empty() ? LargeVersion : Version);
        zip::put(bytes, Flags);
        zip::put(bytes, zip::Deflated);
        zip::put(bytes, entry.time);
        zip::put(bytes, entry.crc);
        zip::put(bytes, small(entry.packed));
        zip::put(bytes, small(entry.size));
        zip::put(bytes, static_cast<std::uint16_t>(entry.name.size()));
        zip::put(bytes, static_cast<std::uint16_t>(extra.empty() ? 0 : extra.size() + 4));
        zip::put(bytes, std::uint16_t{0}); // comment
        zip::put(bytes, std::uint16_t{0}); // disk
        zip::put(bytes, std::uint16_t{0}); // internal attributes
        zip::put(bytes, static_cast<std::uint32_t>(S_IFREG | 0644) << 16U);
        zip::put(bytes, small(entry.header));
        bytes += entry.name;
        if (!extra.empty()) {
            zip::put(bytes, zip::LargeExtra);
            zip::put(bytes, static_cast<std::uint16_t>(extra.size()));
            bytes += extra;
        }
        if (auto done = write(bytes); !done)
            return done;
    }
    const std::uint64_t end = written_, count = entries_.size();
    std::string bytes;
    if (begin >= zip::Large32 || count >= zip::Large16 || end - begin >= zip::Large32) {
        zip::put(bytes, zip::LargeEndSignature);
        zip::put(bytes, std::uint64_t{zip::LargeEndBytes - 12});
        zip::put(bytes, static_cast<std::uint16_t>(MadeByUnix | LargeVersion));
        zip::put(bytes, LargeVersion);
        zip::put(bytes, std::uint64_t{0}); // this disk, and that of the directory
        zip::put(bytes, count);
        zip::put(bytes, count);
        zip::put(bytes, end - begin);
        zip::put(bytes, begin);
        zip::put(bytes, zip::LocatorSignature);
        zip::put(bytes, std::uint32_t{0});
        zip::put(bytes, end);
        zip::put(bytes, std::uint32_t{1});
    }
    const auto entries = static_cast<std::uint16_t>(std::min<std::uint64_t>(count, zip::Large16));
    zip::put(bytes, zip::EndSignature);
    zip::put(bytes, std::uint32_t{0});
    zip::put(bytes, entries);
    zip::put(bytes, entries);
    zip::put(bytes, small(end - begin));
    zip::put(bytes, small(begin));
    zip::put(bytes, std::uint16_t{0});
    return write(bytes);
}

} // namespace stillroom
