// Work that is asked for again before it is done: what is under way is finished, of all that was asked for
// since only the last is done. A hand that drags asks at every pixel and sees the newest answer that there
// is.
#pragma once

#include "widgets/background.h"

#include <functional>
#include <utility>

namespace stillroom {

/// GUI thread. Declared before its Background, or given one that ends before it does.
class LatestJob {
  public:
    explicit LatestJob(Background& pool) : pool_(pool) {}
    LatestJob(const LatestJob&) = delete;
    LatestJob& operator=(const LatestJob&) = delete;

    /// `job` runs on a worker, `done` gets what it returned. Both may be dropped for a later question.
    template <class Job, class Done>
    void ask(Job job, Done done) {
        auto begin = [this, job = std::move(job), done = std::move(done)]() mutable {
            busy_ = true;
            pool_.run(std::move(job),
                      [this, generation = generation_, done = std::move(done)](auto result) mutable {
                          busy_ = false;
                          if (generation == generation_)
                              done(std::move(result));
                          if (!busy_ && waiting_)
                              std::exchange(waiting_, {})();
                      });
        };
        if (busy_)
            waiting_ = std::move(begin);
        else
            begin();
    }
    /// What was asked for is of no interest any more.
    void forget() {
        ++generation_;
        waiting_ = {};
    }
    [[nodiscard]] bool busy() const { return busy_; }

  private:
    Background& pool_;
    std::function<void()> waiting_;
    int generation_ = 0;
    bool busy_ = false;
};

} // namespace stillroom
