#include "core/training/preparing_news.h"

#include <chrono>

namespace stillroom {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds Beginning{500}, Interval{250};

} // namespace

PreparingNews::PreparingNews(const Progress& progress, std::string doing, const EventSink& sink)
    : progress_(progress), doing_(std::move(doing)), sink_(sink), thread_([this] { work(); }) {}

PreparingNews::~PreparingNews() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

void PreparingNews::work() {
    const auto begin = Clock::now();
    std::unique_lock lock(mutex_);
    for (auto patience = Beginning; !ended_.wait_for(lock, patience, [this] { return over_; });
         patience = Interval) {
        const auto done = static_cast<double>(progress_.done()),
                   total = static_cast<double>(progress_.total());
        const double spent = std::chrono::duration<double>(Clock::now() - begin).count();
        PreparingEvent event{doing_, total > 0 ? done / total : 0, 0};
        if (event.done > 0)
            event.secondsLeft = spent * (1 - event.done) / event.done;
        sink_(std::move(event));
    }
}

} // namespace stillroom
