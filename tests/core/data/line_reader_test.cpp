#include "core/data/line_reader.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

class LineReaderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyLineEndingAndChunk();
    void aLineOverTheLimitIsAnError();

  private:
    Folder folder_;
};

void LineReaderTest::everyLineEndingAndChunk() {
    const Names expected{"one", "", "three and more", "last"};
    for (const std::string ending : {"\n", "\r\n", "\r"})
        for (const bool closed : {false, true})
            for (std::size_t chunk = 1; chunk < 40; ++chunk) {
                std::string bytes;
                for (std::size_t i = 0; i < expected.size(); ++i)
                    bytes += expected[i] + (closed || i + 1 < expected.size() ? ending : "");
                auto source =
                    SourceFile::open(folder_.write("a.txt", bytes), "a.txt", "files", {chunk, 1000});
                QVERIFY(source);
                LineReader reader(std::move(*source));
                Names lines;
                std::string_view line;
                for (auto read = reader.next(line); read && *read; read = reader.next(line)) {
                    lines.emplace_back(line);
                    QCOMPARE(reader.number(), static_cast<std::int64_t>(lines.size()));
                }
                QCOMPARE(lines, expected);
            }
}

void LineReaderTest::aLineOverTheLimitIsAnError() {
    const std::string bytes = "short\n" + std::string(5000, 'x') + "\nshort\n";
    for (const std::size_t chunk : {std::size_t{10}, std::size_t{100000}}) {
        auto source = SourceFile::open(folder_.write("a.txt", bytes), "a.txt", "files", {chunk, 1000});
        QVERIFY(source);
        LineReader reader(std::move(*source));
        std::string_view line;
        QVERIFY(*reader.next(line));
        const auto second = reader.next(line);
        QVERIFY(!second);
        VERIFY_SAYS(second.error().message, "a.txt, line 2", "longer than");
    }
}

QTEST_GUILESS_MAIN(LineReaderTest)
#include "line_reader_test.moc"
