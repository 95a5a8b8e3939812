#include "core/data/source_file.h"

#include "core/data/utf8.h"
#include "core/files/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace stillroom {

namespace {

constexpr std::size_t SniffedBytes = std::size_t{64} << 10;

ssize_t readAt(int descriptor, char* to, std::size_t bytes, off_t offset) {
    for (;;) {
        const ssize_t got = ::pread(descriptor, to, bytes, offset);
        if (got >= 0 || errno != EINTR)
            return got;
    }
}

} // namespace

Error fileError(const std::string& shown, const std::string& setting, std::string_view reason) {
    return Error{fmt::format("{}: {} ({})", shown, reason, setting)};
}

SourceFile::SourceFile(std::string path, std::string shown, std::string setting, SourceOptions options)
    : path_(std::move(path)), shown_(std::move(shown)), setting_(std::move(setting)), options_(options) {}

Result<SourceFile> SourceFile::open(const std::string& path, std::string shown, std::string setting,
                                    SourceOptions options) {
    SourceFile file(path, std::move(shown), std::move(setting), options);
    const auto refuse = [&](std::string_view reason) {
        return fail(fileError(file.shown_, file.setting_, reason));
    };

    // Without O_NONBLOCK opening a named pipe that nobody writes to would wait for ever.
    file.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file.descriptor_ < 0) {
        if (errno == ENOENT)
            return refuse("there is no such file; correct the path");
        return refuse(fmt::format("cannot be read: {}", describeErrno(errno)));
    }
    struct stat status {};
    if (::fstat(file.descriptor_, &status) != 0)
        return refuse(fmt::format("cannot be read: {}", describeErrno(errno)));
    if (S_ISDIR(status.st_mode))
        return refuse(
            "is a folder, not a file; name the files in it, for example with a pattern such as '*.csv'");
    if (!S_ISREG(status.st_mode))
        return refuse("is not an ordinary file; save what it gives to a file and name that");
    if (status.st_size == 0)
        return refuse("is empty; name a file with data in it");
    file.size_ = status.st_size;
    if (auto sniffed = file.sniff(); !sniffed)
        return fail(std::move(sniffed.error()));
    return file;
}

Result<SourceFile> SourceFile::openStream(int descriptor, std::string shown, std::string setting,
                                          SourceOptions options) {
    SourceFile file({}, std::move(shown), std::move(setting), options);
    file.stream_ = true;
    file.descriptor_ = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (file.descriptor_ < 0)
        return fail(file.cannotRead(errno));
    // A line, or as much as is looked at of a file: somebody who types waits for an answer to a line.
    std::string ahead;
    while (ahead.size() < SniffedBytes && ahead.find_first_of("\r\n") == std::string::npos) {
        const std::size_t before = ahead.size();
        ahead.resize(SniffedBytes);
        const ssize_t got = file.readStream(ahead.data() + before, ahead.size() - before);
        if (got < 0)
            return fail(file.cannotRead(errno));
        ahead.resize(before + static_cast<std::size_t>(got));
        if (got == 0)
            break;
    }
    if (ahead.empty())
        return fail(fileError(file.shown_, file.setting_, "is empty; there is nothing to read"));
    if (auto sniffed = file.sniffBlock(ahead); !sniffed)
        return fail(std::move(sniffed.error()));
    file.aheadAt_ = static_cast<std::size_t>(file.bytesRead_); // a byte order mark
    file.ahead_ = std::move(ahead);
    return file;
}

/// As read(2): what was read ahead first, then what comes. ECANCELED when nobody waits any more.
ssize_t SourceFile::readStream(char* to, std::size_t bytes) {
    if (aheadAt_ < ahead_.size()) {
        const std::size_t given = std::min(bytes, ahead_.size() - aheadAt_);
        std::memcpy(to, ahead_.data() + aheadAt_, given);
        aheadAt_ += given;
        return static_cast<ssize_t>(given);
    }
    for (;;) {
        if (options_.watched != nullptr && options_.watched->cancelled()) {
            errno = ECANCELED;
            return -1;
        }
        pollfd waiting{descriptor_, POLLIN, 0};
        constexpr int Patience = 100; // milliseconds until we look whether somebody still waits
        const int ready = ::poll(&waiting, 1, Patience);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        if (ready < 0)
            return -1;
        const ssize_t got = ::read(descriptor_, to, bytes);
        if (got >= 0 || (errno != EINTR && errno != EAGAIN))
            return got;
    }
}

Error SourceFile::cannotRead(int error) const {
    if (error == ECANCELED)
        return {"reading was cancelled", ErrorKind::Cancelled, {}};
    return fileError(shown_, setting_, fmt::format("cannot be read: {}", describeErrno(error)));
}

SourceFile::~SourceFile() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

SourceFile::SourceFile(SourceFile&& other) noexcept {
    *this = std::move(other);
}

SourceFile& SourceFile::operator=(SourceFile&& other) noexcept {
    if (this == &other)
        return *this;
    if (descriptor_ >= 0)
        ::close(descriptor_);
    path_ = std::move(other.path_);
    shown_ = std::move(other.shown_);
    setting_ = std::move(other.setting_);
    options_ = other.options_;
    descriptor_ = std::exchange(other.descriptor_, -1);
    stream_ = other.stream_;
    ahead_ = std::move(other.ahead_);
    aheadAt_ = std::exchange(other.aheadAt_, 0);
    size_ = other.size_;
    bytesRead_ = other.bytesRead_;
    invalidUtf8_ = other.invalidUtf8_;
    encoding_ = other.encoding_;
    newline_ = other.newline_;
    complete_ = other.complete_;
    buffer_ = std::move(other.buffer_);
    capacity_ = std::exchange(other.capacity_, 0);
    begin_ = std::exchange(other.begin_, 0);
    end_ = std::exchange(other.end_, 0);
    filled_ = std::exchange(other.filled_, 0);
    repaired_ = std::move(other.repaired_);
    raw_ = std::move(other.raw_);
    return *this;
}

/// What the first block tells: what it is written in, whether it is text, how lines end. It is read apart
/// from the chunks, so that no answer depends on their size.
Result<void> SourceFile::sniff() {
    std::string block(std::min(SniffedBytes, static_cast<std::size_t>(size_)), '\0');
    const ssize_t got = readAt(descriptor_, block.data(), block.size(), 0);
    if (got < 0)
        return fail(cannotRead(errno));
    block.resize(static_cast<std::size_t>(got));
    return sniffBlock(std::move(block));
}

Result<void> SourceFile::sniffBlock(std::string block) {
    const auto got = static_cast<std::int64_t>(block.size());
    encoding_ = options_.encoding;
    const auto mark = byteOrderMark(block);
    if (mark) {
        encoding_ = mark->encoding;
        bytesRead_ = static_cast<std::int64_t>(mark->bytes);
    }
    const auto utf16 = mark ? std::nullopt : looksLikeUtf16(block);
    if (encoding_ == TextEncoding::Utf16Little && utf16)
        encoding_ = *utf16;
    // Without a NUL, and UTF-8 as it stands: every two letters would become one of another script.
    if (!mark && !utf16 && encoding_ == TextEncoding::Utf16Little && block.find('\0') == std::string::npos &&
        isUtf8(std::string_view(block).substr(0, block.size() - unfinishedTail(block))))
        return fail(fileError(
            shown_, setting_,
            fmt::format("is not UTF-16 but, as it seems, UTF-8; set {}.encoding to utf-8, or leave it out",
                        setting_.substr(0, setting_.rfind('.')))));
    std::string converted;
    if (encoding_ != TextEncoding::Utf8) {
        std::string_view rest = std::string_view(block).substr(static_cast<std::size_t>(bytesRead_));
        appendConverted(converted, rest, encoding_, false);
        block = std::move(converted);
    }
    if (block.find('\0') != std::string::npos)
        return fail(fileError(
            shown_, setting_,
            utf16 ? fmt::format("looks like UTF-16 (every other byte is NUL); set {}.encoding to utf-16, or "
                                "save it as UTF-8",
                                setting_.substr(0, setting_.rfind('.')))
                  : "is a binary file (it contains NUL bytes); name a text file, unpacked if it was "
                    "compressed"));
    if (bytesRead_ == got)
        return fail(fileError(shown_, setting_, "is empty; name a file with data in it"));
    const std::size_t lineEnd = block.find_first_of("\r\n");
    if (lineEnd != std::string::npos && block[lineEnd] == '\r' && lineEnd + 1 < block.size() &&
        block[lineEnd + 1] != '\n')
        newline_ = '\r';
    return {};
}

Error SourceFile::tooLong(std::int64_t line) const {
    return Error{
        fmt::format("{}, line {}: the record that begins here is longer than {} MiB; look for a quote "
                    "that is never closed, or shorten the text",
                    shown_, line, options_.recordLimit >> 20)};
}

void SourceFile::makeRoom(std::size_t wanted) {
    if (begin_ > 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, filled_ - begin_);
        end_ -= begin_;
        filled_ -= begin_;
        begin_ = 0;
    }
    if (filled_ + wanted <= capacity_)
        return;
    const std::size_t capacity = std::max(filled_ + wanted, capacity_ * 2);
    auto larger = std::make_unique_for_overwrite<char[]>(capacity + Padding);
    std::memset(larger.get() + capacity, 0, Padding);
    if (filled_ > 0)
        std::memcpy(larger.get(), buffer_.get(), filled_);
    buffer_ = std::move(larger);
    capacity_ = capacity;
}

/// Replaces what is ill-formed in [end_, complete); the bytes behind stay behind.
void SourceFile::repair(std::size_t complete) {
    repaired_.clear();
    invalidUtf8_ += appendRepaired(repaired_, {buffer_.get() + end_, complete - end_});
    const std::string tail(buffer_.get() + complete, filled_ - complete);
    filled_ = end_;
    makeRoom(repaired_.size() + tail.size());
    std::memcpy(buffer_.get() + end_, repaired_.data(), repaired_.size());
    end_ += repaired_.size();
    std::memcpy(buffer_.get() + end_, tail.data(), tail.size());
    filled_ = end_ + tail.size();
}

/// Up to `bytes` from where reading is; 0 at the end.
Result<ssize_t> SourceFile::read(char* to, std::size_t bytes) {
    const std::int64_t left = std::max<std::int64_t>(0, options_.most - bytesRead_);
    if (static_cast<std::uint64_t>(left) < bytes)
        bytes = static_cast<std::size_t>(left);
    const ssize_t got = bytes == 0 ? 0
                        : stream_  ? readStream(to, bytes)
                                   : readAt(descriptor_, to, bytes, bytesRead_);
    if (got < 0)
        return fail(cannotRead(errno));
    bytesRead_ += got;
    complete_ = got == 0;
    if (complete_ && bytesRead_ < std::min(size_, options_.most))
        return fail(fileError(shown_, setting_,
                              "became shorter while it was read; wait until it is written, then "
                              "load it again"));
    return got;
}

/// Reads on in a file that is not UTF-8. What comes out of the conversion is well-formed and whole.
Result<void> SourceFile::moreConverted(std::size_t wanted) {
    const std::size_t before = raw_.size();
    raw_.resize(before + wanted);
    const auto got = read(raw_.data() + before, wanted);
    if (!got)
        return fail(got.error());
    raw_.resize(before + static_cast<std::size_t>(*got));
    std::string_view rest = raw_;
    repaired_.clear();
    invalidUtf8_ += appendConverted(repaired_, rest, encoding_, complete_);
    raw_.erase(0, raw_.size() - rest.size());
    makeRoom(repaired_.size());
    if (!repaired_.empty()) // else there may be no buffer yet
        std::memcpy(buffer_.get() + end_, repaired_.data(), repaired_.size());
    filled_ = end_ += repaired_.size();
    return {};
}

Result<void> SourceFile::more(std::int64_t line) {
    if (overLimit(available()))
        return fail(tooLong(line));
    // As much again as waits already: a long record is then looked at a few times only, not once a chunk.
    const std::size_t wanted = std::max(options_.chunk, available());
    if (encoding_ != TextEncoding::Utf8)
        return moreConverted(wanted);
    makeRoom(wanted);
    const auto got = read(buffer_.get() + filled_, wanted);
    if (!got)
        return fail(got.error());
    filled_ += static_cast<std::size_t>(*got);
    const std::string_view fresh(buffer_.get() + end_, filled_ - end_);
    const std::size_t whole = filled_ - (complete_ ? 0 : unfinishedTail(fresh));
    if (isUtf8({buffer_.get() + end_, whole - end_}))
        end_ = whole;
    else
        repair(whole);
    return {};
}

} // namespace stillroom
