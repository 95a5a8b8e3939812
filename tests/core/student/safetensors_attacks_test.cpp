// Files that somebody made to break their reader: each is refused with a sentence before a byte is trusted.
#include "core/student/safetensors.h"

#include "safetensors_bytes.h"

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

using namespace stillroom;
using namespace stillroom::test;

class SafetensorsAttacksTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(QString::fromUtf8(name)); }

    /// What both doors say of a file: they say the same.
    std::string refusal(const QByteArray& bytes) {
        writeFile(path("bad.safetensors"), bytes);
        const std::string ofFile = outcome(Safetensors::read(path("bad.safetensors").toStdString()));
        const std::string ofBytes = outcome(parse(bytes, path("bad.safetensors").toStdString()));
        return ofFile == ofBytes ? ofFile : "read and parse say different things";
    }
    /// A file that is right, as our own writer makes it.
    QByteArray written(const std::vector<TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata = {}) {
        const auto file = path("whole.safetensors");
        return writeSafetensors(file.toStdString(), tensors, metadata) ? contentOf(file) : QByteArray();
    }
    const std::vector<float> weights_ = {1, 2, 3, 4, 5, 6};
    TensorView weight() const {
        return {"weight", TensorType::F32, {2, 3}, std::as_bytes(std::span(weights_))};
    }

  private Q_SLOTS:
    void hostile_data();
    void hostile();
    void bounds();
    void everyTruncationIsRefused();
    void everyChangedByteIsReadOrRefused();
    void whatIsNoFile();
    void cutOffWhileItIsRead();
    void withoutMemory();
};

void SafetensorsAttacksTest::hostile_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    const QByteArray four(4, 'x');
    const auto claims = [&](std::uint64_t length) {
        QByteArray bytes(8, '\0');
        std::memcpy(bytes.data(), &length, 8);
        return bytes + "{}" + four;
    };
    const auto one = [&](const QByteArray& shape, int begin, int end) {
        return withHeader("{" + entry("a", shape, begin, end) + "}", four);
    };
    const auto raw = [&](const char* json) { return withHeader(json, four); };
    QTest::newRow("empty") << QByteArray() << "shorter than";
    QTest::newRow("seven bytes") << QByteArray(7, '\0') << "shorter than";
    QTest::newRow("header of 2^63") << claims(std::uint64_t{1} << 63)
                                    << "claims a header of 9223372036854775808";
    QTest::newRow("header of 2^63 - 1") << claims((std::uint64_t{1} << 63) - 1) << "claims a header";
    QTest::newRow("header of 2^64 - 1") << claims(~std::uint64_t{0}) << "claims a header";
    QTest::newRow("header of 2^64 - 8") << claims(~std::uint64_t{7}) << "in a file of 14";
    QTest::newRow("header longer than the file") << claims(7) << "claims a header of 7 bytes in a file of 14";
    QTest::newRow("header of nothing") << claims(0) << "does not begin with '{'";
    QTest::newRow("not JSON") << raw("{nonsense") << "no valid JSON";
    QTest::newRow("a list") << raw("[]") << "does not begin with '{'";
    QTest::newRow("a space first") << raw(" {}") << "does not begin with '{'";
    QTest::newRow("a byte order mark first") << raw("\xEF\xBB\xBF{}") << "does not begin with '{'";
    QTest::newRow("two documents") << raw("{}{}") << "no valid JSON";
    QTest::newRow("zeros behind it") << withHeader(QByteArray("{}\0\0", 4), {}) << "no valid JSON";
    QTest::newRow("nested deeply") << withHeader("{'a':" + QByteArray(100'000, '[') +
                                                     QByteArray(100'000, ']') + "}",
                                                 {})
                                   << "no valid JSON";
    QTest::newRow("nested deeply and left open")
        << withHeader("{'a':" + QByteArray(100'000, '{'), {}) << "no valid JSON";
    QTest::newRow("NaN") << raw("{'a':{'dtype':'F32','shape':[NaN],'data_offsets':[0,4]}}")
                         << "no valid JSON";
    QTest::newRow("Infinity") << raw("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,Infinity]}}")
                              << "no valid JSON";
    QTest::newRow("a name that is no UTF-8")
        << withHeader("{" + entry("\xC3\x28", "[1]", 0, 4) + "}", four) << "no valid JSON";
    QTest::newRow("half a surrogate")
        << withHeader("{" + entry("\\ud800", "[1]", 0, 4) + "}", four) << "no valid JSON";
    QTest::newRow("an entry that is a number") << raw("{'a':1}") << "something else than an object";
    QTest::newRow("an entry that is a list")
        << raw("{'a':['F32',[1],[0,4]]}") << "something else than an object";
    QTest::newRow("no type") << raw("{'a':{'shape':[1],'data_offsets':[0,4]}}") << "dtype is missing";
    QTest::newRow("no shape") << raw("{'a':{'dtype':'F32','data_offsets':[0,4]}}") << "shape is missing";
    QTest::newRow("no offsets") << raw("{'a':{'dtype':'F32','shape':[1]}}") << "data_offsets is missing";
    QTest::newRow("two types") << raw("{'a':{'dtype':'U8','dtype':'F32','shape':[1],'data_offsets':[0,4]}}")
                               << "dtype is there twice";
    QTest::newRow("two shapes") << raw("{'a':{'dtype':'F32','shape':[1],'shape':[1],'data_offsets':[0,4]}}")
                                << "shape is there twice";
    QTest::newRow("two offsets")
        << raw("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'data_\\u006fffsets':[0,4]}}")
        << "data_offsets is there twice";
    QTest::newRow("a type that is a number")
        << raw("{'a':{'dtype':4,'shape':[1],'data_offsets':[0,4]}}") << "dtype is no text";
    QTest::newRow("unknown type") << withHeader("{" + entry("a", "[1]", 0, 4, "F99") + "}", four)
                                  << "type F99";
    QTest::newRow("type in small letters")
        << withHeader("{" + entry("a", "[1]", 0, 4, "f32") + "}", four) << "type f32";
    QTest::newRow("wrong size of its type")
        << withHeader("{" + entry("a", "[1]", 0, 4, "F64") + "}", four) << "needs 8";
    QTest::newRow("a boolean of 2") << withHeader("{" + entry("a", "[4]", 0, 4, "BOOL") + "}",
                                                  QByteArray("\0\1\2\1", 4))
                                    << "neither 0 nor 1";
    QTest::newRow("outside") << one("[2]", 0, 8) << "outside the file";
    QTest::newRow("far outside") << raw("{'a':{'dtype':'F32','shape':[1],'data_offsets':"
                                        "[18446744073709551612,18446744073709551615]}}")
                                 << "outside the file";
    QTest::newRow("backwards") << one("[1]", 4, 0) << "outside the file";
    QTest::newRow("offsets below 0") << one("[1]", -4, 0) << "two whole numbers";
    QTest::newRow("offsets of a half")
        << raw("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4.0]}}") << "two whole numbers";
    QTest::newRow("three offsets") << raw("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4,4]}}")
                                   << "not two numbers";
    QTest::newRow("offsets as text") << raw("{'a':{'dtype':'F32','shape':[1],'data_offsets':['0','4']}}")
                                     << "two whole numbers";
    QTest::newRow("shape does not fit") << one("[3]", 0, 4) << "needs 12";
    QTest::newRow("shape beyond 2^64")
        << one("[4611686018427387904,4611686018427387904]", 0, 4) << "larger than any";
    QTest::newRow("shape of 2^64 + 4")
        << one("[4294967296,4294967296]", 0, 4) << "larger than any"; // 0 when it wraps
    QTest::newRow("shape of 2^63") << one("[9223372036854775808]", 0, 4) << "larger than any";
    QTest::newRow("an overflow behind a zero")
        << one("[0,9223372036854775807,9223372036854775807]", 0, 0) << "larger than any";
    QTest::newRow("negative shape") << one("[-1]", 0, 4) << "negative";
    QTest::newRow("negative twice") << one("[-1,-1]", 0, 4) << "negative";
    QTest::newRow("shape with a point") << one("[1.0]", 0, 4) << "something else than whole numbers";
    QTest::newRow("shape as text") << one("['1']", 0, 4) << "something else than whole numbers";
    QTest::newRow("shape of true") << one("[true]", 0, 4) << "something else than whole numbers";
    QTest::newRow("a number as shape") << one("1", 0, 4) << "shape is no list";
    QTest::newRow("overlap") << withHeader(
                                    "{" + entry("a", "[1]", 0, 4) + "," + entry("b", "[1]", 0, 4) + "}", four)
                             << "overlaps";
    QTest::newRow("half an overlap") << withHeader("{" + entry("a", "[1]", 0, 4) + "," +
                                                       entry("b", "[1]", 2, 6) + "}",
                                                   four + "yy")
                                     << "overlaps";
    QTest::newRow("an empty one within another")
        << withHeader("{" + entry("a", "[1]", 0, 4) + "," + entry("b", "[0]", 2, 2) + "}", four)
        << "overlaps";
    QTest::newRow("gap at the beginning")
        << withHeader("{" + entry("a", "[1]", 4, 8) + "}", four + four) << "gap";
    QTest::newRow("gap between") << withHeader("{" + entry("a", "[1]", 0, 4) + "," +
                                                   entry("b", "[1]", 8, 12) + "}",
                                               four + four + four)
                                 << "gap";
    QTest::newRow("trailing bytes") << withHeader("{" + entry("a", "[1]", 0, 4) + "}", four + "y")
                                    << "1 bytes at its end belong to no tensor";
    QTest::newRow("data and no tensor") << raw("{}") << "belong to no tensor";
    QTest::newRow("twice") << withHeader("{" + entry("a", "[1]", 0, 4) + "," + entry("a", "[1]", 4, 8) + "}",
                                         four + four)
                           << "'a' is there twice";
    QTest::newRow("twice, written differently")
        << withHeader("{" + entry("a", "[1]", 0, 4) + "," + entry("\\u0061", "[1]", 4, 8) + "}", four + four)
        << "'a' is there twice";
    QTest::newRow("metadata that is a text") << raw("{'__metadata__':'x'}") << "metadata is no object";
    QTest::newRow("metadata with a number")
        << raw("{'__metadata__':{'version':1}}") << "'version' is no text";
    QTest::newRow("metadata twice") << raw("{'__metadata__':{},'__metadata__':{}}")
                                    << "metadata is there twice";
    QTest::newRow("metadata with a key twice")
        << raw("{'__metadata__':{'k':'1','k':'2'}}") << "'k' is there twice";
}

void SafetensorsAttacksTest::hostile() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    const std::string said = refusal(bytes);
    QVERIFY2(QString::fromStdString(said).contains(reason), said.c_str());
    QVERIFY(QString::fromStdString(said).contains("bad.safetensors"));
    QVERIFY(said.find('\n') == std::string::npos);
}

void SafetensorsAttacksTest::bounds() {
    QVERIFY(parse(withHeader("{" + entry(QByteArray(1024, 'n'), "[1]", 0, 4) + "}", "data")));
    const std::string name =
        refusal(withHeader("{" + entry(QByteArray(1025, 'n'), "[1]", 0, 4) + "}", "data"));
    QVERIFY2(name.find("a name of 1025 bytes") != std::string::npos && name.size() < 400, name.c_str());
    const auto shape = [](int ones) { return "[" + QByteArray("1,").repeated(ones).chopped(1) + "]"; };
    QVERIFY(parse(withHeader("{" + entry("a", shape(64), 0, 4) + "}", "data")));
    const std::string deep = refusal(withHeader("{" + entry("a", shape(65), 0, 4) + "}", "data"));
    QVERIFY2(deep.find("more than 64 dimensions") != std::string::npos, deep.c_str());
    const auto many = [](int count) {
        QByteArray json = "{";
        for (int i = 0; i < count; ++i)
            json += (i ? "," : "") + entry(QByteArray::number(i), "[0]", 0, 0);
        return withHeader(json + "}", {});
    };
    QVERIFY(parse(many(100'000)));
    const std::string all = outcome(parse(many(100'001)));
    QVERIFY2(all.find("more than 100000 tensors") != std::string::npos, all.c_str());
    QByteArray metadata = "{'__metadata__':{";
    for (int i = 0; i <= 100'000; ++i)
        metadata += (i ? ",'" : "'") + QByteArray::number(i) + "':''";
    const std::string notes = outcome(parse(withHeader(metadata + "}}", {})));
    QVERIFY2(notes.find("more than 100000 entries") != std::string::npos, notes.c_str());
    // A header as large as the file allows, and none of it read: the file has no block on the disk.
    QFile large(path("large"));
    const std::uint64_t length = 100'000'001;
    QVERIFY(large.open(QIODevice::WriteOnly));
    large.write(reinterpret_cast<const char*>(&length), 8);
    QVERIFY(large.resize(200'000'000));
    large.close();
    const std::string header = outcome(Safetensors::read(path("large").toStdString()));
    QVERIFY2(header.find("more than any model needs") != std::string::npos, header.c_str());
}

void SafetensorsAttacksTest::everyTruncationIsRefused() {
    const QByteArray bytes = written({weight()});
    QCOMPARE(refusal(bytes), std::string());
    for (qsizetype length = 0; length < bytes.size(); ++length)
        QVERIFY2(!refusal(bytes.left(length)).empty(), QByteArray::number(length).constData());
}

void SafetensorsAttacksTest::everyChangedByteIsReadOrRefused() {
    const QByteArray bytes =
        written({weight(), {"b", TensorType::BOOL, {1}, std::as_bytes(std::span("\1", 1))}}, {{"k", "v"}});
    const auto whole = parse(bytes);
    QVERIFY(whole);
    int refused = 0;
    for (qsizetype at = 0; at < bytes.size(); ++at)
        for (const int value : {0, 1, 0x20, 0x22, 0x2C, 0x2D, 0x30, 0x39, 0x5D, 0x7B, 0x7D, 0x80, 0xFF}) {
            QByteArray changed = bytes;
            changed[at] = static_cast<char>(value);
            const auto read = parse(changed);
            refused += read ? 0 : 1;
            if (!read)
                continue;
            std::size_t sum = 0;
            for (const auto& [name, tensor] : read->tensors()) {
                std::size_t expected = bytesOf(tensor.type);
                for (const auto size : tensor.shape)
                    expected *= static_cast<std::size_t>(size);
                QCOMPARE(tensor.data.size(), expected);
                sum += expected;
            }
            QCOMPARE(sum, read->bytes());
            QCOMPARE(sum, std::size_t(25));
        }
    QVERIFY2(refused > 500, QByteArray::number(refused).constData());
}

void SafetensorsAttacksTest::whatIsNoFile() {
    const auto said = [&](const char* name) {
        return QString::fromStdString(outcome(Safetensors::read(path(name).toStdString())));
    };
    QCOMPARE(said("none"), "cannot open " + path("none") +
                               ": there is no such file or folder; check the path and who may read it");
    QCOMPARE(said(""), path("") + " is a folder; name the .safetensors file in it");
    // A pipe would let us wait for ever.
    QCOMPARE(::mkfifo(path("pipe").toUtf8().constData(), 0600), 0);
    QCOMPARE(said("pipe"), path("pipe") + " is no ordinary file; name a .safetensors file");
    QVERIFY(QFile::link("/dev/zero", path("zero")));
    QCOMPARE(said("zero"), path("zero") + " is no ordinary file; name a .safetensors file");
    QVERIFY(QFile::link(path("nowhere"), path("dangling")));
    QVERIFY(said("dangling").contains("there is no such file"));
    const QByteArray right = written({weight()});
    writeFile(path("closed"), right);
    QCOMPARE(::chmod(path("closed").toUtf8().constData(), 0), 0);
    QCOMPARE(::chmod(folder_.path().toUtf8().constData(), 0755), 0);
    const QByteArray closed = inChild([&]() -> std::string {
        return becomeOrdinary() ? said("closed").toStdString() : "cannot become an ordinary user";
    });
    QCOMPARE(QString::fromUtf8(closed),
             "cannot open " + path("closed") + ": permission is denied; check the path and who may read it");
    // Through a link, as caches of models have them.
    writeFile(path("there"), right);
    QVERIFY(QFile::link(path("there"), path("here")));
    QCOMPARE(said("here"), QString());
}

void SafetensorsAttacksTest::cutOffWhileItIsRead() {
    // Were the file mapped, this would end the program.
    const std::vector<std::byte> data(std::size_t{1} << 22, std::byte{7});
    const auto size = static_cast<std::int64_t>(data.size());
    const QByteArray bytes = written({{"a", TensorType::U8, {size}, data}});
    writeFile(path("moving"), bytes);
    const std::string file = path("moving").toStdString();
    std::atomic<bool> done = false;
    std::thread other([&] {
        while (!done) {
            std::ofstream out(file, std::ios::binary); // cuts it off
            out.write(bytes.constData(), bytes.size());
        }
    });
    int read = 0;
    for (int round = 0; round < 300; ++round) {
        const auto result = Safetensors::read(file);
        read += result ? 1 : 0;
        if (result ? result->bytes() != data.size() : result.error().message.empty())
            read = -1000;
    }
    done = true;
    other.join();
    QVERIFY(read >= 0);
    QVERIFY(Safetensors::read(file));
}

void SafetensorsAttacksTest::withoutMemory() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("the sanitizers need the address space that this test takes away");
#endif
    const std::uint64_t size = std::uint64_t{1} << 28;
    const QByteArray json = withHeader("{" + entry("a", "[268435456]", 0, 1 << 28, "U8") + "}", {});
    QFile file(path("huge"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(json);
    QVERIFY(file.resize(json.size() + static_cast<qint64>(size))); // takes no room on the disk
    file.close();
    const QByteArray said = inChild([&]() -> std::string {
        std::size_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        const rlim_t limit = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (64 << 20);
        const rlimit soft{limit, RLIM_INFINITY};
        if (::setrlimit(RLIMIT_AS, &soft) != 0)
            return "cannot set the limit";
        return outcome(Safetensors::read(path("huge").toStdString()));
    });
    QVERIFY2(said.contains("huge does not fit into this machine's memory"), said.constData());
}

QTEST_GUILESS_MAIN(SafetensorsAttacksTest)
#include "safetensors_attacks_test.moc"
