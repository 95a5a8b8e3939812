// From a folder to a TokenizerRecipe: which files there are, and what each says. Private to core/text.
#pragma once

#include "core/text/json_text.h"
#include "core/text/tokenizer_recipe.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace stillroom {

/// `tokenizer.json`, else `vocab.txt`, else `vocab.json` with `merges.txt`. Errors: none of them there, any
/// of them wrong; one sentence.
Result<TokenizerRecipe> readTokenizerFolder(const std::string& folder);

/// The same from files that lie elsewhere, by name; `shown` stands for the folder in sentences.
Result<TokenizerRecipe> readTokenizerFiles(const std::map<std::string, std::string>& files,
                                           const std::string& shown);

/// Hugging Face's one file. `bytes` may end after this.
Result<TokenizerRecipe> readTokenizerJson(std::string_view bytes, const std::string& shown);

/// Files that a vocabulary of the older kind lies in, with what was said beside them. Empty: not there.
struct OlderFiles {
    std::string folder; ///< as shown
    std::string vocabulary, merges, tokenizerConfig, specialTokens, addedTokens, config;
};
/// BERT's list of word pieces, a line each.
Result<TokenizerRecipe> readVocabularyText(const OlderFiles& files);
/// GPT-2's and RoBERTa's `vocab.json` and `merges.txt`.
Result<TokenizerRecipe> readVocabularyAndMerges(const OlderFiles& files);

// What the readers share.

/// {"token": id, ...} into `recipe.vocabulary`. Errors: id no number, out of range, twice; token too long,
/// twice.
Result<void> readVocabulary(TokenizerRecipe& recipe, simdjson::dom::object tokens, const std::string& where);
/// Looks the two up and the token that they become. Errors: one of them is unknown; `number` counts from 1.
Result<void> addMerge(TokenizerRecipe& recipe, std::string_view left, std::string_view right,
                      const std::string& where, std::size_t number);
/// Errors: the same content twice, an id that another token has or that the vocabulary gives otherwise, a
/// content that is empty or too long, an id out of range.
Result<void> addAddedToken(TokenizerRecipe& recipe, AddedToken token, const std::string& where);
/// tokenizer.json's special tokens around a text; vocabulary and added tokens are read before.
Result<void> readPostProcessor(TokenizerRecipe& recipe, const JsonObject& top);
/// {"content": ..., "lstrip": ..., ...}; the id is not read.
Result<AddedToken> readAddedToken(const JsonObject& object);

} // namespace stillroom
