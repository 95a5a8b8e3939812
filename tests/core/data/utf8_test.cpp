#include "core/data/utf8.h"

#include <QtTest>

using namespace stillroom;

namespace {

const std::string R = "\xEF\xBF\xBD";

std::pair<std::string, std::int64_t> repaired(std::string_view text) {
    std::string out;
    const auto count = appendRepaired(out, text);
    return {out, count};
}

} // namespace

class Utf8Test : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void goodTextStays();
    void maximalSubpartsAsInTheStandard();
    void appendsToWhatIsThere();
    void everyRepairIsValidAndAgreesWithQt();
    void findsUnfinishedTails();
    void writesCodePoints();
};

void Utf8Test::goodTextStays() {
    for (const std::string text :
         {"", "plain", "Käse", "\xE2\x82\xAC", "\xF0\x9F\x98\x80 \xED\x9F\xBF\xEE\x80\x80"}) {
        QVERIFY(isUtf8(text));
        QCOMPARE(repaired(text), std::make_pair(text, std::int64_t{0}));
    }
}

// Unicode 15.0, tables 3-8 to 3-11.
void Utf8Test::maximalSubpartsAsInTheStandard() {
    QCOMPARE(repaired("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41").first, R + R + R + R + R + R + R + R + "A");
    QCOMPARE(repaired("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41").first, R + R + R + R + R + R + R + R + "A");
    QCOMPARE(repaired("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42").first, R + R + R + R + R + "A" + R + R + "B");
    QCOMPARE(repaired("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"),
             std::make_pair(R + R + R + R + "A", std::int64_t{4}));
}

void Utf8Test::appendsToWhatIsThere() {
    std::string out = "before ";
    QCOMPARE(appendRepaired(out, "caf\xE9!"), std::int64_t{1});
    QCOMPARE(out, "before caf" + R + "!");
}

void Utf8Test::everyRepairIsValidAndAgreesWithQt() {
    // Every pair of bytes before and behind a letter. Qt replaces every byte by itself, so only what is valid
    // and what is not is compared with it.
    for (int first = 0; first < 256; ++first)
        for (int second = 0; second < 256; ++second) {
            const std::string text{static_cast<char>(first), static_cast<char>(second), 'x'};
            const auto [out, count] = repaired(text);
            QVERIFY(isUtf8(out));
            QCOMPARE(count == 0, isUtf8(text));
            const bool good = QString::fromUtf8(text.data(), 3).toUtf8() ==
                              QByteArray(text.data(), static_cast<int>(text.size()));
            QCOMPARE(good, count == 0);
        }
}

void Utf8Test::findsUnfinishedTails() {
    QCOMPARE(unfinishedTail(""), std::size_t{0});
    QCOMPARE(unfinishedTail("abc"), std::size_t{0});
    QCOMPARE(unfinishedTail("\xC3\xA4"), std::size_t{0});
    QCOMPARE(unfinishedTail("x\xC3"), std::size_t{1});
    QCOMPARE(unfinishedTail("\xE2\x82"), std::size_t{2});
    QCOMPARE(unfinishedTail("\xF0\x9F\x98"), std::size_t{3});
    QCOMPARE(unfinishedTail("\xF0\x9F\x98\x80"), std::size_t{0});
    QCOMPARE(unfinishedTail("\xE0\x80"), std::size_t{0}); // can become nothing any more
    QCOMPARE(unfinishedTail("\x80\x80\x80"), std::size_t{0});
    QCOMPARE(unfinishedTail("\xFF"), std::size_t{0});
}

void Utf8Test::writesCodePoints() {
    std::string out;
    for (const char32_t codePoint : {U'A', U'ä', U'€', U'\U0001F600'})
        appendUtf8(out, codePoint);
    QCOMPARE(out, std::string("A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
}

QTEST_GUILESS_MAIN(Utf8Test)
#include "utf8_test.moc"
