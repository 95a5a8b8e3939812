#include "core/student/vector_cache.h"

#include "core/files/atomic_file.h"
#include "core/student/safetensors_folder.h"
#include "core/text/token_cache.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <new>
#include <string_view>
#include <sys/stat.h>

namespace stillroom {

namespace {

static_assert(std::endian::native == std::endian::little, "the cache's numbers are little-endian");

// A file: this head, the values, and BLAKE2b-256 of the head and of the values' checksum. Raise the number in
// Magic when this layout changes, or what a key means.
constexpr std::array<char, 8> Magic{'S', 'T', 'L', 'V', 'E', 'C', '1', '\n'};
constexpr std::size_t HexDigits = 64;
constexpr std::uint64_t SumBytes = 32;
constexpr std::int64_t CacheBytes = std::int64_t{16} << 30;
constexpr std::size_t BlockBytes = std::size_t{1} << 18; // summed while it is still near

struct Head {
    std::array<char, 8> magic = Magic;
    std::array<char, HexDigits> key{};
    std::uint64_t rows = 0, dimensions = 0;
};
static_assert(sizeof(Head) == 88, "no padding, which would be whatever lay there");

/// Against accidents, not against forgers: BLAKE2b takes four times as long as reading does (0.7 GB/s). Each
/// of four lanes takes every fourth word: lane = rotate(lane xor word) × odd. A step can be undone, so that
/// one changed word always shows; changes of several, made by chance, hide each other once in 2^64.
class Checksum {
  public:
    /// `bytes` is a multiple of 32 in all calls but the last.
    void add(const std::byte* data, std::size_t bytes) {
        Words lanes = lanes_; // where the compiler keeps them in registers
        for (; bytes >= sizeof lanes; data += sizeof lanes, bytes -= sizeof lanes)
            step(lanes, data, sizeof lanes);
        if (bytes > 0)
            step(lanes, data, bytes);
        lanes_ = lanes;
    }
    [[nodiscard]] QByteArray with(const Head& head) const {
        QCryptographicHash hash(QCryptographicHash::Blake2b_256);
        hash.addData({reinterpret_cast<const char*>(&head), sizeof head});
        hash.addData({reinterpret_cast<const char*>(lanes_.data()), sizeof lanes_});
        return hash.result();
    }

  private:
    using Words = std::array<std::uint64_t, 4>;
    static void step(Words& lanes, const std::byte* data, std::size_t bytes) {
        Words words{};
        std::memcpy(words.data(), data, bytes);
        for (std::size_t i = 0; i < lanes.size(); ++i)
            lanes[i] = std::rotl(lanes[i] ^ words[i], 29) * 0x9e3779b97f4a7c15ULL;
    }
    Words lanes_{1, 2, 3, 4};
};

QString vectorsFolder(const std::string& folder) {
    return QString::fromStdString(folder) + QStringLiteral("/vectors");
}

QString pathOf(const std::string& folder, std::string_view hash, const char* ending) {
    return vectorsFolder(folder) + '/' +
           QString::fromLatin1(hash.data(), static_cast<qsizetype>(hash.size())) + QLatin1String(ending);
}

Head headOf(const VectorKey& key, std::int64_t rows, std::int64_t dimensions) {
    const std::string length = std::to_string(key.maxLength);
    const std::array<std::string_view, 7> parts{{{Magic.data(), Magic.size()},
                                                 key.encoder,
                                                 key.tokenizer,
                                                 key.texts,
                                                 length,
                                                 key.pooling,
                                                 key.arithmetic}};
    const std::string hash = hashTexts(parts);
    Head head;
    std::copy(hash.begin(), hash.end(), head.key.begin());
    head.rows = static_cast<std::uint64_t>(rows);
    head.dimensions = static_cast<std::uint64_t>(dimensions);
    return head;
}

std::string_view keyOf(const Head& head) {
    return {head.key.data(), head.key.size()};
}

/// Of the values; nothing for numbers that no file can have.
std::optional<std::uint64_t> bytesOf(std::int64_t rows, std::int64_t dimensions) {
    constexpr std::int64_t Most = std::int64_t{1} << 60;
    if (rows < 0 || dimensions < 1 || rows > Most / static_cast<std::int64_t>(sizeof(float)) / dimensions)
        return {};
    return static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(dimensions) * sizeof(float);
}

bool readAll(QFile& file, void* to, std::size_t bytes) {
    return file.read(static_cast<char*>(to), static_cast<qint64>(bytes)) == static_cast<qint64>(bytes);
}

/// Opened, or not what can be read to an end.
bool openFile(QFile& file) {
    return QFileInfo(file.fileName()).isFile() && file.open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

Result<void> makeFolder(const QString& folder) {
    if (QDir(folder).exists())
        return {};
    if (!QDir().mkpath(folder))
        return fail(fmt::format("the folder {} cannot be made", folder.toStdString()));
    // Vectors tell of the texts: nobody else's business.
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return {};
}

// What a file is known by, and whether it was changed so lately that a change after this could look the same:
// file systems note times in ticks, the coarsest of two seconds.
constexpr std::time_t Tick = 2;
struct Identity {
    std::string text;
    bool isSettled = true;
};

Result<Identity> identify(const std::string& folder, const std::vector<std::string>& names) {
    Identity identity;
    const std::time_t now = std::time(nullptr);
    for (const auto& name : names) {
        const std::string path = folder + '/' + name;
        struct stat status {};
        if (::stat(QFile::encodeName(QString::fromStdString(path)).constData(), &status) != 0)
            return fail(fmt::format("cannot read {}: {}; fetch the model's other files too", path,
                                    describeErrno(errno)));
        if (!S_ISREG(status.st_mode))
            return fail(fmt::format("{} is no ordinary file; fetch the model again", path));
        // The time of the last change of anything (ctime) cannot be set back, as the other can.
        identity.text += fmt::format("{}:{}:{}:{}:{}.{}:{}.{}\n", name, status.st_dev, status.st_ino,
                                     status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                                     status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
        identity.isSettled = identity.isSettled && status.st_ctim.tv_sec < now - Tick;
    }
    return identity;
}

Result<std::string> hashFile(const std::string& path) {
    QFile file(QString::fromStdString(path));
    errno = 0;
    if (!openFile(file))
        return fail(fmt::format("cannot open {}: {}; check who may read it", path,
                                describeErrno(errno != 0 ? errno : ENOENT)));
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    std::vector<char> block(BlockBytes);
    for (;;) {
        const qint64 got = file.read(block.data(), static_cast<qint64>(block.size()));
        if (got < 0)
            return fail(fmt::format("cannot read {}: {}; check the disk", path, describeErrno(errno)));
        if (got == 0)
            return hash.result().toHex().toStdString();
        hash.addData({block.data(), got});
    }
}

/// A hash of a folder as it is noted: under what it was found, the hash, and a sum of both.
std::string noteOf(const std::string& identity, const std::string& hash) {
    const std::array<std::string_view, 1> alone{identity};
    const std::array<std::string_view, 2> both{identity, hash};
    return fmt::format("{} {} {}\n", hashTexts(alone), hash, hashTexts(both));
}

std::optional<std::string> readNote(const QString& path, const std::string& identity) {
    QFile file(path);
    if (!openFile(file))
        return {};
    const std::string note = file.read(4 * HexDigits).toStdString();
    if (note.size() < 2 * HexDigits + 1)
        return {};
    std::string hash = note.substr(HexDigits + 1, HexDigits);
    if (note != noteOf(identity, hash))
        return {};
    return hash;
}

} // namespace

std::optional<std::vector<float>> loadVectors(const std::string& folder, const VectorKey& key,
                                              std::int64_t rows, std::int64_t dimensions) {
    const auto bytes = bytesOf(rows, dimensions);
    const Head expected = headOf(key, rows, dimensions);
    QFile file(pathOf(folder, keyOf(expected), ".vectors"));
    if (!bytes || !openFile(file))
        return {};
    Head head;
    // The size is looked at before anything is allocated for it.
    if (static_cast<std::uint64_t>(file.size()) != sizeof head + *bytes + SumBytes ||
        !readAll(file, &head, sizeof head) || std::memcmp(&head, &expected, sizeof head) != 0)
        return {};
    try {
        std::vector<float> values(*bytes / sizeof(float));
        Checksum sum;
        const auto target = std::as_writable_bytes(std::span(values));
        for (std::size_t at = 0; at < target.size(); at += BlockBytes) {
            const auto block = target.subspan(at, std::min(BlockBytes, target.size() - at));
            if (!readAll(file, block.data(), block.size()))
                return {};
            sum.add(block.data(), block.size());
        }
        QByteArray stored(static_cast<qsizetype>(SumBytes), '\0');
        if (!readAll(file, stored.data(), SumBytes) || stored != sum.with(head))
            return {};
        ::futimens(file.handle(), nullptr); // used now; where it cannot be noted it is forgotten sooner
        return values;
    } catch (const std::bad_alloc&) {
        return {}; // computing them says it better
    }
}

Result<void> storeVectors(const std::string& folder, const VectorKey& key, std::int64_t rows,
                          std::int64_t dimensions, std::span<const float> values) {
    Q_ASSERT(bytesOf(rows, dimensions) == values.size_bytes());
    if (values.size_bytes() > static_cast<std::uint64_t>(CacheBytes))
        return fail(fmt::format("{} vectors of {} dimensions are more than are kept", rows, dimensions));
    const QString directory = vectorsFolder(folder);
    if (auto made = makeFolder(directory); !made)
        return made;
    sweepTemporaries(directory);
    const Head head = headOf(key, rows, dimensions);
    const auto bytes = std::as_bytes(values);
    Checksum sum;
    sum.add(bytes.data(), bytes.size());
    const QByteArray stored = sum.with(head);
    AtomicFile file(pathOf(folder, keyOf(head), ".vectors"));
    if (auto opened = file.open(); !opened)
        return opened;
    for (const auto part :
         {std::as_bytes(std::span(&head, 1)), bytes, std::as_bytes(std::span(stored.constData(), SumBytes))})
        if (auto written = file.write(part); !written)
            return written;
    if (auto committed = file.commit(); !committed)
        return committed;
    trimVectorCache(folder, CacheBytes);
    return {};
}

void trimVectorCache(const std::string& folder, std::int64_t bytes) {
    const QDir directory(vectorsFolder(folder));
    qint64 total = 0;
    for (const auto& file : directory.entryInfoList({QStringLiteral("*.vectors")}, QDir::Files, QDir::Time)) {
        total += file.size(); // the newest first
        if (total > bytes)
            QFile::remove(file.filePath());
    }
}

Result<std::string> hashEncoderFolder(const std::string& folder, const std::string& cacheFolder) {
    const auto files = SafetensorsFiles::find(folder);
    if (!files)
        return fail(files.error());
    std::vector<std::string> names{"config.json"};
    if (!files->index.empty())
        names.push_back(files->index);
    names.insert(names.end(), files->names.begin(), files->names.end());
    const auto before = identify(folder, names);
    if (!before)
        return fail(before.error());
    const std::string place = QFileInfo(QString::fromStdString(folder)).canonicalFilePath().toStdString();
    const std::array<std::string_view, 2> named{"encoder", place};
    const QString path = pathOf(cacheFolder, hashTexts(named), ".encoder");
    if (auto known = readNote(path, before->text))
        return *known;
    std::vector<std::string> parts;
    for (const auto& name : names) {
        auto hash = hashFile(folder + '/' + name);
        if (!hash)
            return hash;
        parts.push_back(std::move(*hash));
    }
    std::string hash = hashTexts(std::vector<std::string_view>(parts.begin(), parts.end()));
    const auto after = identify(folder, names);
    if (!after)
        return fail(after.error());
    // Where it cannot be noted it is computed again.
    if (before->isSettled && before->text == after->text && makeFolder(vectorsFolder(cacheFolder)))
        [[maybe_unused]]
        const auto ignored = writeFileAtomically(path, noteOf(before->text, hash));
    return hash;
}

} // namespace stillroom
