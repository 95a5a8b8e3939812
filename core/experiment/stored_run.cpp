// Reads a run folder, whoever wrote it and whether or not it is being written.
#include "core/experiment/json_array.h"
#include "core/experiment/open_run.h"
#include "core/experiment/packed_integers.h"
#include "core/experiment/run_folder.h"
#include "core/files/sqlite.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <limits>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

using Row = const Statement&;

std::int32_t small(std::int64_t value) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, std::numeric_limits<std::int32_t>::min(),
                                                              std::numeric_limits<std::int32_t>::max()));
}

template <class Container>
void copySmall(const std::vector<std::int64_t>& from, Container& to) {
    if constexpr (requires { to.resize(from.size()); })
        to.resize(from.size());
    for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i)
        to[i] = small(from[i]);
}

/// What the columns say; by class from the confusion, as it was when they were written.
Metrics metricsAt(Row row, int column, int classCount) {
    auto confusion = readJsonIntegers(row.text(column + 4));
    const auto k = static_cast<std::size_t>(classCount);
    Metrics metrics;
    if (k > 0 && confusion.size() == k * k)
        metrics = metricsOf(std::move(confusion), classCount);
    metrics.rows = row.integer(column);
    metrics.accuracy = row.real(column + 1);
    metrics.macroF1 = row.real(column + 2);
    metrics.loss = row.real(column + 3);
    return metrics;
}

Outcome outcomeNamed(std::string_view name) {
    return name == "completed" ? Outcome::Completed : name == "stopped" ? Outcome::Stopped : Outcome::Failed;
}

/// Everything but what stands in experiment.yaml, in one read transaction.
class Reader {
  public:
    Reader(Database& database, std::int64_t format, StoredRun& run)
        : database_(database), format_(format), run_(run) {}

    Result<void> read() {
        using Part = Result<void> (Reader::*)();
        for (const Part part : {&Reader::meta, &Reader::asking, &Reader::steps, &Reader::windows,
                                &Reader::evaluations, &Reader::edits, &Reader::snapshots,
                                &Reader::checkpoints, &Reader::resumes, &Reader::messages, &Reader::result})
            if (auto done = (this->*part)(); !done)
                return done;
        return {};
    }

  private:
    Result<void> meta() {
        auto done = forEachRow(database_, "SELECT key, value FROM meta", [this](Row row) { metaRow(row); });
        run_.started.classCount = static_cast<int>(run_.origin.classes.size());
        run_.started.device = run_.origin.device;
        run_.started.threads = run_.origin.threads;
        return done;
    }
    void metaRow(Row row) {
        RunOrigin& origin = run_.origin;
        const std::string key = row.text(0);
        if (key == "version")
            origin.version = row.text(1);
        else if (key == "device")
            origin.device = row.text(1);
        else if (key == "threads")
            origin.threads = small(row.integer(1));
        else if (key == "torch")
            origin.torchVersion = row.text(1);
        else if (key == "blas")
            origin.blas = row.text(1);
        else if (key == "classes")
            origin.classes = readJsonTexts(row.text(1));
        else if (key == "data_root")
            origin.dataRoot = row.text(1);
        else if (key == "teacher_rows")
            origin.teacherRows = row.integer(1);
        else if (key == "teacher_accuracy")
            origin.teacherAccuracy = row.real(1);
        else if (key == "teacher_macro_f1")
            origin.teacherMacroF1 = row.real(1);
        else if (key == "replay_of")
            origin.replayOf = row.text(1);
        else if (key == "branch_of")
            origin.branchOf = row.text(1);
        else if (key == "branch_step")
            origin.branchStep = row.integer(1);
        else if (key == "samples")
            run_.started.samples = row.integer(1);
        else if (key == "epochs")
            run_.started.epochs = row.integer(1);
        else if (key == "steps_per_epoch")
            run_.started.stepsPerEpoch = row.integer(1);
        else if (key == "batch")
            run_.started.batch = row.integer(1);
        else if (key == "prepare_seconds")
            run_.started.prepareSeconds = row.real(1);
    }

    /// Runs of before there was asking have no such tables.
    Result<void> asking() {
        const auto tables =
            database_.value("SELECT COUNT(*) FROM sqlite_master WHERE name = 'asking_rounds'");
        if (!tables)
            return fail(tables.error());
        if (*tables == "0")
            return {};
        AskingRecord& asking = run_.origin.asking;
        auto done = forEachRow(database_, "SELECT row, round FROM asked ORDER BY number", [&asking](Row row) {
            asking.rows.push_back({static_cast<std::uint32_t>(row.integer(0)), small(row.integer(1))});
        });
        if (!done)
            return done;
        return forEachRow(
            database_,
            "SELECT round, calls, answered, with_gold, right, validation_rows, validation_accuracy, "
            "validation_macro_f1, seconds FROM asking_rounds ORDER BY round",
            [&asking](Row row) {
                AskingRound round;
                round.round = row.integer(0);
                round.calls = row.integer(1);
                round.answered = row.integer(2);
                round.withGold = row.integer(3);
                round.right = row.integer(4);
                round.validation.rows = row.integer(5);
                round.validation.accuracy = row.real(6);
                round.validation.macroF1 = row.real(7);
                round.seconds = row.real(8);
                asking.rounds.push_back(std::move(round));
            });
    }

    Result<void> steps() {
        return forEachRow(
            database_,
            "SELECT step, candidates, kept, kept_with_gold, kept_right, loss, learning_rate FROM steps "
            "ORDER BY step",
            [this](Row row) {
                run_.steps.push_back({row.integer(0), small(row.integer(1)), small(row.integer(2)),
                                      small(row.integer(3)), small(row.integer(4)),
                                      static_cast<float>(row.real(5)), static_cast<float>(row.real(6))});
            });
    }

    Result<void> windows() {
        return forEachRow(
            database_,
            fmt::format("SELECT first_step, last_step, candidates_by_class, kept_by_class, "
                        "confidence_all, confidence_kept, teacher_by_class, student_by_class, {} "
                        "FROM windows LEFT JOIN thresholds ON step = last_step ORDER BY last_step",
                        format_ < 2 ? "NULL" : "student_confidence_by_class"),
            [this](Row row) {
                WindowRecord window;
                window.firstStep = row.integer(0);
                window.lastStep = row.integer(1);
                copySmall(readJsonIntegers(row.text(2)), window.candidatesByClass);
                copySmall(readJsonIntegers(row.text(3)), window.keptByClass);
                copySmall(readJsonIntegers(row.text(4)), window.confidenceAll);
                copySmall(readJsonIntegers(row.text(5)), window.confidenceKept);
                window.thresholds.teacher = readJsonNumbers(row.text(6));
                window.thresholds.student = readJsonNumbers(row.text(7));
                window.thresholds.studentConfidence = readJsonNumbers(row.text(8));
                run_.windows.push_back(std::move(window));
            });
    }

    Result<void> evaluations() {
        return forEachRow(
            database_,
            "SELECT split, step, epoch, best, mean_uncertainty, seconds, total, seen, gradient, "
            "distinct_samples, scoring_flops, training_flops, rows, accuracy, macro_f1, loss, confusion "
            "FROM evaluations ORDER BY evaluation",
            [this](Row row) {
                EvaluationEvent event;
                const std::string split = row.text(0);
                for (const Split known : {Split::Train, Split::Validation, Split::Test})
                    if (split == splitName(known))
                        event.split = known;
                event.step = row.integer(1);
                event.epoch = row.real(2);
                event.best = row.integer(3) != 0;
                event.meanUncertainty = row.real(4);
                event.seconds = row.real(5);
                event.counts = countsAt(row, 7, row.integer(6));
                event.metrics = metricsAt(row, 12, run_.started.classCount);
                run_.evaluations.push_back(std::move(event));
            });
    }

    Result<void> edits() {
        std::int64_t last = 0;
        return forEachRow(
            database_, "SELECT edit, step, key, old, new FROM edits ORDER BY number", [this, &last](Row row) {
                if (run_.edits.empty() || row.integer(0) != last)
                    run_.edits.push_back({row.integer(1), {}});
                last = row.integer(0);
                if (std::string key = row.text(2); !key.empty())
                    run_.edits.back().changes.push_back({std::move(key), row.text(3), row.text(4)});
            });
    }

    Result<void> snapshots() {
        if (format_ < 2)
            return {};
        return forEachRow(database_, "SELECT epoch, step, complete FROM snapshots ORDER BY epoch",
                          [this](Row row) {
                              SnapshotEvent snapshot;
                              snapshot.epoch = row.integer(0);
                              snapshot.step = row.integer(1);
                              snapshot.complete = row.integer(2) != 0;
                              snapshot.last = !snapshot.complete;
                              run_.snapshots.push_back(std::move(snapshot));
                          });
    }

    Result<void> checkpoints() {
        return forEachRow(database_, "SELECT step, folder, best FROM checkpoints ORDER BY number",
                          [this](Row row) {
                              run_.checkpoints.push_back({row.integer(0), row.text(1), row.integer(2) != 0});
                          });
    }

    Result<void> resumes() {
        if (format_ < 3)
            return {};
        return forEachRow(database_, "SELECT step FROM resumes ORDER BY number",
                          [this](Row row) { run_.resumes.push_back(row.integer(0)); });
    }

    Result<void> messages() {
        return forEachRow(database_, "SELECT text FROM messages ORDER BY number",
                          [this](Row row) { run_.messages.push_back(row.text(0)); });
    }

    Result<void> result() {
        return forEachRow(
            database_,
            fmt::format(
                "SELECT outcome, error, step, total, seen, gradient, distinct_samples, scoring_flops, "
                "training_flops, kept_with_gold, kept_right, train_seconds, evaluate_seconds, "
                "validation_rows, validation_accuracy, validation_macro_f1, validation_loss, "
                "validation_confusion, test_rows, test_accuracy, test_macro_f1, test_loss, test_confusion, "
                "{} "
                "FROM result",
                format_ < 3 ? "NULL, NULL, NULL" : "test_row_numbers, test_gold, test_predicted"),
            [this](Row row) {
                run_.finished = true;
                FinishedEvent& end = run_.end;
                end.outcome = outcomeNamed(row.text(0));
                end.error = row.text(1);
                end.step = row.integer(2);
                end.counts = countsAt(row, 4, row.integer(3));
                end.keptWithGold = row.integer(9);
                end.keptRight = row.integer(10);
                end.trainSeconds = row.real(11);
                end.evaluateSeconds = row.real(12);
                end.validation = metricsAt(row, 13, run_.started.classCount);
                end.test = metricsAt(row, 18, run_.started.classCount);
                unpackIntegers<std::int32_t>(row.blob(23), end.testRows);
                unpackIntegers<std::int16_t>(row.blob(24), end.testGold);
                unpackIntegers<std::int16_t>(row.blob(25), end.testPredicted);
            });
    }

    Database& database_;
    std::int64_t format_;
    StoredRun& run_;
};

} // namespace

std::string bestStudentFile(const std::string& runFolder) {
    std::vector<std::string> found;
    std::error_code error;
    for (fs::directory_iterator entry(fs::path(runFolder) / "checkpoints" / "best", error), end;
         !error && entry != end; entry.increment(error))
        if (entry->path().extension() == ".safetensors")
            found.push_back(entry->path().string());
    std::sort(found.begin(), found.end());
    return found.empty() ? std::string() : found.front();
}

Result<StoredRun> StoredRun::open(const std::string& path) {
    StoredRun run;
    run.path = path;
    Database database;
    const auto format = openRun(database, path);
    if (!format)
        return fail(format.error());
    run.format = *format;
    if (auto read = Reader(database, *format, run).read(); !read)
        return fail(std::move(read.error()));
    auto experiment = readExperiment((fs::path(path) / "experiment.yaml").string());
    if (!experiment)
        return fail(std::move(experiment.error()));
    run.experiment = *std::move(experiment);
    run.bestStudent = bestStudentFile(path);
    return run;
}

} // namespace stillroom
