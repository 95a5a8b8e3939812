#include "widgets/live_model.h"

#include <algorithm>
#include <limits>

namespace stillroom {
namespace {

template <class Sum, class Part>
void addTo(std::vector<Sum>& sums, const std::vector<Part>& parts) {
    if (sums.size() < parts.size())
        sums.resize(parts.size(), 0);
    for (std::size_t i = 0; i < parts.size(); ++i)
        sums[i] += parts[i];
}

template <class Sums, class Parts>
void addBins(Sums& sums, const Parts& parts) {
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] += parts[i];
}

std::string plainKey(std::string_view key) {
    if (const auto dot = key.rfind('.'); dot != std::string_view::npos)
        key.remove_prefix(dot + 1);
    std::string plain(key);
    std::replace(plain.begin(), plain.end(), '_', ' ');
    return plain;
}

/// A schedule in few characters, for a mark on a plot: "1…0".
std::string shortValue(const std::string& yaml) {
    const auto part = [&](std::string_view name) {
        const auto at = yaml.find(name);
        if (at == std::string::npos)
            return std::string();
        const auto begin = at + name.size();
        return yaml.substr(begin, yaml.find_first_of(",}", begin) - begin);
    };
    if (!yaml.starts_with("{from: "))
        return yaml;
    const std::string to = part(", to: ");
    return part("{from: ") + (to.empty() ? "" : "…" + to);
}

} // namespace

std::string describeChanges(const std::vector<Change>& changes) {
    std::string text;
    for (const auto& change : changes) {
        if (!text.empty())
            text += ", ";
        text += plainKey(change.key);
        const bool alike = shortValue(change.from) == shortValue(change.to); // another shape, another warm-up
        if (!change.from.empty())
            text += " " + (alike ? change.from : shortValue(change.from)) + " →";
        text += " " + (change.to.empty() ? std::string("off") : alike ? change.to : shortValue(change.to));
    }
    return text;
}

void LiveModel::begin(std::string label, std::vector<std::string> classes) {
    std::vector<EarlierRun> earlier = std::move(earlier_);
    if (!evaluations_.empty()) {
        earlier.push_back({label_, std::move(evaluations_), secondsTrained_});
        if (earlier.size() > MaxEarlier)
            earlier.erase(earlier.begin());
    }
    clear();
    earlier_ = std::move(earlier);
    label_ = std::move(label);
    classes_ = std::move(classes);
}

void LiveModel::clear() {
    LiveModel fresh;
    fresh.stepsRevision_ = stepsRevision_ + 1;
    fresh.windowsRevision_ = windowsRevision_ + 1;
    fresh.evaluationsRevision_ = evaluationsRevision_ + 1;
    fresh.editsRevision_ = editsRevision_ + 1;
    *this = std::move(fresh);
}

double LiveModel::epoch() const {
    return started_.stepsPerEpoch > 0
               ? static_cast<double>(step_) / static_cast<double>(started_.stepsPerEpoch)
               : 0;
}

double LiveModel::done() const {
    const double steps =
        totalSteps() > 0 ? static_cast<double>(step_) / static_cast<double>(totalSteps()) : 0;
    return std::clamp(std::max(done_, steps), 0.0, 1.0);
}

RunPlace LiveModel::place() const {
    const auto steps = static_cast<double>(step_);
    const auto total = static_cast<double>(std::max<std::int64_t>(1, totalSteps()));
    const bool budget = done_ > steps / total + 1e-9; // then it is the budget that is so far
    return {steps, static_cast<double>(std::max<std::int64_t>(1, started_.stepsPerEpoch)), total,
            budget ? done_ : 0};
}

void LiveModel::apply(const Event& event) {
    if (const auto* steps = std::get_if<StepsEvent>(&event)) {
        applySteps(*steps);
    } else if (const auto* start = std::get_if<StartedEvent>(&event)) {
        started_ = *start;
        ++stepsRevision_;
    } else if (const auto* evaluation = std::get_if<EvaluationEvent>(&event)) {
        counts_ = evaluation->counts;
        if (evaluation->split != Split::Validation || evaluation->metrics.rows == 0)
            return;
        EvaluationPoint point;
        point.step = static_cast<double>(evaluation->step);
        point.epoch = evaluation->epoch;
        point.gradient = static_cast<double>(evaluation->counts.gradient);
        point.distinct = static_cast<double>(evaluation->counts.distinct);
        point.accuracy = evaluation->metrics.accuracy;
        point.macroF1 = evaluation->metrics.macroF1;
        point.best = evaluation->best;
        evaluations_.push_back(point);
        ++evaluationsRevision_;
    } else if (const auto* edit = std::get_if<EditedEvent>(&event)) {
        EditMark mark;
        mark.step = edit->step;
        mark.epoch = started_.stepsPerEpoch > 0
                         ? static_cast<double>(edit->step) / static_cast<double>(started_.stepsPerEpoch)
                         : 0;
        mark.gradient = static_cast<double>(counts_.gradient);
        mark.distinct = static_cast<double>(counts_.distinct);
        mark.text = describeChanges(edit->changes);
        mark.changes = edit->changes;
        edits_.push_back(std::move(mark));
        ++editsRevision_;
    } else if (const auto* end = std::get_if<FinishedEvent>(&event)) {
        if (started_.epochs == 0 && end->step == 0)
            return; // it ended while it was prepared: there was no run
        end_ = *end;
        finished_ = true;
        counts_ = end->counts;
        secondsTrained_ = end->trainSeconds;
        secondsLeft_ = 0;
        if (end->outcome == Outcome::Completed)
            done_ = 1;
        ++stepsRevision_;
    }
}

void LiveModel::applySteps(const StepsEvent& event) {
    for (const auto& record : event.steps) {
        // A view that looked late gets several steps as one record: what counts is kept per step.
        const auto merged = static_cast<double>(std::max<std::int64_t>(1, record.step - step_));
        step_ = record.step;
        candidates_ += record.candidates;
        keptCount_ += record.kept;
        keptWithGold_ += record.keptWithGold;
        keptRight_ += record.keptRight;
        kept_.add(record.step, record.kept / merged);
        share_.add(record.step, candidates_ == 0
                                    ? 0.0
                                    : static_cast<double>(keptCount_) / static_cast<double>(candidates_));
    }
    // Only the last hundred are looked at again.
    const std::size_t recent = std::min(event.steps.size(), static_cast<std::size_t>(RecentSteps));
    lastSteps_.insert(lastSteps_.end(), event.steps.end() - static_cast<std::ptrdiff_t>(recent),
                      event.steps.end());
    while (lastSteps_.size() > static_cast<std::size_t>(RecentSteps))
        lastSteps_.pop_front();
    for (const auto& window : event.windows)
        applyWindow(window);
    counts_ = event.counts;
    samplesPerSecond_ = event.samplesPerSecond;
    memoryBytes_ = event.memoryBytes;
    secondsLeft_ = event.secondsLeft;
    secondsTrained_ = event.secondsTrained;
    done_ = event.done;
    recentStale_ = true;
    ++stepsRevision_;
    if (!event.windows.empty())
        ++windowsRevision_;
}

void LiveModel::applyWindow(const WindowRecord& window) {
    addBins(all_, window.confidenceAll);
    addBins(keptBins_, window.confidenceKept);
    addTo(keptByClass_, window.keptByClass);
    thresholds_ = window.thresholds;

    Stretch stretch{window.firstStep, window.lastStep, 0, 0, {}, window.thresholds};
    for (const auto count : window.candidatesByClass)
        stretch.candidates += count;
    for (const auto count : window.keptByClass)
        stretch.kept += count;
    addTo(stretch.keptByClass, window.keptByClass);
    addStretch(std::move(stretch));

    lastWindows_.push_back(window);
    while (lastWindows_.size() > 1 && window.lastStep - lastWindows_[1].firstStep + 1 >= RecentSteps)
        lastWindows_.pop_front();
}

void LiveModel::addStretch(Stretch stretch) {
    const auto join = [](Stretch& into, Stretch&& from) {
        into.lastStep = from.lastStep;
        into.candidates += from.candidates;
        into.kept += from.kept;
        addTo(into.keptByClass, from.keptByClass);
        into.thresholds = std::move(from.thresholds);
    };
    if (windowsInLast_ > 0 && windowsInLast_ < windowsPerStretch_) {
        join(stretches_.back(), std::move(stretch));
        ++windowsInLast_;
        return;
    }
    if (stretches_.size() == MaxStretches) {
        for (std::size_t i = 0; i < MaxStretches / 2; ++i) {
            Stretch merged = std::move(stretches_[2 * i]);
            join(merged, std::move(stretches_[2 * i + 1]));
            stretches_[i] = std::move(merged);
        }
        stretches_.resize(MaxStretches / 2);
        windowsPerStretch_ *= 2;
    }
    stretches_.push_back(std::move(stretch));
    windowsInLast_ = 1;
}

double LiveModel::keptPrecision() const {
    return keptWithGold_ == 0 ? std::numeric_limits<double>::quiet_NaN()
                              : static_cast<double>(keptRight_) / static_cast<double>(keptWithGold_);
}

const LiveModel::Recent& LiveModel::recent() const {
    if (!recentStale_)
        return recent_;
    recentStale_ = false;
    recent_ = {};
    for (const auto& window : lastWindows_) {
        addBins(recent_.all, window.confidenceAll);
        addBins(recent_.keptBins, window.confidenceKept);
        addTo(recent_.candidatesByClass, window.candidatesByClass);
        addTo(recent_.keptByClass, window.keptByClass);
    }
    for (const auto& record : lastSteps_) {
        recent_.candidates += record.candidates;
        recent_.kept += record.kept;
        recent_.keptWithGold += record.keptWithGold;
        recent_.keptRight += record.keptRight;
    }
    if (!lastSteps_.empty()) {
        recent_.firstStep = lastSteps_.front().step;
        recent_.lastStep = lastSteps_.back().step;
    }
    return recent_;
}

const EvaluationPoint* LiveModel::best() const {
    const EvaluationPoint* found = nullptr;
    for (const auto& point : evaluations_)
        if (point.best || found == nullptr)
            found = &point;
    return found;
}

} // namespace stillroom
