#include "core/output/run_clock.h"

#include "core/experiment/open_run.h"

#include <QDateTime>
#include <algorithm>

namespace stillroom {

namespace {

/// The first entry at or after a step.
template <class Entries>
auto from(const Entries& entries, std::int64_t step) {
    return std::lower_bound(entries.begin(), entries.end(), step,
                            [](const auto& entry, std::int64_t wanted) { return entry.step < wanted; });
}

} // namespace

Result<RunClock> RunClock::read(const std::string& runFolder) {
    Database database;
    if (auto opened = openRun(database, runFolder); !opened)
        return fail(std::move(opened.error()));
    RunClock clock;
    if (auto done = forEachRow(database,
                               "SELECT step, seen, gradient, distinct_samples, samples_per_second, seconds "
                               "FROM progress ORDER BY step",
                               [&](const Statement& row) {
                                   clock.progress_.push_back({row.integer(0), row.integer(1), row.integer(2),
                                                              row.integer(3), row.real(4), row.real(5)});
                               });
        !done)
        return fail(std::move(done.error()));
    if (auto done = forEachRow(database, "SELECT step, time FROM states ORDER BY step, number",
                               [&](const Statement& row) {
                                   clock.states_.push_back({row.integer(0), row.real(1)});
                               });
        !done)
        return fail(std::move(done.error()));
    if (clock.states_.empty()) { // training has not begun
        const auto created = database.value("SELECT value FROM meta WHERE key = 'created'");
        if (!created)
            return fail(created.error());
        const auto when = QDateTime::fromString(QString::fromStdString(*created), Qt::ISODateWithMs);
        clock.states_.push_back({0, static_cast<double>(when.toMSecsSinceEpoch()) / 1000});
    }
    double evaluated = 0;
    // The test split's is measured at the end, whichever step its student is of.
    if (auto done = forEachRow(
            database, "SELECT step, seconds FROM evaluations WHERE split = 'validation' ORDER BY step",
            [&](const Statement& row) {
                evaluated += row.real(1);
                clock.evaluations_.push_back({row.integer(0), evaluated});
            });
        !done)
        return fail(std::move(done.error()));
    return clock;
}

double RunClock::secondsUntil(std::int64_t step) const {
    const auto evaluation = from(evaluations_, step);
    const double evaluated = evaluation == evaluations_.begin() ? 0 : std::prev(evaluation)->time;
    const auto after = from(progress_, step);
    const ProgressRow before = after == progress_.begin() ? ProgressRow{} : *std::prev(after);
    if (after == progress_.end() || after->step == before.step)
        return evaluated + before.seconds;
    const double share =
        static_cast<double>(step - before.step) / static_cast<double>(after->step - before.step);
    return evaluated + before.seconds + share * (after->seconds - before.seconds);
}

double RunClock::at(std::int64_t step) const {
    const auto next = from(states_, step);
    const Moment& last = next == states_.begin() ? states_.front() : *std::prev(next);
    const double time = last.time + std::max(0.0, secondsUntil(step) - secondsUntil(last.step));
    return next == states_.end() ? time : std::min(time, std::max(next->time, last.time));
}

} // namespace stillroom
