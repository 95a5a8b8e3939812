// What checkpoints cost where nobody says how often they are written: their share of a run's time, and the
// longest stretch of training that a kill would have lost. Usage: checkpoint_cost [--minutes N] [--data DIR]
// [--student ngram|encoder] [--threads N] [--leeway FACTOR]. HumAID, all samples kept so that most weights
// move; the encoder is all-MiniLM-L6-v2 (packaging/get-encoder minilm). Exits 1 when checkpoints take more
// than 3 % of the time, times the leeway, or there are fewer than two; 77 where HumAID or the encoder is not
// there.
#include "core/experiment/find_encoder.h"
#include "core/experiment/find_experiment.h"
#include "core/experiment/prepare.h"
#include "core/experiment/run.h"
#include "tests/benchmarks/numbers.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>

using namespace stillroom;
using benchmark::numberAfter;

namespace {

constexpr int Skipped = 77;

const char* wordAfter(int argc, char** argv, const char* name, const char* otherwise) {
    for (int i = 1; i + 1 < argc; ++i)
        if (std::strcmp(argv[i], name) == 0)
            return argv[i + 1];
    return otherwise;
}

int giveUp(const std::string& why, int code) {
    fmt::print(stderr, "{}\n", why);
    return code;
}

/// What went neither into steps nor into evaluations up to the last checkpoint: writing them, and a little of
/// what an epoch's end takes beside, so that no checkpoint is counted too cheap.
struct Watched {
    using Clock = std::chrono::steady_clock;
    Clock::time_point begin;
    double trained = 0, evaluated = 0, lastTrained = 0;
    double cost = 0, longest = 0; ///< seconds; of training between two
    int checkpoints = 0;

    void see(const Event& event) {
        if (std::holds_alternative<StartedEvent>(event)) {
            begin = Clock::now();
        } else if (const auto* steps = std::get_if<StepsEvent>(&event)) {
            trained = steps->secondsTrained;
        } else if (const auto* evaluation = std::get_if<EvaluationEvent>(&event)) {
            evaluated += evaluation->seconds;
        } else if (const auto* checkpoint = std::get_if<CheckpointEvent>(&event);
                   checkpoint && !checkpoint->best) {
            longest = std::max(longest, trained - lastTrained);
            lastTrained = trained;
            cost = std::chrono::duration<double>(Clock::now() - begin).count() - trained - evaluated;
            ++checkpoints;
        }
    }
};

} // namespace

int main(int argc, char** argv) {
    const double minutes = numberAfter(argc, argv, "--minutes", 5, 0.01);
    const double leeway = numberAfter(argc, argv, "--leeway", 1);
    const std::string student = wordAfter(argc, argv, "--student", "ngram");
    const std::string data = wordAfter(argc, argv, "--data", STILLROOM_SOURCE_DIR "/../shared/data");
    if (!std::filesystem::exists(data + "/humaid"))
        return giveUp("HumAID is not there: " + data + "/humaid", Skipped);
    if (student == "encoder" && !findEncoder("minilm", data))
        return giveUp("the encoder is not there: packaging/get-encoder minilm", Skipped);
    const auto path = findExperiment(student == "encoder" ? "humaid-encoder" : "humaid-all");
    auto experiment = path ? readExperiment(*path) : Result<Experiment>(fail(path.error()));
    if (!experiment)
        return giveUp(experiment.error().message, 1);
    experiment->selection.rule = RuleKind::All;
    experiment->training.epochs = 100'000;
    experiment->training.stop.minutes = minutes;
    experiment->training.threads = static_cast<std::int64_t>(numberAfter(argc, argv, "--threads", 2));
    LoadContext context;
    context.root = data;
    const auto prepared = prepare(*experiment, context);
    if (!prepared)
        return giveUp(prepared.error().message, 1);
    const auto runs = std::filesystem::temp_directory_path() / fmt::format("checkpoint_cost.{}", getpid());
    RunOptions options;
    options.runsFolder = runs.string();
    options.dataRoot = data;
    Watched watched;
    std::string error;
    {
        auto run = Run::start(*experiment, prepared->set, options);
        if (!run)
            return giveUp(run.error().message, 1);
        while (!(*run)->finished())
            for (const auto& event : (*run)->wait(std::chrono::milliseconds(5))) {
                watched.see(event);
                if (const auto* end = std::get_if<FinishedEvent>(&event))
                    error = end->error;
            }
    }
    std::error_code ignored;
    std::uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(runs, ignored))
        if (entry.path().filename() == "state.safetensors")
            bytes = std::max(bytes, entry.file_size(ignored));
    std::filesystem::remove_all(runs, ignored);
    if (!error.empty())
        return giveUp(error, 1);
    const double share = watched.cost / (watched.trained + watched.cost);
    fmt::print("{}: {:.1f} minutes, {} checkpoints of {:.0f} MB, {:.2f} s each: {:.2f} % of the time "
               "(limit 3); at most {:.1f} s of training between two\n",
               student, watched.trained / 60, watched.checkpoints, static_cast<double>(bytes) / 1e6,
               watched.cost / std::max(1, watched.checkpoints), 100 * share, watched.longest);
    const bool good = watched.checkpoints > 1 && share <= 0.03 * leeway;
    fmt::print("{}\n", good ? "cheap enough" : "TOO DEAR");
    return good ? 0 : 1;
}
