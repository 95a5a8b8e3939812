#include "core/experiment/test_predictions.h"

#include "core/experiment/open_run.h"
#include "core/experiment/packed_integers.h"

#include <fmt/format.h>

namespace stillroom {

Result<std::optional<TestPredictions>> readTestPredictions(const std::string& runFolder) {
    Database database;
    const auto format = openRun(database, runFolder);
    if (!format)
        return fail(format.error());
    if (*format < 3)
        return std::optional<TestPredictions>();
    auto statement = database.prepare("SELECT test_row_numbers, test_gold, test_predicted FROM result");
    if (!statement)
        return fail(std::move(statement.error()));
    const auto row = statement->next();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::optional<TestPredictions>();
    TestPredictions found;
    unpackIntegers<std::int32_t>(statement->blob(0), found.rows);
    unpackIntegers<std::int16_t>(statement->blob(1), found.gold);
    unpackIntegers<std::int16_t>(statement->blob(2), found.predicted);
    if (found.gold.size() != found.rows.size() || found.predicted.size() != found.rows.size())
        return fail(fmt::format("{}/run.sqlite is damaged: its test predictions are not as many as its test "
                                "rows; train the run again",
                                runFolder));
    if (found.rows.empty())
        return std::optional<TestPredictions>();
    return std::optional(std::move(found));
}

bool sameTestRows(const TestPredictions& a, const TestPredictions& b) {
    if (a.rows.size() != b.rows.size() || a.gold != b.gold)
        return false;
    for (std::size_t i = 1; i < a.rows.size(); ++i)
        if (a.rows[i] - a.rows[0] != b.rows[i] - b.rows[0])
            return false;
    return true;
}

} // namespace stillroom
