#include "app/cli/sweep_crew.h"

#include "app/cli/interrupt.h"
#include "app/cli/progress_line.h"
#include "core/experiment/sweep_rows.h"

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
        auto rows = sweepRows(folder_, std::move(rows_));
        if (!rows)
            return fail(std::move(rows.error()));
        rows_ = std::move(*rows);
        const SweepCounts counts = countStates(rows_);
        open_ = counts.waiting + counts.cutOff;
        running_ = counts.running;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (rows_[i].status.state == known_[i])
                continue;
            known_[i] = rows_[i].status.state;
            idleStarts_ = 0;
            if (rows_[i].status.over()) {
                ++over_;
                if (!first)
                    tell(rows_[i]);
            }
        }
        show();
        return {};
    }

    void tell(const SweepRow& row) {
        const std::string head = fmt::format("{} of {}: {}", over_, known_.size(), row.task.label);
        if (row.status.state == State::Failed)
            line_.say(fmt::format("{}: failed: {}", head, row.status.error));
        else if (row.status.state == State::Cancelled)
            line_.say(head + ": cancelled");
        else if (const Score* score = row.score())
            line_.say(fmt::format("{}: {} accuracy {:.4f}, macro-F1 {:.4f}", head,
                                  row.summary->test ? "test" : "validation", score->accuracy,
                                  score->macroF1));
        else
            line_.say(head);
    }

    void show() {
        double done = 0;
        for (const auto& row : rows_)
            done += row.status.over() ? 1 : row.shareDone();
        std::string text = fmt::format("{} of {} runs over, {} running", over_, known_.size(), running_);
        if (const auto left = secondsLeft(rows_, wanted_))
            text += ", " + timeLeft(*left);
        line_.show(done / static_cast<double>(rows_.size()), text);
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
    std::vector<SweepRow> rows_;
};

} // namespace

Result<void> workAsCrew(const SweepFolder& folder, int workers, bool quiet) {
    catchInterrupts();
    return Crew(folder, workers, quiet).work();
}

std::string programPath() {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored).string();
}

} // namespace stillroom::cli
