#include "core/base/number.h"
#include "core/data/sniff_table.h"

#include <algorithm>
#include <unordered_set>

namespace stillroom {

namespace {

using Row = std::vector<std::string>;

constexpr std::size_t FewRecords = 3; // of which nothing can be learnt

/// What the records that stand on a line of their own have in a column.
class ColumnHabit {
  public:
    void add(const std::string& cell) {
        ++count_;
        empty_ += cell.empty() ? 1 : 0;
        numbers_ += readNumber(cell) ? 1 : 0;
        different_.insert(cell);
    }
    [[nodiscard]] bool fits(const std::string& cell) const {
        if (cell.empty())
            return empty_ > 0;
        if (numbers_ > 0 && numbers_ + empty_ == count_)
            return readNumber(cell).has_value();
        // What has the quote itself is a text either way, be it one of those that come again.
        const bool labels = count_ >= 6 && different_.size() * 3 <= count_;
        return !labels || cell.starts_with('"') || cell.ends_with('"') || different_.contains(cell);
    }

  private:
    std::size_t count_ = 0, empty_ = 0, numbers_ = 0;
    std::unordered_set<std::string_view> different_; ///< of cells that outlive it
};

/// Line ends within a record's quotes.
std::int64_t lineEndsIn(const Row& row) {
    std::int64_t feeds = 0, returns = 0;
    for (const auto& cell : row) {
        feeds += std::count(cell.begin(), cell.end(), '\n');
        returns += std::count(cell.begin(), cell.end(), '\r');
    }
    return std::max(feeds, returns);
}

bool fits(const Row& row, const std::vector<ColumnHabit>& habits) {
    for (std::size_t column = 0; column < habits.size(); ++column)
        if (!habits[column].fits(row[column]))
            return false;
    return true;
}

/// Records of several lines, of as many columns as each of these lines has: either texts with a delimiter in
/// every line, or records like any others between two quotes that are no more than quotes. The latter look
/// like their neighbours; the former leave cells empty that never are, or have half a sentence for a label.
bool swallows(const SniffedTable& quoted, const SniffedTable& plain) {
    std::vector<ColumnHabit> habits(quoted.columns());
    std::size_t alone = 0, several = 0;
    std::vector<std::int64_t> ends;
    for (std::size_t i = 0; i < quoted.rows.size(); ++i) {
        ends.push_back(lineEndsIn(quoted.rows[i]));
        if (ends[i] > 0) {
            ++several;
        } else if (i > 0) { // the first may be names
            ++alone;
            for (std::size_t column = 0; column < habits.size(); ++column)
                habits[column].add(quoted.rows[i][column]);
        }
    }
    if (several >= alone || alone < FewRecords)
        return several < alone;
    std::size_t strange = 0, line = 0;
    for (std::size_t i = 0; i < quoted.rows.size(); ++i) {
        if (ends[i] == 0)
            continue;
        bool alike = true;
        for (; line < plain.rows.size() && plain.lines[line] <= quoted.lines[i] + ends[i]; ++line)
            if (plain.lines[line] >= quoted.lines[i])
                alike = alike && fits(plain.rows[line], habits);
        strange += alike ? 0 : 1;
    }
    return 2 * strange <= several;
}

} // namespace

bool quotesAreQuotes(const SniffedTable& quoted, const SniffedTable& plain) {
    const bool anyQuote = std::any_of(plain.rows.begin(), plain.rows.end(), [](const Row& row) {
        return std::any_of(row.begin(), row.end(), [](const auto& field) { return field.starts_with('"'); });
    });
    if (!anyQuote)
        return true; // the same, and the ordinary name for it
    if (quoted.good() != plain.good())
        return quoted.good() > plain.good();
    // Both are even. A delimiter within quotes makes columns that are none.
    const bool alike = quoted.columns() == plain.columns() && quoted.rows.size() < plain.rows.size();
    return !alike || !swallows(quoted, plain);
}

} // namespace stillroom
