// A small task that a student can learn, a session on it, and everything it says.
#pragma once

#include "core/base/random.h"
#include "core/training/training_session.h"

#include <condition_variable>
#include <mutex>

namespace stillroom {

/// `count` texts of three classes, each with words of its own among common ones; the teacher is right on 80 %
/// and surer of itself where it is. A fifth is for validation, a fifth for test.
inline DistillationSet makeTask(int count, bool validationGold = true) {
    DatasetBuilder builder;
    Random random(9, "task");
    std::vector<int> golds;
    for (int i = 0; i < count; ++i) {
        const int gold = static_cast<int>(random.below(3));
        std::string text;
        for (int w = 0; w < 12; ++w)
            text += random.uniform() < 0.3
                        ? "class" + std::to_string(gold) + "word" + std::to_string(random.below(40)) + " "
                        : "common" + std::to_string(random.below(200)) + " ";
        const Split split = i % 5 == 3 ? Split::Validation : i % 5 == 4 ? Split::Test : Split::Train;
        golds.push_back(gold);
        builder.add(std::to_string(i), text, split == Split::Validation && !validationGold ? -1 : gold,
                    split);
    }
    auto data = std::make_shared<Dataset>(builder.finish({"zero", "one", "two"}));
    auto teacher = std::make_shared<TeacherOutputs>(data->size(), 3);
    for (std::size_t row = 0; row < data->size(); ++row) {
        const bool right = random.uniform() < 0.8;
        const int label =
            right ? golds[row]
                  : static_cast<int>((static_cast<std::uint32_t>(golds[row]) + 1 + random.below(2)) % 3);
        teacher->set(row, label,
                     static_cast<float>(right ? 0.6 + 0.39 * random.uniform() : 0.5 + 0.3 * random.uniform()),
                     TeacherOrigin::Simulated);
    }
    return {data, teacher};
}

inline SessionSpec specFor(const DistillationSet& set) {
    SessionSpec spec;
    spec.set = set;
    spec.student.buckets = 1 << 14;
    spec.student.dimensions = 16;
    spec.training.epochs = 3;
    spec.training.batch = 32;
    spec.training.threads = 1;
    return spec;
}

/// Keeps what a session says. Thread-safe.
class EventLog {
  public:
    EventSink sink() {
        return [this](Event event) {
            const std::lock_guard lock(mutex_);
            events_.push_back(std::move(event));
            changed_.notify_all();
        };
    }

    /// Waits for an event that `wanted` says yes to; false after half a minute, or when the session ended
    /// without it.
    template <class T>
    bool waitFor(const std::function<bool(const T&)>& wanted) {
        std::unique_lock lock(mutex_);
        bool found = false;
        changed_.wait_for(lock, std::chrono::seconds(30), [&] {
            for (const auto& event : events_)
                if (const auto* is = std::get_if<T>(&event); is && wanted(*is))
                    found = true;
            return found || (!events_.empty() && std::holds_alternative<FinishedEvent>(events_.back()));
        });
        return found;
    }

    bool waitForEnd() {
        return waitFor<FinishedEvent>([](const auto&) { return true; });
    }

    template <class T>
    std::vector<T> all() {
        const std::lock_guard lock(mutex_);
        std::vector<T> found;
        for (const auto& event : events_)
            if (const auto* is = std::get_if<T>(&event))
                found.push_back(*is);
        return found;
    }

    std::vector<StepRecord> steps() {
        std::vector<StepRecord> records;
        for (const auto& event : all<StepsEvent>())
            records.insert(records.end(), event.steps.begin(), event.steps.end());
        return records;
    }

    FinishedEvent end() { return all<FinishedEvent>().at(0); }
    std::vector<Event> events() {
        const std::lock_guard lock(mutex_);
        return events_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Event> events_;
};

} // namespace stillroom
