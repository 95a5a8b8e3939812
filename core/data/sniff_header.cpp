#include "core/base/number.h"
#include "core/data/sniff_table.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace stillroom {

namespace {

constexpr std::size_t LongestName = 60; // bytes

// What people call the columns of texts and labels, in words of their own or as parts of a name (tweet_text).
constexpr std::array<std::string_view, 46> NamesOfColumns{
    "id",       "uid",       "uuid",     "key",       "index",   "idx",         "text",       "sentence",
    "content",  "tweet",     "document", "body",      "message", "review",      "question",   "answer",
    "abstract", "title",     "headline", "summary",   "comment", "description", "name",       "label",
    "labels",   "gold",      "class",    "category",  "topic",   "target",      "sentiment",  "emotion",
    "intent",   "rating",    "stars",    "score",     "split",   "date",        "confidence", "prob",
    "url",      "predicted", "user",     "timestamp", "lang",    "source"};

bool isNumber(std::string_view text) {
    return readNumber(text).has_value();
}

std::size_t words(std::string_view text) {
    std::size_t count = 0;
    bool within = false;
    for (const char c : text) {
        const bool blank = c == ' ';
        count += !blank && !within ? 1 : 0;
        within = !blank;
    }
    return count;
}

/// One or two words of which one is what columns are called.
bool isKnownName(std::string_view name) {
    std::string word;
    std::size_t parts = 0;
    bool known = false;
    const auto end = [&] {
        parts += word.empty() ? 0 : 1;
        known =
            known || std::find(NamesOfColumns.begin(), NamesOfColumns.end(), word) != NamesOfColumns.end();
        word.clear();
    };
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            word.push_back(static_cast<char>(c - 'A' + 'a'));
        else if (c >= 'a' && c <= 'z')
            word.push_back(c);
        else
            end();
    }
    end();
    return known && parts <= 3;
}

/// Whether a row could be names at all.
bool couldBeNames(const std::vector<std::string>& row, bool firstMayBeEmpty) {
    std::unordered_set<std::string_view> seen;
    for (std::size_t column = 0; column < row.size(); ++column) {
        const std::string& name = row[column];
        if (name.empty() && !(column == 0 && firstMayBeEmpty)) // a table's index is written without a name
            return false;
        if (name.size() > LongestName || isNumber(name) || name.find('\n') != std::string::npos ||
            !seen.insert(name).second)
            return false;
    }
    return true;
}

/// What speaks for `column`'s first cell being a name, and what against.
int scoreOf(std::span<const std::vector<std::string>> rows, std::size_t column) {
    const std::string& first = rows[0][column];
    const auto rest = rows.subspan(1);
    std::size_t numbers = 0, empty = 0, bytes = 0, sameLength = 0, same = 0;
    std::unordered_set<std::string_view> different;
    for (const auto& row : rest) {
        const std::string& cell = row[column];
        numbers += isNumber(cell) ? 1 : 0;
        empty += cell.empty() ? 1 : 0;
        bytes += cell.size();
        sameLength += cell.size() == rest[0][column].size() ? 1 : 0;
        same += cell == first ? 1 : 0;
        different.insert(cell);
    }
    const std::size_t count = rest.size();
    int score = isKnownName(first) ? 2 : 0;
    score -= words(first) > 3 ? 2 : 0;
    if (count == 0)
        return score;
    if (same > 0)
        return score - 4;
    if (numbers > 0 && numbers + empty == count)
        return score + 3;
    const double length = static_cast<double>(bytes) / static_cast<double>(count);
    if (length >= 20)
        score += static_cast<double>(first.size()) < 0.5 * length ? 1 : -1;
    if (count >= 3 && sameLength == count && rest[0][column].size() > 1)
        score += first.size() != rest[0][column].size() ? 1 : -1;
    if (count >= 6 && different.size() * 3 <= count) // labels, of which the first would have come again
        ++score;
    return score;
}

} // namespace

bool looksLikeHeader(std::span<const std::vector<std::string>> rows) {
    if (rows.empty())
        return false;
    const bool indexed = rows.size() > 1 && isNumber(rows[1][0]);
    if (!couldBeNames(rows[0], indexed))
        return false;
    int score = 0;
    for (std::size_t column = 0; column < rows[0].size(); ++column)
        score += scoreOf(rows, column);
    return score > 0;
}

} // namespace stillroom
