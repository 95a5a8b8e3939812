// What tokenizer.json and the older files have in common: vocabularies, merges, added tokens.
#include "core/text/tokenizer_files.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

std::int32_t TokenizerRecipe::idOf(std::string_view token) const {
    if (const auto id = vocabulary.find(token); id != TokenTable::None)
        return id;
    return addedIds.find(token);
}

bool TokenizerRecipe::take(std::int32_t id) {
    const auto at = static_cast<std::size_t>(id);
    if (at >= taken.size())
        taken.resize(at + 1); // grows as any vector does: not one by one
    if (taken[at])
        return false;
    taken[at] = true;
    return true;
}

Result<void> readVocabulary(TokenizerRecipe& recipe, simdjson::dom::object tokens, const std::string& where) {
    recipe.vocabulary.reserve(std::min<std::size_t>(tokens.size(), TokenizerRecipe::LargestId));
    for (const auto field : tokens) {
        std::int64_t id = 0;
        if (field.value.get(id) != simdjson::SUCCESS)
            return fail(fmt::format("{}: the id of '{}' is no whole number", where, excerpt(field.key)));
        if (id < 0 || id > TokenizerRecipe::LargestId)
            return fail(fmt::format("{}: the id of '{}' is {}; ids run from 0 to {}", where,
                                    excerpt(field.key), id, TokenizerRecipe::LargestId));
        if (field.key.size() > TokenizerRecipe::LongestToken)
            return fail(fmt::format("{}: the token '{}' has {} bytes; at most {} are read", where,
                                    excerpt(field.key), field.key.size(), TokenizerRecipe::LongestToken));
        if (!recipe.take(static_cast<std::int32_t>(id)))
            return fail(fmt::format("{}: two tokens have the id {}; '{}' is the second", where, id,
                                    excerpt(field.key)));
        if (!recipe.vocabulary.add(field.key, static_cast<std::int32_t>(id)))
            return fail(fmt::format("{}: the token '{}' is there twice", where, excerpt(field.key)));
    }
    if (recipe.vocabulary.size() == 0)
        return fail(fmt::format("{}: holds no token", where));
    return {};
}

Result<void> addMerge(TokenizerRecipe& recipe, std::string_view left, std::string_view right,
                      const std::string& where, std::size_t number) {
    const auto unknown = [&](std::string_view token) {
        return fail(fmt::format("{}: merge {} ('{}' and '{}') names '{}', which is not in the vocabulary",
                                where, number, excerpt(left), excerpt(right), excerpt(token)));
    };
    if (left.size() + right.size() > TokenizerRecipe::LongestToken)
        return fail(fmt::format("{}: merge {} makes a token of {} bytes; at most {} are read", where, number,
                                left.size() + right.size(), TokenizerRecipe::LongestToken));
    const std::string both = std::string(left) + std::string(right);
    const Merge merge{recipe.vocabulary.find(left), recipe.vocabulary.find(right),
                      recipe.vocabulary.find(both)};
    if (merge.left == TokenTable::None)
        return unknown(left);
    if (merge.right == TokenTable::None)
        return unknown(right);
    if (merge.merged == TokenTable::None)
        return unknown(both);
    recipe.merges.push_back(merge);
    return {};
}

Result<AddedToken> readAddedToken(const JsonObject& object) {
    AddedToken token;
    if (auto known = object.allow(
            {"__type", "id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"});
        !known)
        return fail(std::move(known.error()));
    auto content = object.text("content", "");
    const auto singleWord = object.flag("single_word", false);
    const auto left = object.flag("lstrip", false);
    const auto right = object.flag("rstrip", false);
    const auto special = object.flag("special", false);
    const auto normalized = object.flag("normalized", special ? !*special : true);
    if (!content)
        return fail(std::move(content.error()));
    for (const auto* each : {&singleWord, &left, &right, &special, &normalized})
        if (!*each)
            return fail(each->error());
    token.content = std::move(*content);
    token.singleWord = *singleWord;
    token.leftStrip = *left;
    token.rightStrip = *right;
    token.special = *special;
    token.normalized = *normalized;
    return token;
}

Result<void> addAddedToken(TokenizerRecipe& recipe, AddedToken token, const std::string& where) {
    const auto refuse = [&](std::string_view reason) {
        return fail(fmt::format("{}: the added token '{}' {}", where, excerpt(token.content), reason));
    };
    if (token.content.empty())
        return fail(fmt::format("{}: an added token is empty", where));
    if (token.content.size() > TokenizerRecipe::LongestToken)
        return refuse(fmt::format("has {} bytes; at most {} are read", token.content.size(),
                                  TokenizerRecipe::LongestToken));
    if (token.id < 0 || token.id > TokenizerRecipe::LargestId)
        return refuse(
            fmt::format("has the id {}; ids run from 0 to {}", token.id, TokenizerRecipe::LargestId));
    if (const auto id = recipe.vocabulary.find(token.content); id != TokenTable::None && id != token.id)
        return refuse(fmt::format("has the id {}, and the vocabulary gives it {}", token.id, id));
    else if (id == TokenTable::None && !recipe.take(token.id))
        return refuse(fmt::format("has the id {}, which another token has", token.id));
    if (!recipe.addedIds.add(token.content, token.id))
        return refuse("is there twice");
    recipe.added.push_back(std::move(token));
    return {};
}

} // namespace stillroom
