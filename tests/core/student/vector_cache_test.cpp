#include "core/student/vector_cache.h"

#include "core/base/random.h"

#include "safetensors_bytes.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <limits>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

using namespace stillroom;
using namespace stillroom::test;

class VectorCacheTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init();
    void whatWasStoredIsLoaded();
    void everythingThatMattersIsInTheKey();
    void damagedFilesAreNotLoaded();
    void noTwoWordsHideEachOther();
    void whatIsInTheWay();
    void numbersThatNoFileHas();
    void aFolderThatCannotBeWritten();
    void atEveryLimitTheFileIsOldOrNew();
    void severalProcesses();
    void theOldestGoFirst();

  private:
    [[nodiscard]] std::string cache() const { return folder_->filePath("cache").toStdString(); }
    [[nodiscard]] QString path(const QString& name) const { return folder_->filePath(name); }
    [[nodiscard]] QFileInfoList entries(const char* pattern) const {
        return QDir(path("cache/vectors"))
            .entryInfoList({pattern}, QDir::Files | QDir::System | QDir::Hidden);
    }
    [[nodiscard]] QString onlyFile(const char* pattern = "*.vectors") const {
        return entries(pattern).size() == 1 ? entries(pattern).front().filePath() : QString();
    }
    std::string store(std::int64_t rows = 3, std::int64_t dimensions = 5) const {
        const auto count = static_cast<std::size_t>(rows * dimensions);
        return outcome(storeVectors(cache(), key_, rows, dimensions, std::span(values_).first(count)));
    }
    [[nodiscard]] auto load(std::int64_t rows = 3, std::int64_t dimensions = 5) const {
        return loadVectors(cache(), key_, rows, dimensions);
    }
    std::unique_ptr<QTemporaryDir> folder_;
    VectorKey key_;
    std::vector<float> values_;
};

void VectorCacheTest::init() {
    folder_ = std::make_unique<QTemporaryDir>();
    QVERIFY(folder_->isValid());
    key_ = {"encoder", "tokenizer", "texts", 128, "mean", "cpu fp32"};
    values_ = {0.5F, -1, 2, 3e38F, 1e-42F, -0.0F, std::numeric_limits<float>::infinity(), 7};
    Random random(3, "vectors");
    while (values_.size() < 100'000)
        values_.push_back(static_cast<float>(random.uniform()));
}

void VectorCacheTest::whatWasStoredIsLoaded() {
    QVERIFY(!load());
    QCOMPARE(store(), std::string());
    const auto loaded = load();
    QVERIFY(loaded);
    QCOMPARE(loaded->size(), std::size_t(15));
    QCOMPARE(std::memcmp(loaded->data(), values_.data(), 15 * sizeof(float)), 0);
    // As many blocks as it takes, and every remainder behind the last 32 bytes.
    for (const std::int64_t rows : {1, 2, 3, 4, 5, 6, 7, 8, 9, 65536, 65537, 65543, 99'999}) {
        QCOMPARE(store(rows, 1), std::string());
        const auto again = load(rows, 1);
        QVERIFY(again);
        QCOMPARE(again->size(), static_cast<std::size_t>(rows));
        QCOMPARE(std::memcmp(again->data(), values_.data(), again->size() * sizeof(float)), 0);
    }
    QCOMPARE(store(0, 5), std::string());
    QVERIFY(load(0, 5) && load(0, 5)->empty());
    // Nobody else's business; nothing but the one file.
    struct stat status {};
    QCOMPARE(::stat(path("cache/vectors").toUtf8().constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0700U);
    QCOMPARE(entries("*").size(), 1);
}

void VectorCacheTest::everythingThatMattersIsInTheKey() {
    QCOMPARE(store(), std::string());
    const VectorKey key = key_;
    const auto isAnother = [&](const std::function<void(VectorKey&)>& change) {
        key_ = key;
        change(key_);
        return !load();
    };
    QVERIFY(!isAnother([](VectorKey&) {}));
    QVERIFY(isAnother([](VectorKey& k) { k.encoder = "other"; }));
    QVERIFY(isAnother([](VectorKey& k) { k.tokenizer = "other"; }));
    QVERIFY(isAnother([](VectorKey& k) { k.texts = "other"; }));
    QVERIFY(isAnother([](VectorKey& k) { k.maxLength = 127; }));
    QVERIFY(isAnother([](VectorKey& k) { k.pooling = "cls"; }));
    QVERIFY(isAnother([](VectorKey& k) { k.arithmetic = "cpu bf16"; }));
    QVERIFY(
        isAnother([](VectorKey& k) { k.encoder = "encodert", k.tokenizer = "okenizer"; })); // cut elsewhere
    key_ = key;
    QVERIFY(load());
    QVERIFY(!load(5, 3)); // as many values in another shape
    QVERIFY(!load(3, 4));
    QVERIFY(!load(4, 5));
}

void VectorCacheTest::damagedFilesAreNotLoaded() {
    QCOMPARE(store(), std::string());
    const QString file = onlyFile();
    const QByteArray whole = contentOf(file);
    QCOMPARE(whole.size(), qsizetype(88 + 60 + 32));
    for (qsizetype length = 0; length < whole.size(); ++length) {
        writeFile(file, whole.left(length));
        QVERIFY2(!load(), QByteArray::number(length).constData());
    }
    writeFile(file, whole + 'x');
    QVERIFY(!load());
    for (qsizetype at = 0; at < whole.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            QByteArray damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
            writeFile(file, damaged);
            QVERIFY2(!load(), QByteArray::number(at).constData());
        }
    writeFile(file, QByteArray(whole.size(), '\0'));
    QVERIFY(!load());
    // Of another key, under this one's name.
    key_.pooling = "cls";
    QCOMPARE(store(), std::string());
    for (const auto& entry : entries("*.vectors"))
        if (entry.filePath() != file)
            writeFile(file, contentOf(entry.filePath()));
    key_.pooling = "mean";
    QVERIFY(!load());
    // And anew.
    QCOMPARE(store(), std::string());
    QCOMPARE(contentOf(file), whole);
    QVERIFY(load());
}

void VectorCacheTest::noTwoWordsHideEachOther() {
    // What a weak sum would miss: exchanged words and blocks, the same change in two places, zeros moved.
    constexpr int Rows = 70'000; // beyond one block of 2^18 bytes
    std::fill(values_.begin() + 100, values_.begin() + 200, 0.0F);
    QCOMPARE(store(Rows, 1), std::string());
    const QString file = onlyFile();
    const QByteArray whole = contentOf(file);
    QVERIFY(load(Rows, 1));
    const auto exchange = [&](qsizetype a, qsizetype b, qsizetype bytes) {
        QByteArray changed = whole;
        changed.replace(88 + a, bytes, whole.mid(88 + b, bytes));
        changed.replace(88 + b, bytes, whole.mid(88 + a, bytes));
        writeFile(file, changed);
        return !load(Rows, 1);
    };
    for (const qsizetype bytes : {4, 8, 32, 64, 4096})
        for (const qsizetype distance : {4, 8, 32, 64, 4096, 1 << 17, 1 << 18})
            if (distance >= bytes)
                QVERIFY2(exchange(8000, 8000 + distance, bytes), QByteArray::number(distance).constData());
    for (const qsizetype distance : {8, 32, 64, 1 << 18})
        for (int bit = 0; bit < 8; ++bit) {
            QByteArray changed = whole;
            for (const qsizetype at : {qsizetype(88 + 415), 88 + 415 + distance})
                changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
            writeFile(file, changed);
            QVERIFY(!load(Rows, 1));
        }
    writeFile(file,
              whole.left(88 + 400) + whole.mid(88 + 432, 568) + QByteArray(32, '\0') + whole.mid(88 + 1000));
    QCOMPARE(QFileInfo(file).size(), qint64(whole.size()));
    QVERIFY(!load(Rows, 1));
    writeFile(file, whole);
    QVERIFY(load(Rows, 1));
}

void VectorCacheTest::whatIsInTheWay() {
    QCOMPARE(store(), std::string());
    const QString file = onlyFile();
    QFile::remove(file);
    QCOMPARE(::mkfifo(file.toUtf8().constData(), 0600), 0);
    QVERIFY(!load());
    QVERIFY(QString::fromStdString(store()).contains("it is a device or a pipe"));
    QFile::remove(file);
    QVERIFY(QDir().mkdir(file));
    QVERIFY(!load());
    QVERIFY(QString::fromStdString(store()).contains("there is a folder of that name"));
}

void VectorCacheTest::numbersThatNoFileHas() {
    constexpr auto Most = std::numeric_limits<std::int64_t>::max();
    for (const auto& [rows, dimensions] : {std::pair<std::int64_t, std::int64_t>{-1, 5},
                                           {3, 0},
                                           {3, -5},
                                           {-3, -5},
                                           {Most, Most},
                                           {Most, 1},
                                           {1, Most}})
        QVERIFY(!load(rows, dimensions));
}

void VectorCacheTest::aFolderThatCannotBeWritten() {
    writeFile(path("cache"), "a file where the folder should be");
    QVERIFY2(QString::fromStdString(store()).contains("cannot be made"), store().c_str());
    QVERIFY(!load());
    QFile::remove(path("cache"));
    QVERIFY(QDir().mkpath(path("cache/vectors")));
    for (const char* name : {"", "cache", "cache/vectors"})
        QCOMPARE(::chmod(path(name).toUtf8().constData(), 0555), 0);
    const QByteArray said = inChild(
        [&]() -> std::string { return becomeOrdinary() ? store() : "cannot become an ordinary user"; });
    QVERIFY2(said.contains("permission is denied"), said.constData());
    for (const char* name : {"", "cache", "cache/vectors"})
        QCOMPARE(::chmod(path(name).toUtf8().constData(), 0755), 0);
}

void VectorCacheTest::atEveryLimitTheFileIsOldOrNew() {
    QCOMPARE(store(), std::string());
    const QString file = onlyFile();
    const QByteArray whole = contentOf(file);
    const QByteArray said = inChild([&]() -> std::string {
        ::signal(SIGXFSZ, SIG_IGN);
        for (rlim_t limit = 0; limit <= static_cast<rlim_t>(whole.size()); ++limit) {
            const rlimit soft{limit, RLIM_INFINITY};
            if (::setrlimit(RLIMIT_FSIZE, &soft) != 0)
                return "cannot set the limit";
            const std::string error = store();
            const bool fits = limit == static_cast<rlim_t>(whole.size());
            if (error.empty() != fits || contentOf(file) != whole || entries("*").size() != 1)
                return "at " + std::to_string(limit) + ": " + error;
        }
        QFile::remove(file);
        const rlimit soft{50, RLIM_INFINITY};
        if (::setrlimit(RLIMIT_FSIZE, &soft) != 0 || store().empty() || !entries("*").isEmpty())
            return "something was left behind";
        return "good";
    });
    QCOMPARE(said, QByteArray("good"));
}

void VectorCacheTest::severalProcesses() {
    // Each stores and loads; whatever is loaded is whole.
    const auto work = [this] {
        for (int round = 0; round < 20; ++round) {
            if (!store(20'000, 5).empty())
                return false;
            const auto values = load(20'000, 5);
            if (!values || std::memcmp(values->data(), values_.data(), values_.size() * sizeof(float)) != 0)
                return false;
        }
        return true;
    };
    std::vector<pid_t> processes;
    for (int i = 0; i < 3; ++i) { // before there are threads, which a fork would cut in two
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(work() ? 0 : 1);
        processes.push_back(child);
    }
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] { right += work() ? 1 : 0; });
    for (auto& thread : threads)
        thread.join();
    QCOMPARE(right.load(), 2);
    for (const pid_t process : processes) {
        int status = 0;
        QCOMPARE(::waitpid(process, &status, 0), process);
        QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    QCOMPARE(entries("*").size(), 1);
}

void VectorCacheTest::theOldestGoFirst() {
    std::vector<QString> files;
    for (int i = 0; i < 4; ++i) {
        key_.maxLength = i;
        QCOMPARE(store(), std::string());
        for (const auto& entry : entries("*.vectors"))
            if (std::find(files.begin(), files.end(), entry.filePath()) == files.end())
                files.push_back(entry.filePath());
    }
    QCOMPARE(files.size(), std::size_t(4));
    const auto age = [&](int i, int seconds) {
        const timespec old{::time(nullptr) - seconds, 0};
        const timespec times[2] = {old, old};
        QCOMPARE(::utimensat(AT_FDCWD, files[static_cast<std::size_t>(i)].toUtf8().constData(), times, 0), 0);
    };
    for (int i = 0; i < 4; ++i)
        age(i, 3600 + i);
    key_.maxLength = 3;
    QVERIFY(load()); // used now
    writeFile(path("cache/vectors/other"), "not ours");
    trimVectorCache(cache(), 180 * 5 / 2);
    QVERIFY(QFile::exists(files[0]) && QFile::exists(files[3]));
    QVERIFY(!QFile::exists(files[1]) && !QFile::exists(files[2]));
    QVERIFY(QFile::exists(path("cache/vectors/other")));
    trimVectorCache(path("none").toStdString(), 0);
}

QTEST_GUILESS_MAIN(VectorCacheTest)
#include "vector_cache_test.moc"
