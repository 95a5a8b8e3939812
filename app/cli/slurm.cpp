#include "app/cli/slurm.h"

#include "app/cli/sweep_crew.h"
#include "core/files/atomic_file.h"
#include "core/files/read_text_file.h"

#include <QFile>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>

namespace stillroom::cli {

namespace {

namespace fs = std::filesystem;

/// As one word of a shell.
std::string quoted(const std::string& word) {
    std::string out = "'";
    for (const char c : word)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

bool control(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// Cores that the largest of the tasks uses.
Result<std::int64_t> threadsOf(const SweepFolder& folder) {
    std::int64_t most = 1;
    for (const auto& task : folder.tasks()) {
        const auto experiment = experimentOf(folder.sweep(), task);
        if (!experiment)
            return fail(experiment.error());
        most = std::max(most, experiment->training.threads);
    }
    return most;
}

struct Answer {
    bool started = false;
    int exitCode = -1;
    std::string out, err;
};

Answer ask(const QString& program, const QStringList& words) {
    constexpr int Patience = 60'000;
    QProcess process;
    process.start(program, words);
    Answer answer;
    answer.started = process.waitForStarted();
    if (!answer.started || !process.waitForFinished(Patience))
        return answer;
    answer.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    answer.out = process.readAllStandardOutput().trimmed().toStdString();
    answer.err = process.readAllStandardError().simplified().toStdString();
    return answer;
}

} // namespace

Result<void> checkSlurmOptions(const SlurmOptions& options) {
    for (const auto& option : options.further)
        if (!option.starts_with('-') || control(option))
            return fail(
                fmt::format("--slurm-option '{}' is no option of sbatch; write it as sbatch takes it, such "
                            "as --slurm-option=--mem=4G",
                            option),
                ErrorKind::Usage);
    for (const auto& value : {options.partition, options.time})
        if (control(value))
            return fail("--partition and --time are words; there is a line end in one of them",
                        ErrorKind::Usage);
    return {};
}

std::string arrayOf(const std::vector<int>& numbers) {
    std::string out;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t last = i;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1)
            ++last;
        out += (out.empty() ? "" : ",") + std::to_string(numbers[i]);
        if (last > i)
            out += "-" + std::to_string(numbers[last]);
        i = last + 1;
    }
    return out;
}

Result<std::string> writeSlurmScript(const SweepFolder& folder, const SlurmOptions& options) {
    std::vector<int> left;
    for (const auto& task : folder.tasks()) {
        const auto status = folder.status(task.number);
        if (!status)
            return fail(status.error());
        if (!status->over())
            left.push_back(task.number);
    }
    if (left.empty())
        return fail(
            "nothing is left to do: every run of the sweep is over; --again tries those again that failed");
    const auto threads = threadsOf(folder);
    if (!threads)
        return fail(threads.error());
    std::error_code ignored;
    const std::string path = fs::absolute(folder.path(), ignored).lexically_normal().string();
    const std::string below = path + "/slurm";
    if (::mkdir(below.c_str(), 0777) != 0 && errno != EEXIST)
        return fail(fmt::format("{} cannot be made: {}", below, describeErrno(errno)));
    std::string script = "#!/bin/sh\n# One run of a sweep a task; what is done already is not done again.\n";
    const auto add = [&](const std::string& option) { script += "#SBATCH " + option + "\n"; };
    std::string name = folder.sweep().base.name;
    std::replace_if(
        name.begin(), name.end(),
        [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '\''; }, '-');
    add("--job-name=" + name);
    add("--array=" + arrayOf(left) + (options.atOnce > 0 ? fmt::format("%{}", options.atOnce) : ""));
    add("--ntasks=1");
    add(fmt::format("--cpus-per-task={}", *threads));
    add(fmt::format("--output=\"{}/%a.log\"", below));
    add("--open-mode=append");
    add("--requeue");
    if (!options.partition.empty())
        add("--partition=" + options.partition);
    if (!options.time.empty())
        add("--time=" + options.time);
    for (const auto& option : options.further)
        add(option);
    script += fmt::format("exec {} sweep {} --task \"$SLURM_ARRAY_TASK_ID\"\n", quoted(programPath()),
                          quoted(path));
    const std::string file = below + "/job.sh";
    if (auto written = writeFileAtomically(QFile::decodeName(file.c_str()), script); !written)
        return fail(std::move(written.error()));
    return file;
}

Result<std::string> submitSlurm(const SweepFolder& folder, const std::string& script) {
    const Answer answer =
        ask(QStringLiteral("sbatch"), {QStringLiteral("--parsable"), QFile::decodeName(script.c_str())});
    if (!answer.started)
        return fail(fmt::format("sbatch is not here, so nothing was submitted; on a machine of the cluster "
                                "`sbatch {}` does it",
                                script));
    if (answer.exitCode != 0)
        return fail(
            fmt::format("sbatch refused the job: {}; the sweep lies in {}, and `stillroom-cli sweep {} "
                        "--slurm` tries again",
                        answer.err.empty() ? "it did not answer" : answer.err, folder.path(), folder.path()));
    const std::string job = answer.out.substr(0, answer.out.find(';')); // with --clusters a name follows
    if (auto noted =
            writeFileAtomically(QFile::decodeName((folder.path() + "/slurm/job").c_str()), job + "\n");
        !noted)
        return fail(std::move(noted.error()));
    return job;
}

std::map<int, std::string> slurmStates(const SweepFolder& folder) {
    std::map<int, std::string> states;
    const auto job = readTextFile(folder.path() + "/slurm/job", 1024, "it holds a job's number");
    if (!job)
        return states;
    const QString number = QString::fromStdString(*job).trimmed();
    const Answer answer = ask(QStringLiteral("squeue"),
                              {QStringLiteral("--noheader"), QStringLiteral("--array"),
                               QStringLiteral("--jobs=") + number, QStringLiteral("--format=%K %T %r")});
    if (answer.exitCode != 0)
        return states;
    for (const QString& line :
         QString::fromStdString(answer.out).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QStringList words = line.simplified().split(QLatin1Char(' '));
        bool isNumber = false;
        const int task = words[0].toInt(&isNumber);
        if (isNumber && words.size() >= 2)
            states[task] = words.size() > 2 && words[2] != QLatin1String("None")
                               ? QStringLiteral("%1 (%2)")
                                     .arg(words[1], words.mid(2).join(QLatin1Char(' ')))
                                     .toStdString()
                               : words[1].toStdString();
    }
    return states;
}

} // namespace stillroom::cli
