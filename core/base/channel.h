// A bounded queue between threads, moved through by value. When it is full the sender waits: nothing that was
// sent is ever dropped. Closing it wakes everybody; what was sent before is still received.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace stillroom {

template <class T>
class Channel {
  public:
    explicit Channel(std::size_t capacity) : capacity_(capacity) {}

    /// Waits for room. False when the channel is closed: the item was not sent.
    bool send(T item) {
        std::unique_lock lock(mutex_);
        room_.wait(lock, [&] { return closed_ || items_.size() < capacity_; });
        if (closed_)
            return false;
        items_.push_back(std::move(item));
        lock.unlock();
        arrived_.notify_one();
        return true;
    }

    /// Everything there is, without waiting.
    std::vector<T> takeAll() {
        std::unique_lock lock(mutex_);
        return takeLocked(lock);
    }

    /// Everything there is; waits for the first. Empty only when the channel is closed and drained, or
    /// nothing came within `patience`.
    std::vector<T> waitAll(std::chrono::milliseconds patience = std::chrono::hours(24 * 365)) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, patience, [&] { return closed_ || !items_.empty(); });
        return takeLocked(lock);
    }

    void close() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        arrived_.notify_all();
        room_.notify_all();
    }

    [[nodiscard]] bool closed() const {
        const std::lock_guard lock(mutex_);
        return closed_;
    }

  private:
    std::vector<T> takeLocked(std::unique_lock<std::mutex>& lock) {
        std::vector<T> taken(std::make_move_iterator(items_.begin()), std::make_move_iterator(items_.end()));
        items_.clear();
        lock.unlock();
        room_.notify_all();
        return taken;
    }

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::condition_variable room_;
    std::deque<T> items_;
    bool closed_ = false;
};

} // namespace stillroom
