#include "core/experiment/run_summary.h"

#include "core/experiment/experiment.h"
#include "core/experiment/json_array.h"
#include "core/experiment/open_run.h"
#include "core/experiment/run_lock.h"
#include "core/experiment/settings.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace stillroom {

namespace {

Result<Statement> firstRow(Database& database, std::string_view sql, bool& found) {
    auto statement = database.prepare(sql);
    if (!statement)
        return statement;
    const auto row = statement->next();
    if (!row)
        return fail(row.error());
    found = *row;
    return statement;
}

std::optional<Score> scoreAt(const Statement& row, int column) {
    if (row.integer(column) <= 0)
        return std::nullopt;
    return Score{row.real(column + 1), row.real(column + 2), row.real(column + 3), row.integer(column)};
}

void follow(std::optional<ScoreCourse>& course, double value, bool best) {
    if (!course)
        course = ScoreCourse{value, value, value, value};
    course->last = value;
    course->lowest = std::min(course->lowest, value);
    course->highest = std::max(course->highest, value);
    if (best)
        course->best = value;
}

RunSummary::State stateNamed(std::string_view outcome) {
    return outcome == "completed" ? RunSummary::State::Completed
           : outcome == "stopped" ? RunSummary::State::Stopped
                                  : RunSummary::State::Failed;
}

class Summarizer {
  public:
    Summarizer(Database& database, RunSummary& summary) : database_(database), summary_(summary) {}

    Result<void> read() {
        using Part = Result<void> (Summarizer::*)();
        for (const Part part : {&Summarizer::meta, &Summarizer::evaluations, &Summarizer::end})
            if (auto done = (this->*part)(); !done)
                return done;
        if (summary_.stepsPerEpoch > 0)
            summary_.epochsDone =
                static_cast<double>(summary_.steps) / static_cast<double>(summary_.stepsPerEpoch);
        return {};
    }

  private:
    Result<void> meta() {
        return forEachRow(database_, "SELECT key, value FROM meta", [this](const Statement& row) {
            const std::string key = row.text(0);
            if (key == "created")
                summary_.created = row.text(1);
            else if (key == "version")
                summary_.version = row.text(1);
            else if (key == "classes")
                summary_.classes = readJsonTexts(row.text(1));
            else if (key == "samples")
                summary_.trainingSamples = row.integer(1);
            else if (key == "epochs")
                summary_.epochs = row.integer(1);
            else if (key == "steps_per_epoch")
                summary_.stepsPerEpoch = row.integer(1);
        });
    }

    /// Of validation; the best so far stands for a run without an end.
    Result<void> evaluations() {
        return forEachRow(database_,
                          "SELECT rows, accuracy, macro_f1, loss, best, seconds, confusion "
                          "FROM evaluations WHERE split = 'validation' ORDER BY evaluation",
                          [this](const Statement& row) {
                              const bool best = row.integer(4) != 0;
                              follow(summary_.accuracy, row.real(1), best);
                              follow(summary_.macroF1, row.real(2), best);
                              summary_.evaluateSeconds += row.real(5);
                              if (best) {
                                  summary_.validation = scoreAt(row, 0);
                                  summary_.validationConfusion = readJsonIntegers(row.text(6));
                              }
                          });
    }

    Result<void> end() {
        bool found = false;
        auto row = firstRow(database_,
                            "SELECT outcome, error, step, seen, gradient, distinct_samples, scoring_flops, "
                            "training_flops, total, kept_with_gold, kept_right, train_seconds, "
                            "evaluate_seconds, "
                            "validation_rows, validation_accuracy, validation_macro_f1, validation_loss, "
                            "validation_confusion, test_rows, test_accuracy, test_macro_f1, test_loss, "
                            "test_confusion FROM result",
                            found);
        if (!row)
            return fail(std::move(row.error()));
        if (!found)
            return soFar();
        summary_.state = stateNamed(row->text(0));
        summary_.error = row->text(1);
        summary_.steps = row->integer(2);
        summary_.counts = countsAt(*row, 3, row->integer(8));
        if (const auto withGold = row->integer(9); withGold > 0)
            summary_.keptPrecision = static_cast<double>(row->integer(10)) / static_cast<double>(withGold);
        summary_.trainSeconds = row->real(11);
        summary_.evaluateSeconds = row->real(12);
        if (auto score = scoreAt(*row, 13)) {
            summary_.validation = score;
            summary_.validationConfusion = readJsonIntegers(row->text(17));
        }
        if (auto score = scoreAt(*row, 18)) {
            summary_.test = score;
            summary_.testConfusion = readJsonIntegers(row->text(22));
        }
        return {};
    }

    /// Of a run without an end: how far it is, or was when it was cut off.
    Result<void> soFar() {
        summary_.state = isRunning(summary_.folder) ? RunSummary::State::Running : RunSummary::State::CutOff;
        bool found = false;
        auto row = firstRow(database_,
                            "SELECT step, seen, gradient, distinct_samples, scoring_flops, training_flops, "
                            "seconds FROM progress ORDER BY step DESC LIMIT 1",
                            found);
        if (!row)
            return fail(std::move(row.error()));
        summary_.counts.total = summary_.trainingSamples;
        if (!found)
            return {};
        summary_.steps = row->integer(0);
        summary_.counts = countsAt(*row, 1, summary_.trainingSamples);
        summary_.trainSeconds = row->real(6);
        return {};
    }

    Database& database_;
    RunSummary& summary_;
};

double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

} // namespace

double RunSummary::gradientShare() const {
    return share(counts.gradient, counts.total * epochs);
}

double RunSummary::distinctShare() const {
    return share(counts.distinct, counts.total);
}

const char* stateName(RunSummary::State state) {
    switch (state) {
    case RunSummary::State::Running:
        return "running";
    case RunSummary::State::CutOff:
        return "cut off";
    case RunSummary::State::Completed:
        return "completed";
    case RunSummary::State::Stopped:
        return "stopped";
    case RunSummary::State::Failed:
        break;
    }
    return "failed";
}

Result<RunSummary> summarizeRun(const std::string& folder) {
    RunSummary summary;
    summary.folder = folder;
    Database database;
    if (const auto format = openRun(database, folder); !format)
        return fail(format.error());
    if (auto read = Summarizer(database, summary).read(); !read)
        return fail(std::move(read.error()));
    const auto experiment = readExperiment((std::filesystem::path(folder) / "experiment.yaml").string());
    if (!experiment)
        return fail(experiment.error());
    summary.name = experiment->name;
    summary.seed = experiment->training.seed;
    for (const auto& setting : allSettings())
        if (!setting.applies || setting.applies(*experiment))
            if (std::string value = setting.write(*experiment); !value.empty())
                summary.settings.emplace(setting.key, std::move(value));
    if (const auto rule = summary.settings.find("selection.rule"); rule != summary.settings.end())
        summary.rule = rule->second;
    return summary;
}

} // namespace stillroom
