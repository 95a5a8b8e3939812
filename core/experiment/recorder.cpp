#include "core/experiment/recorder.h"

#include <algorithm>
#include <utility>

namespace stillroom {

namespace {

bool isLast(const Event& event) {
    return std::holds_alternative<FinishedEvent>(event);
}

/// What may be shown though it is not on the disk: it says nothing about the run's results.
bool isAboutTheSession(const Event& event) {
    return std::holds_alternative<AcknowledgedEvent>(event) || std::holds_alternative<StateEvent>(event) ||
           std::holds_alternative<PreparingEvent>(event) || std::holds_alternative<MessageEvent>(event);
}

} // namespace

Recorder::Recorder(std::unique_ptr<RunFolder> folder, std::function<void()> stopTraining)
    : folder_(std::move(folder)), stopTraining_(std::move(stopTraining)) {}

Recorder::~Recorder() {
    queue_.close();
    if (thread_.joinable())
        thread_.join();
}

void Recorder::start() {
    thread_ = std::thread([this] { work(); });
}

void Recorder::work() {
    for (;;) {
        auto events = queue_.waitAll();
        if (events.empty() && queue_.closed())
            break;
        handle(std::move(events));
    }
    static_cast<void>(
        folder_->close()); // whatever was not moved out of the log stays in it, and is read from there
}

void Recorder::handle(std::vector<Event> events) {
    if (!failure_) {
        auto recorded = folder_->record(events);
        if (recorded) {
            // Closed before the view hears of the end: it may open, copy or zip the folder then.
            if (std::any_of(events.begin(), events.end(), isLast))
                static_cast<void>(folder_->close());
            inbox_.add(std::move(events));
            return;
        }
        fail(recorded.error());
    }
    passOn(std::move(events));
}

void Recorder::fail(const Error& error) {
    failure_ = error.message;
    inbox_.add({MessageEvent{"The run cannot be recorded any more and is stopped: " + error.message}});
    stopTraining_();
}

void Recorder::passOn(std::vector<Event> events) {
    std::vector<Event> shown;
    for (auto& event : events) {
        if (auto* finished = std::get_if<FinishedEvent>(&event)) {
            finished->outcome = Outcome::Failed;
            finished->error = *failure_;
            // There may be room again by now; where there is not, the folder says nothing of an end.
            static_cast<void>(folder_->record({*finished}));
            static_cast<void>(folder_->close());
        } else if (!isAboutTheSession(event)) {
            continue;
        }
        shown.push_back(std::move(event));
    }
    inbox_.add(std::move(shown));
}

} // namespace stillroom
