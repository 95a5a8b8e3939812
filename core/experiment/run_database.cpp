#include "core/experiment/run_database.h"

#include "core/base/number.h"
#include "core/experiment/json_array.h"
#include "core/experiment/packed_integers.h"
#include "core/experiment/run_schema.h"
#include "core/lab/snapshot_file.h"

#include <QDateTime>
#include <chrono>
#include <fmt/format.h>

namespace stillroom {

namespace {

double secondsSince1970() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

template <class Value>
Result<void> storeMeta(Statement& meta, std::string_view key, const Value& value) {
    return meta.bind(key).bind(value).run();
}

Result<void> storeOrigin(Database& database, const RunOrigin& origin) {
    auto meta = database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
    if (!meta)
        return fail(std::move(meta.error()));
    Result<void> stored;
    const auto add = [&](std::string_view key, const auto& value) {
        if (stored)
            stored = storeMeta(*meta, key, value);
    };
    const QDateTime now = QDateTime::currentDateTime();
    const std::string created =
        now.toOffsetFromUtc(now.offsetFromUtc()).toString(Qt::ISODateWithMs).toStdString(); // "…+01:00"
    add("format", std::int64_t{RunFormat});
    add("created", std::string_view(created));
    add("version", std::string_view(origin.version));
    add("torch", std::string_view(origin.torchVersion));
    add("blas", std::string_view(origin.blas));
    add("device", std::string_view(origin.device));
    add("threads", std::int64_t{origin.threads});
    add("classes", std::string_view(writeJson(std::span(origin.classes))));
    add("data_root", std::string_view(origin.dataRoot));
    add("teacher_rows", origin.teacherRows);
    add("teacher_accuracy", origin.teacherAccuracy);
    add("teacher_macro_f1", origin.teacherMacroF1);
    if (!origin.replayOf.empty())
        add("replay_of", std::string_view(origin.replayOf));
    if (!origin.branchOf.empty()) {
        add("branch_of", std::string_view(origin.branchOf));
        add("branch_step", origin.branchStep);
    }
    return stored;
}

Result<void> storeAsking(Database& database, const AskingRecord& asking) {
    auto row = database.prepare("INSERT INTO asked (round, row) VALUES (?, ?)");
    auto round = database.prepare("INSERT INTO asking_rounds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!row || !round)
        return fail(std::move(row ? round.error() : row.error()));
    for (const auto& asked : asking.rows)
        if (auto done = row->bind(std::int64_t{asked.round}).bind(std::int64_t{asked.row}).run(); !done)
            return done;
    for (const auto& r : asking.rounds) {
        round->bind(r.round).bind(r.calls).bind(r.answered).bind(r.withGold).bind(r.right);
        round->bind(r.validation.rows).bind(r.validation.accuracy).bind(r.validation.macroF1);
        if (auto done = round->bind(r.seconds).run(); !done)
            return done;
    }
    return {};
}

Result<void> fill(Database& database, const RunOrigin& origin) {
    if (auto done = database.execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE"); !done)
        return done;
    if (auto done = database.execute(RunSchema); !done)
        return done;
    if (auto done = storeOrigin(database, origin); !done)
        return done;
    if (auto done = storeAsking(database, origin.asking); !done)
        return done;
    const auto numbers = fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT",
                                     RunApplicationId, RunFormat);
    return database.execute(numbers.c_str());
}

void bindCounts(Statement& statement, const SampleCounts& counts) {
    statement.bind(counts.seen).bind(counts.gradient).bind(counts.distinct);
    statement.bind(counts.scoringFlops).bind(counts.trainingFlops);
}

void bindMetrics(Statement& statement, const Metrics& metrics) {
    statement.bind(metrics.rows).bind(metrics.accuracy).bind(metrics.macroF1).bind(metrics.loss);
    statement.bind(writeJson(std::span(metrics.confusion)));
}

std::string_view outcomeName(Outcome outcome) {
    return outcome == Outcome::Completed ? "completed" : outcome == Outcome::Stopped ? "stopped" : "failed";
}

} // namespace

Result<void> RunDatabase::copy(const std::string& from, const std::string& to, const RunOrigin& origin,
                               const RewindPoint& point) {
    {
        Database database;
        if (auto opened = database.open(from, Database::Mode::Read); !opened)
            return opened;
        auto copied = database.prepare("VACUUM INTO ?");
        if (!copied)
            return fail(std::move(copied.error()));
        if (auto done = copied->bind(std::string_view(to)).run(); !done)
            return done;
    }
    Database database;
    if (auto opened = database.open(to, Database::Mode::Write); !opened)
        return opened;
    if (auto done = database.execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE"); !done)
        return done;
    if (auto done = rewind(database, point); !done)
        return done;
    if (auto done = database.execute(
            "DELETE FROM resumes; DELETE FROM states; DELETE FROM messages; DELETE FROM meta WHERE key IN "
            "('replay_of', 'branch_of', 'branch_step')");
        !done)
        return done;
    if (auto done = storeOrigin(database, origin); !done)
        return done;
    if (auto done = database.execute("COMMIT"); !done)
        return done;
    return database.close();
}

Result<void> RunDatabase::create(const std::string& path, const RunOrigin& origin) {
    Database database;
    if (auto opened = database.open(path, Database::Mode::Create); !opened)
        return opened;
    if (auto filled = fill(database, origin); !filled)
        return filled;
    return database.close();
}

Result<void> RunDatabase::open(const std::string& path, bool network) {
    if (auto opened = database_.open(path, Database::Mode::Write); !opened)
        return opened;
    // Answers with the mode that it has become; where WAL is not possible the rollback journal stays.
    if (auto mode = database_.value(network ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL");
        !mode)
        return fail(std::move(mode.error()));
    if (auto done = database_.execute("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000"); !done)
        return done;
    // Of a run that is gone on with there are some already.
    const auto evaluations = database_.value("SELECT COALESCE(MAX(evaluation), 0) FROM evaluations");
    const auto edits = database_.value("SELECT COALESCE(MAX(edit), 0) FROM edits");
    if (!evaluations || !edits)
        return fail(evaluations ? edits.error() : evaluations.error());
    evaluations_ = readInteger(*evaluations).value_or(0);
    edits_ = readInteger(*edits).value_or(0);
    return prepare();
}

Result<void> RunDatabase::prepare() {
    Statements made;
    Result<void> result;
    const auto make = [&](Statement& statement, std::string_view sql) {
        if (!result)
            return;
        if (auto prepared = database_.prepare(sql))
            statement = std::move(*prepared);
        else
            result = fail(std::move(prepared.error()));
    };
    make(made.begin, "BEGIN IMMEDIATE");
    make(made.commit, "COMMIT");
    make(made.rollback, "ROLLBACK");
    make(made.meta, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
    make(made.step, "INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?, ?, ?, ?)");
    make(made.progress, "INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    make(made.window, "INSERT OR REPLACE INTO windows VALUES (?, ?, ?, ?, ?, ?)");
    make(made.thresholds, "INSERT OR REPLACE INTO thresholds VALUES (?, ?, ?, ?)");
    make(made.snapshot, "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)");
    make(made.evaluation, "INSERT INTO evaluations (split, step, epoch, best, mean_uncertainty, seconds, "
                          "total, seen, gradient, "
                          "distinct_samples, scoring_flops, training_flops, rows, accuracy, macro_f1, loss, "
                          "confusion, evaluation) "
                          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    make(made.evaluationClass, "INSERT INTO evaluation_classes VALUES (?, ?, ?, ?, ?)");
    make(made.edit, "INSERT INTO edits (edit, step, key, old, new) VALUES (?, ?, ?, ?, ?)");
    make(made.state, "INSERT INTO states (step, state, time) VALUES (?, ?, ?)");
    make(made.message, "INSERT INTO messages (time, text) VALUES (?, ?)");
    make(made.checkpoint, "INSERT INTO checkpoints (step, folder, best) VALUES (?, ?, ?)");
    make(made.result,
         "INSERT OR REPLACE INTO result (number, outcome, error, step, total, seen, gradient, "
         "distinct_samples, "
         "scoring_flops, training_flops, kept_with_gold, kept_right, train_seconds, evaluate_seconds, "
         "validation_rows, validation_accuracy, validation_macro_f1, validation_loss, validation_confusion, "
         "test_rows, test_accuracy, test_macro_f1, test_loss, test_confusion, "
         "test_row_numbers, test_gold, test_predicted) "
         "VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (result)
        statements_ = std::move(made);
    return result;
}

Result<void> RunDatabase::record(const std::vector<Event>& events) {
    if (!statements_)
        return fail("the run's database is closed already", ErrorKind::Training);
    if (auto begun = statements_->begin.run(); !begun)
        return begun;
    const auto giveUp = [&](Error error) {
        // May fail itself: SQLite rolls back by itself after some errors.
        static_cast<void>(statements_->rollback.run());
        return fail(std::move(error));
    };
    const std::int64_t evaluations = evaluations_;
    const std::int64_t edits = edits_;
    for (const auto& event : events)
        if (auto stored = store(event); !stored) {
            evaluations_ = evaluations;
            edits_ = edits;
            return giveUp(std::move(stored.error()));
        }
    if (auto committed = statements_->commit.run(); !committed)
        return giveUp(std::move(committed.error()));
    return {};
}

Result<void> RunDatabase::close() {
    statements_.reset();
    if (!database_.isOpen())
        return {};
    // Moves everything out of the log. With a reader on it the log stays, which is as good.
    static_cast<void>(database_.value("PRAGMA journal_mode = DELETE"));
    return database_.close();
}

Result<void> RunDatabase::store(const Event& event) {
    return std::visit(
        [this](const auto& what) -> Result<void> {
            using What = std::decay_t<decltype(what)>;
            // An answer to whoever sent the command, or a batch shown to them: nothing about the run.
            if constexpr (std::is_same_v<What, AcknowledgedEvent> || std::is_same_v<What, BatchEvent>)
                return {};
            else
                return store(what);
        },
        event);
}

Result<void> RunDatabase::store(const StartedEvent& event) {
    Result<void> stored;
    const auto add = [&](std::string_view key, const auto& value) {
        if (stored)
            stored = storeMeta(statements_->meta, key, value);
    };
    add("device", std::string_view(event.device));
    add("threads", std::int64_t{event.threads});
    add("samples", event.samples);
    add("epochs", event.epochs);
    add("steps_per_epoch", event.stepsPerEpoch);
    add("batch", event.batch);
    add("prepare_seconds", event.prepareSeconds);
    return stored;
}

Result<void> RunDatabase::store(const StepsEvent& event) {
    for (const auto& step : event.steps) {
        auto& row = statements_->step;
        row.bind(step.step).bind(std::int64_t{step.candidates}).bind(std::int64_t{step.kept});
        row.bind(std::int64_t{step.keptWithGold}).bind(std::int64_t{step.keptRight});
        row.bind(static_cast<double>(step.loss)).bind(static_cast<double>(step.learningRate));
        if (auto done = row.run(); !done)
            return done;
    }
    for (const auto& window : event.windows)
        if (auto done = store(window); !done)
            return done;
    if (event.steps.empty())
        return {};
    auto& row = statements_->progress;
    row.bind(event.steps.back().step);
    bindCounts(row, event.counts);
    return row.bind(event.samplesPerSecond).bind(event.secondsTrained).run();
}

Result<void> RunDatabase::store(const WindowRecord& window) {
    auto& row = statements_->window;
    row.bind(window.lastStep).bind(window.firstStep);
    row.bind(writeJson(std::span(window.candidatesByClass))).bind(writeJson(std::span(window.keptByClass)));
    row.bind(writeJson(std::span<const std::int32_t>(window.confidenceAll)));
    row.bind(writeJson(std::span<const std::int32_t>(window.confidenceKept)));
    if (auto done = row.run(); !done)
        return done;
    const auto& [teacher, student, studentConfidence] = window.thresholds;
    if (teacher.empty() && student.empty() && studentConfidence.empty())
        return {};
    auto& thresholds = statements_->thresholds;
    return thresholds.bind(window.lastStep)
        .bind(writeJson(std::span(teacher)))
        .bind(writeJson(std::span(student)))
        .bind(writeJson(std::span(studentConfidence)))
        .run();
}

Result<void> RunDatabase::store(const SnapshotEvent& event) {
    if (!isStored(event))
        return {};
    const std::string file = snapshotPath("", event.epoch).substr(1);
    return statements_->snapshot.bind(event.epoch)
        .bind(event.step)
        .bind(std::int64_t{event.complete})
        .bind(std::string_view(file))
        .run();
}

Result<void> RunDatabase::store(const EvaluationEvent& event) {
    const std::int64_t number = ++evaluations_;
    auto& row = statements_->evaluation;
    row.bind(splitName(event.split)).bind(event.step).bind(event.epoch).bind(std::int64_t{event.best});
    row.bind(event.meanUncertainty).bind(event.seconds).bind(event.counts.total);
    bindCounts(row, event.counts);
    bindMetrics(row, event.metrics);
    if (auto done = row.bind(number).run(); !done)
        return done;
    const auto& metrics = event.metrics;
    for (std::size_t k = 0; k < metrics.f1.size(); ++k) {
        auto& line = statements_->evaluationClass;
        line.bind(number).bind(static_cast<std::int64_t>(k));
        line.bind(metrics.precision[k]).bind(metrics.recall[k]).bind(metrics.f1[k]);
        if (auto done = line.run(); !done)
            return done;
    }
    return {};
}

Result<void> RunDatabase::store(const EditedEvent& event) {
    const std::int64_t number = ++edits_;
    auto changes = event.changes;
    if (changes.empty())
        changes.emplace_back();
    for (const auto& change : changes) {
        auto& row = statements_->edit;
        row.bind(number).bind(event.step).bind(std::string_view(change.key));
        row.bind(std::string_view(change.from)).bind(std::string_view(change.to));
        if (auto done = row.run(); !done)
            return done;
    }
    return {};
}

Result<void> RunDatabase::store(const StateEvent& event) {
    const std::string_view name = event.state == SessionState::Running ? "running" : "paused";
    return statements_->state.bind(event.step).bind(name).bind(secondsSince1970()).run();
}

Result<void> RunDatabase::store(const CheckpointEvent& event) {
    auto& row = statements_->checkpoint;
    return row.bind(event.step).bind(std::string_view(event.folder)).bind(std::int64_t{event.best}).run();
}

Result<void> RunDatabase::store(const MessageEvent& event) {
    return statements_->message.bind(secondsSince1970()).bind(std::string_view(event.text)).run();
}

Result<void> RunDatabase::store(const FinishedEvent& event) {
    auto& row = statements_->result;
    row.bind(outcomeName(event.outcome)).bind(std::string_view(event.error)).bind(event.step);
    row.bind(event.counts.total);
    bindCounts(row, event.counts);
    row.bind(event.keptWithGold).bind(event.keptRight).bind(event.trainSeconds).bind(event.evaluateSeconds);
    bindMetrics(row, event.validation);
    bindMetrics(row, event.test);
    row.bindBlob(packIntegers<std::int32_t>(event.testRows));
    row.bindBlob(packIntegers<std::int16_t>(event.testGold));
    row.bindBlob(packIntegers<std::int16_t>(event.testPredicted));
    return row.run();
}

} // namespace stillroom
