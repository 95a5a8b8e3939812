#include "core/output/prediction_input.h"

#include "core/data/columns.h"
#include "core/data/html_entities.h"
#include "core/data/lines_reader.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace stillroom {

namespace {

constexpr std::size_t StretchTexts = 1000;
constexpr std::size_t StretchBytes = std::size_t{1} << 20;
constexpr std::int64_t CancelledEvery = 1024; // records
// No file is called so; sentences of the readers get the option's name in its place.
constexpr std::string_view Section = "\x01predict";

bool endsWithTxt(const std::string& path) {
    std::string ending = std::filesystem::path(path).extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return ending == ".txt";
}

constexpr std::string_view Stream = "-";

/// How sentences call it, and how it is written.
RecordSource recordsOf(const PredictionSource& source) {
    RecordSource records =
        recordSourceOf(source, source.path, source.path == Stream ? "the standard input" : source.path,
                       std::string(Section));
    records.filesKey = "FILE";
    return records;
}

Result<std::unique_ptr<RecordReader>> openLines(const RecordSource& source, bool stream,
                                                SourceOptions options) {
    const auto encoding = textEncoding(source.encoding);
    if (!encoding)
        return fail(fmt::format("{}.encoding is '{}'; it must be utf-8, utf-16 or windows-1252",
                                source.setting, source.encoding));
    options.encoding = *encoding;
    const std::string setting = source.setting + '.' + source.filesKey;
    auto file = stream ? SourceFile::openStream(STDIN_FILENO, source.shown, setting, options)
                       : SourceFile::open(source.path, source.shown, setting, options);
    if (!file)
        return fail(std::move(file.error()));
    return std::make_unique<LinesReader>(std::move(*file));
}

Result<std::unique_ptr<RecordReader>> openReader(const PredictionSource& source, const RecordSource& records,
                                                 const Progress* watched) {
    const bool stream = source.path == Stream;
    SourceOptions options;
    options.watched = watched;
    if (source.format == "lines" || (source.format.empty() && (stream || endsWithTxt(source.path))))
        return openLines(records, stream, options);
    if (!stream)
        return openRecords(records, options);
    std::vector<std::string> wanted = source.text;
    if (wanted.empty())
        wanted = source.usualText.empty() ? std::vector<std::string>{"text"} : source.usualText;
    if (!source.id.empty())
        wanted.push_back(source.id);
    return openRecordStream(STDIN_FILENO, records, wanted, options);
}

} // namespace

Error inWordsOfOptions(Error error) {
    const auto inWords = [](std::string& text) {
        const std::string mark = std::string(Section) + '.';
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
            text.replace(at, mark.size(), "--");
        const std::string file = " (--FILE)"; // not an option: the sentence names the file already
        for (auto at = text.find(file); at != std::string::npos; at = text.find(file, at))
            text.erase(at, file.size());
        const auto replace = [&text](std::string_view what, std::string_view by) {
            if (const auto at = text.find(what); at != std::string::npos)
                text.replace(at, what.size(), by);
        };
        replace("csv, tsv, jsonl, label_lines", "lines, csv, tsv, jsonl, label_lines");
        replace("name the files in it, for example with a pattern such as '*.csv'", "name a file in it");
    };
    inWords(error.message);
    for (auto& detail : error.details)
        inWords(detail);
    return error;
}

void PredictionStretch::clear() {
    bytes_.clear();
    idBytes_.clear();
    begins_.assign(1, 0);
    idBegins_.assign(1, 0);
    texts_.clear();
}

void PredictionStretch::add(std::string_view id, std::string_view text) {
    bytes_.append(text);
    begins_.push_back(bytes_.size());
    idBytes_.append(id);
    idBegins_.push_back(idBytes_.size());
}

void PredictionStretch::finish() {
    const std::string_view all = bytes_;
    for (std::size_t i = 0; i + 1 < begins_.size(); ++i)
        texts_.push_back(all.substr(begins_[i], begins_[i + 1] - begins_[i]));
}

PredictionInput::~PredictionInput() = default;

Result<std::unique_ptr<PredictionInput>> PredictionInput::open(const PredictionSource& source,
                                                               BadRowPolicy badRows, Progress& progress) {
    std::unique_ptr<PredictionInput> input(new PredictionInput(progress, badRows));
    const RecordSource records = recordsOf(source);
    input->shown_ = records.shown;
    auto reader = openReader(source, records, &progress);
    if (!reader)
        return fail(inWordsOfOptions(std::move(reader.error())));
    input->reader_ = std::move(*reader);
    if (auto found = input->findColumns(source, records); !found)
        return fail(inWordsOfOptions(std::move(found.error())));
    input->unescape_ = source.unescapeHtml;
    std::error_code unknown;
    if (const auto size = std::filesystem::file_size(source.path, unknown); source.path != Stream && !unknown)
        progress.expect(static_cast<std::int64_t>(size));
    return input;
}

Result<std::vector<std::string>> predictionColumns(const PredictionSource& source) {
    auto reader = openReader(source, recordsOf(source), nullptr);
    if (!reader)
        return fail(inWordsOfOptions(std::move(reader.error())));
    return (*reader)->columns();
}

std::vector<std::string> usualTextColumns(const PredictionSource& source,
                                          const std::vector<std::string>& columns) {
    const auto has = [&](const std::string& name) {
        return std::find(columns.begin(), columns.end(), name) != columns.end();
    };
    if (!source.text.empty())
        return source.text;
    if (!source.usualText.empty() && std::all_of(source.usualText.begin(), source.usualText.end(), has))
        return source.usualText;
    if (has("text"))
        return {"text"};
    // Of a table without a header the only column has no name that could say otherwise.
    return columns.size() == 1 && !source.header ? columns : std::vector<std::string>();
}

Result<void> PredictionInput::findColumns(const PredictionSource& source, const RecordSource& records) {
    const auto& columns = reader_->columns();
    auto text = usualTextColumns(source, columns);
    const bool none = text.empty(); // the sentence says what is not there
    if (none)
        text = source.usualText.empty() ? std::vector<std::string>{"text"} : source.usualText;
    for (const auto& name : text) {
        auto found = findColumn(columns, name, records.shown, records.setting + ".text", records.setting);
        if (!found && none && !source.usualText.empty() && name != "text") {
            const std::string missing = fmt::format("there is no column '{}'", name);
            std::string& message = found.error().message;
            if (const auto at = message.find(missing); at != std::string::npos)
                message.insert(at + missing.size(), ", which the student was trained on, nor 'text'");
        }
        if (!found)
            return fail(std::move(found.error()));
        text_.push_back(*found);
    }
    idName_ = source.id.empty() ? "row" : source.id;
    if (source.id.empty())
        return {};
    const auto found =
        findColumn(columns, source.id, records.shown, records.setting + ".id", records.setting);
    if (!found)
        return fail(found.error());
    id_ = static_cast<std::ptrdiff_t>(*found);
    return {};
}

void PredictionInput::refuse(std::int64_t line, const std::string& column, std::string reason) {
    bad_.add({shown_, line, column, std::move(reason)});
}

void PredictionInput::take(const Record& record, PredictionStretch& stretch) {
    std::string_view text = record.fields[text_.front()];
    if (text.data() == nullptr)
        return refuse(
            record.line, {},
            fmt::format("has no '{}'; give it one, or leave it out", reader_->columns()[text_.front()]));
    if (text_.size() > 1) {
        joined_ = text;
        for (std::size_t i = 1; i < text_.size(); ++i)
            if (const auto more = record.fields[text_[i]]; !more.empty())
                joined_.append(joined_.empty() ? "" : "\n").append(more);
        text = joined_;
    }
    if (unescape_ && text.find('&') != std::string_view::npos) {
        unescaped_.clear();
        appendUnescapedHtml(unescaped_, text);
        text = unescaped_;
    }
    if (id_ >= 0) {
        const std::string_view id = record.fields[static_cast<std::size_t>(id_)];
        if (id.data() == nullptr)
            return refuse(record.line, {}, fmt::format("has no '{}'; give it one, or leave it out", idName_));
        stretch.add(id, text);
        return;
    }
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number_).ptr;
    stretch.add({digits, static_cast<std::size_t>(end - digits)}, text);
}

Result<bool> PredictionInput::fill(PredictionStretch& stretch) {
    stretch.clear();
    Record record;
    std::string reason;
    // Where bad rows stop it the rest is read all the same, to count them and list the first.
    const auto full = [&] {
        return stretch.begins_.size() > StretchTexts ||
               stretch.bytes_.size() + stretch.idBytes_.size() >= StretchBytes;
    };
    bool more = true;
    while (more && !full()) {
        auto next = reader_->next(record, reason);
        if (!next)
            return fail(inWordsOfOptions(std::move(next.error())));
        more = *next != RecordReader::Next::End;
        if (!more)
            break;
        ++number_;
        if (*next == RecordReader::Next::Bad)
            refuse(record.line, {}, reason);
        else
            take(record, stretch);
        if (bad_.count > 0 && policy_ == BadRowPolicy::Stop)
            stretch.clear();
        if (number_ % CancelledEvery == 0 && progress_.cancelled())
            return fail("labelling was cancelled", ErrorKind::Cancelled);
    }
    progress_.advance(reader_->bytesRead() - bytes_);
    bytes_ = reader_->bytesRead();
    if (progress_.cancelled())
        return fail("labelling was cancelled", ErrorKind::Cancelled);
    if (bad_.count > 0 && policy_ == BadRowPolicy::Stop)
        return fail(bad_.error());
    stretch.finish();
    return stretch.size() > 0;
}

} // namespace stillroom
