// A text file read front to back through a bounded buffer: never mapped, so that a file which is cut short by
// somebody else while we read gives an error and no crash. What comes out is valid UTF-8 without a BOM,
// whatever the file is written in.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/text_encoding.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace stillroom {

struct SourceOptions {
    std::size_t chunk = std::size_t{256} << 10;      ///< read at a time; changes nothing but speed
    std::size_t recordLimit = std::size_t{16} << 20; ///< longest record, bytes of UTF-8
    /// What the file is written in when no byte order mark says it. UTF-16 of either order: the bytes tell.
    TextEncoding encoding = TextEncoding::Utf8;
    std::int64_t most = INT64_MAX; ///< bytes of the file; the rest is taken for not there
    /// Of a stream, which may make us wait for ever: when this is cancelled, reading ends so. Outlives the
    /// file.
    const Progress* watched = nullptr;
};

/// One thread. Owns the descriptor and the buffer; views into the buffer live until the next `more`.
class SourceFile {
  public:
    /// `shown` names the file in sentences; `setting` is the one that named it (`data.train.files`).
    /// Errors: missing, a folder, no regular file, unreadable, empty, binary (a NUL among the first 64 KiB).
    /// A file that looks like UTF-16 and was not said to be is a binary one with a hint.
    static Result<SourceFile> open(const std::string& path, std::string shown, std::string setting,
                                   SourceOptions options = {});
    /// A pipe or a terminal, read as it comes; `descriptor` stays the caller's. What the first line tells is
    /// believed of all. Errors: unreadable, nothing in it, binary; cancelled.
    static Result<SourceFile> openStream(int descriptor, std::string shown, std::string setting,
                                         SourceOptions options = {});
    ~SourceFile();
    SourceFile(SourceFile&& other) noexcept;
    SourceFile& operator=(SourceFile&& other) noexcept;

    // What was read and is not consumed yet. A reader may rewrite it in place, but only what it then
    // consumes.
    [[nodiscard]] char* begin() { return buffer_.get() + begin_; }
    [[nodiscard]] char* end() { return buffer_.get() + end_; }
    [[nodiscard]] std::size_t available() const { return end_ - begin_; }
    void consume(std::size_t bytes) { begin_ += bytes; }

    /// True: nothing follows `end`.
    [[nodiscard]] bool complete() const { return complete_; }
    /// Reads on; `begin` moves. Errors: I/O, the file became shorter, nothing consumed of `recordLimit`
    /// bytes.
    Result<void> more(std::int64_t line);

    /// The character that ends lines: `\n`, or `\r` where the first line ends in one that no `\n` follows.
    [[nodiscard]] char newline() const { return newline_; }
    [[nodiscard]] const std::string& shown() const { return shown_; }
    [[nodiscard]] const std::string& setting() const { return setting_; }
    [[nodiscard]] std::int64_t bytesRead() const { return bytesRead_; }
    /// Sequences that mean no character in what the file is written in, replaced by U+FFFD.
    [[nodiscard]] std::int64_t invalidUtf8() const { return invalidUtf8_; }
    [[nodiscard]] TextEncoding encoding() const { return encoding_; }
    /// Whether `SourceOptions::most` kept some of the file from us.
    [[nodiscard]] bool cut() const { return size_ > options_.most; }
    /// For a record that was read whole and yet is over the limit: same error as `more` gives.
    [[nodiscard]] bool overLimit(std::size_t bytes) const { return bytes > options_.recordLimit; }
    [[nodiscard]] Error tooLong(std::int64_t line) const;

    /// Readable bytes behind `end`, of any content (simdjson reads that far).
    static constexpr std::size_t Padding = 64;

  private:
    SourceFile(std::string path, std::string shown, std::string setting, SourceOptions options);
    Result<void> sniff();
    Result<void> sniffBlock(std::string block);
    ssize_t readStream(char* to, std::size_t bytes);
    [[nodiscard]] Error cannotRead(int error) const;
    void makeRoom(std::size_t wanted);
    void repair(std::size_t complete);
    Result<ssize_t> read(char* to, std::size_t bytes);
    Result<void> moreConverted(std::size_t wanted);

    std::string path_, shown_, setting_;
    SourceOptions options_;
    int descriptor_ = -1;
    bool stream_ = false;
    std::string ahead_;       ///< of a stream: read to look at it, and not given yet
    std::size_t aheadAt_ = 0; ///< given of it
    std::int64_t size_ = 0;   ///< when it was opened
    std::int64_t bytesRead_ = 0;
    std::int64_t invalidUtf8_ = 0;
    TextEncoding encoding_ = TextEncoding::Utf8;
    char newline_ = '\n';
    bool complete_ = false;
    // [begin_, end_) is checked text; [end_, filled_) the first bytes of a character cut by the chunk.
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0, begin_ = 0, end_ = 0, filled_ = 0;
    std::string repaired_; ///< scratch
    std::string raw_;      ///< read and not converted yet: what is not UTF-8, a cut character in front
};

/// The message of a file that cannot be opened or read: "a.csv: there is no such file (data.train.files)".
[[nodiscard]] Error fileError(const std::string& shown, const std::string& setting, std::string_view reason);

} // namespace stillroom
