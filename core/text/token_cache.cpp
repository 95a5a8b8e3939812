#include "core/text/token_cache.h"

#include "core/files/atomic_file.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace stillroom {

namespace {

// A file: this head, a length for every text, the ids, and BLAKE2b-256 of all of that. In the byte order of
// the machine, which is part of the key. Raise the number in Magic when the ids of a text or this layout
// change.
constexpr std::array<char, 8> Magic{'S', 'T', 'L', 'T', 'O', 'K', '1', '\n'};
constexpr std::size_t HashBytes = 32;
constexpr std::int64_t CacheBytes = std::int64_t{4} << 30;
constexpr std::size_t ReadBytes = std::size_t{1} << 20;

struct Head {
    std::array<char, 8> magic = Magic;
    std::array<char, HashBytes> key{};
    std::uint64_t texts = 0, ids = 0, shortened = 0;
};
static_assert(sizeof(Head) == 64, "no padding, which would be whatever lay there");

QByteArrayView bytesOf(const void* data, std::size_t bytes) {
    return {static_cast<const char*>(data), static_cast<qsizetype>(bytes)};
}

void hashAll(QCryptographicHash& hash, std::span<const std::string_view> texts) {
    const std::uint64_t count = texts.size();
    hash.addData(bytesOf(&count, sizeof count));
    for (const auto text : texts) {
        const std::uint64_t length = text.size();
        hash.addData(bytesOf(&length, sizeof length));
        hash.addData(bytesOf(text.data(), text.size()));
    }
}

std::array<char, HashBytes> keyOf(const Tokenizer& tokenizer, std::span<const std::string_view> texts,
                                  int maxLength) {
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    const std::uint64_t order = 0x0102030405060708;
    const auto length = static_cast<std::uint64_t>(maxLength);
    hash.addData(bytesOf(Magic.data(), Magic.size()));
    hash.addData(bytesOf(&order, sizeof order));
    hash.addData(bytesOf(tokenizer.contentHash().data(), tokenizer.contentHash().size()));
    hash.addData(bytesOf(&length, sizeof length));
    hashAll(hash, texts);
    std::array<char, HashBytes> key{};
    std::memcpy(key.data(), hash.result().constData(), HashBytes);
    return key;
}

QString tokensFolder(const std::string& folder) {
    return QString::fromStdString(folder) + QStringLiteral("/tokens");
}

class Descriptor {
  public:
    explicit Descriptor(const QString& path)
        : number_(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

    /// All of it, into the hash too. False: it ends before, or cannot be read.
    bool read(void* to, std::size_t bytes, QCryptographicHash& hash) const {
        auto* at = static_cast<char*>(to);
        while (bytes > 0) {
            const ssize_t got = ::read(number_, at, std::min(bytes, ReadBytes));
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return false;
            hash.addData(bytesOf(at, static_cast<std::size_t>(got)));
            at += got;
            bytes -= static_cast<std::size_t>(got);
        }
        return true;
    }

  private:
    int number_;
};

/// Whether these can be the ids of texts of at most `maxLength` tokens (0: any) of this tokenizer.
bool isPlausible(const TokenizedTexts& texts, const Tokenizer& tokenizer, int maxLength) {
    const auto least = static_cast<std::size_t>(tokenizer.specialTokens());
    const std::size_t most =
        maxLength > 0 ? static_cast<std::size_t>(maxLength) : std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (texts.length(i) < least || texts.length(i) > most)
            return false;
    const std::int32_t end = tokenizer.vocabularySize();
    return std::all_of(texts.ids.begin(), texts.ids.end(),
                       [end](std::int32_t id) { return id >= 0 && id < end; });
}

/// Nothing for a file that is missing or not exactly what it must be.
std::optional<TokenizedTexts> readCached(const QString& path, const std::array<char, HashBytes>& key,
                                         std::size_t texts, const Tokenizer& tokenizer, int maxLength) {
    const Descriptor file(path);
    struct stat status {};
    if (file.number() < 0 || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
        return {};
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    Head head;
    if (!file.read(&head, sizeof head, hash) || head.magic != Magic || head.key != key || head.texts != texts)
        return {};
    // The size says how many ids there are before anything is allocated for what the head claims.
    const auto size = static_cast<std::uint64_t>(status.st_size);
    const std::uint64_t rest = sizeof head + HashBytes + head.texts * sizeof(std::uint32_t);
    if (size < rest || size - rest != head.ids * sizeof(std::int32_t) || head.ids > size ||
        head.shortened > head.texts)
        return {};
    std::vector<std::uint32_t> lengths(texts);
    TokenizedTexts result;
    result.ids.resize(static_cast<std::size_t>(head.ids));
    result.shortened = head.shortened;
    if (!file.read(lengths.data(), texts * sizeof(std::uint32_t), hash) ||
        !file.read(result.ids.data(), result.ids.size() * sizeof(std::int32_t), hash))
        return {};
    const QByteArray expected = hash.result();
    std::array<char, HashBytes> stored{};
    if (!file.read(stored.data(), HashBytes, hash) ||
        std::memcmp(stored.data(), expected.constData(), HashBytes) != 0)
        return {};
    result.begins.reserve(texts + 1);
    for (const auto length : lengths)
        result.begins.push_back(result.begins.back() + length);
    if (result.begins.back() != head.ids || !isPlausible(result, tokenizer, maxLength))
        return {};
    ::futimens(file.number(), nullptr); // used now; where it cannot be noted it is forgotten sooner
    return result;
}

Result<void> writeCached(const QString& folder, const QString& path, const std::array<char, HashBytes>& key,
                         const TokenizedTexts& texts) {
    if (!QDir(folder).exists()) {
        if (!QDir().mkpath(folder))
            return fail(fmt::format("the folder {} cannot be made", folder.toStdString()));
        // The texts can be read from their ids: nobody else's business.
        QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    sweepTemporaries(folder);
    Head head;
    head.key = key;
    head.texts = texts.size();
    head.ids = texts.ids.size();
    head.shortened = texts.shortened;
    std::vector<std::uint32_t> lengths;
    lengths.reserve(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        lengths.push_back(static_cast<std::uint32_t>(texts.length(i)));
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    AtomicFile file(path);
    if (auto opened = file.open(); !opened)
        return opened;
    const std::array<std::span<const std::byte>, 3> parts{std::as_bytes(std::span(&head, 1)),
                                                          std::as_bytes(std::span(lengths)),
                                                          std::as_bytes(std::span(texts.ids))};
    for (const auto part : parts) {
        hash.addData(bytesOf(part.data(), part.size()));
        if (auto written = file.write(part); !written)
            return written;
    }
    const QByteArray sum = hash.result();
    if (auto written = file.write(std::string_view(sum.constData(), HashBytes)); !written)
        return written;
    return file.commit();
}

} // namespace

std::string defaultCacheFolder() {
    if (const QString given = qEnvironmentVariable("STILLROOM_CACHE"); !given.isEmpty())
        return given.toStdString();
    return (QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + "/stillroom")
        .toStdString();
}

std::string hashTexts(std::span<const std::string_view> texts) {
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    hashAll(hash, texts);
    return hash.result().toHex().toStdString();
}

Result<CachedTexts> tokenizeCached(const Tokenizer& tokenizer, std::span<const std::string_view> texts,
                                   const TokenizeOptions& options, const std::string& folder,
                                   Progress* progress) {
    const auto key = keyOf(tokenizer, texts, options.maxLength);
    const QString directory = tokensFolder(folder);
    const QString path = directory + '/' + QString::fromLatin1(QByteArray(key.data(), HashBytes).toHex()) +
                         QStringLiteral(".tokens");
    CachedTexts result;
    try {
        if (auto cached = readCached(path, key, texts.size(), tokenizer, options.maxLength)) {
            result.texts = std::move(*cached);
            result.fromCache = true;
            return result;
        }
    } catch (const std::bad_alloc&) {
        // Making them says it better.
    }
    auto made = tokenizer.encodeAll(texts, options, progress);
    if (!made)
        return fail(std::move(made.error()));
    result.texts = std::move(*made);
    const auto written = writeCached(directory, path, key, result.texts);
    if (!written)
        result.remark = fmt::format("the tokens are made anew every time: {}", written.error().message);
    else
        trimTokenCache(folder, CacheBytes);
    return result;
}

void trimTokenCache(const std::string& folder, std::int64_t bytes) {
    const QDir directory(tokensFolder(folder));
    qint64 total = 0;
    for (const auto& file : directory.entryInfoList({QStringLiteral("*.tokens")}, QDir::Files, QDir::Time)) {
        total += file.size(); // the newest first
        if (total > bytes)
            QFile::remove(file.filePath());
    }
}

} // namespace stillroom
