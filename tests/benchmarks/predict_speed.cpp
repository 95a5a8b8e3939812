// `stillroom-cli predict` against `fasttext predict`, whole process against whole process, in turn: the same
// file of texts, an n-gram student and a fastText model of the same training texts, dimensions, buckets and
// n-grams. fastText predicts with one thread. Then the memory of ten times as many texts.
// Usage: predict_speed [--pairs N] [--rows N] [--leeway X] [--data DIR]. Exits 1 when a ratio is under its
// limit; 77: HumAID or fastText is not there.
#include "core/experiment/experiment.h"
#include "core/experiment/run_finder.h"
#include "core/teacher/teacher_loader.h"
#include "tests/benchmarks/fasttext_words.h"
#include "tests/benchmarks/numbers.h"
#include "tests/benchmarks/timed_process.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>

using namespace stillroom;
using namespace stillroom::benchmark;

namespace {

constexpr int Skipped = 77; // what ctest is told to read as "skipped"

using Command = std::vector<std::string>;

void mustRun(const Command& command) {
    if (const auto done = timeProcess(command); done.exitCode != 0) {
        fmt::print(stderr, "'{}' ended with exit code {}\n", fmt::join(command, " "), done.exitCode);
        std::exit(1);
    }
}

/// The training texts for fastText, and the same texts again and again to be labelled. Returns their bytes.
std::size_t writeTexts(const std::string& root, const std::string& folder, long long rows, long long few) {
    const auto experiment = readExperiment(STILLROOM_SOURCE_DIR "/experiments/humaid-all.yaml");
    const auto examples =
        loadExamples(experiment->data, experiment->teacher, {root, BadRowPolicy::Stop, nullptr});
    if (!examples) {
        fmt::print(stderr, "{}\n", examples.error().message);
        std::exit(1);
    }
    const Dataset& data = examples->dataset;
    std::vector<std::string> lines;
    std::ofstream train(folder + "/train.txt");
    for (const auto row : data.rows(Split::Train)) {
        lines.push_back(wordsOf(data.text(row)));
        train << "__label__" << examples->teacher.label(row) << ' ' << lines.back() << '\n';
    }
    std::ofstream many(folder + "/many.txt"), some(folder + "/few.txt");
    std::size_t bytes = 0;
    for (long long row = 0; row < rows; ++row) {
        const std::string& line = lines[static_cast<std::size_t>(row) % lines.size()];
        bytes += line.size() + 1;
        many << line << '\n';
        if (row < few)
            some << line << '\n';
    }
    if (!train.flush() || !many.flush() || !some.flush()) {
        fmt::print(stderr, "the texts cannot be written to {}\n", folder);
        std::exit(1);
    }
    return bytes;
}

bool atLeast(const std::string& what, double value, double limit, const std::string& text) {
    fmt::print("{:<52} {:>6.2f}  ({})  limit {:.2f}  {}\n", what, value, text, limit,
               value >= limit ? "ok" : "UNDER");
    std::fflush(stdout);
    return value >= limit;
}

std::string speeds(const PairedTimes& times, double rows) {
    return fmt::format("{:.0f} texts/s against {:.0f}, {:.2f} s against {:.2f} s, medians of {} pairs",
                       rows / median(times.a), rows / median(times.b), median(times.a), median(times.b),
                       times.a.size());
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const auto pairs = static_cast<int>(numberAfter(argc, argv, "--pairs", 5, 1));
    const auto rows = static_cast<long long>(numberAfter(argc, argv, "--rows", 1'000'000, 1000));
    const double leeway = numberAfter(argc, argv, "--leeway", 1, 1);
    std::string root = STILLROOM_SOURCE_DIR "/../shared/data";
    for (int i = 1; i + 1 < argc; ++i)
        if (std::string("--data") == argv[i])
            root = argv[i + 1];
    if (!QFileInfo::exists(QString::fromStdString(root + "/humaid"))) {
        fmt::print("skipped: HumAID is not in {}\n", root);
        return Skipped;
    }
    if (QStandardPaths::findExecutable(QStringLiteral("fasttext")).isEmpty()) {
        fmt::print("skipped: fastText is not installed (package fasttext)\n");
        return Skipped;
    }
    const std::string cli = QCoreApplication::applicationDirPath().toStdString() + "/../bin/stillroom-cli";
    const QTemporaryDir folder;
    const std::string work = folder.path().toStdString();
    const std::size_t bytes = writeTexts(root, work, rows, rows / 10);
    mustRun({cli, "run", STILLROOM_SOURCE_DIR "/experiments/humaid-all.yaml", "--data", root, "--runs",
             work + "/runs", "--quiet", "--set", "training.epochs=3"});
    mustRun({"fasttext", "supervised", "-input", work + "/train.txt", "-output", work + "/model", "-dim",
             "64", "-wordNgrams", "2", "-epoch", "3", "-lr", "0.5", "-bucket", "1048576", "-thread", "2"});
    const auto found = findRuns(work + "/runs", Progress());
    if (!found || found->size() != 1) {
        fmt::print(stderr, "there is no run\n");
        return 1;
    }
    const std::string run = found->front().folder;
    const auto predict = [&](const char* file, const char* threads, bool labelsOnly) {
        Command command{cli, "predict", run, work + '/' + file, "--quiet", "--threads", threads};
        if (labelsOnly)
            command.emplace_back("--labels-only");
        return command;
    };
    const Command peer{"fasttext", "predict", work + "/model.bin", work + "/many.txt"};
    fmt::print("{} texts, {:.0f} MiB, whole processes, output thrown away\n", rows,
               static_cast<double>(bytes) / 1024 / 1024);
    const auto count = static_cast<double>(rows);
    bool good = true;
    for (const char* threads : {"1", "2"})
        for (const bool labelsOnly : {true, false}) {
            const auto times = timePairs({predict("many.txt", threads, labelsOnly)}, {peer}, pairs);
            const std::string what =
                fmt::format("texts/s ÷ fasttext predict: {} thread{}, {}", threads,
                            *threads == '1' ? "" : "s", labelsOnly ? "labels" : "and probabilities");
            good &= atLeast(what, 1 / times.ratio(), 1 / leeway, speeds(times, count));
        }
    const double few = timeProcess(predict("few.txt", "2", false)).peakMegabytes,
                 many = timeProcess(predict("many.txt", "2", false)).peakMegabytes;
    good &= atLeast("peak memory of a tenth of the texts ÷ of all", few / many, 0.9,
                    fmt::format("{:.0f} MiB of {:.0f} MiB; fastText {:.0f} MiB", few, many,
                                timeProcess(peer).peakMegabytes));
    return good ? 0 : 1;
}
