#include "widgets/sweep_watch.h"

#include "core/experiment/find_experiment.h"
#include "core/experiment/sweep_workers.h"
#include "widgets/text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <utility>

namespace stillroom {
namespace {

constexpr int Period = 1000; // ms

Result<SweepFolder> makeFolder(const std::string& yaml, const std::string& runs,
                               const std::string& dataRoot) {
    auto sweep = readSweep(yaml);
    if (!sweep)
        return stillroom::fail(std::move(sweep.error()));
    divideCores(*sweep, sweepWorkers(*sweep));
    SweepOrigin origin;
    std::error_code ignored;
    origin.dataRoot =
        std::filesystem::absolute(dataRootFor(dataRoot, yaml), ignored).lexically_normal().string();
    return SweepFolder::create(runs, *sweep, origin);
}

} // namespace

/// What a worker has seen.
struct SweepWatch::Look {
    Result<std::vector<SweepRow>> rows;
    bool lives; ///< the process that was started
};

SweepWatch::SweepWatch(QObject* parent)
    : QObject(parent), program_(QCoreApplication::applicationDirPath() + QStringLiteral("/stillroom-cli")) {
    timer_.setInterval(Period);
    connect(&timer_, &QTimer::timeout, this, &SweepWatch::look);
}

SweepWatch::~SweepWatch() {
    looking_.forget();
    pool_.finish();
}

void SweepWatch::open(const QString& folder) {
    pool_.run([path = folder.toStdString()] { return SweepFolder::open(path); },
              [this](Result<SweepFolder> opened) { this->opened(std::move(opened), false); });
}

void SweepWatch::begin(const QString& yaml, const QString& runsFolder, const QString& dataRoot) {
    pool_.run([path = yaml.toStdString(), runs = runsFolder.toStdString(),
               data = dataRoot.toStdString()] { return makeFolder(path, runs, data); },
              [this](Result<SweepFolder> made) { opened(std::move(made), true); });
}

void SweepWatch::opened(Result<SweepFolder> folder, bool start) {
    if (!folder) {
        fail(folder.error());
        return;
    }
    sweep_ = std::make_shared<const SweepFolder>(*std::move(folder));
    folder_ = toQString(sweep_->path());
    name_ = toQString(sweep_->sweep().base.name);
    workers_ = sweepWorkers(sweep_->sweep());
    rows_.clear();
    problem_.clear();
    if (start)
        goOn(false);
    timer_.start();
    look();
    Q_EMIT changed();
}

void SweepWatch::look() {
    if (!sweep_ || looking_.busy())
        return;
    looking_.ask(
        [sweep = sweep_, before = rows_, process = process_]() mutable {
            return Look{sweepRows(*sweep, std::move(before)),
                        process > 0 && ::kill(static_cast<pid_t>(process), 0) == 0};
        },
        [this, process = process_](Look seen) {
            if (process == process_ && !seen.lives)
                process_ = 0;
            if (!seen.rows) {
                fail(seen.rows.error());
                return;
            }
            rows_ = std::move(*seen.rows);
            Q_EMIT changed();
        });
}

bool SweepWatch::busy() const {
    return working() || std::any_of(rows_.begin(), rows_.end(), [](const SweepRow& row) {
               return row.status.state == SweepStatus::State::Running;
           });
}

void SweepWatch::goOn(bool again) {
    if (!sweep_ || working())
        return;
    problem_.clear();
    QProcess process;
    process.setProgram(program_);
    QStringList words{QStringLiteral("sweep"), folder_, QStringLiteral("--quiet")};
    if (again)
        words << QStringLiteral("--again");
    process.setArguments(words);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(folder_ + QStringLiteral("/window.log"), QIODevice::Append);
    if (!process.startDetached(&process_)) {
        process_ = 0;
        problem_ = tr("%1 cannot be started; is Stillroom installed whole?").arg(program_);
    }
    Q_EMIT changed();
}

void SweepWatch::stop() {
    if (working())
        ::kill(static_cast<pid_t>(process_), SIGTERM);
}

void SweepWatch::cancel(const std::vector<int>& numbers) {
    if (!sweep_)
        return;
    pool_.run(
        [sweep = sweep_, numbers]() -> Result<void> {
            for (const int number : numbers)
                if (auto asked = sweep->requestCancel(number); !asked)
                    return asked;
            return {};
        },
        [this](Result<void> asked) {
            if (!asked)
                fail(asked.error());
            else
                look();
        });
}

void SweepWatch::fail(const Error& error) {
    problem_ = toQString(error.message);
    Q_EMIT changed();
}

} // namespace stillroom
