#include "core/base/number.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <vector>

namespace stillroom {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos)
        return {};
    text = text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
    // from_chars takes no plus sign, people do.
    if (text.size() > 1 && text[0] == '+' && text[1] != '-')
        text.remove_prefix(1);
    return text;
}

template <class Number>
std::optional<Number> readWhole(std::string_view text) {
    text = trimmed(text);
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1] ? 1U : 0U)});
            diagonal = above;
        }
    }
    return row.back();
}

} // namespace

std::optional<double> readNumber(std::string_view text) {
    return readWhole<double>(text);
}

std::optional<long long> readInteger(std::string_view text) {
    return readWhole<long long>(text);
}

std::string writeNumber(double value) {
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return {buffer, error == std::errc() ? end : buffer};
}

std::string groupThousands(long long value) {
    const std::string digits = std::to_string(value);
    const std::size_t sign = value < 0 ? 1 : 0;
    std::string grouped;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > sign && (digits.size() - i) % 3 == 0)
            grouped += ',';
        grouped += digits[i];
    }
    return grouped;
}

std::string nearestWord(std::string_view word, std::span<const std::string_view> known) {
    const std::size_t limit = std::max<std::size_t>(2, word.size() / 3);
    std::string_view nearest;
    std::size_t best = limit + 1;
    for (const auto candidate : known)
        // Words that share no letter are not near each other, however short they are.
        if (const auto distance = editDistance(word, candidate);
            distance < best && distance < std::max(word.size(), candidate.size())) {
            best = distance;
            nearest = candidate;
        }
    return std::string(nearest);
}

} // namespace stillroom
