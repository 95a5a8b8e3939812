#include "core/text/tokenizer_worker.h"

#include "core/text/gpt2_words.h"

#include <algorithm>
#include <simdjson.h>

namespace stillroom {

Tokenizer::Parts::Parts(TokenizerRecipe from) : recipe(std::move(from)), words(recipe.cleaning) {
    size = static_cast<std::int32_t>(recipe.taken.size());
    if (recipe.model == TokenizerRecipe::Model::WordPiece)
        wordPiece.emplace(recipe);
    else
        bpe.emplace(recipe);
    BertWords::Scratch scratch;
    for (const auto& token : recipe.added)
        if (!token.normalized) {
            written.add(token.content, token);
        } else if (const auto text = words.normalize(token.content, scratch); !text.empty()) {
            normalized.add(std::string(text), token);
        } else {
            lost = token.content;
        }
}

bool Tokenizer::Worker::encode(std::string_view text, std::size_t maxLength, std::vector<std::int32_t>& ids) {
    if (!simdjson::validate_utf8(text.data(), text.size())) {
        repaired_ = unicode::repaired(text);
        text = repaired_;
    }
    const auto& recipe = parts_.recipe;
    ids.insert(ids.end(), recipe.before.begin(), recipe.before.end());
    const std::size_t special = recipe.before.size() + recipe.after.size();
    const std::size_t room = maxLength - std::min(maxLength, special);
    const std::size_t most = maxLength == AnyLength ? AnyLength : ids.size() + room;
    ids_ = &ids;
    enough_ = maxLength == AnyLength ? AnyLength : most + 1;
    encodeWritten(text);
    const bool cut = ids.size() > most;
    if (cut)
        ids.resize(most);
    ids.insert(ids.end(), recipe.after.begin(), recipe.after.end());
    return cut;
}

bool Tokenizer::Worker::encodeWritten(std::string_view text) {
    const auto encodePiece = [&](std::string_view piece) {
        return parts_.wordPiece ? encodeWordPieces(piece) : encodeBytes(piece);
    };
    if (parts_.written.empty())
        return text.empty() || encodePiece(text);
    return parts_.written.forEachPiece(text, [&](std::string_view piece, std::int32_t id) {
        if (id == TokenTable::None)
            return encodePiece(piece);
        ids_->push_back(id);
        return wantsMore();
    });
}

/// Cut at ASCII's spaces and symbols first; see bert_words.h.
bool Tokenizer::Worker::encodeWordPieces(std::string_view text) {
    const BertWords& words = parts_.words;
    if (!parts_.normalized.empty())
        return parts_.normalized.forEachPiece(words.normalize(text, normalizing_),
                                              [&](std::string_view piece, std::int32_t id) {
                                                  if (id == TokenTable::None)
                                                      return encodeNormalized(piece);
                                                  ids_->push_back(id);
                                                  return wantsMore();
                                              });
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at != end;) {
        const BertWords::Kind kind = words.kind(*at);
        if (kind == BertWords::Space) {
            ++at;
            continue;
        }
        const char* const begin = at++;
        if (kind == BertWords::Plain)
            while (at != end && words.kind(*at) == BertWords::Plain)
                ++at;
        if (!encodeStretch({begin, static_cast<std::size_t>(at - begin)}))
            return false;
    }
    return true;
}

/// One symbol, or what lies between two.
bool Tokenizer::Worker::encodeStretch(std::string_view stretch) {
    if (takeRemembered(stretch))
        return wantsMore();
    const std::size_t before = ids_->size();
    if (encodeNormalized(parts_.words.normalize(stretch, normalizing_))) {
        remember(stretch, before);
        return true;
    }
    return false;
}

bool Tokenizer::Worker::encodeNormalized(std::string_view text) {
    parts_.words.forEachWord(text, [&](std::string_view word) {
        if (wantsMore())
            parts_.wordPiece->split(word, *ids_, hashes_);
    });
    return wantsMore();
}

bool Tokenizer::Worker::encodeBytes(std::string_view text) {
    const auto encodePiece = [&](std::string_view piece) {
        if (parts_.recipe.prefixSpace && piece.front() != ' ') {
            withSpace_.assign(1, ' ');
            withSpace_ += piece;
            piece = withSpace_;
        }
        if (!parts_.recipe.splitWords)
            return encodeByteWord(piece);
        for (std::size_t at = 0; at < piece.size();) {
            const std::size_t end = gpt2WordEnd(piece, at);
            if (!encodeByteWord(piece.substr(at, end - at)))
                return false;
            at = end;
        }
        return true;
    };
    if (parts_.normalized.empty())
        return encodePiece(text);
    return parts_.normalized.forEachPiece(text, [&](std::string_view piece, std::int32_t id) {
        if (id == TokenTable::None)
            return encodePiece(piece);
        ids_->push_back(id);
        return wantsMore();
    });
}

bool Tokenizer::Worker::encodeByteWord(std::string_view word) {
    if (takeRemembered(word))
        return wantsMore();
    const std::size_t before = ids_->size();
    parts_.bpe->split(word, *ids_, merging_);
    remember(word, before);
    return wantsMore();
}

bool Tokenizer::Worker::takeRemembered(std::string_view word) {
    std::size_t count = 0;
    const std::int32_t* ids = cache_.find(word, count);
    if (ids == nullptr)
        return false;
    if (count == 1)
        ids_->push_back(*ids);
    else
        ids_->insert(ids_->end(), ids, ids + count);
    return true;
}

void Tokenizer::Worker::remember(std::string_view word, std::size_t idsBefore) {
    if (remembers_)
        cache_.add(word, std::span(*ids_).subspan(idsBefore));
}

} // namespace stillroom
