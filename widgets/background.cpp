#include "widgets/background.h"

#include <QPointer>
#include <QSocketNotifier>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace stillroom {

Background::Background(int threads, QObject* parent)
    : QObject(parent), most_(static_cast<std::size_t>(threads)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      notifier_(new QSocketNotifier(wake_, QSocketNotifier::Read, this)) {
    connect(notifier_, &QSocketNotifier::activated, this, &Background::deliver);
}

Background::~Background() {
    finish();
    delete notifier_; // before its descriptor
    close(wake_);
}

void Background::finish() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    arrived_.notify_all();
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
    notifier_->setEnabled(false);
    results_.clear();
}

void Background::run(std::function<void()> job) {
    add([job = std::move(job)]() -> Completion {
        job();
        return {};
    });
}

void Background::add(std::function<Completion()> job) {
    bool startOne = false;
    {
        const std::lock_guard lock(mutex_);
        if (closed_)
            return;
        jobs_.push_back(std::move(job));
        startOne = idle_ < jobs_.size() && threads_.size() < most_;
    }
    if (startOne)
        threads_.emplace_back([this] { work(); });
    arrived_.notify_one();
}

void Background::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_;
        arrived_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
        --idle_;
        if (jobs_.empty())
            return;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        Completion completion = job();
        job = nullptr;
        lock.lock();
        if (!completion)
            continue;
        results_.push_back(std::move(completion));
        const std::uint64_t one = 1;
        // A full counter would mean that the other side was woken already.
        [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
    }
}

void Background::deliver() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = read(wake_, &count, sizeof count);
    std::vector<Completion> results;
    {
        const std::lock_guard lock(mutex_);
        results.swap(results_);
    }
    const QPointer<Background> self(this);
    for (auto& result : results) {
        if (self == nullptr)
            return;
        result();
    }
}

} // namespace stillroom
