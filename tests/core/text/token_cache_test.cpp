#include "core/text/token_cache.h"

#include "core/base/random.h"

#include "tokenizer_folder.h"

#include <QCryptographicHash>
#include <QDir>
#include <QTest>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace stillroom;
using namespace stillroom::test;

class TokenCacheTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init();
    void secondTimeFromTheCache();
    void everythingThatMattersIsInTheKey();
    void damagedFilesAreMadeAnew();
    void anotherOnesFileIsNotTrusted();
    void aFolderThatCannotBeWritten();
    void theOldestGoFirst();
    void whereItLies();

  private:
    [[nodiscard]] QString onlyFile() const {
        const auto files = QDir(QString::fromStdString(cache_->path("tokens"))).entryInfoList(QDir::Files);
        return files.size() == 1 ? files.front().filePath() : QString();
    }
    [[nodiscard]] QByteArray bytes() const {
        QFile file(onlyFile());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void replace(const QByteArray& bytes) const {
        QFile file(onlyFile());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    Result<CachedTexts> tokenize(TokenizeOptions options = {}) const {
        return tokenizeCached(*tokenizer_, texts_, options, cache_->path());
    }

    std::unique_ptr<Folder> model_, cache_;
    std::optional<Tokenizer> tokenizer_;
    std::vector<std::string_view> texts_{"the fire", "unaffable", "", "fires! the"};
};

void TokenCacheTest::init() {
    model_ = std::make_unique<Folder>();
    cache_ = std::make_unique<Folder>();
    tokenizer_.emplace(*model_->write("tokenizer.json", smallWordPiece()).open());
}

void TokenCacheTest::secondTimeFromTheCache() {
    const auto expected = tokenizer_->encodeAll(texts_, {4, 1});
    const auto first = tokenize({4, 1});
    QVERIFY(first && !first->fromCache);
    QVERIFY2(first->remark.empty(), first->remark.c_str());
    QVERIFY(first->texts == *expected);
    const auto second = tokenize({4, 3});
    QVERIFY(second && second->fromCache);
    QVERIFY(second->texts == *expected);
    QVERIFY(second->texts.shortened > 0);
    // Nobody else's business.
    struct stat status {};
    QCOMPARE(::stat(cache_->path("tokens").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0700U);
}

void TokenCacheTest::everythingThatMattersIsInTheKey() {
    QVERIFY(tokenize());
    QVERIFY(tokenize()->fromCache);
    QVERIFY(!tokenize({8, 1})->fromCache);
    std::vector<std::string_view> moved{"the fireun", "affable", "", "fires! the"};
    texts_.swap(moved);
    QVERIFY(!tokenize()->fromCache); // the same bytes, cut elsewhere
    texts_.swap(moved);
    std::swap(texts_[0], texts_[1]);
    QVERIFY(!tokenize()->fromCache);
    tokenizer_.emplace(
        *model_->write("tokenizer.json", with(smallWordPiece(), "\"the\": 5", "\"The\": 5")).open());
    QVERIFY(!tokenize()->fromCache);
    QVERIFY(hashTexts(texts_) != hashTexts(moved));
    QCOMPARE(hashTexts(texts_).size(), std::size_t{64});
}

void TokenCacheTest::damagedFilesAreMadeAnew() {
    const auto expected = tokenize()->texts;
    const QByteArray whole = bytes();
    QVERIFY(whole.size() > 100);
    const auto isMadeAnew = [&](const QByteArray& damaged, const char* how) {
        replace(damaged);
        const auto again = tokenize();
        QVERIFY2(again && !again->fromCache && again->texts == expected, how);
        QVERIFY2(bytes() == whole, how); // and repaired
    };
    for (qsizetype length = 0; length < whole.size(); length += 2)
        isMadeAnew(whole.left(length), "cut off");
    isMadeAnew(whole + 'x', "longer");
    for (qsizetype at = 0; at < whole.size(); at += 3) {
        QByteArray damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        isMadeAnew(damaged, "one bit");
    }
    Random random(9, "cache");
    for (int round = 0; round < 100; ++round) {
        QByteArray damaged = whole;
        for (std::uint32_t i = 1 + random.below(20); i > 0; --i)
            damaged[static_cast<qsizetype>(random.below(static_cast<std::uint32_t>(damaged.size())))] =
                static_cast<char>(random.below(256));
        if (damaged != whole)
            isMadeAnew(damaged, "noise");
    }
    // Whatever is in the way.
    const QString path = onlyFile();
    QFile::remove(path);
    QCOMPARE(::mkfifo(path.toUtf8().constData(), 0600), 0);
    QVERIFY(tokenize()->texts == expected);
    QVERIFY(!tokenize()->fromCache); // no pipe or device is replaced by a file
}

void TokenCacheTest::anotherOnesFileIsNotTrusted() {
    // With a right checksum: what a program would write that wants us to read beyond the end.
    const auto expected = tokenize()->texts;
    const QByteArray whole = bytes();
    const auto forged = [&](qsizetype at, quint64 value, qsizetype size) {
        QByteArray bytes = whole.chopped(32);
        bytes.replace(at, size, reinterpret_cast<const char*>(&value), size);
        return bytes + QCryptographicHash::hash(bytes, QCryptographicHash::Blake2b_256);
    };
    const qsizetype lengths = 64;
    const qsizetype ids = lengths + 4 * 4;
    for (const auto& bytes :
         {forged(40, 5, 8), forged(40, ~quint64{0}, 8), forged(48, 1, 8), forged(48, quint64{1} << 62, 8),
          forged(56, 1000, 8), forged(lengths, 1, 4), forged(lengths, 0xFFFFFFFF, 4), forged(ids, 26, 4),
          forged(ids, 0xFFFFFFFF, 4), forged(ids, 0x7FFFFFFF, 4)}) {
        replace(bytes);
        const auto again = tokenize();
        QVERIFY(again && !again->fromCache);
        QVERIFY(again->texts == expected);
    }
    // The forger is right where it can be seen to be: another valid id is believed.
    replace(forged(ids, 5, 4));
    QVERIFY(tokenize()->fromCache);
}

void TokenCacheTest::aFolderThatCannotBeWritten() {
    cache_->write("tokens", "a file where the folder should be");
    const auto made = tokenize();
    QVERIFY(made && !made->fromCache);
    QCOMPARE(made->texts.size(), texts_.size());
    VERIFY_SAYS(made->remark, "anew every time", "tokens");
}

void TokenCacheTest::theOldestGoFirst() {
    for (const int length : {10, 11, 12, 13})
        QVERIFY(tokenize({length, 1}));
    QDir folder(QString::fromStdString(cache_->path("tokens")));
    auto files = folder.entryInfoList(QDir::Files);
    QCOMPARE(files.size(), 4);
    const qint64 each = files.front().size();
    // Two were not used for an hour.
    for (const int i : {1, 2}) {
        const timespec old{::time(nullptr) - 3600 - i, 0};
        const timespec times[2] = {old, old};
        QCOMPARE(::utimensat(AT_FDCWD, files[i].filePath().toUtf8().constData(), times, 0), 0);
    }
    cache_->write("tokens/other", "not ours"); // stays
    trimTokenCache(cache_->path(), each * 5 / 2);
    QVERIFY(QFile::exists(files[0].filePath()) && QFile::exists(files[3].filePath()));
    QVERIFY(!QFile::exists(files[1].filePath()) && !QFile::exists(files[2].filePath()));
    QVERIFY(folder.exists("other"));
}

void TokenCacheTest::whereItLies() {
    qputenv("STILLROOM_CACHE", "/somewhere/else");
    QCOMPARE(defaultCacheFolder(), std::string("/somewhere/else"));
    qunsetenv("STILLROOM_CACHE");
    qputenv("XDG_CACHE_HOME", cache_->path().c_str());
    QCOMPARE(defaultCacheFolder(), cache_->path("stillroom"));
    qunsetenv("XDG_CACHE_HOME");
}

QTEST_GUILESS_MAIN(TokenCacheTest)
#include "token_cache_test.moc"
