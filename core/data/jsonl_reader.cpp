#include "core/data/jsonl_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <simdjson.h>

namespace stillroom {

namespace {

constexpr int PeekedRecords = 1000;
constexpr std::string_view Blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(Blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(Blanks) - first + 1);
}

bool isJsonNumber(std::string_view text) {
    return !text.empty() && text.find_first_not_of("+-.0123456789eE") == std::string_view::npos;
}

simdjson::error_code readValue(simdjson::ondemand::value value, std::string_view& text) {
    using simdjson::ondemand::json_type;
    json_type type{};
    if (const auto error = value.type().get(type))
        return error;
    switch (type) {
    case json_type::string:
        return value.get_string().get(text);
    case json_type::object: {
        simdjson::ondemand::object object;
        if (const auto error = value.get_object().get(object))
            return error;
        return object.raw_json().get(text);
    }
    case json_type::array: {
        simdjson::ondemand::array array;
        if (const auto error = value.get_array().get(array))
            return error;
        return array.raw_json().get(text);
    }
    case json_type::boolean: {
        bool truth = false;
        if (const auto error = value.get_bool().get(truth))
            return error;
        text = truth ? "true" : "false";
        return simdjson::SUCCESS;
    }
    case json_type::null:
        text = trimmed(value.raw_json_token());
        if (text != "null")
            return simdjson::N_ATOM_ERROR;
        text = {};
        return simdjson::SUCCESS;
    default:
        // As it was written: an id may have more digits than a double holds.
        text = trimmed(value.raw_json_token());
        return isJsonNumber(text) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
    }
}

/// Calls `take(key, value text)` for every key of the object that `line` is. A line of LineReader has the
/// padding that simdjson asks for.
template <class Take>
simdjson::error_code readObject(simdjson::ondemand::parser& parser, std::string_view line, Take take) {
    static_assert(SourceFile::Padding >= simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::document document;
    if (const auto error =
            parser.iterate(line.data(), line.size(), line.size() + SourceFile::Padding).get(document))
        return error;
    simdjson::ondemand::object object;
    if (const auto error = document.get_object().get(object))
        return error;
    for (auto field : object) {
        std::string_view key;
        if (const auto error = field.unescaped_key().get(key))
            return error;
        std::string_view text;
        if (const auto error = readValue(field.value(), text))
            return error;
        take(key, text);
    }
    const char* rest = nullptr;
    if (document.current_location().get(rest) == simdjson::SUCCESS)
        return simdjson::TRAILING_CONTENT;
    return simdjson::SUCCESS;
}

std::vector<std::string> peekColumns(LineReader& lines, simdjson::ondemand::parser& parser) {
    std::vector<std::string> columns;
    std::string_view line;
    for (int record = 0; record < PeekedRecords;) {
        const auto read = lines.next(line);
        if (!read || !*read)
            break; // what is wrong is said when the record is read in earnest
        if (trimmed(line).empty())
            continue;
        ++record;
        std::vector<std::string> keys;
        if (readObject(parser, line, [&](std::string_view key, std::string_view) { keys.emplace_back(key); }))
            continue;
        for (auto& key : keys)
            if (std::find(columns.begin(), columns.end(), key) == columns.end())
                columns.push_back(std::move(key));
    }
    return columns;
}

} // namespace

struct JsonlReader::Parser {
    simdjson::ondemand::parser json;
};

JsonlReader::JsonlReader(SourceFile source)
    : lines_(std::move(source)), parser_(std::make_unique<Parser>()) {}
JsonlReader::~JsonlReader() = default;

Result<std::unique_ptr<RecordReader>> JsonlReader::open(const std::string& path, SourceFile source,
                                                        SourceOptions options) {
    auto again = SourceFile::open(path, source.shown(), source.setting(), options);
    if (!again)
        return fail(std::move(again.error()));
    std::unique_ptr<JsonlReader> reader(new JsonlReader(std::move(source)));
    LineReader ahead(std::move(*again));
    reader->columns_ = peekColumns(ahead, reader->parser_->json);
    if (!reader->columns_.empty())
        return reader;

    const SourceFile& file = reader->lines_.source();
    std::string_view line;
    auto first = reader->lines_.next(line);
    while (first && *first && trimmed(line).empty())
        first = reader->lines_.next(line);
    if (!first)
        return fail(std::move(first.error()));
    if (trimmed(line).starts_with('['))
        return fail(fileError(file.shown(), file.setting(),
                              "holds a JSON array; write one object a line instead (jq -c '.[]' does it)"));
    return fail(
        fileError(file.shown(), file.setting(),
                  "holds no JSON object in its first 1,000 lines; write one object a line, or name the "
                  "right format"));
}

std::unique_ptr<RecordReader> JsonlReader::of(SourceFile source, std::vector<std::string> columns) {
    std::unique_ptr<JsonlReader> reader(new JsonlReader(std::move(source)));
    reader->columns_ = std::move(columns);
    return reader;
}

Result<RecordReader::Next> JsonlReader::next(Record& record, std::string& reason) {
    std::string_view line;
    do {
        auto read = lines_.next(line);
        if (!read)
            return fail(std::move(read.error()));
        if (!*read)
            return Next::End;
    } while (trimmed(line).empty());
    record.line = lines_.number();

    fields_.assign(columns_.size(), std::string_view{});
    std::size_t expected = 0; // most files have their keys in the same order in every line
    const auto take = [&](std::string_view key, std::string_view text) {
        std::size_t column = expected;
        if (column >= columns_.size() || columns_[column] != key)
            column =
                static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), key) - columns_.begin());
        if (column == columns_.size())
            return;
        fields_[column] = text;
        expected = column + 1;
    };
    if (const auto error = readObject(parser_->json, line, take)) {
        reason =
            fmt::format("is no JSON object ({}); correct or remove the line", simdjson::error_message(error));
        return Next::Bad;
    }
    record.fields = fields_;
    return Next::Record;
}

} // namespace stillroom
