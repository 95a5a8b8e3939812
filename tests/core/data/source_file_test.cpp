#include "core/data/source_file.h"

#include "fixtures.h"

#include <QtTest>
#include <sys/stat.h>
#include <unistd.h>

using namespace stillroom;
using namespace stillroom::test;

namespace {

Result<std::string> readAll(SourceFile& source) {
    std::string all;
    do {
        if (auto read = source.more(1); !read)
            return fail(read.error());
        all.append(source.begin(), source.available());
        source.consume(source.available());
    } while (!source.complete());
    return all;
}

} // namespace

class SourceFileTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void givesTheBytes();
    void repairsUtf8WhereverAChunkEnds();
    void takesOffTheByteOrderMark();
    void knowsHowLinesEnd();
    void convertsWhereverAChunkEnds_data();
    void convertsWhereverAChunkEnds();
    void aByteOrderMarkIsBelievedFirst();
    void readsNoFurtherThanItIsTold();
    void keepsWhatIsNotConsumed();
    void aRecordOverTheLimitIsAnError();
    void aFileCutWhileItIsReadIsAnError();
    void aFileThatGrowsIsReadToItsEnd();
    void refusesWhatIsNoTextFile();
    void survivesBeingMoved();

  private:
    Folder folder_;
    Result<SourceFile> open(std::string_view bytes, SourceOptions options = {}) const {
        return SourceFile::open(folder_.write("a.csv", bytes), "a.csv", "data.train.files", options);
    }
};

void SourceFileTest::givesTheBytes() {
    std::string bytes;
    for (int i = 0; i < 100000; ++i)
        bytes += "line " + std::to_string(i) + "\n";
    for (const std::size_t chunk : {std::size_t{1000}, std::size_t{1} << 20}) {
        auto source = open(bytes, {chunk, std::size_t{16} << 20});
        QVERIFY(source);
        QCOMPARE(*readAll(*source), bytes);
        QCOMPARE(source->bytesRead(), static_cast<std::int64_t>(bytes.size()));
        QCOMPARE(source->invalidUtf8(), std::int64_t{0});
    }
}

void SourceFileTest::repairsUtf8WhereverAChunkEnds() {
    // Latin-1 among UTF-8 of every length, a cut-off character at the end.
    const std::string bytes =
        "a\xE9z \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80 \xE2\x82 \xED\xA0\x80 \xF0\x9F\x98";
    const std::string replacement = "\xEF\xBF\xBD";
    const std::string expected = "a" + replacement + "z \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80 " +
                                 replacement + " " + replacement + replacement + replacement + " " +
                                 replacement;
    for (std::size_t chunk = 1; chunk < bytes.size() + 2; ++chunk) {
        auto source = open(bytes, {chunk, std::size_t{16} << 20});
        QVERIFY(source);
        QCOMPARE(*readAll(*source), expected);
        QCOMPARE(source->invalidUtf8(), std::int64_t{6});
    }
}

void SourceFileTest::takesOffTheByteOrderMark() {
    auto source = open("\xEF\xBB\xBFtext\n", {1, 1000});
    QVERIFY(source);
    QCOMPARE(*readAll(*source), std::string("text\n"));
}

void SourceFileTest::knowsHowLinesEnd() {
    for (const auto& [bytes, newline] :
         {std::pair{"a\nb\rc", '\n'}, std::pair{"a\r\nb\rc", '\n'}, std::pair{"a\rb\rc\n", '\r'},
          std::pair{"a", '\n'}, std::pair{"a\r", '\n'}}) {
        auto source = open(bytes, {1, 1000});
        QVERIFY(source);
        QCOMPARE(source->newline(), newline);
    }
}

void SourceFileTest::convertsWhereverAChunkEnds_data() {
    QTest::addColumn<int>("encoding");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<int>("replaced");
    const auto row = [](const char* name, TextEncoding encoding, std::string_view bytes, const char* expected,
                        int replaced) {
        QTest::newRow(name) << static_cast<int>(encoding)
                            << QByteArray(bytes.data(), static_cast<int>(bytes.size()))
                            << QByteArray(expected) << replaced;
    };
    using namespace std::string_view_literals;
    constexpr auto Little = TextEncoding::Utf16Little;
    row("little-endian", Little, "a\0\xE4\0\xAC\x20\x3D\xD8\x00\xDE\n\0"sv, "aä€😀\n", 0);
    row("big-endian", TextEncoding::Utf16Big, "\0a\0\xE4\x20\xAC\xD8\x3D\xDE\x00\0\n"sv, "aä€😀\n", 0);
    row("a mark", TextEncoding::Utf8, "\xFF\xFE\x61\0\xE4\0\xAC\x20\x3D\xD8\x00\xDE\n\0"sv, "aä€😀\n", 0);
    row("half a pair", Little, "a\0\x3D\xD8q\0\n\0"sv, "a\uFFFDq\n", 1);
    row("a pair's end", Little, "a\0\x00\xDEq\0\n\0"sv, "a\uFFFDq\n", 1);
    row("half a letter", Little, "a\0b\0\n\0c"sv, "ab\n\uFFFD", 1);
    row("a pair cut off", Little, "a\0b\0\x3D\xD8"sv, "ab\uFFFD", 1);
    row("Windows-1252", TextEncoding::Windows1252, "a\x80\xE4\x9C\n"sv, "a€äœ\n", 0);
    row("no letter", TextEncoding::Windows1252, "a\x81q\n"sv, "a\uFFFDq\n", 1);
}

void SourceFileTest::convertsWhereverAChunkEnds() {
    QFETCH(int, encoding);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, expected);
    QFETCH(int, replaced);
    for (std::size_t chunk = 1; chunk < static_cast<std::size_t>(bytes.size()) + 2; ++chunk) {
        SourceOptions options{chunk, std::size_t{16} << 20};
        options.encoding = static_cast<TextEncoding>(encoding);
        auto source = open({bytes.data(), static_cast<std::size_t>(bytes.size())}, options);
        QVERIFY2(source, source ? "" : source.error().message.c_str());
        QCOMPARE(*readAll(*source), expected.toStdString());
        QCOMPARE(source->invalidUtf8(), static_cast<std::int64_t>(replaced));
        QCOMPARE(source->bytesRead(), static_cast<std::int64_t>(bytes.size()));
    }
}

void SourceFileTest::aByteOrderMarkIsBelievedFirst() {
    SourceOptions options;
    options.encoding = TextEncoding::Windows1252;
    auto source = open("\xEF\xBB\xBF\xC3\xA4", options);
    QVERIFY(source);
    QCOMPARE(*readAll(*source), std::string("ä"));
    source = open(std::string("\xFE\xFF\0a", 4), options);
    QVERIFY(source);
    QCOMPARE(*readAll(*source), std::string("a"));
    QCOMPARE(source->encoding(), TextEncoding::Utf16Big);
    // Told that it is UTF-16 and not which: the zeros tell.
    options.encoding = TextEncoding::Utf16Little;
    source = open(std::string("\0a\0b\0\n", 6), options);
    QVERIFY(source);
    QCOMPARE(*readAll(*source), std::string("ab\n"));
}

void SourceFileTest::readsNoFurtherThanItIsTold() {
    SourceOptions options;
    options.chunk = 3;
    options.most = 5;
    auto source = open("0123456789", options);
    QVERIFY(source && source->cut());
    QCOMPARE(*readAll(*source), std::string("01234"));
    options.most = 10;
    source = open("0123456789", options);
    QVERIFY(source && !source->cut());
    QCOMPARE(*readAll(*source), std::string("0123456789"));
}

void SourceFileTest::keepsWhatIsNotConsumed() {
    auto source = open("0123456789", {3, 1000});
    QVERIFY(source && source->more(1));
    source->consume(2);
    QVERIFY(source->more(1));
    QCOMPARE(std::string(source->begin(), source->available()), std::string("2345"));
    QVERIFY(source->more(1));
    QCOMPARE(std::string(source->begin(), source->available()), std::string("23456789"));
    QVERIFY(!source->complete());
    QVERIFY(source->more(1));
    QVERIFY(source->complete());
}

void SourceFileTest::aRecordOverTheLimitIsAnError() {
    auto source = open(std::string(5000, 'x'), {100, 2000});
    QVERIFY(source);
    Result<void> read;
    for (int i = 0; i < 100 && read; ++i)
        read = source->more(7);
    QVERIFY(!read);
    VERIFY_SAYS(read.error().message, "a.csv, line 7", "longer than", "quote");
    QVERIFY(source->available() < 5000);
}

void SourceFileTest::aFileCutWhileItIsReadIsAnError() {
    auto source = open(std::string(100000, 'x'), {1000, std::size_t{16} << 20});
    QVERIFY(source && source->more(1));
    QVERIFY(::truncate(folder_.path("a.csv").c_str(), 5000) == 0);
    const auto all = readAll(*source);
    QVERIFY(!all);
    VERIFY_SAYS(all.error().message, "a.csv", "became shorter while it was read", "load it again",
                "data.train.files");
}

void SourceFileTest::aFileThatGrowsIsReadToItsEnd() {
    auto source = open("one\n", {3, 1000});
    QVERIFY(source && source->more(1));
    QFile file(QString::fromStdString(folder_.path("a.csv")));
    QVERIFY(file.open(QIODevice::Append) && file.write("two\n") == 4);
    file.close();
    QCOMPARE(*readAll(*source), std::string("one\ntwo\n"));
}

void SourceFileTest::refusesWhatIsNoTextFile() {
    const auto sentence = [&](const std::string& name) {
        const auto source = SourceFile::open(folder_.path(name), name, "data.train.files");
        return source ? std::string("opened") : source.error().message;
    };
    VERIFY_SAYS(sentence("none.csv"), "none.csv: there is no such file", "data.train.files");
    VERIFY_SAYS(sentence(""), "is a folder");
    folder_.write("empty.csv", "");
    VERIFY_SAYS(sentence("empty.csv"), "empty.csv: is empty");
    folder_.write("bom.csv", "\xEF\xBB\xBF");
    VERIFY_SAYS(sentence("bom.csv"), "bom.csv: is empty");
    folder_.write("binary.csv", std::string("a,b\n1,\0\n", 8));
    VERIFY_SAYS(sentence("binary.csv"), "is a binary file");
    folder_.write("utf16.csv", std::string("a\0,\0b\0\n\0", 8));
    VERIFY_SAYS(sentence("utf16.csv"), "looks like UTF-16", "set data.train.encoding to utf-16");
    folder_.write("mark.csv", "\xFF\xFE");
    VERIFY_SAYS(sentence("mark.csv"), "mark.csv: is empty");
    QVERIFY(::mkfifo(folder_.path("pipe").c_str(), 0600) == 0);
    VERIFY_SAYS(sentence("pipe"), "is not an ordinary file");
}

void SourceFileTest::survivesBeingMoved() {
    auto first = open("abcdef", {2, 1000});
    auto second = open("abcdef", {2, 1000});
    QVERIFY(first && second && first->more(1));
    *second = std::move(*first);
    SourceFile third = std::move(*second);
    SourceFile& itself = third; // by another name: compilers warn of the plain form
    third = std::move(itself);
    QVERIFY(third.more(1));
    QCOMPARE(std::string(third.begin(), third.available()), std::string("abcd"));
}

QTEST_GUILESS_MAIN(SourceFileTest)
#include "source_file_test.moc"
