// Which special tokens tokenizer.json puts around a text: its post_processor.
#include "core/text/tokenizer_files.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t MostSpecialTokens = 64; // two are usual

/// An id that some token has.
Result<std::int32_t> knownId(const TokenizerRecipe& recipe, element value, const std::string& where) {
    std::int64_t id = 0;
    if (value.get(id) != simdjson::SUCCESS)
        return fail(fmt::format("{}: an id must be a whole number", where));
    if (!recipe.isTaken(id))
        return fail(fmt::format("{}: no token has the id {}", where, id));
    return static_cast<std::int32_t>(id);
}

Result<void> readTemplate(TokenizerRecipe& recipe, const JsonObject& processor) {
    if (auto known = processor.allow({"type", "single", "pair", "special_tokens"}); !known)
        return known;
    const auto single = processor.array("single");
    const auto tokens = processor.object("special_tokens");
    if (!single)
        return fail(single.error());
    if (!*single)
        return processor.refuse("single", "is missing; fetch the file again");
    if (!tokens)
        return fail(tokens.error());
    int texts = 0;
    for (const element piece : **single) {
        object fields;
        if (piece.get(fields) != simdjson::SUCCESS)
            return processor.refuse("single", "must be a list of objects in braces");
        const JsonObject entry(fields, processor.where() + ": single");
        const auto sequence = entry.object("Sequence");
        const auto special = entry.object("SpecialToken");
        if (!sequence || !special)
            return fail(sequence ? special.error() : sequence.error());
        if (sequence->has_value() == special->has_value())
            return processor.refuse("single", "must hold either a Sequence or a SpecialToken in every entry");
        const auto name = (*sequence ? *sequence : *special)->text("id", "");
        if (!name)
            return fail(name.error());
        if (*sequence) {
            if (*name != "A" || ++texts > 1)
                return processor.refuse("single", "must hold the text, A, once and no other");
            continue;
        }
        const auto token =
            *tokens ? (*tokens)->object(*name) : Result<std::optional<JsonObject>>(std::nullopt);
        if (!token)
            return fail(token.error());
        const auto ids = *token ? (*token)->array("ids") : Result<std::optional<array>>(std::nullopt);
        if (!ids)
            return fail(ids.error());
        if (!*ids)
            return processor.refuse("special_tokens",
                                    fmt::format("does not say which ids '{}' has", excerpt(*name)));
        for (const element value : **ids) {
            const auto id = knownId(recipe, value, (*token)->where());
            if (!id)
                return fail(id.error());
            (texts == 0 ? recipe.before : recipe.after).push_back(*id);
            if (recipe.before.size() + recipe.after.size() > MostSpecialTokens)
                return processor.refuse("single", fmt::format("adds more than {} tokens", MostSpecialTokens));
        }
    }
    if (texts == 0)
        return processor.refuse("single", "does not hold the text, A");
    return {};
}

/// "cls": ["[CLS]", 101], "sep": ["[SEP]", 102]
Result<void> readClsAndSep(TokenizerRecipe& recipe, const JsonObject& processor) {
    if (auto known = processor.allow({"type", "cls", "sep", "trim_offsets", "add_prefix_space"}); !known)
        return known;
    for (const auto* key : {"cls", "sep"}) {
        const auto pair = processor.array(key);
        if (!pair)
            return fail(pair.error());
        if (!*pair || (*pair)->size() != 2)
            return processor.refuse(key, "must be a token and its id");
        const auto id = knownId(recipe, (*pair)->at(1).value_unsafe(), processor.where() + ": " + key);
        if (!id)
            return fail(id.error());
        (*key == 'c' ? recipe.before : recipe.after).push_back(*id);
    }
    return {};
}

Result<void> readProcessor(TokenizerRecipe& recipe, const JsonObject& processor, bool& settled) {
    const auto type = processor.text("type", "");
    if (!type)
        return fail(type.error());
    if (*type == "ByteLevel") // moves offsets only, which nobody asks for here
        return processor.allow({"type", "add_prefix_space", "trim_offsets", "use_regex"});
    if (*type != "TemplateProcessing" && *type != "BertProcessing" && *type != "RobertaProcessing")
        return processor.refuse("type",
                                fmt::format("is '{}'; TemplateProcessing, BertProcessing, RobertaProcessing "
                                            "and ByteLevel are those known here",
                                            excerpt(*type)));
    if (settled)
        return processor.refuse("type", "adds special tokens a second time; keep one of the steps");
    settled = true;
    return *type == "TemplateProcessing" ? readTemplate(recipe, processor) : readClsAndSep(recipe, processor);
}

} // namespace

Result<void> readPostProcessor(TokenizerRecipe& recipe, const JsonObject& top) {
    const auto processor = top.object("post_processor");
    if (!processor)
        return fail(processor.error());
    if (!*processor)
        return {};
    const auto type = (*processor)->text("type", "");
    if (!type)
        return fail(type.error());
    bool settled = false;
    if (*type != "Sequence")
        return readProcessor(recipe, **processor, settled);
    if (auto known = (*processor)->allow({"type", "processors"}); !known)
        return known;
    const auto steps = (*processor)->array("processors");
    if (!steps)
        return fail(steps.error());
    if (*steps)
        for (const element step : **steps) {
            object fields;
            if (step.get(fields) != simdjson::SUCCESS)
                return (*processor)->refuse("processors", "must be a list of objects in braces");
            if (auto read = readProcessor(recipe, JsonObject(fields, (*processor)->where()), settled); !read)
                return read;
        }
    return {};
}

} // namespace stillroom
