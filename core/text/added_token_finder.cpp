#include "core/text/added_token_finder.h"

#include "core/text/unicode.h"

#include <algorithm>
#include <cstring>

namespace stillroom {

namespace {

/// Where the character before `at` begins; `at` > 0.
std::size_t before(std::string_view text, std::size_t at) {
    do
        --at;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
    return at;
}

bool isSpaceAt(std::string_view text, std::size_t at) {
    return (unicode::Characters::tables().traits(unicode::decode(text, at).codePoint) & unicode::Space) != 0;
}

bool isWordAt(std::string_view text, std::size_t at) {
    return unicode::isWordCharacter(unicode::decode(text, at).codePoint);
}

} // namespace

void AddedTokenFinder::add(std::string text, const AddedToken& token) {
    static_assert(TokenizerRecipe::LongestToken <= 0x4000, "lengths fit 16 bits, normalized ones too");
    if (!numbers_.add(text, static_cast<std::int32_t>(tokens_.size())))
        return;
    auto& longest = longest_[static_cast<unsigned char>(text.front())];
    if (longest == 0)
        firstBytes_.push_back(text.front());
    longest = std::max(longest, static_cast<std::uint16_t>(text.size()));
    tokens_.push_back(token);
}

/// The length of the longest token that begins at `at`, or 0.
std::size_t AddedTokenFinder::longestAt(std::string_view text, std::size_t at, std::int32_t& token) const {
    const std::size_t most =
        std::min<std::size_t>(longest_[static_cast<unsigned char>(text[at])], text.size() - at);
    std::size_t length = 0;
    std::uint64_t hash = numbers_.start();
    for (std::size_t i = 1; i <= most; ++i) {
        hash = TokenTable::next(hash, text[at + i - 1]);
        if (const auto number = numbers_.find(text.substr(at, i), hash); number != TokenTable::None) {
            token = number;
            length = i;
        }
    }
    return length;
}

AddedTokenFinder::Found AddedTokenFinder::find(std::string_view text, std::size_t from,
                                               std::size_t done) const {
    for (std::size_t at = from; at < text.size(); ++at) {
        // Mostly one byte begins them all, '[' or '<', and the text has none.
        if (firstBytes_.size() == 1) {
            const void* hit = std::memchr(text.data() + at, firstBytes_.front(), text.size() - at);
            if (hit == nullptr)
                break;
            at = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
        } else if (longest_[static_cast<unsigned char>(text[at])] == 0) {
            continue;
        }
        std::int32_t number = 0;
        const std::size_t length = longestAt(text, at, number);
        if (length == 0)
            continue;
        const AddedToken& token = tokens_[static_cast<std::size_t>(number)];
        Found found{at, at + length, at + length, token.id};
        if (token.singleWord && ((at > 0 && isWordAt(text, before(text, at))) ||
                                 (found.end < text.size() && isWordAt(text, found.end)))) {
            at = found.end - 1; // not a token here, and nothing else begins within it
            continue;
        }
        if (token.leftStrip) {
            while (found.begin > done && isSpaceAt(text, before(text, found.begin)))
                found.begin = before(text, found.begin);
            found.begin = std::max(found.begin, done);
        }
        if (token.rightStrip)
            while (found.end < text.size() && isSpaceAt(text, found.end))
                found.end += unicode::decode(text, found.end).length;
        return found;
    }
    return {};
}

} // namespace stillroom
