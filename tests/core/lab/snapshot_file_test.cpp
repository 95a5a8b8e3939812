// The format of snapshots, byte by byte, and what is said of files that are none.
#include "core/lab/snapshot_file.h"

#include "core/base/random.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <sys/stat.h>

using namespace stillroom;

namespace {

// Written by hand, the checksum computed by another program from the description in the header.
const QByteArray Golden = QByteArray::fromHex("5354494c4c545243" // "STILLTRC"
                                              "01000000"         // format 1
                                              "1a000000"         // 26 classes
                                              "0500000000000000" // 5 samples
                                              "0300000000000000" // epoch 3
                                              "2208000000000000" // step 2082
                                              "01000000"         // complete
                                              "000000000000000000000000"
                                              "9dae34fb3bf85afc" // checksum
                                              "91010038"         // kept, 0.5, class 25
                                              "f0ff007e"         // unseen
                                              "03000030"         // student sure, 0.125, class 0
                                              "4a00003c"         // no gold, 1, class 4
                                              "72000000");       // teacher unsure, 0, class 7

std::vector<SampleTrace> goldenTraces() {
    return {{Verdict::Kept, 0.5F, 25},
            {},
            {Verdict::StudentSure, 0.125F, 0},
            {Verdict::NoGold, 1.0F, 4},
            {Verdict::TeacherUnsure, 0.0F, 7}};
}

const SnapshotInfo GoldenInfo = {3, 2082, true, 26};

QByteArray contentOf(const std::string& path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const std::string& path, const QByteArray& content) {
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

std::string errorOf(const std::string& path, std::size_t expected = 0) {
    const auto opened = Snapshot::open(path, expected);
    return opened ? std::string() : opened.error().message;
}

/// The same file with `bytes` at `place`, and the checksum that belongs to it.
QByteArray changed(QByteArray file, int place, const QByteArray& bytes) {
    file.replace(place, bytes.size(), bytes);
    std::vector<std::uint32_t> words(static_cast<std::size_t>(file.size()) / 4);
    std::memcpy(words.data(), file.constData(), words.size() * 4);
    const std::uint64_t sum =
        traceChecksum(std::span(words).subspan(16), traceChecksum(std::span(words).first(14)));
    file.replace(56, 8, QByteArray(reinterpret_cast<const char*>(&sum), 8));
    return file;
}

QByteArray number(std::uint64_t value, int bytes = 4) {
    return {reinterpret_cast<const char*>(&value), bytes};
}

} // namespace

class SnapshotFileTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void golden();
    void checksumOfWords();
    void fourBytesASample();
    void thereAndBack();
    void staysWhenReplaced();
    void notAFile();
    void cutAnywhere();
    void changedAnywhere();
    void cannotBe_data();
    void cannotBe();
    void otherSamples();
    void folderIsMade();
    void epochsThatThereAre();
    void ofMemory();

  private:
    std::string file(const char* name = "some.traces") const {
        return folder_.filePath(QString::fromUtf8(name)).toStdString();
    }
    QTemporaryDir folder_;
};

void SnapshotFileTest::golden() {
    QVERIFY(writeSnapshot(file(), GoldenInfo, goldenTraces()));
    QCOMPARE(contentOf(file()).toHex(), Golden.toHex());
    put(file("golden.traces"), Golden);
    const auto opened = Snapshot::open(file("golden.traces"), 5);
    QVERIFY2(opened, errorOf(file("golden.traces")).c_str());
    const Snapshot& snapshot = **opened;
    QCOMPARE(snapshot.info().epoch, 3);
    QCOMPARE(snapshot.info().step, 2082);
    QCOMPARE(snapshot.info().complete, true);
    QCOMPARE(snapshot.info().classCount, 26);
    const auto traces = snapshot.traces();
    QVERIFY(std::vector<SampleTrace>(traces.begin(), traces.end()) == goldenTraces());
    QCOMPARE(traces[0].uncertainty(), 0.5F);
    QCOMPARE(traces[0].studentLabel(), 25);
    QVERIFY(!traces[1].scored());
}

void SnapshotFileTest::checksumOfWords() {
    const std::vector<std::uint32_t> nine = {1, 2, 3, 4, 5, 6, 7, 8, 9}; // one more than a block
    QCOMPARE(traceChecksum({}), 0x28cf63bb74ed8a27ULL);
    QCOMPARE(traceChecksum(nine), 0xc36b67022b4d2eaeULL);
    std::vector<std::uint32_t> more = nine;
    more.push_back(0); // is filled up with the same, but is one more
    QVERIFY(traceChecksum(more) != traceChecksum(nine));
    QVERIFY(traceChecksum(nine, 1) != traceChecksum(nine));
}

void SnapshotFileTest::fourBytesASample() {
    Random random(1, "snapshot size");
    for (const std::size_t samples : {std::size_t{0}, std::size_t{1}, std::size_t{44'373}}) {
        QVERIFY(writeSnapshot(file(), {1, 1, true, 2}, std::vector<SampleTrace>(samples)));
        QCOMPARE(QFileInfo(QString::fromStdString(file())).size(), static_cast<qint64>(64 + 4 * samples));
        QVERIFY2(Snapshot::open(file()), errorOf(file()).c_str());
    }
}

void SnapshotFileTest::thereAndBack() {
    Random random(2, "snapshot");
    std::vector<SampleTrace> traces;
    for (int i = 0; i < 10'001; ++i)
        traces.emplace_back(static_cast<Verdict>(random.below(VerdictCount)),
                            static_cast<float>(random.uniform()),
                            static_cast<std::int32_t>(random.below(5000)));
    QVERIFY(
        writeSnapshot(file(), {123456, 1LL << 40, false, 5000}, traces)); // labels beyond 4094 are not known
    const auto opened = Snapshot::open(file());
    QVERIFY2(opened, errorOf(file()).c_str());
    QCOMPARE((*opened)->info().epoch, 123456);
    QCOMPARE((*opened)->info().step, 1LL << 40);
    QCOMPARE((*opened)->info().complete, false);
    QCOMPARE((*opened)->info().classCount, 5000);
    QVERIFY(std::ranges::equal((*opened)->traces(), traces));
}

void SnapshotFileTest::staysWhenReplaced() {
    QVERIFY(writeSnapshot(file(), GoldenInfo, goldenTraces()));
    const auto opened = Snapshot::open(file());
    QVERIFY(opened);
    QVERIFY(writeSnapshot(file(), {4, 1, true, 26}, std::vector<SampleTrace>(2)));
    QVERIFY(std::ranges::equal((*opened)->traces(), goldenTraces())); // the old file is mapped
    QVERIFY(QFile::remove(QString::fromStdString(file())));
    QVERIFY(std::ranges::equal((*opened)->traces(), goldenTraces()));
}

void SnapshotFileTest::notAFile() {
    QVERIFY(errorOf(file("nowhere")).find("there is no such snapshot") != std::string::npos);
    QVERIFY(errorOf(folder_.path().toStdString()).find("it is no file") != std::string::npos);
    const std::string pipe = file("pipe");
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    QVERIFY(errorOf(pipe).find("it is no file") != std::string::npos); // and does not wait for a writer
    put(file(), QByteArray(100, 'x'));
    QVERIFY(errorOf(file()).find("not written by Stillroom") != std::string::npos);
    put(file(), changed(Golden, 8, number(2)));
    QVERIFY(errorOf(file()).find("newer Stillroom") != std::string::npos);
}

void SnapshotFileTest::cutAnywhere() {
    for (int size = 0; size < Golden.size(); ++size) {
        put(file(), Golden.left(size));
        QVERIFY2(errorOf(file()).find("cut off") != std::string::npos, errorOf(file()).c_str());
    }
    put(file(), Golden + "x");
    QVERIFY(errorOf(file()).find("too long") != std::string::npos);
    put(file(), Golden + "four");
    QVERIFY(errorOf(file()).find("too long") != std::string::npos);
}

void SnapshotFileTest::changedAnywhere() {
    for (int place = 0; place < Golden.size(); ++place)
        for (int bit = 0; bit < 8; ++bit) {
            QByteArray damaged = Golden;
            damaged[place] = static_cast<char>(damaged[place] ^ (1 << bit));
            put(file(), damaged);
            QVERIFY(!errorOf(file()).empty());
        }
}

void SnapshotFileTest::cannotBe_data() {
    QTest::addColumn<int>("place");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("says");
    const auto trace = [](int verdict, int label, int half) {
        return number(static_cast<std::uint64_t>(half) << 16U | static_cast<std::uint64_t>(label) << 4U |
                      static_cast<std::uint64_t>(verdict));
    };
    QTest::newRow("format 0") << 8 << number(0) << QByteArray("header");
    QTest::newRow("no classes") << 12 << number(0) << QByteArray("header");
    QTest::newRow("negative classes") << 12 << number(0x80000000U) << QByteArray("header");
    QTest::newRow("too many samples") << 16 << number(6, 8) << QByteArray("cut off");
    QTest::newRow("overflowing samples") << 16 << number(5 + (1ULL << 62U), 8) << QByteArray("cut off");
    QTest::newRow("too few samples") << 16 << number(4, 8) << QByteArray("too long");
    QTest::newRow("epoch 0") << 24 << number(0, 8) << QByteArray("header");
    QTest::newRow("negative step") << 32 << number(~0ULL, 8) << QByteArray("header");
    QTest::newRow("complete 2") << 40 << number(2) << QByteArray("header");
    QTest::newRow("verdict 11") << 80 << trace(11, 0, 0) << QByteArray("a verdict that there is not");
    QTest::newRow("verdict 15") << 64 << trace(15, 0, 0) << QByteArray("a verdict that there is not");
    QTest::newRow("label 26") << 64 << trace(1, 26, 0) << QByteArray("beyond the number of classes");
    QTest::newRow("label 4094") << 80 << trace(1, 4094, 0) << QByteArray("beyond the number of classes");
    QTest::newRow("above 1") << 64 << trace(1, 0, 0x3C01) << QByteArray("not between 0 and 1");
    QTest::newRow("infinite") << 64 << trace(1, 0, 0x7C00) << QByteArray("not between 0 and 1");
    QTest::newRow("negative") << 64 << trace(1, 0, 0xB800) << QByteArray("not between 0 and 1");
    QTest::newRow("minus 0") << 64 << trace(1, 0, 0x8000) << QByteArray("not between 0 and 1");
    QTest::newRow("negative NaN") << 64 << trace(1, 0, 0xFE00) << QByteArray("not between 0 and 1");
}

void SnapshotFileTest::cannotBe() {
    QFETCH(int, place);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, says);
    put(file(), changed(Golden, place, bytes));
    const std::string error = errorOf(file());
    QVERIFY2(error.find(says.toStdString()) != std::string::npos, error.c_str());
    QVERIFY2(error.find(file()) != std::string::npos, error.c_str());
}

void SnapshotFileTest::otherSamples() {
    put(file(), Golden);
    const std::string error = errorOf(file(), 6);
    QVERIFY2(error.find("about 5 samples, but the data has 6") != std::string::npos, error.c_str());
}

void SnapshotFileTest::folderIsMade() {
    const std::string run = file("run");
    QCOMPARE(snapshotPath(run, 1), run + "/snapshots/epoch-0001.traces");
    QCOMPARE(snapshotPath(run, 12345), run + "/snapshots/epoch-12345.traces");
    QVERIFY(writeSnapshot(snapshotPath(run, 1), GoldenInfo, goldenTraces()));
    QCOMPARE(contentOf(snapshotPath(run, 1)), Golden);
    put(file("no folder"), "x");
    const auto refused = writeSnapshot(file("no folder/epoch-0001.traces"), GoldenInfo, goldenTraces());
    QVERIFY(!refused);
    QVERIFY(refused.error().message.find("no folder") != std::string::npos);
}

void SnapshotFileTest::epochsThatThereAre() {
    const std::string run = file("many");
    QVERIFY(snapshotEpochs(run).empty());
    for (const std::int64_t epoch : {10, 2, 12345, 1})
        QVERIFY(writeSnapshot(snapshotPath(run, epoch), GoldenInfo, goldenTraces()));
    for (const char* other :
         {"epoch-3.traces", "epoch-000004.traces", "epoch-0000.traces", "epoch--005.traces",
          "epoch-0006.traces.part", "epoch-x007.traces", "epoch-.traces", "notes.txt"})
        put(run + "/snapshots/" + other, Golden);
    QVERIFY(QDir().mkpath(QString::fromStdString(run + "/snapshots/epoch-0008.traces"))); // a folder
    QCOMPARE(snapshotEpochs(run), (std::vector<std::int64_t>{1, 2, 10, 12345}));
}

void SnapshotFileTest::ofMemory() {
    auto traces = std::make_shared<const std::vector<SampleTrace>>(goldenTraces());
    const auto snapshot = Snapshot::of({7, 9, false, 26}, traces);
    QCOMPARE(snapshot->info().epoch, 7);
    QCOMPARE(snapshot->info().complete, false);
    QCOMPARE(snapshot->traces().data(), traces->data()); // not copied
    traces.reset();
    QVERIFY(std::ranges::equal(snapshot->traces(), goldenTraces()));
}

QTEST_GUILESS_MAIN(SnapshotFileTest)
#include "snapshot_file_test.moc"
