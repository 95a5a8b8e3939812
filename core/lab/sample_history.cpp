#include "core/lab/sample_history.h"

#include <cassert>
#include <limits>

namespace stillroom {

void SampleHistory::add(std::int64_t epoch, std::span<const SampleTrace> traces) {
    assert(traces.size() == entries_.size());
    assert(epoch >= 1 && epoch >= epochs_);
    if (epoch > std::numeric_limits<std::uint16_t>::max())
        return;
    const bool again = epoch == epochs_;
    epochs_ = epoch;
    const auto now = static_cast<std::uint16_t>(epoch);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        Entry& entry = entries_[i];
        if (again && entry.last == now) { // as it was before this epoch
            --entry.kept;
            entry.last = entry.before;
            if (entry.first == now)
                entry.first = 0;
        } else if (!again) {
            entry.before = entry.last;
        }
        if (traces[i].kept()) {
            ++entry.kept;
            entry.last = now;
            if (entry.first == 0)
                entry.first = now;
        }
    }
}

int SampleHistory::keptTimes(std::size_t sample) const {
    return entries_[sample].kept;
}

int SampleHistory::firstKept(std::size_t sample) const {
    return entries_[sample].first;
}

int SampleHistory::lastKept(std::size_t sample) const {
    return entries_[sample].last;
}

} // namespace stillroom
