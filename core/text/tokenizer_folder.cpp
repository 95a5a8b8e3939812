// Which files a folder has, and their bytes.
#include "core/files/atomic_file.h"
#include "core/text/tokenizer_files.h"

#include <QCryptographicHash>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

namespace stillroom {

namespace {

constexpr std::size_t LargestFile = std::size_t{128} << 20;

/// Closed at the end.
struct Descriptor {
    int number;
    ~Descriptor() {
        if (number >= 0)
            ::close(number);
    }
};

/// The file's bytes; empty when there is no such file. Errors: anything else but a file of a sensible size.
Result<std::string> readFile(const std::string& path) {
    const auto refuse = [&](std::string_view reason) { return fail(fmt::format("{}: {}", path, reason)); };
    // Without O_NONBLOCK opening a named pipe that nobody writes to would wait for ever.
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.number < 0 && errno == ENOENT)
        return std::string();
    struct stat status {};
    if (file.number < 0 || ::fstat(file.number, &status) != 0)
        return refuse(fmt::format("cannot be read: {}", describeErrno(errno)));
    if (!S_ISREG(status.st_mode))
        return refuse("is not an ordinary file");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0)
        return refuse("is empty; fetch the file again");
    if (size > LargestFile)
        return refuse(
            fmt::format("has {} MiB; a tokenizer's file has at most {}", size >> 20, LargestFile >> 20));
    std::string bytes(size, '\0');
    for (std::size_t got = 0; got < size;) {
        const ssize_t read = ::read(file.number, bytes.data() + got, size - got);
        if (read < 0 && errno == EINTR)
            continue;
        if (read < 0)
            return refuse(fmt::format("cannot be read: {}", describeErrno(errno)));
        if (read == 0)
            return refuse("became shorter while it was read; try again when it is written");
        got += static_cast<std::size_t>(read);
    }
    return bytes;
}

/// By name; empty when there is none.
using ReadFile = std::function<Result<std::string>(const char* name)>;

/// Where tokenizer.json does not name them: the special tokens by the names that everybody uses.
void guessRoles(TokenizerRecipe& recipe) {
    const auto guess = [&](std::optional<std::int32_t>& role, std::initializer_list<const char*> names) {
        for (const auto* name : names)
            if (const auto id = recipe.idOf(name); !role && id != TokenTable::None)
                role = id;
    };
    if (!recipe.before.empty())
        recipe.cls = recipe.before.front();
    if (!recipe.after.empty())
        recipe.sep = recipe.after.back();
    guess(recipe.cls, {"[CLS]", "<s>"});
    guess(recipe.sep, {"[SEP]", "</s>"});
    guess(recipe.pad, {"[PAD]", "<pad>"});
    guess(recipe.mask, {"[MASK]", "<mask>"});
}

Result<TokenizerRecipe> readOlder(const std::string& folder, const ReadFile& readOne) {
    OlderFiles files;
    files.folder = folder;
    const auto read = [&](const char* name, std::string& into) -> Result<void> {
        auto bytes = readOne(name);
        if (!bytes)
            return fail(std::move(bytes.error()));
        into = std::move(*bytes);
        return {};
    };
    for (auto done :
         {read("tokenizer_config.json", files.tokenizerConfig),
          read("special_tokens_map.json", files.specialTokens), read("added_tokens.json", files.addedTokens)})
        if (!done)
            return fail(std::move(done.error()));
    if (auto done = read("vocab.txt", files.vocabulary); !done)
        return fail(std::move(done.error()));
    if (!files.vocabulary.empty())
        return readVocabularyText(files);
    for (auto done : {read("vocab.json", files.vocabulary), read("merges.txt", files.merges),
                      read("config.json", files.config)})
        if (!done)
            return fail(std::move(done.error()));
    if (files.vocabulary.empty())
        return fail(
            fmt::format("{}: holds no tokenizer: neither tokenizer.json nor vocab.txt nor vocab.json with "
                        "merges.txt; name the folder of a Hugging Face model",
                        folder));
    if (files.merges.empty())
        return fail(fmt::format("{}: holds vocab.json without the merges.txt that belongs to it", folder));
    return readVocabularyAndMerges(files);
}

/// `shown` is the folder as sentences name it.
Result<TokenizerRecipe> readTokenizer(const std::string& shown, const ReadFile& readAny) {
    std::map<std::string, std::string> files;
    const ReadFile readOne = [&](const char* name) {
        auto bytes = readAny(name);
        if (bytes && !bytes->empty())
            files.emplace(name, *bytes);
        return bytes;
    };
    auto bytes = readOne("tokenizer.json");
    if (!bytes)
        return fail(std::move(bytes.error()));
    auto recipe =
        bytes->empty() ? readOlder(shown, readOne) : readTokenizerJson(*bytes, shown + "/tokenizer.json");
    if (!recipe)
        return recipe;
    guessRoles(*recipe);
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    for (const auto& [name, content] : files) {
        const std::string head = fmt::format("{} {}\n", name, content.size());
        hash.addData(QByteArrayView(head.data(), static_cast<qsizetype>(head.size())));
        hash.addData(QByteArrayView(content.data(), static_cast<qsizetype>(content.size())));
    }
    recipe->hash = hash.result().toHex().toStdString();
    recipe->files = std::move(files);
    return recipe;
}

} // namespace

Result<TokenizerRecipe> readTokenizerFolder(const std::string& folder) {
    return readTokenizer(folder, [&](const char* name) { return readFile(folder + '/' + name); });
}

Result<TokenizerRecipe> readTokenizerFiles(const std::map<std::string, std::string>& files,
                                           const std::string& shown) {
    return readTokenizer(shown, [&](const char* name) -> Result<std::string> {
        const auto found = files.find(name);
        return found == files.end() ? std::string() : found->second;
    });
}

} // namespace stillroom
