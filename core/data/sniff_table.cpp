#include "core/data/sniff_table.h"

#include <algorithm>
#include <array>

namespace stillroom {

namespace {

using Quoting = CsvDialect::Quoting;

constexpr std::size_t LookedAt = 1000; // records
constexpr std::array<char, 4> Delimiters{',', '\t', ';', '|'};
constexpr double LeastGood = 0.5; // of the records of a delimiter that is one

Result<SniffedTable> readTable(const OpenSource& open, char delimiter, Quoting quoting) {
    auto source = open();
    if (!source)
        return fail(std::move(source.error()));
    const bool cut = source->cut();
    SniffedTable table;
    table.dialect = {delimiter, quoting, false};
    auto opened = CsvReader::open(std::move(*source), table.dialect);
    if (!opened) { // of a dialect that cannot read the first record another may
        table.bad = 1;
        return table;
    }
    Record record;
    std::string reason;
    bool lastGood = false;
    while (table.rows.size() + static_cast<std::size_t>(table.bad) < LookedAt) {
        const auto next = (*opened)->next(record, reason);
        if (!next) {
            table.unclosed = !cut;
            return table;
        }
        if (*next == RecordReader::Next::End) {
            // The last one ends where we stopped reading, not where it ends.
            if (cut && lastGood) {
                table.rows.pop_back();
                table.lines.pop_back();
            } else if (cut) {
                table.bad = std::max<std::int64_t>(0, table.bad - 1);
            }
            return table;
        }
        lastGood = *next == RecordReader::Next::Record;
        if (lastGood) {
            table.rows.emplace_back(record.fields.begin(), record.fields.end());
            table.lines.push_back(record.line);
        } else {
            ++table.bad;
        }
    }
    return table;
}

double scoreOf(const SniffedTable& table, char likely) {
    if (table.columns() < 2 || table.good() < LeastGood)
        return 0;
    const double columns = std::min<double>(static_cast<double>(table.columns()), 20);
    return table.good() * table.good() + 0.01 * columns + (table.dialect.delimiter == likely ? 0.05 : 0);
}

} // namespace

double SniffedTable::good() const {
    const auto rowsRead = static_cast<double>(rows.size());
    const double all = rowsRead + static_cast<double>(bad) + (unclosed ? 1 : 0);
    return all == 0 ? 0 : rowsRead / all;
}

Result<SniffedTable> sniffTable(const OpenSource& open, std::optional<char> delimiter,
                                std::optional<Quoting> quoting, char likely) {
    const auto read = [&](char candidate) -> Result<SniffedTable> {
        auto quoted = readTable(open, candidate, quoting.value_or(Quoting::Double));
        if (!quoted || quoting)
            return quoted;
        auto plain = readTable(open, candidate, Quoting::None);
        if (!plain)
            return plain;
        return quotesAreQuotes(*quoted, *plain) ? std::move(quoted) : std::move(plain);
    };
    std::optional<SniffedTable> best;
    if (delimiter) {
        auto table = read(*delimiter);
        if (!table)
            return table;
        best = std::move(*table);
    } else {
        double bestScore = 0;
        for (const char candidate : Delimiters) {
            auto table = read(candidate);
            if (!table)
                return table;
            if (const double score = scoreOf(*table, likely); score > bestScore) {
                bestScore = score;
                best = std::move(*table);
            }
        }
    }
    // Lines of one column: with the delimiter that is expected if none of them holds it, else with one that
    // hardly a text has, and quotes as they stand.
    for (const char candidate : {likely, '\t', '|'}) {
        if (best)
            break;
        auto table = read(candidate);
        if (!table)
            return table;
        if (table->columns() == 1 && table->good() == 1)
            best = std::move(*table);
    }
    if (!best || best->rows.empty())
        return fail("nothing in it looks like records: no delimiter divides its lines alike");
    return *std::move(best);
}

} // namespace stillroom
