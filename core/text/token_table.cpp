#include "core/text/token_table.h"

#include <algorithm>
#include <bit>
#include <random>

namespace stillroom {

namespace {

std::uint64_t drawStart() {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) | device();
}

} // namespace

TokenTable::TokenTable() : start_(drawStart()) {
    grow(16);
}

void TokenTable::reserve(std::size_t tokens) {
    entries_.reserve(tokens);
    if (tokens * 2 > slots_.size())
        grow(std::bit_ceil(tokens * 2));
}

void TokenTable::grow(std::size_t slots) {
    slots_.assign(slots, Slot{});
    mask_ = slots - 1;
    shift_ = 64 - std::countr_zero(slots);
    std::uint32_t begin = 0;
    for (const auto& [end, id] : entries_) {
        const std::uint64_t hash = hashOf({arena_.data() + begin, end - begin});
        place({static_cast<std::uint32_t>(hash), id, begin, end - begin}, hash);
        begin = end;
    }
}

void TokenTable::place(const Slot& slot, std::uint64_t hash) {
    std::size_t at = slotOf(hash);
    while (slots_[at].id != None)
        at = (at + 1) & mask_;
    slots_[at] = slot;
}

bool TokenTable::add(std::string_view token, std::int32_t id) {
    const std::uint64_t hash = hashOf(token);
    if (find(token, hash) != None)
        return false;
    if ((entries_.size() + 1) * 2 > slots_.size())
        grow(slots_.size() * 2);
    const auto begin = static_cast<std::uint32_t>(arena_.size());
    arena_.insert(arena_.end(), token.begin(), token.end());
    entries_.push_back({static_cast<std::uint32_t>(arena_.size()), id});
    place({static_cast<std::uint32_t>(hash), id, begin, static_cast<std::uint32_t>(token.size())}, hash);
    longest_ = std::max(longest_, token.size());
    return true;
}

} // namespace stillroom
