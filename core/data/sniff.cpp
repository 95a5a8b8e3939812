#include "core/data/sniff.h"

#include "core/base/number.h"
#include "core/data/line_reader.h"
#include "core/data/open_records.h"
#include "core/data/sniff_table.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <span>
#include <unordered_set>

namespace stillroom {

namespace {

constexpr std::int64_t LookedAtBytes = std::int64_t{256} << 10;
constexpr std::int64_t LookedAtRecords = 1000;
constexpr std::size_t ShownRows = 50;
constexpr std::size_t LongestLabel = 40; // bytes

std::string beginning(const std::string& path) {
    std::string bytes(static_cast<std::size_t>(LookedAtBytes), '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), LookedAtBytes);
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    return bytes;
}

std::string lowerEnding(const std::string& path) {
    std::string ending = std::filesystem::path(path).extension().string();
    for (char& c : ending)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return ending;
}

class Sniffer {
  public:
    Sniffer(std::string path, const std::string& shown, const SplitSettings& given,
            std::optional<bool> header)
        : path_(std::move(path)), shown_(shown), given_(given),
          header_(header || given.header ? header : std::optional(false)) {
        found_.settings.files = {shown};
    }

    Result<SniffedFile> sniff();

  private:
    void sniffEncoding();
    Result<void> readLines();
    std::string formatByLines() const;
    bool hasLabelLines() const;
    Result<void> sniffTableOf(const std::string& format);
    Result<void> readRows();
    RecordSource source() const;
    Result<SourceFile> open() const;
    void remark(std::string sentence) { found_.remarks.push_back(std::move(sentence)); }

    const std::string path_, shown_;
    const SplitSettings given_;
    const std::optional<bool> header_;
    SniffedFile found_;
    std::vector<std::string> lines_; ///< the first ones that are not empty, whole
};

/// A byte order mark, else zeros where UTF-16 has them, else whether it is valid UTF-8.
void Sniffer::sniffEncoding() {
    std::string& encoding = found_.settings.encoding;
    const std::string bytes = beginning(path_);
    if (const auto mark = byteOrderMark(bytes)) {
        if (mark->encoding != TextEncoding::Utf8)
            encoding = encodingName(mark->encoding);
        if (!given_.encoding.empty() && encodingName(mark->encoding) != given_.encoding)
            remark(fmt::format("read as {}: its byte order mark says so", encodingName(mark->encoding)));
        return;
    }
    encoding = given_.encoding;
    if (!encoding.empty())
        return;
    if (looksLikeUtf16(bytes)) {
        encoding = "utf-16";
        remark("read as UTF-16: every other byte is zero");
        return;
    }
    const bool whole = static_cast<std::int64_t>(bytes.size()) < LookedAtBytes;
    const std::string_view text =
        std::string_view(bytes).substr(0, bytes.size() - (whole ? 0 : unfinishedTail(bytes)));
    if (isUtf8(text))
        return;
    // Letters of several bytes that are well-formed do not come about by chance: where they are the most, it
    // is UTF-8 that something has damaged.
    std::string repaired;
    const std::int64_t broken = appendRepaired(repaired, text);
    const auto letters = std::count_if(repaired.begin(), repaired.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) == 0xC0U;
    });
    if (letters - broken > 2 * broken) {
        remark(fmt::format("read as UTF-8, in which {} byte sequence{} ill-formed and become U+FFFD",
                           groupThousands(broken), broken == 1 ? " is" : "s are"));
        return;
    }
    encoding = "windows-1252";
    remark("read as Windows-1252: it is not valid UTF-8");
}

RecordSource Sniffer::source() const {
    return recordSourceOf(found_.settings, path_, shown_, "data.train");
}

Result<SourceFile> Sniffer::open() const {
    SourceOptions options;
    options.most = LookedAtBytes;
    const auto encoding = textEncoding(found_.settings.encoding);
    if (!encoding)
        return fail(fmt::format("{}: encoding is '{}'; it must be utf-8, utf-16 or windows-1252", shown_,
                                found_.settings.encoding));
    options.encoding = *encoding;
    return SourceFile::open(path_, shown_, "data.train.files", options);
}

Result<void> Sniffer::readLines() {
    auto file = open();
    if (!file)
        return fail(std::move(file.error()));
    const bool cut = file->cut();
    LineReader reader(std::move(*file));
    std::string_view line;
    bool last = false;
    while (lines_.size() < static_cast<std::size_t>(LookedAtRecords)) {
        const auto read = reader.next(line);
        last = !read || !*read;
        if (last)
            break;
        if (line.find_first_not_of(" \t") != std::string_view::npos)
            lines_.emplace_back(line);
    }
    if (cut && last && lines_.size() > 1)
        lines_.pop_back();
    if (lines_.empty())
        return fail(
            fileError(shown_, "data.train.files", "has nothing but empty lines; name a file with data"));
    return {};
}

/// Lines that end in ";label": every one has a ';', and what is behind the last one is short and comes again.
/// With quotes, or with other columns, it is a table.
bool Sniffer::hasLabelLines() const {
    const bool named = lines_[0] == "text;label" || lines_[0] == "text;label_name";
    std::unordered_set<std::string_view> labels;
    std::size_t count = 0;
    for (const std::string& line : std::span(lines_).subspan(named ? 1 : 0)) {
        const std::size_t semicolon = line.rfind(';');
        if (semicolon == std::string::npos || line.starts_with('"'))
            return false;
        const std::string_view label = std::string_view(line).substr(semicolon + 1);
        if (label.empty() || label.size() > LongestLabel)
            return false;
        labels.insert(label);
        ++count;
    }
    // A named header of two columns of other names is said better by csv with ';'.
    return named || (count >= 4 && 2 * labels.size() <= count);
}

std::string Sniffer::formatByLines() const {
    const std::string& first = lines_[0];
    if (first.starts_with("###"))
        return "pubmed_rct";
    const std::string_view text = std::string_view(first).substr(first.find_first_not_of(" \t"));
    // An array is refused by the reader of JSON lines, which says what to do.
    if (text.starts_with('{') || text.starts_with("[{") ||
        text.find_first_not_of(" \t[") == std::string_view::npos)
        return "jsonl";
    const auto synset = std::find_if(lines_.begin(), lines_.end(),
                                     [](const std::string& line) { return !line.starts_with("  "); });
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (synset != lines_.end() && synset->size() > 14 &&
        std::all_of(synset->begin(), synset->begin() + 8, isDigit) && (*synset)[8] == ' ' &&
        isDigit((*synset)[9]) && isDigit((*synset)[10]) && (*synset)[11] == ' ' && (*synset)[13] == ' ' &&
        synset->find(" | ") != std::string::npos)
        return "wordnet";
    const std::string ending = lowerEnding(path_);
    const bool table = ending == ".csv" || ending == ".tsv" || ending == ".tab";
    if (!table && given_.delimiter.empty() && given_.quoting.empty() && !header_ && hasLabelLines())
        return "label_lines";
    return "csv";
}

/// `format` is csv or tsv.
Result<void> Sniffer::sniffTableOf(const std::string& format) {
    SplitSettings& settings = found_.settings;
    settings.format = format;
    std::optional<char> delimiter;
    if (given_.delimiter == "tab" || given_.delimiter == "\\t" ||
        (given_.delimiter.empty() && given_.format == "tsv"))
        delimiter = '\t';
    else if (given_.delimiter.size() == 1)
        delimiter = given_.delimiter[0];
    std::optional<CsvDialect::Quoting> quoting;
    if (!given_.quoting.empty())
        quoting = given_.quoting == "none" ? CsvDialect::Quoting::None : CsvDialect::Quoting::Double;
    const std::string ending = lowerEnding(path_);
    const char likely = ending == ".tsv" || ending == ".tab" ? '\t' : ',';
    auto table = sniffTable([this] { return open(); }, delimiter, quoting, likely);
    if (!table)
        return fail(fileError(shown_, "data.train.files", table.error().message));

    const char found = table->dialect.delimiter;
    settings.quoting = given_.quoting;
    if (table->dialect.quoting == CsvDialect::Quoting::None && given_.quoting.empty()) {
        settings.quoting = "none";
        remark("quotes are characters like any others: as quotes they would not close");
    }
    if (given_.format.empty() && found == '\t')
        settings.format = "tsv";
    if (!given_.delimiter.empty())
        settings.delimiter = given_.delimiter;
    else if (found != (settings.format == "tsv" ? '\t' : ','))
        settings.delimiter = found == '\t' ? std::string("tab") : std::string(1, found);
    if (table->columns() == 1)
        remark("read as one column: no delimiter divides its lines");
    settings.header = header_ ? *header_ : looksLikeHeader(table->rows);
    if (!header_ && !settings.header)
        remark("its first line looks like data: columns are called by their numbers");
    return {};
}

/// As the loader will read it.
Result<void> Sniffer::readRows() {
    SourceOptions options;
    options.most = LookedAtBytes;
    auto opened = openRecords(source(), options);
    if (!opened)
        return fail(std::move(opened.error()));
    found_.columns = (*opened)->columns();
    std::error_code unknown;
    const auto size = std::filesystem::file_size(path_, unknown);
    const bool cut = !unknown && size > static_cast<std::uintmax_t>(LookedAtBytes);
    Record record;
    std::string reason;
    bool lastBad = false, lastKept = false;
    for (std::int64_t records = 0; records < LookedAtRecords; ++records) {
        const auto next = (*opened)->next(record, reason);
        if (!next && !cut)
            return fail(next.error());
        if (!next || *next == RecordReader::Next::End) {
            // The last record is cut where reading stopped, which is no fault of the file's.
            if (cut && lastBad)
                --found_.badRows;
            else if (cut && next && lastKept)
                found_.rows.pop_back();
            break;
        }
        lastBad = *next == RecordReader::Next::Bad;
        found_.badRows += lastBad ? 1 : 0;
        lastKept = !lastBad && found_.rows.size() < ShownRows;
        if (lastKept)
            found_.rows.emplace_back(record.fields.begin(), record.fields.end());
    }
    if (found_.rows.empty() && found_.badRows > 0)
        return fail(fmt::format("{}, line {}: {}; nothing in the file could be read as {} (data.train.files)",
                                shown_, record.line, reason, found_.settings.format));
    return {};
}

Result<SniffedFile> Sniffer::sniff() {
    sniffEncoding();
    if (auto read = readLines(); !read)
        return fail(std::move(read.error()));
    const std::string format = given_.format.empty() ? formatByLines() : given_.format;
    if (format == "csv" || format == "tsv") {
        if (auto sniffed = sniffTableOf(format); !sniffed)
            return fail(std::move(sniffed.error()));
    } else {
        found_.settings.format = format;
        found_.settings.delimiter = given_.delimiter;
        found_.settings.quoting = given_.quoting;
    }
    if (auto read = readRows(); !read)
        return fail(std::move(read.error()));
    return std::move(found_);
}

} // namespace

Result<SniffedFile> sniffFile(const std::string& path, const std::string& shown, const SplitSettings& given,
                              std::optional<bool> header) {
    return Sniffer(path, shown, given, header).sniff();
}

} // namespace stillroom
