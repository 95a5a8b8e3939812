#include "core/text/wordpiece.h"

#include <algorithm>

namespace stillroom {

namespace {

bool beginsCharacter(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

} // namespace

WordPiece::WordPiece(const TokenizerRecipe& recipe)
    : words_(recipe.vocabulary), unknown_(recipe.unknown), longestWord_(recipe.longestWord) {
    const std::string_view prefix = recipe.continuingPrefix;
    recipe.vocabulary.forEach([&](std::string_view token, std::int32_t id) {
        if (token.size() > prefix.size() && token.starts_with(prefix))
            continuations_.add(token.substr(prefix.size()), id);
    });
}

void WordPiece::split(std::string_view word, std::vector<std::int32_t>& ids,
                      std::vector<std::uint64_t>& hashes) const {
    // Bytes are not fewer than characters: most words need no counting.
    if (word.size() > longestWord_ &&
        static_cast<std::size_t>(std::count_if(word.begin(), word.end(), beginsCharacter)) > longestWord_) {
        ids.push_back(unknown_);
        return;
    }
    const std::size_t before = ids.size();
    for (std::size_t begin = 0; begin < word.size();) {
        const TokenTable& table = begin == 0 ? words_ : continuations_;
        const std::size_t most = std::min(word.size() - begin, table.longest());
        const std::string_view rest = word.substr(begin, most);
        hashes.clear();
        std::uint64_t hash = table.start();
        for (const char byte : rest)
            hashes.push_back(hash = TokenTable::next(hash, byte));
        std::size_t length = most;
        std::int32_t id = TokenTable::None;
        for (; length > 0; --length) {
            if (begin + length < word.size() && !beginsCharacter(word[begin + length]))
                continue;
            id = table.find(rest.substr(0, length), hashes[length - 1]);
            if (id != TokenTable::None)
                break;
        }
        if (id == TokenTable::None) {
            ids.resize(before);
            ids.push_back(unknown_);
            return;
        }
        ids.push_back(id);
        begin += length;
    }
}

} // namespace stillroom
