#include "core/output/zip_file.h"

#include "core/files/atomic_file.h"
#include "core/output/zip_layout.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <numeric>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace stillroom {

namespace {

constexpr std::size_t PieceBytes = std::size_t{256} << 10;
constexpr std::uint16_t Encrypted = 1U << 0U | 1U << 6U | 1U << 13U;

/// As it can be shown in a sentence.
std::string shown(std::string_view name) {
    std::string text;
    for (const char c : name.substr(0, 80)) {
        const auto byte = static_cast<unsigned char>(c);
        text += byte >= 0x20 && byte < 0x7F ? c : '?';
    }
    return name.size() > 80 ? text + "…" : text;
}

} // namespace

Error ZipFile::refusal(std::string_view name, std::string_view why) const {
    return {fmt::format("{}: '{}' {}; ask for another copy of it", path_, shown(name), why)};
}

tl::unexpected<Error> ZipFile::damaged(std::string_view why) const {
    return fail(
        fmt::format("{} is no bundle that can be opened: {}; ask for another copy of it", path_, why));
}

ZipFile::~ZipFile() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

ZipFile::ZipFile(ZipFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_),
      directory_(other.directory_), entries_(std::move(other.entries_)), headers_(std::move(other.headers_)) {
}

Result<std::string> ZipFile::bytesAt(std::uint64_t offset, std::size_t count) const {
    if (offset > size_ || count > size_ - offset)
        return damaged("it is cut off");
    std::string bytes(count, '\0');
    for (std::size_t got = 0; got < count;) {
        const ssize_t some =
            ::pread(descriptor_, bytes.data() + got, count - got, static_cast<off_t>(offset + got));
        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return fail(fmt::format("{} cannot be read: {}", path_, describeErrno(errno)));
        if (some == 0)
            return damaged("it became shorter while it was read");
        got += static_cast<std::size_t>(some);
    }
    return bytes;
}

Result<ZipFile> ZipFile::open(const std::string& path) {
    ZipFile zip(path);
    // Without O_NONBLOCK opening a named pipe that nobody writes to would wait for ever.
    zip.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about {};
    if (zip.descriptor_ < 0 || ::fstat(zip.descriptor_, &about) != 0)
        return fail(errno == ENOENT ? fmt::format("{}: there is no such file", path)
                                    : fmt::format("{} cannot be read: {}", path, describeErrno(errno)));
    if (!S_ISREG(about.st_mode))
        return fail(fmt::format("{} is no file; name a bundle, which ends in .zip", path));
    zip.size_ = static_cast<std::uint64_t>(about.st_size);
    const auto directory = zip.findDirectory();
    if (!directory)
        return fail(directory.error());
    if (auto read = zip.readDirectory(*directory); !read)
        return fail(std::move(read.error()));
    if (auto checked = zip.checkOverlaps(); !checked)
        return fail(std::move(checked.error()));
    return zip;
}

/// The record at the end of the file, behind which is nothing but the comment that it announces.
Result<ZipFile::Directory> ZipFile::findDirectory() const {
    const std::size_t look =
        static_cast<std::size_t>(std::min<std::uint64_t>(size_, zip::EndBytes + std::uint64_t{0xFFFF}));
    const auto tail = bytesAt(size_ - look, look);
    if (!tail)
        return fail(tail.error());
    for (std::size_t at = look < zip::EndBytes ? 0 : look - zip::EndBytes + 1; at-- > 0;) {
        const std::string_view record = std::string_view(*tail).substr(at);
        if (zip::u32(record, 0) != zip::EndSignature || record.size() - zip::EndBytes != zip::u16(record, 20))
            continue;
        const std::uint64_t begin = size_ - look + at;
        if (zip::u16(record, 4) != 0 || zip::u16(record, 6) != 0 ||
            zip::u16(record, 8) != zip::u16(record, 10))
            return damaged("it is one part of several");
        Directory directory{zip::u32(record, 16), zip::u32(record, 12), zip::u16(record, 10)};
        std::uint64_t end = begin;
        if (begin >= zip::LocatorBytes) {
            const auto locator = bytesAt(begin - zip::LocatorBytes, zip::LocatorBytes);
            if (!locator)
                return fail(locator.error());
            if (zip::u32(*locator, 0) == zip::LocatorSignature) {
                end = zip::u64(*locator, 8);
                const auto large = largeDirectory(end);
                if (!large)
                    return fail(large.error());
                // What fits the old record must say the same in it.
                const auto differ = [](std::uint64_t old, std::uint64_t most, std::uint64_t now) {
                    return old != most && old != now;
                };
                if (differ(directory.begin, zip::Large32, large->begin) ||
                    differ(directory.bytes, zip::Large32, large->bytes) ||
                    differ(directory.entries, zip::Large16, large->entries))
                    return damaged("its two directories differ");
                directory = *large;
            }
        }
        if (directory.bytes > end || directory.begin != end - directory.bytes)
            return damaged("its directory is not where it should be");
        return directory;
    }
    return damaged("it is no ZIP file, or cut off");
}

Result<ZipFile::Directory> ZipFile::largeDirectory(std::uint64_t offset) const {
    const auto record = bytesAt(offset, zip::LargeEndBytes);
    if (!record)
        return fail(record.error());
    if (zip::u32(*record, 0) != zip::LargeEndSignature)
        return damaged("its directory is not where it should be");
    if (zip::u32(*record, 16) != 0 || zip::u32(*record, 20) != 0 ||
        zip::u64(*record, 24) != zip::u64(*record, 32))
        return damaged("it is one part of several");
    return Directory{zip::u64(*record, 48), zip::u64(*record, 40), zip::u64(*record, 32)};
}

Result<void> ZipFile::readDirectory(const Directory& directory) {
    if (directory.entries > MostEntries || directory.bytes > MostDirectoryBytes)
        return damaged(fmt::format("it has {} entries, and a run has no more than {} files",
                                   directory.entries, MostEntries));
    directory_ = directory.begin;
    const auto bytes = bytesAt(directory.begin, static_cast<std::size_t>(directory.bytes));
    if (!bytes)
        return fail(bytes.error());
    std::string_view rest = *bytes;
    for (std::uint64_t i = 0; i < directory.entries; ++i)
        if (auto read = readEntry(rest); !read)
            return read;
    if (!rest.empty())
        return damaged("its directory has more entries than it says");
    return {};
}

Result<void> ZipFile::readEntry(std::string_view& rest) {
    if (rest.size() < zip::CentralBytes || zip::u32(rest, 0) != zip::CentralSignature)
        return damaged("its directory is damaged");
    const std::size_t name = zip::u16(rest, 28), extra = zip::u16(rest, 30), comment = zip::u16(rest, 32);
    if (rest.size() - zip::CentralBytes < name + extra + comment)
        return damaged("its directory is damaged");
    ZipEntry entry;
    entry.name = rest.substr(zip::CentralBytes, name);
    const std::uint16_t flags = zip::u16(rest, 8), method = zip::u16(rest, 10);
    entry.crc = zip::u32(rest, 16);
    entry.packed = zip::u32(rest, 20);
    entry.size = zip::u32(rest, 24);
    std::uint64_t offset = zip::u32(rest, 42);
    if (!zip::takeLarge(rest.substr(zip::CentralBytes + name, extra), {&entry.size, &entry.packed, &offset}))
        return damaged("its directory is damaged");
    const std::uint32_t kind = zip::u32(rest, 38) >> 16U & S_IFMT; // of the file, as Unix says it
    const std::uint16_t disk = zip::u16(rest, 34);
    rest.remove_prefix(zip::CentralBytes + name + extra + comment);

    const auto refuse = [&](std::string_view why) { return fail(refusal(entry.name, why)); };
    if (disk != 0)
        return damaged("it is one part of several");
    if ((flags & Encrypted) != 0)
        return refuse("is encrypted, and a bundle never is");
    if (method != zip::Stored && method != zip::Deflated)
        return refuse("is packed in a way that bundles are not (neither stored nor deflated)");
    if (kind == S_IFLNK)
        return refuse("is a link, and a bundle holds files alone");
    if (kind != 0 && kind != S_IFREG && kind != S_IFDIR)
        return refuse("is a device or a pipe, and a bundle holds files alone");
    entry.folder = entry.name.ends_with('/');
    if (kind != 0 && entry.folder != (kind == S_IFDIR))
        return refuse("is a folder by one word and a file by another");
    if (entry.folder && (entry.size != 0 || entry.packed > 2))
        return refuse("is a folder with something in it");
    entry.deflated = method == zip::Deflated;
    if (!entry.deflated && entry.size != entry.packed)
        return refuse("has two sizes");
    if (auto checked = checkLocal(entry, offset, flags, directory_); !checked)
        return checked;
    if (entry.folder)
        entry.name.pop_back();
    headers_.push_back(offset);
    entries_.push_back(std::move(entry));
    return {};
}

/// The entry's own header, in front of its data, must say what the directory says.
Result<void> ZipFile::checkLocal(ZipEntry& entry, std::uint64_t offset, std::uint16_t flags,
                                 std::uint64_t end) const {
    const auto refuse = [&](std::string_view why) { return fail(refusal(entry.name, why)); };
    if (offset > end || end - offset < zip::LocalBytes)
        return refuse("lies where no data are");
    const auto header = bytesAt(offset, zip::LocalBytes);
    if (!header)
        return fail(header.error());
    const std::size_t name = zip::u16(*header, 26), extra = zip::u16(*header, 28);
    if (zip::u32(*header, 0) != zip::LocalSignature || end - offset - zip::LocalBytes < name + extra)
        return refuse("lies where no data are");
    const auto words = bytesAt(offset + zip::LocalBytes, name + extra);
    if (!words)
        return fail(words.error());
    std::uint64_t packed = zip::u32(*header, 18), size = zip::u32(*header, 22);
    if (!zip::takeLarge(std::string_view(*words).substr(name), {&size, &packed}))
        return refuse("has a damaged header");
    const bool behind = (flags & zip::SizesBehind) != 0; // then the header has zeros
    const bool same =
        std::string_view(*words).substr(0, name) == entry.name && zip::u16(*header, 6) == flags &&
        zip::u16(*header, 8) == (entry.deflated ? zip::Deflated : zip::Stored) &&
        (behind || (zip::u32(*header, 14) == entry.crc && packed == entry.packed && size == entry.size));
    if (!same)
        return refuse("is called or measured otherwise in the archive's directory than where it lies");
    entry.begin = offset + zip::LocalBytes + name + extra;
    if (entry.packed > end - entry.begin)
        return refuse("is cut off");
    return {};
}

/// Bytes that two entries have in common would be unpacked twice: a small file becomes a large one.
Result<void> ZipFile::checkOverlaps() const {
    std::vector<std::size_t> order(entries_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [this](std::size_t a, std::size_t b) { return headers_[a] < headers_[b]; });
    for (std::size_t i = 1; i < order.size(); ++i) {
        const ZipEntry& before = entries_[order[i - 1]];
        if (headers_[order[i]] < before.begin + before.packed)
            return fail(refusal(entries_[order[i]].name, "overlaps another entry"));
    }
    return {};
}

Result<void> ZipFile::read(const ZipEntry& entry,
                           const std::function<Result<void>(std::string_view)>& take) const {
    if (entry.folder)
        return {};
    auto crc = static_cast<std::uint32_t>(crc32(0, nullptr, 0));
    std::uint64_t size = 0;
    const auto checked = [&](std::string_view piece) -> Result<void> {
        if (piece.size() > entry.size - size)
            return fail(refusal(entry.name, "unpacks to more than it says"));
        size += piece.size();
        crc = static_cast<std::uint32_t>(
            crc32(crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size())));
        return take(piece);
    };
    if (entry.deflated) {
        if (auto done = inflateEntry(entry, checked); !done)
            return done;
    } else {
        for (std::uint64_t done = 0; done < entry.packed;) {
            const auto piece =
                bytesAt(entry.begin + done,
                        static_cast<std::size_t>(std::min<std::uint64_t>(PieceBytes, entry.packed - done)));
            if (!piece)
                return fail(piece.error());
            if (auto taken = checked(*piece); !taken)
                return taken;
            done += piece->size();
        }
    }
    if (size != entry.size)
        return fail(refusal(entry.name, "unpacks to less than it says"));
    if (crc != entry.crc)
        return fail(refusal(entry.name, "is damaged (its checksum is another)"));
    return {};
}

Result<void> ZipFile::inflateEntry(const ZipEntry& entry,
                                   const std::function<Result<void>(std::string_view)>& take) const {
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return fail("there is no memory to unpack a bundle with", ErrorKind::Training);
    struct End {
        z_stream* stream;
        ~End() { inflateEnd(stream); }
    } const end{&stream};
    std::string out(PieceBytes, '\0');
    int state = Z_OK;
    for (std::uint64_t done = 0; done < entry.packed && state == Z_OK;) {
        auto piece =
            bytesAt(entry.begin + done,
                    static_cast<std::size_t>(std::min<std::uint64_t>(PieceBytes, entry.packed - done)));
        if (!piece)
            return fail(piece.error());
        stream.next_in = reinterpret_cast<Bytef*>(piece->data());
        stream.avail_in = static_cast<uInt>(piece->size());
        do {
            stream.next_out = reinterpret_cast<Bytef*>(out.data());
            stream.avail_out = static_cast<uInt>(out.size());
            state = inflate(&stream, Z_NO_FLUSH);
            if (state == Z_BUF_ERROR) // it wants more
                state = Z_OK;
            if (state != Z_OK && state != Z_STREAM_END)
                return fail(refusal(entry.name, "is damaged (it cannot be unpacked)"));
            const std::size_t made = out.size() - stream.avail_out;
            if (made > 0)
                if (auto taken = take(std::string_view(out).substr(0, made)); !taken)
                    return taken;
        } while (state == Z_OK && stream.avail_out == 0);
        done += piece->size() - stream.avail_in;
        if (state == Z_OK && stream.avail_in > 0)
            return fail(refusal(entry.name, "is damaged (it cannot be unpacked)"));
        if (state == Z_STREAM_END && done != entry.packed)
            return fail(refusal(entry.name, "has something behind its data"));
    }
    if (state != Z_STREAM_END)
        return fail(refusal(entry.name, "is cut off"));
    return {};
}

} // namespace stillroom
