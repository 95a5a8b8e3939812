#include "core/lab/biography.h"

#include "core/base/random.h"
#include "core/lab/biography_words.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace stillroom {

namespace {

Random orderStream(std::int64_t seed, std::int64_t epoch) {
    return {static_cast<std::uint64_t>(seed), "order", static_cast<std::uint64_t>(epoch)};
}

/// Where `sample` lies in epochOrder: the shuffle followed for one sample, without the others.
std::uint32_t placeOf(std::uint32_t sample, std::size_t samples, std::int64_t seed, std::int64_t epoch) {
    Random random = orderStream(seed, epoch);
    std::uint32_t place = sample;
    for (auto last = static_cast<std::uint32_t>(samples); last > 1; --last) {
        const std::uint32_t other = random.below(last);
        if (place == last - 1)
            place = other;
        else if (place == other)
            return last - 1; // the shuffle does not come back there
    }
    return place;
}

/// The thresholds of a class over the window that holds `step`.
class Bars {
  public:
    Bars(std::span<const WindowRecord> windows, std::int64_t step) {
        const auto found = std::lower_bound(
            windows.begin(), windows.end(), step,
            [](const WindowRecord& window, std::int64_t wanted) { return window.lastStep < wanted; });
        if (found == windows.end() || step < found->firstStep)
            return;
        end_ = &found->thresholds;
        if (found != windows.begin() && std::prev(found)->lastStep + 1 == found->firstStep)
            begin_ = &std::prev(found)->thresholds;
    }

    using Side = std::vector<double> Thresholds::*;
    [[nodiscard]] std::optional<BiographyEntry::Bar> of(Side side, std::int32_t label) const {
        std::optional<BiographyEntry::Bar> bar;
        if (label < 0)
            return bar;
        const auto at = static_cast<std::size_t>(label);
        for (const Thresholds* thresholds : {begin_, end_}) {
            if (thresholds == nullptr || at >= (thresholds->*side).size())
                continue;
            const double value = (thresholds->*side)[at];
            if (!bar)
                bar = {value, value};
            bar->low = std::min(bar->low, value);
            bar->high = std::max(bar->high, value);
        }
        return bar;
    }
    /// False: it is the same for all classes.
    [[nodiscard]] bool byClass() const {
        const auto differs = [](const std::vector<double>& values) {
            return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) != values.end();
        };
        return end_ != nullptr &&
               (differs(end_->teacher) || differs(end_->student) || differs(end_->studentConfidence));
    }

  private:
    const Thresholds* begin_ = nullptr; ///< at the end of the window before
    const Thresholds* end_ = nullptr;
};

std::string_view nameOf(const BiographyInput& input, std::int32_t label) {
    if (label < 0 || input.classes == nullptr || static_cast<std::size_t>(label) >= input.classes->size())
        return {};
    return (*input.classes)[static_cast<std::size_t>(label)];
}

/// `place`: in the epoch's order; asked for only when the sample was seen.
template <class Place>
BiographyEntry makeEntry(const BiographyInput& input, const Snapshot& snapshot, std::uint32_t sample,
                         const Place& place) {
    const SampleTable& table = *input.table;
    BiographyEntry entry;
    entry.epoch = snapshot.info().epoch;
    entry.trace = snapshot.traces()[sample];
    SentenceInput words;
    if (entry.trace.verdict() != Verdict::Unseen) {
        entry.step =
            (entry.epoch - 1) * input.stepsPerEpoch + static_cast<std::int64_t>(place()) / input.batch + 1;
        const Bars bars(input.windows, entry.step);
        entry.teacherBar = bars.of(&Thresholds::teacher, table.labels[sample]);
        entry.studentBar = bars.of(&Thresholds::student, table.labels[sample]);
        entry.studentConfidenceBar = bars.of(&Thresholds::studentConfidence, entry.trace.studentLabel());
        words.classBars = bars.byClass();
    }
    words.entry = &entry;
    words.confidence = table.confidences[sample];
    words.label = nameOf(input, table.labels[sample]);
    words.gold = nameOf(input, table.gold[sample]);
    words.studentLabel = nameOf(input, entry.trace.studentLabel());
    words.selection = input.selection;
    entry.sentence = sentenceOf(words);
    return entry;
}

} // namespace

std::vector<std::uint32_t> epochOrder(std::size_t samples, std::int64_t seed, std::int64_t epoch) {
    std::vector<std::uint32_t> order(samples);
    std::iota(order.begin(), order.end(), 0U);
    Random random = orderStream(seed, epoch);
    shuffle(order, random);
    return order;
}

std::vector<BiographyEntry> biographyOf(const BiographyInput& input, std::uint32_t sample) {
    assert(sample < input.table->size());
    std::vector<BiographyEntry> entries;
    entries.reserve(input.snapshots.size());
    for (const auto& snapshot : input.snapshots)
        entries.push_back(makeEntry(input, *snapshot, sample, [&] {
            return placeOf(sample, input.table->size(), input.seed, snapshot->info().epoch - 1);
        }));
    return entries;
}

BiographyEntry BiographyMaker::entry(std::size_t snapshot, std::uint32_t sample) {
    const Snapshot& of = *input_.snapshots[snapshot];
    return makeEntry(input_, of, sample, [&] {
        if (epoch_ != of.info().epoch) {
            epoch_ = of.info().epoch;
            const auto order = epochOrder(input_.table->size(), input_.seed, epoch_ - 1);
            places_.resize(order.size());
            for (std::size_t place = 0; place < order.size(); ++place)
                places_[order[place]] = static_cast<std::uint32_t>(place);
        }
        return places_[sample];
    });
}

} // namespace stillroom
