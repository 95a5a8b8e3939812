// The ids of words seen lately. Language repeats itself: nine words of ten are found here, and cost one look.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace stillroom {

/// Fixed in size (a megabyte and a half): a new word takes the place of an older one. Never wrong, only
/// forgetful, so what comes out does not depend on it. One thread.
class WordCache {
  public:
    static constexpr std::size_t LongestWord = 20; ///< bytes; longer ones are rare and not kept

    /// Null: not here. The ids stay where they are until the next `add`.
    [[nodiscard]] const std::int32_t* find(std::string_view word, std::size_t& count) const {
        if (word.size() > LongestWord || entries_.empty())
            return nullptr;
        const std::uint64_t hash = hashOf(word);
        const Entry* set = &entries_[setOf(hash)];
        for (std::size_t i = 0; i < Ways; ++i) {
            const Entry& entry = set[i];
            if (entry.tag == tagOf(hash) && entry.length == word.size() &&
                std::memcmp(entry.word.data(), word.data(), word.size()) == 0) {
                count = entry.count;
                return entry.count == 1 ? &entry.id : ids_.data() + entry.id;
            }
        }
        return nullptr;
    }
    void add(std::string_view word, std::span<const std::int32_t> ids);

  private:
    struct Entry {
        std::array<char, LongestWord> word{};
        std::uint8_t length = 0; ///< 0: free; no word is empty
        std::uint8_t count = 0;
        std::uint16_t tag = 0;
        std::int32_t id = 0; ///< of one; else where in `ids_`
    };
    static constexpr std::size_t Ways = 4;
    static constexpr std::size_t Sets = 1 << 13;
    static constexpr std::size_t MostIds = 1 << 18;

    static std::uint64_t hashOf(std::string_view word) {
        // Up to 20 bytes in three overlapping reads; unlike the vocabulary's, this table cannot be made slow.
        std::uint64_t a = 0, b = 0, c = 0;
        const std::size_t n = word.size();
        if (n >= 8) {
            std::memcpy(&a, word.data(), 8);
            std::memcpy(&b, word.data() + n - 8, 8);
            if (n > 16)
                std::memcpy(&c, word.data() + 8, 8);
        } else if (n >= 4) {
            std::memcpy(&a, word.data(), 4);
            std::memcpy(&b, word.data() + n - 4, 4);
        } else {
            for (std::size_t i = 0; i < n; ++i)
                a = (a << 8) | static_cast<unsigned char>(word[i]);
        }
        std::uint64_t hash = (a ^ (n * 0x9e3779b97f4a7c15ULL)) * 0xbf58476d1ce4e5b9ULL;
        hash = (hash ^ (hash >> 31) ^ b) * 0x94d049bb133111ebULL;
        hash = (hash ^ (hash >> 29) ^ c) * 0x9e3779b97f4a7c15ULL;
        return hash ^ (hash >> 32);
    }
    static std::size_t setOf(std::uint64_t hash) { return (hash & (Sets - 1)) * Ways; }
    static std::uint16_t tagOf(std::uint64_t hash) { return static_cast<std::uint16_t>(hash >> 16); }

    std::vector<Entry> entries_; ///< empty until the first `add`
    std::vector<std::int32_t> ids_;
};

} // namespace stillroom
