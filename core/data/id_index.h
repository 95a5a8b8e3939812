// Which ids there are already: a hash set of row numbers, 8 bytes a slot, that looks the ids up in their
// column.
#pragma once

#include "core/base/random.h"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace stillroom {

/// Fast and well mixed; the same on every machine of one byte order. Not for files.
[[nodiscard]] inline std::uint64_t hashId(std::string_view id) {
    std::uint64_t hash = mix64(id.size());
    const char* at = id.data();
    std::size_t left = id.size();
    for (; left >= 8; left -= 8, at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        hash = mix64(hash ^ word);
    }
    std::uint64_t word = 0;
    if (left > 0) // an empty view may have no address, which memcpy does not allow
        std::memcpy(&word, at, left);
    return mix64(hash ^ word);
}

/// One thread.
class IdIndex {
  public:
    static constexpr std::uint32_t None = 0xffffffff;

    /// The row that has this id, or None. `hash` is hashId(id), `idOf(row)` the id of a row that was
    /// inserted.
    template <class IdOf>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, std::string_view id, const IdOf& idOf) const {
        if (slots_.empty())
            return None;
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t at = hash & mask; slots_[at].row != None; at = (at + 1) & mask)
            if (slots_[at].tag == tagOf(hash) && idOf(slots_[at].row) == id)
                return slots_[at].row;
        return None;
    }

    /// An id that `find` did not find.
    template <class IdOf>
    void insert(std::uint64_t hash, std::uint32_t row, const IdOf& idOf) {
        if ((size_ + 1) * 4 > slots_.size() * 3)
            grow((size_ + 1) * 2, idOf);
        place(hash, row);
        ++size_;
    }

    /// Room for that many ids without moving any.
    template <class IdOf>
    void reserve(std::size_t ids, const IdOf& idOf) {
        if (ids * 4 > slots_.size() * 3)
            grow(ids, idOf);
    }

    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    struct Slot {
        std::uint32_t tag = 0; ///< the hash's upper half; the lower decides the place
        std::uint32_t row = None;
    };
    static std::uint32_t tagOf(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

    void place(std::uint64_t hash, std::uint32_t row) {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = hash & mask;
        while (slots_[at].row != None)
            at = (at + 1) & mask;
        slots_[at] = {tagOf(hash), row};
    }

    template <class IdOf>
    void grow(std::size_t ids, const IdOf& idOf) {
        std::size_t slots = 64;
        while (slots * 3 < ids * 4)
            slots *= 2;
        std::vector<Slot> old(slots);
        old.swap(slots_);
        for (const Slot& slot : old)
            if (slot.row != None)
                place(hashId(idOf(slot.row)), slot.row);
    }

    std::vector<Slot> slots_;
    std::size_t size_ = 0;
};

} // namespace stillroom
