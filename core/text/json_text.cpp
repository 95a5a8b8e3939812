#include "core/text/json_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace stillroom {

namespace {

constexpr std::size_t DeepestNesting = 64; // tokenizer files need six

} // namespace

std::string excerpt(std::string_view text) {
    constexpr std::size_t Longest = 60;
    std::string shown(text.substr(0, Longest));
    if (text.size() > Longest) {
        while (!shown.empty() && (static_cast<unsigned char>(text[shown.size()]) & 0xC0) == 0x80)
            shown.pop_back(); // it was cut within a character
        shown += "...";
    }
    for (char& c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = '?';
    return shown;
}

std::optional<simdjson::dom::element> JsonObject::find(std::string_view key) const {
    simdjson::dom::element element;
    if (object_.at_key(key).get(element) != simdjson::SUCCESS || element.is_null())
        return {};
    return element;
}

tl::unexpected<Error> JsonObject::refuse(std::string_view key, std::string_view reason) const {
    return fail(fmt::format("{}: '{}' {}", where_, excerpt(key), reason));
}

Result<std::optional<bool>> JsonObject::flag(std::string_view key) const {
    const auto element = find(key);
    bool value = false;
    if (!element)
        return std::nullopt;
    if (element->get(value) != simdjson::SUCCESS)
        return refuse(key, "must be true or false");
    return value;
}

Result<bool> JsonObject::flag(std::string_view key, bool fallback) const {
    auto value = flag(key);
    if (!value)
        return fail(std::move(value.error()));
    return value->value_or(fallback);
}

Result<std::optional<std::string>> JsonObject::text(std::string_view key) const {
    const auto element = find(key);
    std::string_view value;
    if (!element)
        return std::nullopt;
    if (element->get(value) != simdjson::SUCCESS)
        return refuse(key, "must be a text in quotes");
    return std::string(value);
}

Result<std::string> JsonObject::text(std::string_view key, std::string_view fallback) const {
    auto value = text(key);
    if (!value)
        return fail(std::move(value.error()));
    return value->value_or(std::string(fallback));
}

Result<std::int64_t> JsonObject::integer(std::string_view key, std::optional<std::int64_t> fallback) const {
    const auto element = find(key);
    std::int64_t value = 0;
    if (!element && fallback)
        return *fallback;
    if (!element || element->get(value) != simdjson::SUCCESS)
        return refuse(key, "must be a whole number");
    return value;
}

Result<std::optional<JsonObject>> JsonObject::object(std::string_view key) const {
    const auto element = find(key);
    simdjson::dom::object value;
    if (!element)
        return std::nullopt;
    if (element->get(value) != simdjson::SUCCESS)
        return refuse(key, "must be an object in braces");
    return JsonObject(value, fmt::format("{}: {}", where_, excerpt(key)));
}

Result<std::optional<simdjson::dom::array>> JsonObject::array(std::string_view key) const {
    const auto element = find(key);
    simdjson::dom::array value;
    if (!element)
        return std::nullopt;
    if (element->get(value) != simdjson::SUCCESS)
        return refuse(key, "must be a list in brackets");
    return value;
}

Result<void> JsonObject::allow(std::initializer_list<std::string_view> known) const {
    std::vector<std::string_view> seen;
    for (const auto field : object_) {
        const bool asks = !field.value.is_null() &&
                          !(field.value.is_bool() && field.value.get_bool().value_unsafe() == false);
        if (std::find(known.begin(), known.end(), field.key) == known.end()) {
            if (asks)
                return refuse(field.key, "is not known here; only a tokenizer without it can be used");
            continue;
        }
        if (std::find(seen.begin(), seen.end(), field.key) != seen.end())
            return refuse(field.key, "is there twice; remove one");
        seen.push_back(field.key);
    }
    return {};
}

Result<JsonText> JsonText::parse(std::string_view bytes, std::string shown) {
    JsonText text;
    text.parser_ = std::make_unique<simdjson::dom::parser>();
    if (text.parser_->allocate(std::max<std::size_t>(bytes.size(), 64), DeepestNesting) != simdjson::SUCCESS)
        return fail(fmt::format("{}: there is not enough memory to read it", shown));
    simdjson::dom::element root;
    if (const auto error = text.parser_->parse(bytes.data(), bytes.size(), true).get(root)) {
        if (error == simdjson::DEPTH_ERROR)
            return fail(fmt::format("{}: is nested deeper than {} levels; no tokenizer's file is", shown,
                                    DeepestNesting));
        return fail(fmt::format("{}: is not valid JSON ({}); fetch the file again", shown,
                                simdjson::error_message(error)));
    }
    simdjson::dom::object object;
    if (root.get(object) != simdjson::SUCCESS)
        return fail(fmt::format("{}: must hold one object in braces; fetch the file again", shown));
    text.top_.emplace(object, std::move(shown));
    return text;
}

} // namespace stillroom
