// vocab.txt (BERT) and vocab.json with merges.txt (GPT-2, RoBERTa): files of before tokenizer.json. What
// their owners' programs then do by default is written here; tokenizer_config.json and
// special_tokens_map.json may say otherwise.
#include "core/base/number.h"
#include "core/text/tokenizer_files.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace stillroom {

namespace {

/// What the files beside the vocabulary say; every one of them may be missing.
struct Beside {
    std::optional<JsonText> config, specials, added, model;

    /// A special token's text: "[CLS]" or {"content": "[CLS]", ...}.
    [[nodiscard]] Result<std::string> token(std::string_view key, std::string_view fallback) const {
        for (const auto* file : {&specials, &config}) {
            if (!*file)
                continue;
            const auto value = (*file)->top().find(key);
            simdjson::dom::object object;
            if (!value)
                continue;
            if (value->get(object) == simdjson::SUCCESS)
                return JsonObject(object, fmt::format("{}: {}", (*file)->top().where(), key))
                    .text("content", "");
            return (*file)->top().text(key, fallback);
        }
        return std::string(fallback);
    }
    [[nodiscard]] Result<std::optional<bool>> flag(std::string_view key) const {
        return config ? config->top().flag(key) : Result<std::optional<bool>>(std::nullopt);
    }
};

Result<Beside> readBeside(const OlderFiles& files) {
    Beside beside;
    const auto read = [&](std::string_view bytes, const char* name,
                          std::optional<JsonText>& into) -> Result<void> {
        if (bytes.empty())
            return {};
        auto text = JsonText::parse(bytes, files.folder + '/' + name);
        if (!text)
            return fail(std::move(text.error()));
        into.emplace(std::move(*text));
        return {};
    };
    for (auto done : {read(files.tokenizerConfig, "tokenizer_config.json", beside.config),
                      read(files.specialTokens, "special_tokens_map.json", beside.specials),
                      read(files.addedTokens, "added_tokens.json", beside.added),
                      read(files.config, "config.json", beside.model)})
        if (!done)
            return fail(std::move(done.error()));
    return beside;
}

/// Errors: a tokenizer of another kind that happens to have files of these names.
Result<std::string> kindOf(const Beside& beside, std::initializer_list<std::string_view> known) {
    if (!beside.config)
        return std::string();
    auto kind = beside.config->top().text("tokenizer_class", "");
    if (!kind)
        return kind;
    if (kind->ends_with("Fast"))
        kind->resize(kind->size() - 4);
    if (!kind->empty() && std::find(known.begin(), known.end(), *kind) == known.end())
        return beside.config->top().refuse(
            "tokenizer_class",
            fmt::format("is {}, which these files alone do not describe; add its tokenizer.json",
                        excerpt(*kind)));
    return kind;
}

/// Special tokens become added tokens, found in the text itself; those that the vocabulary lacks do not.
Result<void> addSpecial(TokenizerRecipe& recipe, const std::string& content, bool leftStrip,
                        const std::string& where) {
    const auto id = recipe.vocabulary.find(content);
    if (id == TokenTable::None || recipe.addedIds.find(content) != TokenTable::None)
        return {};
    AddedToken token;
    token.content = content;
    token.id = id;
    token.leftStrip = leftStrip;
    token.special = true;
    return addAddedToken(recipe, std::move(token), where);
}

/// tokenizer_config.json's added_tokens_decoder {"30522": {"content": ...}}, and added_tokens.json {"token":
/// 30522}.
Result<void> addListed(TokenizerRecipe& recipe, const Beside& beside) {
    if (beside.config) {
        const auto listed = beside.config->top().object("added_tokens_decoder");
        if (!listed)
            return fail(listed.error());
        if (*listed)
            for (const auto field : (*listed)->raw()) {
                simdjson::dom::object fields;
                const auto id = readInteger(field.key);
                if (!id || *id < 0 || *id > TokenizerRecipe::LargestId ||
                    field.value.get(fields) != simdjson::SUCCESS)
                    return beside.config->top().refuse("added_tokens_decoder",
                                                       "must give an object in braces for every id");
                auto token = readAddedToken(JsonObject(fields, (*listed)->where()));
                if (!token)
                    return fail(std::move(token.error()));
                token->id = static_cast<std::int32_t>(*id);
                if (auto added = addAddedToken(recipe, std::move(*token), (*listed)->where()); !added)
                    return added;
            }
    }
    if (beside.added)
        for (const auto field : beside.added->top().raw()) {
            AddedToken token;
            std::int64_t id = 0;
            if (field.value.get(id) != simdjson::SUCCESS || id < 0 || id > TokenizerRecipe::LargestId)
                return beside.added->top().refuse(field.key, "has no usable id");
            if (recipe.addedIds.find(field.key) != TokenTable::None)
                continue;
            token.content = std::string(field.key);
            token.id = static_cast<std::int32_t>(id);
            token.normalized = true;
            if (auto added = addAddedToken(recipe, std::move(token), beside.added->top().where()); !added)
                return added;
        }
    return {};
}

/// The special tokens by their role. `fallbacks` in the order cls, sep, unk, pad, mask.
Result<void> settleSpecials(TokenizerRecipe& recipe, const Beside& beside, const OlderFiles& files,
                            std::array<std::string_view, 5> fallbacks, bool maskTakesSpace) {
    if (auto listed = addListed(recipe, beside); !listed)
        return listed;
    const std::array<std::string_view, 5> keys{"cls_token", "sep_token", "unk_token", "pad_token",
                                               "mask_token"};
    std::array<std::int32_t, 5> ids{};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto content = beside.token(keys[i], fallbacks[i]);
        if (!content)
            return fail(content.error());
        if (auto added =
                addSpecial(recipe, *content, maskTakesSpace && keys[i] == "mask_token", files.folder);
            !added)
            return added;
        ids[i] = content->empty() ? TokenTable::None : recipe.idOf(*content);
        if (i < 2 && !content->empty() && ids[i] == TokenTable::None)
            return fail(fmt::format("{}: the {} '{}' is not in the vocabulary", files.folder, keys[i],
                                    excerpt(*content)));
    }
    for (const auto* key : {"bos_token", "eos_token"}) {
        const auto content = beside.token(key, "");
        if (!content)
            return fail(content.error());
        if (auto added = addSpecial(recipe, *content, false, files.folder); !added)
            return added;
    }
    const auto known = [](std::int32_t id) {
        return id == TokenTable::None ? std::optional<std::int32_t>() : id;
    };
    recipe.cls = known(ids[0]);
    recipe.sep = known(ids[1]);
    recipe.pad = known(ids[3]);
    recipe.mask = known(ids[4]);
    if (recipe.cls)
        recipe.before = {*recipe.cls};
    if (recipe.sep)
        recipe.after = {*recipe.sep};
    if (recipe.model == TokenizerRecipe::Model::WordPiece)
        recipe.unknown = ids[2];
    return {};
}

/// `take(line, number)` for every line, counted from 1, without its end.
template <class Take>
Result<void> forEachLine(std::string_view text, Take take) {
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (auto taken = take(line, ++number); !taken)
            return taken;
    }
    return {};
}

} // namespace

Result<TokenizerRecipe> readVocabularyText(const OlderFiles& files) {
    TokenizerRecipe recipe;
    recipe.model = TokenizerRecipe::Model::WordPiece;
    const auto beside = readBeside(files);
    if (!beside)
        return fail(beside.error());
    if (const auto kind = kindOf(*beside, {"BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer"});
        !kind)
        return fail(kind.error());
    const std::string where = files.folder + "/vocab.txt";
    if (!simdjson::validate_utf8(files.vocabulary.data(), files.vocabulary.size()))
        return fail(fmt::format("{}: is not valid UTF-8; fetch the file again", where));
    const auto add = [&](std::string_view line, std::size_t number) -> Result<void> {
        if (line.empty())
            return {}; // an id that nobody has
        const auto id = static_cast<std::int64_t>(number) - 1;
        if (id > TokenizerRecipe::LargestId)
            return fail(fmt::format("{}: has more than {} lines", where, TokenizerRecipe::LargestId + 1));
        if (line.size() > TokenizerRecipe::LongestToken)
            return fail(fmt::format("{}, line {}: has {} bytes; a token may have {}", where, number,
                                    line.size(), TokenizerRecipe::LongestToken));
        if (!recipe.vocabulary.add(line, static_cast<std::int32_t>(id)))
            return fail(
                fmt::format("{}, line {}: the token '{}' is there twice", where, number, excerpt(line)));
        recipe.take(static_cast<std::int32_t>(id));
        return {};
    };
    if (auto read = forEachLine(files.vocabulary, add); !read)
        return fail(std::move(read.error()));

    const auto lower = beside->flag("do_lower_case");
    const auto ideographs = beside->flag("tokenize_chinese_chars");
    const auto strip = beside->flag("strip_accents");
    const auto basic = beside->flag("do_basic_tokenize");
    for (const auto* flag : {&lower, &ideographs, &strip, &basic})
        if (!*flag)
            return fail(flag->error());
    if (!basic->value_or(true))
        return beside->config->top().refuse("do_basic_tokenize", "is false, which is not known here");
    recipe.cleaning.clean = true;
    recipe.cleaning.lowerCase = lower->value_or(true);
    recipe.cleaning.ideographs = ideographs->value_or(true);
    recipe.cleaning.stripAccents = strip->value_or(recipe.cleaning.lowerCase);
    if (auto settled =
            settleSpecials(recipe, *beside, files, {"[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]"}, false);
        !settled)
        return fail(std::move(settled.error()));
    if (recipe.unknown == TokenTable::None)
        return fail(fmt::format("{}: has no token for the unknown ([UNK]), which WordPiece needs", where));
    return recipe;
}

Result<TokenizerRecipe> readVocabularyAndMerges(const OlderFiles& files) {
    TokenizerRecipe recipe;
    recipe.model = TokenizerRecipe::Model::ByteBpe;
    const auto beside = readBeside(files);
    if (!beside)
        return fail(beside.error());
    auto kind = kindOf(*beside, {"RobertaTokenizer", "GPT2Tokenizer"});
    if (!kind)
        return fail(std::move(kind.error()));
    const std::string where = files.folder + "/vocab.json";
    const auto vocabulary = JsonText::parse(files.vocabulary, where);
    if (!vocabulary)
        return fail(vocabulary.error());
    if (auto read = readVocabulary(recipe, vocabulary->top().raw(), where); !read)
        return fail(std::move(read.error()));

    const std::string list = files.folder + "/merges.txt";
    if (!simdjson::validate_utf8(files.merges.data(), files.merges.size()))
        return fail(fmt::format("{}: is not valid UTF-8; fetch the file again", list));
    std::size_t merges = 0;
    const auto add = [&](std::string_view line, std::size_t number) -> Result<void> {
        if (line.empty() || line.starts_with("#version"))
            return {};
        const auto space = line.find(' ');
        if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
            return fail(
                fmt::format("{}, line {}: is no pair of tokens with one space between", list, number));
        return addMerge(recipe, line.substr(0, space), line.substr(space + 1), list, ++merges);
    };
    if (auto read = forEachLine(files.merges, add); !read)
        return fail(std::move(read.error()));

    if (kind->empty() && beside->model) {
        const auto model = beside->model->top().text("model_type", "");
        if (!model)
            return fail(model.error());
        *kind = *model == "roberta" ? "RobertaTokenizer" : *model == "gpt2" ? "GPT2Tokenizer" : "";
    }
    bool ended = false; // CLIP's and OpenAI GPT's files have the same names
    recipe.vocabulary.forEach(
        [&](std::string_view token, std::int32_t) { ended |= token.ends_with("</w>"); });
    if (ended)
        return fail(fmt::format("{}: has tokens that end in </w>, which byte-level BPE has not", where));
    const bool framed = recipe.vocabulary.find("<s>") != TokenTable::None &&
                        recipe.vocabulary.find("</s>") != TokenTable::None;
    if (kind->empty() && !framed && recipe.vocabulary.find("<|endoftext|>") == TokenTable::None)
        return fail(fmt::format("{}: holds neither RoBERTa's <s> and </s> nor GPT-2's <|endoftext|>; add the "
                                "tokenizer_config.json that says which tokenizer it is",
                                where));
    const bool roberta = kind->empty() ? framed : *kind == "RobertaTokenizer";
    const auto prefix = beside->flag("add_prefix_space");
    if (!prefix)
        return fail(prefix.error());
    recipe.prefixSpace = prefix->value_or(false);
    auto settled =
        roberta ? settleSpecials(recipe, *beside, files, {"<s>", "</s>", "<unk>", "<pad>", "<mask>"}, true)
                : settleSpecials(recipe, *beside, files, {"", "", "<|endoftext|>", "", ""}, false);
    if (!settled)
        return fail(std::move(settled.error()));
    if (!roberta) { // GPT-2 puts nothing around a text, whatever its files name
        recipe.before.clear();
        recipe.after.clear();
    }
    return recipe;
}

} // namespace stillroom
