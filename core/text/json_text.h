// A JSON file of somebody else's, asked in the words of the sentence that is said when it is wrong. For
// readers within core.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace stillroom {

/// A part of a file as it is shown in a sentence: at most 60 bytes, on one line, no half characters.
[[nodiscard]] std::string excerpt(std::string_view text);

/// An object within the file. Lives as long as its JsonText.
class JsonObject {
  public:
    /// `where` is how sentences call it: "…/tokenizer.json: normalizer".
    JsonObject(simdjson::dom::object object, std::string where) : object_(object), where_(std::move(where)) {}

    [[nodiscard]] const std::string& where() const { return where_; }
    [[nodiscard]] simdjson::dom::object raw() const { return object_; }

    /// Nothing for a missing key and for null.
    [[nodiscard]] std::optional<simdjson::dom::element> find(std::string_view key) const;
    // A missing key or null gives the fallback; another type is an error.
    Result<bool> flag(std::string_view key, bool fallback) const;
    Result<std::optional<bool>> flag(std::string_view key) const;
    Result<std::string> text(std::string_view key, std::string_view fallback) const;
    Result<std::optional<std::string>> text(std::string_view key) const;
    Result<std::int64_t> integer(std::string_view key, std::optional<std::int64_t> fallback = {}) const;
    Result<std::optional<JsonObject>> object(std::string_view key) const;
    Result<std::optional<simdjson::dom::array>> array(std::string_view key) const;

    /// Errors: a key that is not among `known` and asks for something (neither null nor false); a key twice.
    Result<void> allow(std::initializer_list<std::string_view> known) const;

    /// `fail("…: key reason")`
    [[nodiscard]] tl::unexpected<Error> refuse(std::string_view key, std::string_view reason) const;

  private:
    simdjson::dom::object object_;
    std::string where_;
};

/// Owns the parsed file.
class JsonText {
  public:
    /// `bytes` may end after this. Errors: no JSON, no object at the top, nested deeper than 64.
    static Result<JsonText> parse(std::string_view bytes, std::string shown);
    [[nodiscard]] const JsonObject& top() const { return *top_; }

  private:
    JsonText() = default;
    std::unique_ptr<simdjson::dom::parser> parser_;
    std::optional<JsonObject> top_;
};

} // namespace stillroom
