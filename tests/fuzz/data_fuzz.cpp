// What is found out of a data file, and the readers that it is then read by. An input is a letter for how the
// file is opened and then the file:
//   S sniffed, and read by what was found · C csv · H csv without a header line · N csv without quoting · T
//   tsv J JSON lines · P PubMed RCT · L text;label · W WordNet the same letter in lower case: as Windows-1252
// A sentence, or records with as many fields as there are columns, all of them UTF-8; the same at every size
// of chunk.
#include "core/data/open_records.h"
#include "core/data/sniff.h"
#include "core/data/utf8.h"
#include "place.h"

#include <optional>
#include <vector>

using namespace stillroom;
using namespace stillroom::fuzz;

namespace {

/// Everything that a reader gives, a line end between fields, two between records.
struct Seen {
    std::vector<std::string> columns;
    std::vector<std::string> records;
    std::int64_t bad = 0, invalid = 0;
    std::optional<std::string> error;

    friend bool operator==(const Seen&, const Seen&) = default;
};

Seen readAll(const RecordSource& source, std::size_t chunk) {
    Seen seen;
    SourceOptions options;
    options.chunk = chunk;
    options.recordLimit = std::size_t{1} << 20;
    const auto opened = openRecords(source, options);
    if (!opened) {
        requireSentence(opened.error());
        seen.error = opened.error().message;
        return seen;
    }
    RecordReader& reader = **opened;
    seen.columns = reader.columns();
    require(!seen.columns.empty(), "a file that is open has columns");
    Record record;
    std::string reason;
    std::int64_t line = 0;
    for (;;) {
        const auto next = reader.next(record, reason);
        if (!next) {
            requireSentence(next.error());
            seen.error = next.error().message;
            break;
        }
        if (*next == RecordReader::Next::End)
            break;
        require(record.line > line, "lines are counted on");
        line = record.line;
        if (*next == RecordReader::Next::Bad) {
            require(!reason.empty(), "a bad record has a reason");
            ++seen.bad;
            continue;
        }
        require(record.fields.size() == seen.columns.size(), "a field for every column");
        std::string all;
        for (const auto field : record.fields) {
            require(isUtf8(field), "fields are UTF-8");
            all.append(field).push_back('\n');
        }
        seen.records.push_back(std::move(all));
    }
    seen.invalid = reader.invalidUtf8();
    return seen;
}

void readSame(const RecordSource& source) {
    const Seen whole = readAll(source, std::size_t{256} << 10);
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{64}})
        require(readAll(source, chunk) == whole, "the same at every size of chunk");
}

RecordSource sourceOf(const Place& place) {
    RecordSource source;
    source.path = place.path("x");
    source.shown = "x";
    source.setting = "data.train";
    return source;
}

void sniffAndRead(const Place& place, std::string_view bytes) {
    const auto sniffed = sniffFile(place.path("x"), "x");
    if (!sniffed) {
        requireSentence(sniffed.error());
        return;
    }
    require(sniffed->rows.size() <= 50 && sniffed->badRows <= 1000 && sniffed->badRows >= 0,
            "what it looks at is little");
    for (const auto& row : sniffed->rows) {
        require(row.size() == sniffed->columns.size(), "a row is as long as there are columns");
        for (const auto& cell : row)
            require(isUtf8(cell), "cells are UTF-8");
    }
    for (const auto& remark : sniffed->remarks)
        requireSentence(Error{remark});
    RecordSource source = sourceOf(place);
    source.format = sniffed->settings.format;
    source.delimiter = sniffed->settings.delimiter;
    source.quoting = sniffed->settings.quoting;
    source.encoding = sniffed->settings.encoding;
    source.header = sniffed->settings.header;
    const Seen seen = readAll(source, 64);
    require(seen.columns == sniffed->columns, "what was found opens the file with the same columns");
    if (bytes.size() < 200'000 && !seen.error)
        for (std::size_t row = 0; row < sniffed->rows.size(); ++row) {
            std::string all;
            for (const auto& cell : sniffed->rows[row])
                all.append(cell).push_back('\n');
            require(row < seen.records.size() && seen.records[row] == all, "and gives the same rows");
        }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Place place;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    char kind = takeKind(rest);
    place.write("x", rest);
    RecordSource source = sourceOf(place);
    if (kind >= 'a' && kind <= 'z') {
        kind = static_cast<char>(kind - 'a' + 'A');
        source.encoding = "windows-1252";
    }
    switch (kind) {
    case 'C':
        source.format = "csv";
        break;
    case 'H':
        source.format = "csv";
        source.header = false;
        break;
    case 'N':
        source.format = "csv";
        source.quoting = "none";
        break;
    case 'T':
        source.format = "tsv";
        break;
    case 'J':
        source.format = "jsonl";
        break;
    case 'P':
        source.format = "pubmed_rct";
        break;
    case 'L':
        source.format = "label_lines";
        break;
    case 'W':
        source.format = "wordnet";
        break;
    default:
        sniffAndRead(place, rest);
        return 0;
    }
    readSame(source);
    return 0;
}
