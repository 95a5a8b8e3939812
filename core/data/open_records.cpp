#include "core/data/open_records.h"

#include "core/data/csv_reader.h"
#include "core/data/jsonl_reader.h"
#include "core/data/label_lines_reader.h"
#include "core/data/pubmed_reader.h"
#include "core/data/wordnet_reader.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <iterator>
#include <optional>

namespace stillroom {

namespace {

struct FormatName {
    std::string_view name;
    RecordFormat format;
};
constexpr FormatName FormatNames[] = {{"csv", RecordFormat::Csv},
                                      {"tsv", RecordFormat::Tsv},
                                      {"jsonl", RecordFormat::Jsonl},
                                      {"label_lines", RecordFormat::LabelLines},
                                      {"pubmed_rct", RecordFormat::PubMedRct},
                                      {"wordnet", RecordFormat::WordNet}};
constexpr FormatName Endings[] = {
    {".csv", RecordFormat::Csv},        {".tsv", RecordFormat::Tsv},      {".tab", RecordFormat::Tsv},
    {".jsonl", RecordFormat::Jsonl},    {".ndjson", RecordFormat::Jsonl}, {".json", RecordFormat::Jsonl},
    {".txt", RecordFormat::LabelLines}, {".noun", RecordFormat::WordNet}, {".verb", RecordFormat::WordNet},
    {".adj", RecordFormat::WordNet},    {".adv", RecordFormat::WordNet}};

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// Whether a .txt is PubMed RCT's. What cannot be read is said when the file is read in earnest.
bool beginsWithAbstract(const RecordSource& source) {
    SourceOptions options;
    options.most = 256;
    options.encoding = textEncoding(source.encoding).value_or(TextEncoding::Utf8);
    auto file = SourceFile::open(source.path, source.shown, source.setting, options);
    if (!file || !file->more(1))
        return false;
    const std::string_view text(file->begin(), file->available());
    return text.substr(std::min(text.find_first_not_of("\r\n"), text.size())).starts_with("###");
}

std::optional<RecordFormat> lookUp(std::span<const FormatName> table, std::string_view name) {
    for (const auto& entry : table)
        if (entry.name == name)
            return entry.format;
    return std::nullopt;
}

Result<CsvDialect> dialectOf(const RecordSource& source, RecordFormat format) {
    CsvDialect dialect;
    dialect.delimiter = format == RecordFormat::Tsv ? '\t' : ',';
    if (source.delimiter == "tab" || source.delimiter == "\\t")
        dialect.delimiter = '\t';
    else if (source.delimiter.size() == 1)
        dialect.delimiter = source.delimiter[0];
    else if (!source.delimiter.empty())
        return fail(fmt::format("{}.delimiter is '{}'; it must be one character, such as ',' ';' or tab",
                                source.setting, source.delimiter));
    const auto code = static_cast<unsigned char>(dialect.delimiter);
    if (code >= 0x80 || code == '"' || code == '\r' || code == '\n' || code == 0)
        return fail(
            fmt::format("{}.delimiter cannot be a quote, a line end or a letter beyond ASCII; use ',' ';' "
                        "or tab",
                        source.setting));
    if (source.quoting == "none")
        dialect.quoting = CsvDialect::Quoting::None;
    else if (!source.quoting.empty() && source.quoting != "double")
        return fail(
            fmt::format("{}.quoting is '{}'; it must be double or none", source.setting, source.quoting));
    dialect.header = source.header;
    return dialect;
}

Result<TextEncoding> encodingOf(const RecordSource& source) {
    const auto encoding = textEncoding(source.encoding);
    if (!encoding)
        return fail(fmt::format("{}.encoding is '{}'; it must be utf-8, utf-16 or windows-1252",
                                source.setting, source.encoding));
    return *encoding;
}

/// Of any format but JSONL, which is opened in two ways.
Result<std::unique_ptr<RecordReader>> readerOf(SourceFile file, const RecordSource& source,
                                               RecordFormat format) {
    const bool table = format == RecordFormat::Csv || format == RecordFormat::Tsv;
    if (!source.header && !table)
        return fail(
            fmt::format("{}: {}.header is false, but only csv and tsv have a header line; leave it out",
                        source.shown, source.setting));
    switch (format) {
    case RecordFormat::LabelLines:
        return std::make_unique<LabelLinesReader>(std::move(file));
    case RecordFormat::PubMedRct:
        return std::make_unique<PubMedReader>(std::move(file));
    case RecordFormat::WordNet:
        return std::make_unique<WordNetReader>(std::move(file));
    case RecordFormat::Jsonl:
    case RecordFormat::Csv:
    case RecordFormat::Tsv:
        break;
    }
    const auto dialect = dialectOf(source, format);
    if (!dialect)
        return fail(dialect.error());
    return CsvReader::open(std::move(file), *dialect);
}

} // namespace

Result<RecordFormat> recordFormat(const RecordSource& source) {
    if (!source.format.empty()) {
        if (const auto format = lookUp(FormatNames, source.format))
            return *format;
        return fail(fmt::format("{}.format is '{}'; it must be csv, tsv, jsonl, label_lines, "
                                "pubmed_rct or wordnet",
                                source.setting, source.format));
    }
    const std::string ending = lower(std::filesystem::path(source.path).extension().string());
    if (ending == ".txt" && beginsWithAbstract(source))
        return RecordFormat::PubMedRct;
    if (const auto format = lookUp(Endings, ending))
        return *format;
    return fail(
        fmt::format("{}: its ending does not say how it is written; set {}.format to csv, tsv, jsonl, "
                    "label_lines, pubmed_rct or wordnet",
                    source.shown, source.setting));
}

Result<std::unique_ptr<RecordReader>> openRecords(const RecordSource& source, SourceOptions options) {
    const auto encoding = encodingOf(source);
    if (!encoding)
        return fail(encoding.error());
    options.encoding = *encoding;
    // The file first: of one that is not there nobody wants to hear that its ending is unknown.
    auto file = SourceFile::open(source.path, source.shown, source.setting + '.' + source.filesKey, options);
    if (!file)
        return fail(std::move(file.error()));
    auto format = recordFormat(source);
    if (!format)
        return fail(std::move(format.error()));
    if (*format == RecordFormat::Jsonl && source.header)
        return JsonlReader::open(source.path, std::move(*file), options);
    return readerOf(std::move(*file), source, *format);
}

Result<std::unique_ptr<RecordReader>> openRecordStream(int descriptor, const RecordSource& source,
                                                       const std::vector<std::string>& wanted,
                                                       SourceOptions options) {
    const auto encoding = encodingOf(source);
    if (!encoding)
        return fail(encoding.error());
    options.encoding = *encoding;
    const auto format = lookUp(FormatNames, source.format);
    if (!format)
        return fail(fmt::format("{}: nothing says how it is written; set {}.format to csv, tsv, jsonl, "
                                "label_lines, pubmed_rct or wordnet",
                                source.shown, source.setting));
    auto file =
        SourceFile::openStream(descriptor, source.shown, source.setting + '.' + source.filesKey, options);
    if (!file)
        return fail(std::move(file.error()));
    if (*format == RecordFormat::Jsonl && source.header)
        return JsonlReader::of(std::move(*file), wanted);
    return readerOf(std::move(*file), source, *format);
}

std::string pathBelow(const std::string& root, const std::string& path) {
    // operator/ keeps an absolute path as it is.
    return (std::filesystem::path(root) / path).lexically_normal().string();
}

std::string shownPath(const std::string& root, const std::string& path) {
    const auto normal = std::filesystem::path(path).lexically_normal();
    if (root.empty())
        return normal.string();
    const auto relative = normal.lexically_relative((std::filesystem::path(root) / "").lexically_normal());
    const bool below = !relative.empty() && *relative.begin() != "..";
    return below ? relative.string() : normal.string();
}

} // namespace stillroom
