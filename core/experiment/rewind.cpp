#include "core/experiment/rewind.h"

#include "core/engine/checkpoint_folder.h"

#include <QDateTime>
#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

Result<void> rewind(Database& database, const RewindPoint& point) {
    // A window that was open is closed later, further on; where the run ended it was closed early.
    const std::int64_t lastWindow = point.openWindow > 0 ? point.openWindow - 1 : point.step;
    const std::string sql =
        fmt::format("DELETE FROM steps WHERE step > {0}; DELETE FROM progress WHERE step > {0};"
                    "DELETE FROM windows WHERE last_step > {1}; DELETE FROM thresholds WHERE step > {1};"
                    "DELETE FROM snapshots WHERE step > {0} OR complete = 0;"
                    "DELETE FROM evaluations WHERE evaluation > {2};"
                    "DELETE FROM evaluation_classes WHERE evaluation > {2};"
                    "DELETE FROM edits WHERE step > {0}; DELETE FROM states WHERE step > {0};"
                    "DELETE FROM checkpoints WHERE step > {0}; DELETE FROM result",
                    point.step, lastWindow, point.evaluations);
    return database.execute(sql.c_str());
}

Result<void> rewindRun(const std::string& runFolder, const RewindPoint& point) {
    Database database;
    if (auto opened = database.open(runFolder + "/run.sqlite", Database::Mode::Write); !opened)
        return opened;
    if (auto begun = database.execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE"); !begun)
        return begun;
    if (auto done = rewind(database, point); !done)
        return done;
    {
        auto resumed = database.prepare("INSERT INTO resumes (step, time, version) VALUES (?, ?, ?)");
        if (!resumed)
            return fail(std::move(resumed.error()));
        const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
        if (auto done = resumed->bind(point.step).bind(now).bind(std::string_view(STILLROOM_VERSION)).run();
            !done)
            return done;
    }
    if (auto done = database.execute("COMMIT"); !done)
        return done;
    return database.close();
}

void rewindCheckpoints(const std::string& checkpointFolder, const RewindPoint& point) {
    auto steps = checkpointSteps(checkpointFolder);
    std::erase_if(steps, [&](std::int64_t step) { return step > point.step; });
    // A link that cannot be changed is changed with the next checkpoint.
    static_cast<void>(pointLink(checkpointFolder, "best", point.best));
    static_cast<void>(
        pointLink(checkpointFolder, "last", steps.empty() ? "" : checkpointName(steps.front())));
    removeOthers(checkpointFolder, steps, point.best);
}

} // namespace stillroom
