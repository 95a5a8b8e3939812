// The command line against its peers, whole process against whole process, side by side:
//   stillroom-cli run humaid-all     ÷  fastText's supervised + test on the same texts, epochs, dimensions,
//   threads stillroom-cli run humaid-llkd    ÷  stillroom-cli run humaid-all stillroom-cli check, 1,000,000
//   rows  ÷  md5sum of the same file; its peak memory ÷ the file
// Usage: against_peers [--pairs N] [--rows N] [--data DIR]. Exits 1 when a ratio is over its limit.
#include "core/experiment/experiment.h"
#include "core/teacher/teacher_loader.h"
#include "core/text/ngrams.h"
#include "tests/benchmarks/fasttext_words.h"
#include "tests/benchmarks/timed_process.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

using namespace stillroom;
using namespace stillroom::benchmark;

namespace {

constexpr int Skipped = 77; // what ctest is told to read as "skipped"

void writeFastTextFiles(const Experiment& experiment, const std::string& root, const std::string& folder) {
    auto examples = loadExamples(experiment.data, experiment.teacher, {root, BadRowPolicy::Stop, nullptr});
    if (!examples) {
        fmt::print(stderr, "{}\n", examples.error().message);
        std::exit(1);
    }
    const Dataset& data = examples->dataset;
    std::ofstream train(folder + "/train.txt");
    for (const auto row : data.rows(Split::Train))
        train << "__label__" << examples->teacher.label(row) << ' ' << wordsOf(data.text(row)) << '\n';
    std::ofstream test(folder + "/test.txt");
    for (const auto row : data.rows(Split::Test))
        test << "__label__" << data.gold(row) << ' ' << wordsOf(data.text(row)) << '\n';
}

/// HumAID's training rows again and again, each time under ids of their own. Returns the file's size.
std::uintmax_t writeManyRows(const std::string& root, const std::string& path, long long rows) {
    std::vector<std::string> lines;
    std::string header;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(root + "/humaid"))
        if (entry.path().string().ends_with("_train_pred.csv"))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        std::ifstream in(file);
        std::getline(in, header);
        std::string record;
        std::string line;
        while (std::getline(in, line)) {
            record += record.empty() ? line : '\n' + line;
            if (std::count(record.begin(), record.end(), '"') % 2 ==
                0) { // not within quotes: the record ends here
                lines.push_back(record.substr(record.find(',')));
                record.clear();
            }
        }
    }
    std::ofstream out(path);
    out << header << '\n';
    for (long long row = 0; row < rows; ++row)
        out << 700'000'000'000'000'000LL + row << lines[static_cast<std::size_t>(row) % lines.size()] << '\n';
    out.close();
    return std::filesystem::file_size(path);
}

bool within(const char* what, double value, double limit, const std::string& text) {
    fmt::print("{:<34} {:<62} limit {:.2f}  {}\n", what, text, limit, value <= limit ? "ok" : "OVER");
    std::fflush(stdout);
    return value <= limit;
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    int pairs = 5;
    long long rows = 1'000'000;
    std::string root = STILLROOM_SOURCE_DIR "/../shared/data";
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        if (option == "--pairs")
            pairs = std::atoi(argv[i + 1]);
        else if (option == "--rows")
            rows = std::atoll(argv[i + 1]);
        else if (option == "--data")
            root = argv[i + 1];
    }
    if (!QFileInfo::exists(QString::fromStdString(root + "/humaid"))) {
        fmt::print("skipped: HumAID is not in {}\n", root);
        return Skipped;
    }
    const std::string cli = QCoreApplication::applicationDirPath().toStdString() + "/../bin/stillroom-cli";
    const QTemporaryDir folder;
    const std::string work = folder.path().toStdString();
    const auto path = [](const char* name) {
        return std::string(STILLROOM_SOURCE_DIR "/experiments/") + name;
    };
    const auto runOf = [&](const char* name) {
        return std::vector<std::string>{cli,      "run",          path(name), "--data", root,
                                        "--runs", work + "/runs", "--quiet",  "--json", "--threads",
                                        "2"};
    };
    const char* core = std::getenv("OPENBLAS_CORETYPE");
    fmt::print("whole processes, 2 threads, OPENBLAS_CORETYPE {}\n", core ? core : "not set");
    bool good = true;

    if (QStandardPaths::findExecutable(QStringLiteral("fasttext")).isEmpty()) {
        fmt::print("skipped: fastText is not installed (package fasttext)\n");
    } else {
        const auto experiment = readExperiment(path("humaid-all.yaml"));
        writeFastTextFiles(*experiment, root, work);
        const std::vector<std::vector<std::string>> peer = {
            {"fasttext", "supervised", "-input", work + "/train.txt", "-output", work + "/model", "-dim",
             "64", "-wordNgrams", "2", "-epoch", "10", "-lr", "0.5", "-bucket", "1048576", "-thread", "2"},
            {"fasttext", "test", work + "/model.bin", work + "/test.txt"}};
        const auto times = timePairs({runOf("humaid-all.yaml")}, peer, pairs);
        good &= within("run humaid-all ÷ fastText", times.ratio(), 0.5, times.describe());
    }
    const auto llkd = timePairs({runOf("humaid-llkd.yaml")}, {runOf("humaid-all.yaml")}, pairs);
    good &= within("run humaid-llkd ÷ run humaid-all", llkd.ratio(), 1.0, llkd.describe());

    const std::string big = work + "/big_train_pred.csv";
    const auto bytes = static_cast<double>(writeManyRows(root, big, rows));
    const std::vector<std::string> check = {cli,     "check", path("humaid-all.yaml"),   "--data",
                                            root,    "--set", "data.train.files=" + big, "--quiet",
                                            "--json"};
    const auto checked = timePairs({check}, {{"md5sum", big}}, pairs);
    good &=
        within(fmt::format("check {} rows ÷ md5sum", rows).c_str(), checked.ratio(), 4.0, checked.describe());
    const double memory = checked.peakMegabytesA * 1024 * 1024 / bytes;
    good &= within("its peak memory ÷ the file", memory, 3.0,
                   fmt::format("{:.3f} ({:.0f} MiB of {:.0f} MiB)", memory, checked.peakMegabytesA,
                               bytes / 1024 / 1024));
    return good ? 0 : 1;
}
