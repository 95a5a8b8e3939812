#include "core/text/byte_bpe.h"

#include "core/base/random.h"
#include "core/text/unicode.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace stillroom {

namespace {

// Up to here looking at every pair again costs less than keeping them in order.
constexpr std::size_t ShortWord = 48;

std::uint64_t pairOf(std::int32_t left, std::int32_t right) {
    return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) |
           static_cast<std::uint32_t>(right);
}

/// The bytes that a token stands for, or nothing when it holds a character that stands for none.
std::string bytesOf(std::string_view token, const std::unordered_map<char32_t, char>& bytes) {
    std::string out;
    for (std::size_t at = 0; at < token.size();) {
        const auto next = unicode::decode(token, at);
        const auto found = bytes.find(next.codePoint);
        if (found == bytes.end())
            return {};
        out.push_back(found->second);
        at += next.length;
    }
    return out;
}

} // namespace

char32_t ByteBpe::characterOf(unsigned char byte) {
    const auto printable = [](unsigned b) {
        return (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
    };
    if (printable(byte))
        return byte;
    char32_t next = 0x100;
    for (unsigned b = 0; b < byte; ++b)
        next += printable(b) ? 0 : 1;
    return next;
}

ByteBpe::ByteBpe(const TokenizerRecipe& recipe)
    : start_(recipe.vocabulary.start()), ignoreMerges_(recipe.ignoreMerges), fuseUnknown_(recipe.fuseUnknown),
      unknown_(recipe.unknown) {
    std::unordered_map<char32_t, char> bytes;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const char32_t character = characterOf(static_cast<unsigned char>(byte));
        bytes[character] = static_cast<char>(byte);
        std::string token;
        unicode::append(token, character);
        byteIds_[byte] = recipe.vocabulary.find(token);
    }
    if (ignoreMerges_)
        recipe.vocabulary.forEach([&](std::string_view token, std::int32_t id) {
            if (const auto raw = bytesOf(token, bytes); !raw.empty())
                whole_.add(raw, id);
        });

    const std::size_t size = std::bit_ceil(std::max<std::size_t>(recipe.merges.size() * 2, 16));
    slots_.resize(size);
    shift_ = 64 - std::countr_zero(size);
    for (std::size_t rank = 0; rank < recipe.merges.size(); ++rank) {
        const Merge& merge = recipe.merges[rank];
        const std::uint64_t pair = pairOf(merge.left, merge.right);
        std::size_t at = slotOf(pair);
        while (slots_[at].pair != Free && slots_[at].pair != pair)
            at = (at + 1) & (size - 1);
        slots_[at] = {pair, static_cast<std::uint32_t>(rank),
                      merge.merged}; // of a pair given twice the last counts
    }
}

std::size_t ByteBpe::slotOf(std::uint64_t pair) const {
    return static_cast<std::size_t>(mix64(pair ^ start_) >> shift_);
}

const ByteBpe::Slot* ByteBpe::mergeOf(std::int32_t left, std::int32_t right) const {
    const std::uint64_t pair = pairOf(left, right);
    for (std::size_t at = slotOf(pair);; at = (at + 1) & (slots_.size() - 1)) {
        if (slots_[at].pair == pair)
            return &slots_[at];
        if (slots_[at].pair == Free)
            return nullptr;
    }
}

/// A byte that the vocabulary lacks is the unknown token, or nothing where there is none.
void ByteBpe::readBytes(std::string_view word, std::vector<std::int32_t>& pieces) const {
    pieces.clear();
    bool afterUnknown = false;
    for (const char byte : word) {
        const std::int32_t id = byteIds_[static_cast<unsigned char>(byte)];
        if (id != TokenTable::None) {
            pieces.push_back(id);
        } else if (unknown_ != TokenTable::None && !(afterUnknown && fuseUnknown_)) {
            pieces.push_back(unknown_);
        }
        afterUnknown = id == TokenTable::None;
    }
}

void ByteBpe::split(std::string_view word, std::vector<std::int32_t>& ids, Scratch& scratch) const {
    if (ignoreMerges_)
        if (const auto id = whole_.find(word); id != TokenTable::None) {
            ids.push_back(id);
            return;
        }
    readBytes(word, scratch.pieces);
    if (scratch.pieces.size() <= ShortWord)
        mergeShort(scratch.pieces, scratch);
    else
        mergeLong(scratch.pieces, scratch);
    ids.insert(ids.end(), scratch.pieces.begin(), scratch.pieces.end());
}

void ByteBpe::mergeShort(std::vector<std::int32_t>& pieces, Scratch& scratch) const {
    const auto rankAt = [&](std::size_t i) {
        const Slot* merge = mergeOf(pieces[i], pieces[i + 1]);
        return merge != nullptr ? merge->rank : NoRank;
    };
    auto& ranks = scratch.ranks; // of the pair that begins there
    ranks.clear();
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i)
        ranks.push_back(rankAt(i));
    while (!ranks.empty()) {
        const auto best = std::min_element(ranks.begin(), ranks.end());
        if (*best == NoRank)
            return;
        const auto at = static_cast<std::size_t>(best - ranks.begin());
        pieces[at] = mergeOf(pieces[at], pieces[at + 1])->merged;
        pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        ranks.erase(best);
        if (at < ranks.size())
            ranks[at] = rankAt(at);
        if (at > 0)
            ranks[at - 1] = rankAt(at - 1);
    }
}

/// The same with the candidates in a heap: a word of n bytes in n log n.
void ByteBpe::mergeLong(std::vector<std::int32_t>& pieces, Scratch& scratch) const {
    auto& symbols = scratch.symbols;
    auto& heap = scratch.heap;
    const auto later = [](const Scratch::Candidate& a, const Scratch::Candidate& b) {
        return a.rank != b.rank ? a.rank > b.rank : a.at > b.at;
    };
    const auto symbolAt = [&](std::int32_t at) -> Scratch::Symbol& {
        return symbols[static_cast<std::size_t>(at)];
    };
    const auto consider = [&](std::int32_t at) {
        if (at < 0 || symbolAt(at).next < 0)
            return;
        if (const Slot* merge = mergeOf(symbolAt(at).id, symbolAt(symbolAt(at).next).id)) {
            heap.push_back({merge->rank, at, merge->merged});
            std::push_heap(heap.begin(), heap.end(), later);
        }
    };
    const auto count = static_cast<std::int32_t>(pieces.size());
    symbols.clear();
    heap.clear();
    for (std::int32_t i = 0; i < count; ++i)
        symbols.push_back({pieces[static_cast<std::size_t>(i)], i - 1, i + 1 < count ? i + 1 : -1});
    for (std::int32_t i = 0; i + 1 < count; ++i)
        consider(i);
    while (!heap.empty()) {
        std::pop_heap(heap.begin(), heap.end(), later);
        const Scratch::Candidate best = heap.back();
        heap.pop_back();
        Scratch::Symbol& left = symbolAt(best.at);
        if (left.id < 0 || left.next < 0)
            continue;
        Scratch::Symbol& right = symbolAt(left.next);
        const Slot* merge = mergeOf(left.id, right.id);
        if (merge == nullptr || merge->rank != best.rank)
            continue; // one of the two has become another meanwhile
        left.id = best.merged;
        right.id = -1;
        left.next = right.next;
        if (right.next >= 0)
            symbolAt(right.next).previous = best.at;
        consider(best.at);
        consider(left.previous);
    }
    pieces.clear();
    for (std::int32_t at = 0; at >= 0 && at < count; at = symbolAt(at).next)
        pieces.push_back(symbolAt(at).id);
}

} // namespace stillroom
