#include "core/experiment/view_inbox.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace stillroom {

namespace {

template <class Container>
void addTo(Container& sums, const Container& more) {
    if constexpr (requires { sums.resize(more.size()); })
        sums.resize(std::max(sums.size(), more.size()));
    for (std::size_t i = 0; i < more.size(); ++i)
        sums[i] += more[i];
}

/// Every two neighbours become one.
template <class Record, class Merge>
void halve(std::vector<Record>& records, Merge merge) {
    if (records.size() < 2)
        return;
    const std::size_t pairs = records.size() / 2;
    for (std::size_t i = 0; i < pairs; ++i)
        records[i] = merge(records[2 * i], records[2 * i + 1]);
    if (records.size() % 2 == 1) {
        records[pairs] = std::move(records.back());
        records.resize(pairs + 1);
    } else {
        records.resize(pairs);
    }
}

} // namespace

StepRecord mergeSteps(const StepRecord& a, const StepRecord& b) {
    StepRecord merged = b;
    merged.candidates += a.candidates;
    merged.kept += a.kept;
    merged.keptWithGold += a.keptWithGold;
    merged.keptRight += a.keptRight;
    if (b.kept == 0)
        merged.loss = a.loss;
    else if (a.kept != 0)
        merged.loss =
            static_cast<float>((static_cast<double>(a.loss) * a.kept + static_cast<double>(b.loss) * b.kept) /
                               (static_cast<double>(a.kept) + b.kept));
    return merged;
}

WindowRecord mergeWindows(const WindowRecord& a, const WindowRecord& b) {
    WindowRecord merged = b; // thresholds are those at the end
    merged.firstStep = a.firstStep;
    addTo(merged.candidatesByClass, a.candidatesByClass);
    addTo(merged.keptByClass, a.keptByClass);
    addTo(merged.confidenceAll, a.confidenceAll);
    addTo(merged.confidenceKept, a.confidenceKept);
    return merged;
}

void ViewInbox::add(std::vector<Event> events) {
    if (events.empty())
        return;
    {
        const std::lock_guard lock(mutex_);
        for (auto& event : events)
            if (auto* steps = std::get_if<StepsEvent>(&event)) {
                append(std::move(*steps));
            } else {
                if (const auto* snapshot = std::get_if<SnapshotEvent>(&event))
                    dropOlder(*snapshot);
                events_.push_back(std::move(event));
            }
        shrink();
    }
    arrived_.notify_all();
}

void ViewInbox::dropOlder(const SnapshotEvent& newer) {
    std::erase_if(events_, [&](const Event& event) {
        const auto* older = std::get_if<SnapshotEvent>(&event);
        return older != nullptr && older->epoch <= newer.epoch && !older->complete;
    });
}

void ViewInbox::append(StepsEvent event) {
    steps_ += event.steps.size();
    windows_ += event.windows.size();
    StepsEvent* last = events_.empty() ? nullptr : std::get_if<StepsEvent>(&events_.back());
    if (last == nullptr) {
        events_.emplace_back(std::move(event));
        return;
    }
    std::move(event.steps.begin(), event.steps.end(), std::back_inserter(last->steps));
    std::move(event.windows.begin(), event.windows.end(), std::back_inserter(last->windows));
    last->counts = event.counts;
    last->samplesPerSecond = event.samplesPerSecond;
    last->secondsLeft = event.secondsLeft;
    last->secondsTrained = event.secondsTrained;
    last->memoryBytes = event.memoryBytes;
    last->done = event.done;
}

void ViewInbox::shrink() {
    const auto halveAll = [this](auto member, auto merge) {
        std::size_t left = 0;
        for (auto& event : events_)
            if (auto* steps = std::get_if<StepsEvent>(&event)) {
                halve(steps->*member, merge);
                left += (steps->*member).size();
            }
        return left;
    };
    // A StepsEvent between two rare events keeps one record, so rare events alone decide when this ends.
    for (std::size_t before = 0; steps_ > MaxSteps && steps_ != before;) {
        before = steps_;
        steps_ = halveAll(&StepsEvent::steps, mergeSteps);
    }
    for (std::size_t before = 0; windows_ > MaxWindows && windows_ != before;) {
        before = windows_;
        windows_ = halveAll(&StepsEvent::windows, mergeWindows);
    }
}

std::vector<Event> ViewInbox::drain() {
    const std::lock_guard lock(mutex_);
    steps_ = windows_ = 0;
    return std::exchange(events_, {});
}

std::vector<Event> ViewInbox::wait(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, patience, [this] { return !events_.empty(); });
    steps_ = windows_ = 0;
    return std::exchange(events_, {});
}

} // namespace stillroom
