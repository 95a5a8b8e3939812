// Strings to ids: a vocabulary, in two allocations. Made for looking up every prefix of a word at the cost of
// one pass over it: the hash of a prefix is the hash of the shorter one, taken on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace stillroom {

/// Built by one thread, then read by any. Whoever writes a vocabulary does not know where its strings fall:
/// each table draws its own start of the hash, so that nobody can make them all fall together.
class TokenTable {
  public:
    static constexpr std::int32_t None = -1;

    TokenTable();
    void reserve(std::size_t tokens);
    /// False, and nothing done, when it is there already. `id` ≥ 0.
    bool add(std::string_view token, std::int32_t id);

    [[nodiscard]] std::int32_t find(std::string_view token) const { return find(token, hashOf(token)); }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::size_t longest() const { return longest_; } ///< bytes

    // Hashing in steps: `hash = next(hash, byte)` from `start()` on gives `hashOf` of what was passed over.
    [[nodiscard]] std::uint64_t start() const { return start_; }
    [[nodiscard]] static std::uint64_t next(std::uint64_t hash, char byte) {
        return (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL; // FNV-1a
    }
    [[nodiscard]] std::uint64_t hashOf(std::string_view token) const {
        std::uint64_t hash = start_;
        for (const char byte : token)
            hash = next(hash, byte);
        return hash;
    }
    [[nodiscard]] std::int32_t find(std::string_view token, std::uint64_t hash) const {
        for (std::size_t at = slotOf(hash);; at = (at + 1) & mask_) {
            const Slot& slot = slots_[at];
            if (slot.id == None)
                return None;
            if (slot.tag == static_cast<std::uint32_t>(hash) && textOf(slot) == token)
                return slot.id;
        }
    }

    /// `visit(token, id)` for each, in the order of adding.
    template <class Visit>
    void forEach(Visit visit) const {
        std::size_t begin = 0;
        for (const auto& [end, id] : entries_) {
            visit(std::string_view(arena_.data() + begin, end - begin), id);
            begin = end;
        }
    }

  private:
    struct Slot {
        std::uint32_t tag = 0; ///< of the hash
        std::int32_t id = None;
        std::uint32_t begin = 0, length = 0; ///< in `arena_`
    };
    struct Entry {
        std::uint32_t end;
        std::int32_t id;
    };

    [[nodiscard]] std::string_view textOf(const Slot& slot) const {
        return {arena_.data() + slot.begin, slot.length};
    }
    [[nodiscard]] std::size_t slotOf(std::uint64_t hash) const {
        return static_cast<std::size_t>((hash * 0x9e3779b97f4a7c15ULL) >> shift_);
    }
    void grow(std::size_t slots);
    void place(const Slot& slot, std::uint64_t hash);

    std::uint64_t start_;
    std::vector<Slot> slots_; ///< a power of two, at most half of it used
    std::size_t mask_ = 0;
    int shift_ = 0;
    std::vector<char> arena_;
    std::vector<Entry> entries_;
    std::size_t longest_ = 0;
};

} // namespace stillroom
