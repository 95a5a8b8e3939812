#include "core/experiment/sweep_work.h"

#include <QDateTime>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <unistd.h>
#include <utility>

namespace stillroom {

namespace {

using State = SweepStatus::State;

std::string now() {
    const auto time = QDateTime::currentDateTime();
    return time.toOffsetFromUtc(time.offsetFromUtc()).toString(Qt::ISODateWithMs).toStdString();
}

std::string hostName() {
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    return name;
}

/// Tasks on the same data lie together, else in their order.
Result<std::vector<const SweepTask*>> inOrder(const SweepFolder& folder) {
    std::map<std::string, std::size_t> first;
    std::vector<std::pair<std::size_t, const SweepTask*>> keyed;
    for (const auto& task : folder.tasks()) {
        const auto experiment = experimentOf(folder.sweep(), task);
        if (!experiment)
            return fail(experiment.error());
        keyed.emplace_back(first.emplace(dataKeyOf(*experiment), keyed.size()).first->second, &task);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const SweepTask*> order;
    for (const auto& [at, task] : keyed)
        order.push_back(task);
    return order;
}

} // namespace

SweepTaskInHand::SweepTaskInHand(const SweepFolder& folder, const SweepTask& task, Experiment experiment,
                                 SweepStatus status)
    : folder_(folder), task_(task), experiment_(std::move(experiment)), status_(std::move(status)),
      cutOffRun_(folder.runFolder(status_)) {}

Result<void> SweepTaskInHand::runBegan(const std::string& folder) {
    status_.run = std::filesystem::path(folder).filename().string();
    return folder_.setStatus(task_.number, status_);
}

class SweepWorker {
  public:
    SweepWorker(const SweepFolder& folder, const SweepTrainer& train) : folder_(folder), train_(train) {}

    /// True: the task was done, or somebody has done it; false: somebody is at it.
    Result<bool> work(const SweepTask& task) {
        auto before = folder_.status(task.number);
        if (!before)
            return fail(std::move(before.error()));
        if (before->over())
            return true;
        auto lock = folder_.lock(task.number);
        if (!lock)
            return fail(std::move(lock.error()));
        if (!*lock)
            return false;
        auto status = folder_.status(task.number); // what it was before the lock may have been done meanwhile
        if (!status)
            return fail(std::move(status.error()));
        if (status->over())
            return true;
        auto experiment = experimentOf(folder_.sweep(), task);
        if (!experiment)
            return fail(std::move(experiment.error()));
        if (folder_.cancelRequested(task.number))
            return finish(task, *std::move(status), {SweepTaskEnd::How::Cancelled});
        status->state = State::Running;
        status->began = now();
        status->ended.clear();
        status->host = hostName();
        status->pid = static_cast<int>(::getpid());
        ++status->attempts;
        if (auto written = folder_.setStatus(task.number, *status); !written)
            return fail(std::move(written.error()));
        SweepTaskInHand inHand(folder_, task, *std::move(experiment), *std::move(status));
        const SweepTaskEnd end = train_(inHand);
        return finish(task, std::move(inHand.status_), end);
    }

    [[nodiscard]] SweepWorkDone& done() { return done_; }

  private:
    Result<bool> finish(const SweepTask& task, SweepStatus status, const SweepTaskEnd& end) {
        switch (end.how) {
        case SweepTaskEnd::How::Interrupted:
            done_.interrupted = true;
            return true;
        case SweepTaskEnd::How::Completed:
            status.state = State::Completed;
            ++done_.completed;
            break;
        case SweepTaskEnd::How::Failed:
            status.state = State::Failed;
            status.error = end.error.message;
            status.kind = end.error.kind;
            ++done_.failed;
            break;
        case SweepTaskEnd::How::Cancelled:
            status.state = State::Cancelled;
            ++done_.cancelled;
            break;
        }
        status.ended = now();
        if (auto written = folder_.setStatus(task.number, status); !written)
            return fail(std::move(written.error()));
        return true;
    }

    const SweepFolder& folder_;
    const SweepTrainer& train_;
    SweepWorkDone done_;
};

Result<SweepWorkDone> workOn(const SweepFolder& folder, const SweepTrainer& train, int only) {
    SweepWorker worker(folder, train);
    auto order = inOrder(folder);
    if (!order)
        return fail(std::move(order.error()));
    for (const SweepTask* task : *order) {
        if (only > 0 && task->number != only)
            continue;
        const auto worked = worker.work(*task);
        if (!worked)
            return fail(worked.error());
        worker.done().busy += *worked ? 0 : 1;
        if (worker.done().interrupted)
            break;
    }
    return worker.done();
}

std::string dataKeyOf(const Experiment& experiment) {
    std::string key;
    // A zero-shot teacher's word depends on what it computes with.
    const bool computed = experiment.teacher.kind == TeacherKind::ZeroShot;
    for (const auto& name : settingKeys())
        if (name.starts_with("data.") || name.starts_with("teacher.") || name.starts_with("asking.") ||
            (computed &&
             (name == "training.device" || name == "training.threads" || name == "training.micro_batch")))
            key += fmt::format("{}: {}\n", name, settingValue(experiment, name));
    return key;
}

} // namespace stillroom
