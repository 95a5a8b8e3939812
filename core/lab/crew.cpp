#include "core/lab/crew.h"

namespace stillroom {

Crew::Crew(int threads) {
    for (int i = 1; i < threads; ++i)
        helpers_.emplace_back([this, i] { help(static_cast<std::size_t>(i)); });
}

Crew::~Crew() {
    {
        const std::lock_guard lock(mutex_);
        leaving_ = true;
    }
    begun_.notify_all();
    for (auto& helper : helpers_)
        helper.join();
}

void Crew::takeParts(std::size_t worker, const Work& work, std::size_t parts) {
    for (;;) {
        const std::size_t part = next_.fetch_add(1, std::memory_order_relaxed);
        if (part >= parts)
            return;
        work(worker, part);
    }
}

void Crew::help(std::size_t worker) {
    std::unique_lock lock(mutex_);
    std::uint64_t helped = 0;
    for (;;) {
        begun_.wait(lock, [&] { return leaving_ || (work_ != nullptr && turn_ != helped); });
        if (leaving_)
            return;
        helped = turn_;
        ++busy_;
        const Work& work = *work_; // lives until nobody is busy; `work_` itself changes before
        const std::size_t parts = parts_;
        lock.unlock();
        takeParts(worker, work, parts);
        lock.lock();
        if (--busy_ == 0)
            ended_.notify_one();
    }
}

void Crew::run(std::size_t parts, const Work& work) {
    if (helpers_.empty() || parts < 2) {
        for (std::size_t part = 0; part < parts; ++part)
            work(0, part);
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        work_ = &work;
        parts_ = parts;
        next_.store(0, std::memory_order_relaxed);
        ++turn_;
    }
    begun_.notify_all();
    takeParts(0, work, parts);
    std::unique_lock lock(mutex_);
    work_ = nullptr; // who wakes only now finds nothing to do
    ended_.wait(lock, [this] { return busy_ == 0; });
}

} // namespace stillroom
