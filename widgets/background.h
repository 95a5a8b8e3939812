// Work off the GUI thread: a job runs on a thread of this, what came of it is handed to the GUI thread.
// Not QThreadPool and queued calls: Qt as it is shipped is not built for the thread sanitizer, which then
// sees no order between a worker and who gets its result. Here everything that crosses does so under a
// std::mutex, and a file descriptor wakes the GUI thread, so that a report of the sanitizer is one.
#pragma once

#include <QObject>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

class QSocketNotifier;

namespace stillroom {

/// Owned by who wants the results, used by the GUI thread alone. Threads are started when there is work for
/// them. The destructor waits for all jobs; results that nobody was given yet are dropped.
class Background : public QObject {
    Q_OBJECT
  public:
    /// Jobs begin in the order in which they came, at most `threads` at a time.
    explicit Background(int threads, QObject* parent = nullptr);
    ~Background() override;

    /// `done` gets what `job` returned, which may be move-only.
    template <class Job, class Done>
    void run(Job job, Done done) {
        struct Box {
            Job job;
            Done done;
            std::optional<decltype(job())> result;
        };
        auto box = std::make_shared<Box>(Box{std::move(job), std::move(done), std::nullopt});
        add([box]() -> Completion {
            box->result.emplace(box->job());
            return [box] { box->done(std::move(*box->result)); };
        });
    }
    /// Nobody waits for it.
    void run(std::function<void()> job);
    /// Waits for all jobs, and then hands over nothing any more.
    void finish();

  private:
    using Completion = std::function<void()>;
    void add(std::function<Completion()> job);
    void work();
    void deliver();

    const std::size_t most_;
    int wake_; ///< an eventfd
    QSocketNotifier* notifier_;

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::function<Completion()>> jobs_;
    std::vector<Completion> results_;
    std::size_t idle_ = 0;
    bool closed_ = false;
    std::vector<std::thread> threads_;
};

} // namespace stillroom
