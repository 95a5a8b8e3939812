// What is written reads back, and what could not be read is not written. Attacks: safetensors_attacks_test.
#include "core/student/safetensors.h"

#include "safetensors_bytes.h"

#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <csignal>
#include <cstring>
#include <sys/resource.h>

using namespace stillroom;
using namespace stillroom::test;

namespace {

const std::vector<float> Weights = {1, 2, 3, 4, 5, 6};
const std::vector<std::int64_t> Buckets = {7, 8, 9};

bool isSame(const Safetensors& a, const Safetensors& b) {
    return a.metadata() == b.metadata() && a.bytes() == b.bytes() &&
           std::equal(a.tensors().begin(), a.tensors().end(), b.tensors().begin(), b.tensors().end(),
                      [](const auto& x, const auto& y) {
                          return x.first == y.first && x.second.type == y.second.type &&
                                 x.second.shape == y.second.shape &&
                                 std::equal(x.second.data.begin(), x.second.data.end(), y.second.data.begin(),
                                            y.second.data.end());
                      });
}

} // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(QString::fromUtf8(name)); }

    std::string write(const char* name, const std::vector<TensorView>& tensors,
                      const std::map<std::string, std::string>& metadata = {}) {
        const auto written = writeSafetensors(path(name).toStdString(), tensors, metadata);
        return written ? "" : written.error().message;
    }
    static TensorView weight(const std::string& name = "weight") {
        return {name, TensorType::F32, {2, 3}, std::as_bytes(std::span(Weights))};
    }

  private Q_SLOTS:
    void roundTrip();
    void everyType();
    void golden();
    void whatTheFormatAllows();
    void whatCannotBeReadIsNotWritten();
    void atEveryLimitTheFileIsOldOrNew();
};

void SafetensorsTest::roundTrip() {
    QCOMPARE(write("good.safetensors",
                   {weight(),
                    {"none", TensorType::F32, {0, 3}, {}},
                    {"buckets", TensorType::I64, {3}, std::as_bytes(std::span(Buckets))}},
                   {{"quote\"", "line\nbreak ü"}}),
             std::string());
    const auto read = Safetensors::read(path("good.safetensors").toStdString());
    QVERIFY2(read.has_value(), outcome(read).c_str());
    QCOMPARE(read->tensors().size(), std::size_t(3));
    QCOMPARE(read->bytes(), std::size_t(48));
    QCOMPARE(read->metadata().at("quote\""), std::string("line\nbreak ü"));
    const auto& stored = read->tensors().at("weight");
    QCOMPARE(stored.shape, (std::vector<std::int64_t>{2, 3}));
    QCOMPARE(stored.data.size(), std::size_t(24));
    QCOMPARE(std::memcmp(stored.data.data(), Weights.data(), stored.data.size()), 0);
    QCOMPARE(read->tensors().at("none").data.size(), std::size_t(0));
    QVERIFY(read->tensors().at("none").data.data() != nullptr);
    // Its spans go with it.
    const std::byte* before = stored.data.data();
    const Safetensors moved = std::move(const_cast<Safetensors&>(*read));
    QCOMPARE(moved.tensors().at("weight").data.data(), before);
    QCOMPARE(std::memcmp(before, Weights.data(), 24), 0);
}

void SafetensorsTest::everyType() {
    const std::array<std::pair<TensorType, std::pair<const char*, std::size_t>>, 13> types = {
        {{TensorType::F64, {"F64", 8}},
         {TensorType::F32, {"F32", 4}},
         {TensorType::F16, {"F16", 2}},
         {TensorType::BF16, {"BF16", 2}},
         {TensorType::I64, {"I64", 8}},
         {TensorType::I32, {"I32", 4}},
         {TensorType::I16, {"I16", 2}},
         {TensorType::I8, {"I8", 1}},
         {TensorType::U64, {"U64", 8}},
         {TensorType::U32, {"U32", 4}},
         {TensorType::U16, {"U16", 2}},
         {TensorType::U8, {"U8", 1}},
         {TensorType::BOOL, {"BOOL", 1}}}};
    const std::vector<std::byte> data(24, std::byte{1});
    for (const auto& [type, expected] : types) {
        const auto [name, size] = expected;
        QCOMPARE(bytesOf(type), size);
        QCOMPARE(nameOf(type), std::string_view(name));
        // From a file made by hand, and from one of our own.
        const auto read = parse(withHeader("{" + entry("a", "[3]", 0, static_cast<int>(3 * size), name) + "}",
                                           QByteArray(static_cast<int>(3 * size), '\1')));
        QVERIFY2(read.has_value(), outcome(read).c_str());
        QVERIFY(read->tensors().at("a").type == type);
        QCOMPARE(write("type", {{"a", type, {3}, std::span(data).first(3 * size)}}), std::string());
        const auto ours = Safetensors::read(path("type").toStdString());
        QVERIFY(ours && isSame(*read, *ours));
        // Of the wrong size.
        QVERIFY(!parse(withHeader("{" + entry("a", "[3]", 0, static_cast<int>(3 * size) - 1, name) + "}",
                                  QByteArray(static_cast<int>(3 * size) - 1, '\1'))));
    }
}

void SafetensorsTest::golden() {
    // The format's own example of layout: length, JSON, data; and our padding to eight bytes.
    const std::vector<float> one = {1.0F};
    QCOMPARE(write("golden", {{"a", TensorType::F32, {1}, std::as_bytes(std::span(one))}}), std::string());
    const QByteArray json = "{'__metadata__':{},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}";
    QCOMPARE(contentOf(path("golden")),
             withHeader(json.leftJustified((json.size() + 7) / 8 * 8), QByteArray("\x00\x00\x80\x3f", 4)));
}

void SafetensorsTest::whatTheFormatAllows() {
    const QByteArray four(4, '\1');
    const auto tensors = [](const QByteArray& bytes) -> std::size_t {
        const auto read = parse(bytes);
        return read ? read->tensors().size() : 999;
    };
    QCOMPARE(tensors(withHeader("{}", {})), std::size_t(0));
    QCOMPARE(tensors(withHeader("{'__metadata__':null}   \n ", {})), std::size_t(0));
    QCOMPARE(tensors(withHeader("{" + entry("a", "[]", 0, 4) + "}", four)),
             std::size_t(1)); // a single number
    QCOMPARE(tensors(withHeader("{" + entry("", "[1]", 0, 4) + "}", four)), std::size_t(1));
    // In any order; empty ones where others end.
    const QByteArray several = "{" + entry("b", "[1]", 4, 8) + "," + entry("x", "[0,7]", 4, 4) + "," +
                               entry("y", "[0]", 8, 8) + "," + entry("a", "[1]", 0, 4) + "," +
                               entry("z", "[3,0]", 0, 0) + "}";
    QCOMPARE(tensors(withHeader(several, four + four)), std::size_t(5));
    // What an entry says beyond the format is not looked at, as in the reference implementation.
    const auto read = parse(withHeader("{'a':{'note':{'x':[1,{}]},'dtype':'F32','shape':[1],"
                                       "'data_offsets':[0,4],'note':NULL}}",
                                       four)
                                .replace("NULL", "null"));
    QVERIFY2(read.has_value(), outcome(read).c_str());
    // Escaped names, with a zero byte too.
    const auto named = parse(
        withHeader("{" + entry("\\u00fc\\u0000'", "[1]", 0, 4).replace("\\u0000'", "\\u0000") + "}", four));
    QVERIFY2(named.has_value(), outcome(named).c_str());
    QCOMPARE(named->tensors().begin()->first, std::string("ü\0", 3));
    // The first tensor lies aligned, however long the header is.
    for (const char* pad : {"", " ", "       "}) {
        const auto padded = parse(withHeader("{" + entry("a", "[1]", 0, 4) + "}" + pad, four));
        QVERIFY(padded);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(padded->tensors().at("a").data.data()) % 64,
                 std::uintptr_t(0));
    }
}

void SafetensorsTest::whatCannotBeReadIsNotWritten() {
    QCOMPARE(write("kept", {weight()}), std::string());
    const QByteArray before = contentOf(path("kept"));
    const auto said = [&](const std::vector<TensorView>& tensors) {
        return QString::fromStdString(write("kept", tensors));
    };
    const auto bytes = std::as_bytes(std::span(Weights));
    QVERIFY(said({{"a", TensorType::F32, {2, 2}, bytes}}).contains("needs 16 bytes, it has 24"));
    QVERIFY(said({{"a", TensorType::F32, {-2, -3}, bytes}}).contains("negative"));
    QVERIFY(said({weight("a"), weight("a")}).contains("'a' is there twice"));
    QVERIFY(said({weight("\xff")}).contains("can be no tensor's name"));
    QVERIFY(said({weight("__metadata__")}).contains("is not written"));
    QVERIFY(said({weight(std::string(2000, 'n'))}).contains("a name of 2000 bytes"));
    QCOMPARE(contentOf(path("kept")), before);
}

void SafetensorsTest::atEveryLimitTheFileIsOldOrNew() {
    QCOMPARE(write("limited", {{"old", TensorType::F32, {0}, {}}}), std::string());
    QCOMPARE(write("complete", {weight(), weight("second")}), std::string());
    const QByteArray before = contentOf(path("limited"));
    const QByteArray after = contentOf(path("complete"));
    const QByteArray said = inChild([&]() -> std::string {
        ::signal(SIGXFSZ, SIG_IGN);
        for (rlim_t limit = 0; limit <= static_cast<rlim_t>(after.size()); ++limit) {
            const rlimit soft{limit, RLIM_INFINITY};
            if (::setrlimit(RLIMIT_FSIZE, &soft) != 0)
                return "cannot set the limit";
            const std::string error = write("limited", {weight(), weight("second")});
            const bool fits = limit == static_cast<rlim_t>(after.size());
            if (error.empty() != fits || contentOf(path("limited")) != (fits ? after : before))
                return "at " + std::to_string(limit) + ": " + error;
        }
        return "good";
    });
    QCOMPARE(said, QByteArray("good"));
}

QTEST_GUILESS_MAIN(SafetensorsTest)
#include "safetensors_test.moc"
