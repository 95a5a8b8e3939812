// Hugging Face's tokenizer.json (its `tokenizers` library writes it; huggingface.co/docs/tokenizers).
#include "core/text/tokenizer_files.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

/// The recipe while it is read; every step gives an error or nothing.
class Reader {
  public:
    explicit Reader(const JsonObject& top) : top_(top) {}

    Result<TokenizerRecipe> read() {
        using Step = Result<void> (Reader::*)();
        for (const Step step : {&Reader::readTop, &Reader::readModel, &Reader::readAdded,
                                &Reader::readNormalizer, &Reader::readPreTokenizer, &Reader::readLengths})
            if (auto done = (this->*step)(); !done)
                return fail(std::move(done.error()));
        if (auto done = readPostProcessor(recipe_, top_); !done)
            return fail(std::move(done.error()));
        return std::move(recipe_);
    }

  private:
    Result<void> readTop();
    Result<void> readModel();
    Result<void> readWordPiece(const JsonObject& model);
    Result<void> readByteBpe(const JsonObject& model);
    Result<void> readMerges(const JsonObject& model);
    Result<void> readUnknown(const JsonObject& model);
    Result<void> readAdded();
    Result<void> readNormalizer();
    Result<void> readPreTokenizer();
    Result<void> readLengths();

    const JsonObject& top_;
    TokenizerRecipe recipe_;
};

Result<void> Reader::readTop() {
    if (auto known = top_.allow({"version", "truncation", "padding", "added_tokens", "normalizer",
                                 "pre_tokenizer", "post_processor", "decoder", "model"});
        !known)
        return known;
    auto version = top_.text("version", "1.0");
    if (!version)
        return fail(std::move(version.error()));
    if (*version != "1.0")
        return top_.refuse("version", fmt::format("is {}; 1.0 is the one that is known", excerpt(*version)));
    return {};
}

Result<void> Reader::readModel() {
    auto model = top_.object("model");
    if (!model)
        return fail(std::move(model.error()));
    if (!*model)
        return top_.refuse("model", "is missing; fetch the file again");
    auto type = (*model)->text("type", "");
    if (!type)
        return fail(std::move(type.error()));
    if (type->empty()) // files of before 2021 do not say it
        *type = (*model)->find("merges")                     ? "BPE"
                : (*model)->find("max_input_chars_per_word") ? "WordPiece"
                                                             : "";
    if (*type == "WordPiece")
        return readWordPiece(**model);
    if (*type == "BPE")
        return readByteBpe(**model);
    return top_.refuse(
        "model",
        fmt::format("is of type '{}'; WordPiece and byte-level BPE are those known here", excerpt(*type)));
}

Result<void> Reader::readUnknown(const JsonObject& model) {
    auto unknown = model.text("unk_token");
    if (!unknown)
        return fail(std::move(unknown.error()));
    if (!*unknown)
        return {};
    recipe_.unknown = recipe_.vocabulary.find(**unknown);
    if (recipe_.unknown == TokenTable::None)
        return model.refuse("unk_token",
                            fmt::format("is '{}', which is not in the vocabulary", excerpt(**unknown)));
    return {};
}

Result<void> Reader::readWordPiece(const JsonObject& model) {
    recipe_.model = TokenizerRecipe::Model::WordPiece;
    if (auto known = model.allow(
            {"type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab"});
        !known)
        return known;
    const auto vocabulary = model.object("vocab");
    auto prefix = model.text("continuing_subword_prefix", "##");
    const auto longest = model.integer("max_input_chars_per_word", 100);
    if (!vocabulary)
        return fail(vocabulary.error());
    if (!*vocabulary)
        return model.refuse("vocab", "is missing; fetch the file again");
    if (!prefix)
        return fail(std::move(prefix.error()));
    if (!longest)
        return fail(longest.error());
    if (*longest < 0 || *longest > 10000)
        return model.refuse("max_input_chars_per_word", "must lie between 0 and 10000");
    recipe_.continuingPrefix = std::move(*prefix);
    recipe_.longestWord = static_cast<std::size_t>(*longest);
    if (auto read = readVocabulary(recipe_, (*vocabulary)->raw(), (*vocabulary)->where()); !read)
        return read;
    if (!model.find("unk_token"))
        return model.refuse("unk_token", "is missing; WordPiece needs a token for what it does not know");
    return readUnknown(model);
}

Result<void> Reader::readByteBpe(const JsonObject& model) {
    recipe_.model = TokenizerRecipe::Model::ByteBpe;
    if (auto known = model.allow({"type", "dropout", "unk_token", "continuing_subword_prefix",
                                  "end_of_word_suffix", "fuse_unk", "ignore_merges", "vocab", "merges"});
        !known)
        return known;
    double dropout = 0;
    if (const auto value = model.find("dropout");
        value && (value->get(dropout) != simdjson::SUCCESS || dropout != 0))
        return model.refuse("dropout", "asks for random merges; set it to null");
    for (const auto* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        const auto text = model.text(key, "");
        if (!text)
            return fail(text.error());
        if (!text->empty())
            return model.refuse(key, "is not empty; byte-level BPE without one is what is known here");
    }
    const auto fuse = model.flag("fuse_unk", false);
    const auto ignore = model.flag("ignore_merges", false);
    const auto vocabulary = model.object("vocab");
    for (const auto* flag : {&fuse, &ignore})
        if (!*flag)
            return fail(flag->error());
    if (!vocabulary)
        return fail(vocabulary.error());
    if (!*vocabulary)
        return model.refuse("vocab", "is missing; fetch the file again");
    recipe_.fuseUnknown = *fuse;
    recipe_.ignoreMerges = *ignore;
    if (auto read = readVocabulary(recipe_, (*vocabulary)->raw(), (*vocabulary)->where()); !read)
        return read;
    if (auto read = readUnknown(model); !read)
        return read;
    return readMerges(model);
}

/// "a b" until 2024, ["a", "b"] since.
Result<void> Reader::readMerges(const JsonObject& model) {
    const auto merges = model.array("merges");
    if (!merges)
        return fail(merges.error());
    if (!*merges)
        return model.refuse("merges", "is missing; fetch the file again");
    const std::string where = model.where() + ": merges";
    std::size_t number = 0;
    for (const element merge : **merges) {
        ++number;
        std::string_view left;
        std::string_view right;
        array pair;
        bool fine = false;
        if (merge.get(left) == simdjson::SUCCESS) {
            const auto space = left.find(' ');
            fine = space != std::string_view::npos && left.find(' ', space + 1) == std::string_view::npos;
            right = fine ? left.substr(space + 1) : "";
            left = left.substr(0, space);
        } else if (merge.get(pair) == simdjson::SUCCESS && pair.size() == 2) {
            fine = pair.at(0).get(left) == simdjson::SUCCESS && pair.at(1).get(right) == simdjson::SUCCESS;
        }
        if (!fine)
            return fail(fmt::format("{}: merge {} is no pair of tokens", where, number));
        if (auto added = addMerge(recipe_, left, right, where, number); !added)
            return added;
    }
    return {};
}

Result<void> Reader::readAdded() {
    const auto tokens = top_.array("added_tokens");
    if (!tokens)
        return fail(tokens.error());
    if (!*tokens)
        return {};
    const std::string where = top_.where() + ": added_tokens";
    for (const element each : **tokens) {
        object fields;
        if (each.get(fields) != simdjson::SUCCESS)
            return fail(fmt::format("{}: must be a list of objects in braces", where));
        const JsonObject entry(fields, where);
        auto token = readAddedToken(entry);
        const auto id = entry.integer("id");
        if (!token)
            return fail(std::move(token.error()));
        if (!id)
            return fail(id.error());
        if (*id < 0 || *id > TokenizerRecipe::LargestId)
            return entry.refuse("id",
                                fmt::format("is {}; ids run from 0 to {}", *id, TokenizerRecipe::LargestId));
        token->id = static_cast<std::int32_t>(*id);
        if (auto added = addAddedToken(recipe_, std::move(*token), where); !added)
            return added;
    }
    return {};
}

Result<void> Reader::readNormalizer() {
    const auto normalizer = top_.object("normalizer");
    if (!normalizer)
        return fail(normalizer.error());
    if (!*normalizer)
        return {};
    const auto type = (*normalizer)->text("type", "");
    if (!type)
        return fail(type.error());
    if (*type != "BertNormalizer" || recipe_.model != TokenizerRecipe::Model::WordPiece)
        return top_.refuse("normalizer",
                           fmt::format("is of type '{}'; BertNormalizer before WordPiece and none "
                                       "before BPE are those known here",
                                       excerpt(*type)));
    if (auto known =
            (*normalizer)
                ->allow({"type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase"});
        !known)
        return known;
    const auto clean = (*normalizer)->flag("clean_text", true);
    const auto ideographs = (*normalizer)->flag("handle_chinese_chars", true);
    const auto lower = (*normalizer)->flag("lowercase", true);
    const auto strip =
        (*normalizer)->flag("strip_accents", lower ? *lower : true); // null follows lower-casing
    for (const auto* flag : {&clean, &ideographs, &lower, &strip})
        if (!*flag)
            return fail(flag->error());
    recipe_.cleaning = {*clean, *ideographs, *strip, *lower};
    return {};
}

Result<void> Reader::readPreTokenizer() {
    const auto splitter = top_.object("pre_tokenizer");
    if (!splitter)
        return fail(splitter.error());
    const bool bpe = recipe_.model == TokenizerRecipe::Model::ByteBpe;
    const auto type = *splitter ? (*splitter)->text("type", "") : Result<std::string>("none");
    if (!type)
        return fail(type.error());
    if (*type != (bpe ? "ByteLevel" : "BertPreTokenizer"))
        return top_.refuse("pre_tokenizer",
                           fmt::format("is '{}'; {} is the one known here for {}", excerpt(*type),
                                       bpe ? "ByteLevel" : "BertPreTokenizer", bpe ? "BPE" : "WordPiece"));
    if (!bpe)
        return (*splitter)->allow({"type"});
    if (auto known = (*splitter)->allow({"type", "add_prefix_space", "trim_offsets", "use_regex"}); !known)
        return known;
    const auto prefix = (*splitter)->flag("add_prefix_space", true);
    const auto split = (*splitter)->flag("use_regex", true);
    for (const auto* flag : {&prefix, &split})
        if (!*flag)
            return fail(flag->error());
    recipe_.prefixSpace = *prefix;
    recipe_.splitWords = *split;
    return {};
}

/// How long a text may be is the caller's to say, and so is padding; from which side is cut is not.
Result<void> Reader::readLengths() {
    const auto truncation = top_.object("truncation");
    const auto padding = top_.object("padding");
    if (!truncation || !padding)
        return fail(truncation ? padding.error() : truncation.error());
    if (*truncation) {
        const auto direction = (*truncation)->text("direction", "Right");
        if (!direction)
            return fail(direction.error());
        if (*direction != "Right")
            return (*truncation)
                ->refuse("direction", "asks for cutting at the front, which is not known here");
    }
    if (*padding) {
        const auto token = (*padding)->text("pad_token");
        if (!token)
            return fail(token.error());
        if (*token)
            if (const auto id = recipe_.idOf(**token); id != TokenTable::None)
                recipe_.pad = id;
    }
    return {};
}

} // namespace

Result<TokenizerRecipe> readTokenizerJson(std::string_view bytes, const std::string& shown) {
    auto text = JsonText::parse(bytes, shown);
    if (!text)
        return fail(std::move(text.error()));
    return Reader(text->top()).read();
}

} // namespace stillroom
