#include "core/text/word_cache.h"

#include <algorithm>
#include <limits>

namespace stillroom {

void WordCache::add(std::string_view word, std::span<const std::int32_t> ids) {
    if (word.empty() || word.size() > LongestWord || ids.size() > std::numeric_limits<std::uint8_t>::max())
        return;
    if (entries_.empty() || ids_.size() + ids.size() > MostIds) {
        entries_.assign(Sets * Ways, Entry{});
        ids_.clear();
        ids_.reserve(MostIds);
    }
    const std::uint64_t hash = hashOf(word);
    Entry* set = &entries_[setOf(hash)];
    Entry* place = std::find_if(set, set + Ways, [](const Entry& entry) { return entry.length == 0; });
    if (place == set + Ways)
        place = set + (hash >> 60) % Ways;
    std::copy(word.begin(), word.end(), place->word.begin());
    place->length = static_cast<std::uint8_t>(word.size());
    place->count = static_cast<std::uint8_t>(ids.size());
    place->tag = tagOf(hash);
    if (ids.size() == 1) {
        place->id = ids.front();
    } else {
        place->id = static_cast<std::int32_t>(ids_.size());
        ids_.insert(ids_.end(), ids.begin(), ids.end());
    }
}

} // namespace stillroom
