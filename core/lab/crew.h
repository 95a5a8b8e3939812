// A few threads that wait for work and share it out among themselves and the caller. Internal to core/lab.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace stillroom {

/// Started once: starting a thread takes longer than many a pass over the samples. One thread at a time calls
/// `run`.
class Crew {
  public:
    /// `threads` in all, the caller's among them; at least 1.
    explicit Crew(int threads);
    ~Crew();
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    [[nodiscard]] std::size_t size() const { return helpers_.size() + 1; }

    /// work(worker, part) for each part below `parts`, workers below size(); returns when all are done. Who
    /// is free takes the next part, so that a thread that the system does not let run holds up nobody: the
    /// caller then does all of it. `work` does not throw.
    using Work = std::function<void(std::size_t worker, std::size_t part)>;
    void run(std::size_t parts, const Work& work);

  private:
    void help(std::size_t worker);
    void takeParts(std::size_t worker, const Work& work, std::size_t parts);

    std::mutex mutex_;
    std::condition_variable begun_, ended_;
    const Work* work_ = nullptr; ///< null: there is nothing to help with
    std::uint64_t turn_ = 0;     ///< counts the runs
    std::size_t busy_ = 0;       ///< helpers within this run
    bool leaving_ = false;
    std::size_t parts_ = 0;
    std::atomic<std::size_t> next_{0};
    std::vector<std::thread> helpers_;
};

} // namespace stillroom
