#include "app/cli/sweep_crew.h"

#include "app/cli/interrupt.h"
#include "app/cli/progress_line.h"
#include "core/experiment/run_summary.h"

#include <QDateTime>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace stillroom::cli {

namespace {

using Clock = std::chrono::steady_clock;
using State = SweepStatus::State;

constexpr int Niceness = 5; ///< the machine stays usable
constexpr int MostDeaths = 2;
constexpr int MostIdleStarts = 20;

double secondsOf(const SweepStatus& status) {
    const auto at = [](const std::string& time) {
        return QDateTime::fromString(QString::fromStdString(time), Qt::ISODateWithMs);
    };
    return static_cast<double>(at(status.began).msecsTo(at(status.ended))) / 1000;
}

/// A worker of the sweep: its own process group, so that Ctrl-C at a terminal reaches only who watches, and
/// tells it once. −1: errno says why not.
pid_t startWorker(const std::string& program, const std::string& folder) {
    const pid_t parent = ::getpid();
    const std::vector<const char*> words{program.c_str(), "sweep", folder.c_str(), "--worker", nullptr};
    const pid_t child = ::fork();
    if (child != 0)
        return child;
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent)
        ::_exit(130);
    if (const int null = ::open("/dev/null", O_RDONLY); null >= 0)
        ::dup2(null, STDIN_FILENO);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    ::setpriority(PRIO_PROCESS, 0, ::getpriority(PRIO_PROCESS, 0) + Niceness);
    ::execv(program.c_str(), const_cast<char* const*>(words.data())); // NOLINT: exec changes no word
    ::_exit(127);
}

class Crew {
  public:
    Crew(const SweepFolder& folder, int workers, bool quiet)
        : folder_(folder), wanted_(workers), line_(quiet), program_(programPath()),
          known_(folder.tasks().size(), State::Waiting) {}

    Result<void> work() {
        if (auto looked = look(true); !looked)
            return looked;
        while (over_ < known_.size() || !pids_.empty()) {
            if (interrupted() || !trouble_.empty())
                dismiss();
            else if (auto manned = man(); !manned)
                return manned;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            const bool ended = reap();
            if (ended || Clock::now() - looked_ > std::chrono::milliseconds(500))
                if (auto looked = look(false); !looked)
                    return looked;
            if (pids_.empty() && !trouble_.empty())
                return fail(trouble_, ErrorKind::Training);
            if (pids_.empty() && interrupted())
                return fail(
                    fmt::format("interrupted; {} of {} runs are over, and `stillroom-cli sweep {}` goes "
                                "on",
                                over_, known_.size(), folder_.path()),
                    ErrorKind::Cancelled);
        }
        line_.clear();
        return {};
    }

    ~Crew() {
        dismiss();
        for (const pid_t pid : pids_)
            ::waitpid(pid, nullptr, 0);
    }

  private:
    /// As many workers as there is work for.
    Result<void> man() {
        if (static_cast<int>(pids_.size()) >= wanted_ || open_ <= static_cast<int>(pids_.size()) - running_)
            return {};
        const int idle = static_cast<int>(pids_.size()) - running_; // just begun, or between two tasks
        const int missing = std::min(wanted_ - static_cast<int>(pids_.size()), open_ - std::max(0, idle));
        for (int i = 0; i < missing; ++i) {
            if (++idleStarts_ > MostIdleStarts * wanted_)
                return fail("the sweep's workers end without doing anything; see what they said above",
                            ErrorKind::Training);
            const pid_t pid = startWorker(program_, folder_.path());
            if (pid < 0)
                return fail(fmt::format("a worker of the sweep cannot be started: {}", std::strerror(errno)),
                            ErrorKind::Training);
            pids_.push_back(pid);
        }
        return {};
    }

    void dismiss() {
        if (dismissed_)
            return;
        dismissed_ = true;
        for (const pid_t pid : pids_)
            ::kill(pid, SIGTERM);
    }

    /// Whether any worker has ended.
    bool reap() {
        bool any = false;
        for (auto pid = pids_.begin(); pid != pids_.end();) {
            int status = 0;
            if (::waitpid(*pid, &status, WNOHANG) != *pid) {
                ++pid;
                continue;
            }
            any = true;
            if (WIFSIGNALED(status) && !dismissed_)
                buried(*pid, WTERMSIG(status));
            else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
                trouble_ = fmt::format("{} cannot be started as a worker", program_);
            else if (WIFEXITED(status) && WEXITSTATUS(status) != 0 && !dismissed_)
                trouble_ =
                    fmt::format("a worker of the sweep gave up (exit code {}); see what it said above, and "
                                "`stillroom-cli sweep {}` goes on",
                                WEXITSTATUS(status), folder_.path());
            pid = pids_.erase(pid);
        }
        return any;
    }

    /// The task that a worker died of is taken up once more, and then no more.
    void buried(pid_t pid, int signal) {
        for (const auto& task : folder_.tasks()) {
            auto status = folder_.status(task.number);
            if (!status || status->state != State::CutOff || status->pid != static_cast<int>(pid))
                continue;
            line_.say(fmt::format("{}: its process was ended by signal {} ({})", task.label, signal,
                                  strsignal(signal)));
            if (++deaths_[task.number] < MostDeaths)
                continue;
            const auto lock = folder_.lock(task.number);
            if (!lock || !*lock)
                continue;
            status->state = State::Failed;
            status->error =
                fmt::format("its process was ended twice, by signal {} ({}); is there enough memory? "
                            "--again tries it once more",
                            signal, strsignal(signal));
            status->kind = ErrorKind::Training;
            static_cast<void>(folder_.setStatus(task.number, *status));
        }
    }

    /// Where the tasks are by now; tells of those that have ended since the last time.
    Result<void> look(bool first) {
        looked_ = Clock::now();
        open_ = running_ = 0;
        double within = 0; // of those that run
        for (const auto& task : folder_.tasks()) {
            State& known = known_[static_cast<std::size_t>(task.number) - 1];
            if (known == State::Completed || known == State::Failed || known == State::Cancelled)
                continue;
            const auto status = folder_.status(task.number);
            if (!status)
                return fail(status.error());
            if (status->state != known)
                idleStarts_ = 0;
            known = status->state;
            open_ += known == State::Waiting || known == State::CutOff ? 1 : 0;
            running_ += known == State::Running ? 1 : 0;
            if (known == State::Running)
                within += shareDone(*status);
            if (status->over()) {
                ++over_;
                if (!first)
                    tell(task, *status);
            }
        }
        show(within);
        return {};
    }

    [[nodiscard]] double shareDone(const SweepStatus& status) const {
        if (status.run.empty())
            return 0;
        const auto summary = summarizeRun(folder_.runFolder(status));
        const auto steps = summary ? summary->stepsPerEpoch * summary->epochs : 0;
        return steps > 0 ? static_cast<double>(summary->steps) / static_cast<double>(steps) : 0;
    }

    void tell(const SweepTask& task, const SweepStatus& status) {
        const std::string head = fmt::format("{} of {}: {}", over_, known_.size(), task.label);
        if (status.state == State::Completed) {
            seconds_ += secondsOf(status);
            ++completed_;
            const auto summary = summarizeRun(folder_.runFolder(status));
            const auto* score = !summary              ? nullptr
                                : summary->test       ? &*summary->test
                                : summary->validation ? &*summary->validation
                                                      : nullptr;
            line_.say(score == nullptr ? head
                                       : fmt::format("{}: {} accuracy {:.4f}, macro-F1 {:.4f}", head,
                                                     summary->test ? "test" : "validation", score->accuracy,
                                                     score->macroF1));
        } else {
            line_.say(status.state == State::Failed ? fmt::format("{}: failed: {}", head, status.error)
                                                    : fmt::format("{}: cancelled", head));
        }
    }

    void show(double within) {
        const auto total = static_cast<double>(known_.size());
        std::string text = fmt::format("{} of {} runs over, {} running", over_, known_.size(), running_);
        if (completed_ > 0) {
            const double each = seconds_ / completed_;
            const double left = (total - static_cast<double>(over_) - within) * each;
            text += ", " + timeLeft(left / std::max(1, std::min(wanted_, running_ + open_)));
        }
        line_.show((static_cast<double>(over_) + within) / total, text);
    }

    const SweepFolder& folder_;
    const int wanted_;
    ProgressLine line_;
    const std::string program_;
    std::vector<State> known_; ///< by task
    std::size_t over_ = 0;
    int open_ = 0, running_ = 0;
    std::vector<pid_t> pids_;
    std::map<int, int> deaths_; ///< by task
    int idleStarts_ = 0;        ///< workers started since a task last went on
    std::string trouble_;
    bool dismissed_ = false;
    Clock::time_point looked_;
    double seconds_ = 0; ///< that completed runs took, here
    int completed_ = 0;
};

} // namespace

Result<void> workAsCrew(const SweepFolder& folder, int workers, bool quiet) {
    catchInterrupts();
    return Crew(folder, workers, quiet).work();
}

int workersFor(std::int64_t threads) {
    const auto cores = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
    return threads == 0 ? 1 : static_cast<int>(std::max<std::int64_t>(1, cores / threads));
}

std::string programPath() {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored).string();
}

} // namespace stillroom::cli
