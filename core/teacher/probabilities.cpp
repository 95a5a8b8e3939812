#include "core/teacher/probabilities.h"

#include "core/base/number.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <simdjson.h>

namespace stillroom {

namespace {

constexpr double SumSlack = 1e-3;
constexpr double Rounding = 1e-6;

/// Why `number` is not in [0, 1]; `shown` is what stands in the file.
std::string outOfRange(std::string_view what, double number, std::string_view shown) {
    if (!std::isfinite(number))
        return fmt::format("{} {} is not a number between 0 and 1; correct it", what, shortened(shown));
    return fmt::format("{} {} is not between 0 and 1; {}", what, shortened(shown),
                       number > 1 && number <= 100 ? "write 95 % as 0.95" : "correct it");
}

bool inRange(double number) {
    return number >= 0 && number <= 1; // NaN is not
}

} // namespace

std::string shortened(std::string_view text) {
    constexpr std::size_t Longest = 40;
    if (text.size() <= Longest)
        return std::string(text);
    std::size_t end = Longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return std::string(text.substr(0, end)) + "…";
}

std::string readShare(std::string_view text, std::string_view what, float& share) {
    const auto number = readNumber(text);
    if (number && inRange(*number)) {
        share = static_cast<float>(*number);
        return {};
    }
    if (number)
        return outOfRange(what, *number, text);
    if (text.empty())
        return fmt::format("{} is empty; write a number between 0 and 1", what);
    return fmt::format("{} '{}' is not a number; write one between 0 and 1", what, shortened(text));
}

std::string completeVector(std::vector<Probability>& vector) {
    double sum = 0;
    for (const auto& entry : vector)
        sum += entry.value;
    if (!(std::abs(sum - 1) <= SumSlack))
        return fmt::format("the probabilities sum to {:.4g}, not to 1 (within 0.001); correct them", sum);
    if (std::abs(sum - 1) > Rounding)
        for (auto& entry : vector)
            entry.value = static_cast<float>(entry.value / sum);
    return {};
}

struct JsonProbabilities::Parser {
    simdjson::dom::parser parser;

    static std::string take(simdjson::dom::element element, float& value) {
        double number = 0;
        if (element.get(number) != simdjson::SUCCESS)
            return fmt::format("probability {} is not a number; write one between 0 and 1",
                               shortened(simdjson::minify(element)));
        if (!inRange(number))
            return outOfRange("probability", number, writeNumber(number));
        value = static_cast<float>(number);
        return {};
    }
};

JsonProbabilities::JsonProbabilities(std::vector<std::string> listed, Labels& labels)
    : listed_(std::move(listed)), labels_(labels), parser_(std::make_unique<Parser>()) {}

JsonProbabilities::~JsonProbabilities() = default;

std::string JsonProbabilities::read(std::string_view json, std::vector<Probability>& vector) {
    vector.clear();
    simdjson::dom::element value;
    const bool parsed = parser_->parser.parse(json.data(), json.size()).get(value) == simdjson::SUCCESS;
    if (!parsed || !(value.is_object() || value.is_array()))
        return fmt::format(
            "'{}' is neither an object of class and probability nor an array; write one such as "
            "{{\"yes\": 0.9, \"no\": 0.1}}",
            shortened(json));
    if (value.is_object()) {
        for (const auto field : simdjson::dom::object(value)) {
            Probability entry{labels_.number(field.key), 0};
            if (auto reason = Parser::take(field.value, entry.value); !reason.empty())
                return reason;
            // Quadratic in the number of classes, which for short lists is faster than anything else.
            const auto earlier = std::find_if(vector.begin(), vector.end(),
                                              [&](const auto& one) { return one.label == entry.label; });
            if (earlier == vector.end()) {
                vector.push_back(entry);
                continue;
            }
            // Two labels may have become one class; the same label twice is a mistake.
            std::size_t times = 0;
            for (const auto other : simdjson::dom::object(value))
                times += other.key == field.key ? 1 : 0;
            if (times > 1)
                return fmt::format("the class '{}' has two probabilities; remove one", shortened(field.key));
            earlier->value += entry.value;
        }
        return {};
    }
    if (listed_.empty())
        return "an array of probabilities follows the order of data.classes, which lists none; list the "
               "classes there";
    const simdjson::dom::array array(value);
    if (array.size() != listed_.size())
        return fmt::format(
            "there are {} probabilities for the {} classes of data.classes; write one for each", array.size(),
            listed_.size());
    for (const auto element : array) {
        Probability entry{labels_.classNumber(listed_[vector.size()]), 0};
        if (auto reason = Parser::take(element, entry.value); !reason.empty())
            return reason;
        vector.push_back(entry);
    }
    return {};
}

} // namespace stillroom
