#include "core/text/tokenizer.h"

#include "core/base/number.h"
#include "core/text/tokenizer_files.h"
#include "core/text/tokenizer_worker.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <new>
#include <system_error>
#include <thread>

namespace stillroom {

namespace {

// A block is what a thread takes at a time: small enough that all end together, and that a cancelled
// one ends soon.
constexpr std::size_t BlockBytes = std::size_t{64} << 10;
constexpr std::size_t BlockTexts = 1024;

struct Block {
    std::size_t firstText = 0, lastText = 0;
    std::vector<std::int32_t> ids;
    std::vector<std::uint32_t> lengths;
    std::uint64_t shortened = 0;
};

std::vector<Block> cutBlocks(std::span<const std::string_view> texts) {
    std::vector<Block> blocks;
    std::size_t bytes = BlockBytes;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (bytes >= BlockBytes || i - blocks.back().firstText >= BlockTexts) {
            blocks.push_back({i, i, {}, {}, 0});
            bytes = 0;
        }
        blocks.back().lastText = i + 1;
        bytes += texts[i].size();
    }
    return blocks;
}

/// `work()` on this thread and `threads − 1` others; true when none ran out of memory.
template <class Work>
bool runOn(int threads, Work work) {
    std::atomic<bool> enough{true};
    const auto guarded = [&] {
        try {
            work();
        } catch (const std::bad_alloc&) {
            enough = false;
        }
    };
    {
        std::vector<std::jthread> helpers;
        try {
            for (int i = 1; i < threads; ++i)
                helpers.emplace_back(guarded);
        } catch (const std::system_error&) {
            // Fewer threads than were asked for do the same work.
        }
        guarded();
    }
    return enough;
}

TokenizedTexts joined(std::vector<Block>& blocks, std::size_t texts) {
    TokenizedTexts result;
    std::size_t total = 0;
    for (const auto& block : blocks)
        total += block.ids.size();
    result.ids.reserve(total);
    result.begins.reserve(texts + 1);
    for (auto& block : blocks) {
        result.ids.insert(result.ids.end(), block.ids.begin(), block.ids.end());
        for (const auto length : block.lengths)
            result.begins.push_back(result.begins.back() + length);
        result.shortened += block.shortened;
        block = {};
    }
    return result;
}

} // namespace

Result<Tokenizer> Tokenizer::open(const std::string& folder) {
    return build([&] { return readTokenizerFolder(folder); }, folder);
}

Result<Tokenizer> Tokenizer::fromFiles(const std::map<std::string, std::string>& files,
                                       const std::string& shown) {
    return build([&] { return readTokenizerFiles(files, shown); }, shown);
}

template <class Read>
Result<Tokenizer> Tokenizer::build(const Read& read, const std::string& folder) {
    try {
        auto recipe = read();
        if (!recipe)
            return fail(std::move(recipe.error()));
        auto parts = std::make_shared<const Parts>(std::move(*recipe));
        if (!parts->lost.empty())
            return fail(
                fmt::format("{}: nothing is left of the added token '{}' when it is normalized; set its "
                            "'normalized' to false",
                            folder, excerpt(parts->lost)));
        return Tokenizer(std::move(parts));
    } catch (const std::bad_alloc&) {
        return fail(fmt::format("{}: there is not enough memory to read its tokenizer", folder));
    }
}

std::vector<std::int32_t> Tokenizer::encode(std::string_view text, int maxLength) const {
    std::vector<std::int32_t> ids;
    Worker(*parts_, false)
        .encode(text, maxLength > 0 ? static_cast<std::size_t>(maxLength) : Worker::AnyLength, ids);
    return ids;
}

Result<TokenizedTexts> Tokenizer::encodeAll(std::span<const std::string_view> texts,
                                            const TokenizeOptions& options, Progress* progress) const {
    if (options.maxLength < 0 || (options.maxLength > 0 && options.maxLength <= specialTokens()))
        return fail(fmt::format("the longest text may not be {} tokens: {} of them are special ones, and at "
                                "least one must be left for the text",
                                options.maxLength, specialTokens()));
    const std::size_t longest =
        options.maxLength > 0 ? static_cast<std::size_t>(options.maxLength) : Worker::AnyLength;
    try {
        auto blocks = cutBlocks(texts);
        if (progress != nullptr) {
            std::int64_t bytes = 0;
            for (const auto text : texts)
                bytes += static_cast<std::int64_t>(text.size());
            progress->expect(bytes);
        }
        std::atomic<std::size_t> next{0};
        const bool enough = runOn(std::min(options.threads, static_cast<int>(blocks.size())), [&] {
            Worker worker(*parts_, true);
            for (std::size_t i = next++; i < blocks.size(); i = next++) {
                if (progress != nullptr && progress->cancelled())
                    return;
                Block& block = blocks[i];
                std::int64_t bytes = 0;
                for (std::size_t text = block.firstText; text < block.lastText; ++text) {
                    const std::size_t before = block.ids.size();
                    block.shortened += worker.encode(texts[text], longest, block.ids) ? 1 : 0;
                    block.lengths.push_back(static_cast<std::uint32_t>(block.ids.size() - before));
                    bytes += static_cast<std::int64_t>(texts[text].size());
                }
                if (progress != nullptr)
                    progress->advance(bytes);
            }
        });
        if (progress != nullptr && progress->cancelled())
            return fail("tokenizing was cancelled", ErrorKind::Cancelled);
        if (enough)
            return joined(blocks, texts.size());
    } catch (const std::bad_alloc&) {
        // said below
    }
    return fail(
        "there is not enough memory for the tokens of all texts; load fewer texts, or cut them shorter");
}

std::int32_t Tokenizer::vocabularySize() const {
    return parts_->size;
}
int Tokenizer::specialTokens() const {
    return static_cast<int>(parts_->recipe.before.size() + parts_->recipe.after.size());
}
std::optional<std::int32_t> Tokenizer::padId() const {
    return parts_->recipe.pad;
}
std::optional<std::int32_t> Tokenizer::clsId() const {
    return parts_->recipe.cls;
}
std::optional<std::int32_t> Tokenizer::sepId() const {
    return parts_->recipe.sep;
}
std::optional<std::int32_t> Tokenizer::maskId() const {
    return parts_->recipe.mask;
}
std::optional<std::int32_t> Tokenizer::idOf(std::string_view token) const {
    const auto id = parts_->recipe.idOf(token);
    return id == TokenTable::None ? std::optional<std::int32_t>() : id;
}
const std::map<std::string, std::string>& Tokenizer::files() const {
    return parts_->recipe.files;
}
const std::string& Tokenizer::contentHash() const {
    return parts_->recipe.hash;
}

std::string Tokenizer::description() const {
    const auto& recipe = parts_->recipe;
    const bool pieces = recipe.model == TokenizerRecipe::Model::WordPiece;
    std::string text =
        fmt::format("{}, {} tokens", pieces ? "WordPiece" : "byte-level BPE",
                    groupThousands(std::count(recipe.taken.begin(), recipe.taken.end(), true)));
    if (pieces)
        text += recipe.cleaning.lowerCase ? ", lower case" : ", upper and lower case";
    if (recipe.cleaning.stripAccents)
        text += ", accents stripped";
    return text;
}

} // namespace stillroom
