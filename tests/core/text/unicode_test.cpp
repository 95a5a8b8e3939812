// The tables are those of `tokenizers`: tests/peers/compare_tokenizers.py compares every code point with it,
// and what it then found equal is held here, for every Qt.
#include "core/base/random.h"
#include "core/text/unicode.h"

#include <QTest>
#include <array>

using namespace stillroom;
using namespace stillroom::unicode;

class UnicodeTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyCodePoint();
    void someCodePoints();
    void decodes_data();
    void decodes();
    void whatIsAppendedIsDecoded();
    void decomposes();
    void wordCharacters();
};

void UnicodeTest::everyCodePoint() {
    const auto& tables = Characters::tables();
    std::uint64_t traits = 0, lower = 0, order = 0, parts = 0;
    std::vector<char32_t> decomposed;
    for (char32_t c = 0; c < CodePoints; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        traits = mix64(traits ^ tables.traits(c));
        lower = mix64(lower ^ tables.lower(c));
        order = mix64(order ^ static_cast<std::uint64_t>(tables.combiningClass(c)));
        decomposed.clear();
        tables.appendDecomposed(decomposed, c);
        for (const char32_t part : decomposed)
            parts = mix64(parts ^ part);
    }
    QCOMPARE(QString::number(traits, 16), QStringLiteral("b11e9c9c480c54c3"));
    QCOMPARE(QString::number(lower, 16), QStringLiteral("2675ed9e4d0e74a1"));
    QCOMPARE(QString::number(order, 16), QStringLiteral("b2c79f6d88d844fe"));
    QCOMPARE(QString::number(parts, 16), QStringLiteral("69c32a5766618228"));
}

void UnicodeTest::someCodePoints() {
    const auto& tables = Characters::tables();
    const auto traits = [&](char32_t c) { return static_cast<int>(tables.traits(c)); };
    QCOMPARE(traits('a'), int{Letter});
    QCOMPARE(traits('7'), int{Number});
    QCOMPARE(traits(' '), int{Space});
    QCOMPARE(traits('$'), int{Punctuation}); // a symbol to Unicode, punctuation to BERT
    QCOMPARE(traits('\t'), int{Space});
    QCOMPARE(traits('\v'), Space | Control);
    QCOMPARE(traits(0x301), int{Mark});
    QCOMPARE(traits(0x200D), int{Control});
    QCOMPARE(traits(0xFFFD), int{Control});
    QCOMPARE(traits(0x4E00), Letter | Ideograph);
    QCOMPARE(traits(0x31350), int{Letter}); // of Unicode 15
    QCOMPARE(traits(0x2E52), 0);            // punctuation since Unicode 14
    QCOMPARE(traits(0x1F525), 0);
    QCOMPARE(tables.lower(U'É'), U'é');
    QCOMPARE(tables.lower(0x10D50), char32_t{0x10D70}); // of Unicode 16
    QCOMPARE(tables.lower(0x130), char32_t{0x130});
    QCOMPARE(tables.combiningClass(0x323), 220);
    QCOMPARE(tables.combiningClass(0x1ABF), 0); // a mark since Unicode 13
}

void UnicodeTest::decodes_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QList<uint>>("points");
    using Points = QList<uint>;
    QTest::newRow("ASCII") << QByteArray("a\x7f") << Points{'a', 0x7F};
    QTest::newRow("two, three, four")
        << QByteArray("\xC2\x80\xE0\xA0\x80\xF0\x90\x80\x80") << Points{0x80, 0x800, 0x10000};
    QTest::newRow("the last") << QByteArray("\xDF\xBF\xEF\xBF\xBF\xF4\x8F\xBF\xBF")
                              << Points{0x7FF, 0xFFFF, 0x10FFFF};
    QTest::newRow("a lone continuation") << QByteArray("\x80x") << Points{0xFFFD, 'x'};
    QTest::newRow("overlong") << QByteArray("\xC0\x80") << Points{0xFFFD, 0xFFFD};
    QTest::newRow("overlong of three") << QByteArray("\xE0\x80\x80") << Points{0xFFFD, 0xFFFD, 0xFFFD};
    QTest::newRow("a surrogate") << QByteArray("\xED\xA0\x80") << Points{0xFFFD, 0xFFFD, 0xFFFD};
    QTest::newRow("too large") << QByteArray("\xF4\x90\x80\x80") << Points{0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD};
    QTest::newRow("cut off") << QByteArray("\xF0\x9F\x94") << Points{0xFFFD};
    QTest::newRow("interrupted") << QByteArray("\xE2\x82"
                                               "a")
                                 << Points{0xFFFD, 'a'};
    // Unicode 15.0, table 3-8
    QTest::newRow("maximal subparts")
        << QByteArray("\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64")
        << Points{0x61, 0xFFFD, 0xFFFD, 0xFFFD, 0x62, 0xFFFD, 0x63, 0xFFFD, 0xFFFD, 0x64};
}

void UnicodeTest::decodes() {
    QFETCH(QByteArray, bytes);
    QFETCH(QList<uint>, points);
    // In an allocation of its own, so that a sanitizer sees what is read behind it.
    const std::vector<char> exact(bytes.begin(), bytes.end());
    const std::string_view text(exact.data(), exact.size());
    QList<uint> decoded;
    std::string expected;
    for (std::size_t at = 0; at < text.size();) {
        const Decoded next = decode(text, at);
        QVERIFY(next.length > 0);
        decoded.append(next.codePoint);
        append(expected, next.codePoint);
        at += next.length;
    }
    QCOMPARE(decoded, points);
    QCOMPARE(repaired(text), expected);
}

void UnicodeTest::whatIsAppendedIsDecoded() {
    for (char32_t c = 0; c < CodePoints; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        std::string text;
        append(text, c);
        const Decoded back = decode(text, 0);
        if (back.codePoint != c || back.length != text.size())
            QFAIL(qPrintable(QString::number(c, 16)));
    }
}

void UnicodeTest::decomposes() {
    const auto parts = [](char32_t c) {
        std::vector<char32_t> out;
        Characters::tables().appendDecomposed(out, c);
        return QList<uint>(out.begin(), out.end());
    };
    using Points = QList<uint>;
    QCOMPARE(parts('a'), Points{'a'});
    QCOMPARE(parts(0xE9), (Points{'e', 0x301}));
    QCOMPARE(parts(0x1EAD), (Points{'a', 0x323, 0x302})); // through another that decomposes
    QCOMPARE(parts(0x212B), (Points{'A', 0x30A}));
    QCOMPARE(parts(0xAC00), (Points{0x1100, 0x1161}));
    QCOMPARE(parts(0xD7A3), (Points{0x1112, 0x1175, 0x11C2}));
    QCOMPARE(parts(0xFB01), Points{0xFB01}); // a ligature is equal by compatibility only
    QCOMPARE(parts(0x2F800), Points{0x4E3D});
    QCOMPARE(parts(0x11938), Points{0x11938}); // decomposes since Unicode 13
}

void UnicodeTest::wordCharacters() {
    for (const char32_t c : {U'a', U'Z', U'0', U'_', U'é', U'火', U'\u0301', U'\u200d', U'Ⅷ', U'ⓐ', U'‿'})
        QVERIFY2(isWordCharacter(c), qPrintable(QString::number(c, 16)));
    for (const char32_t c : {U' ', U'-', U'½', U'🔥', U'€', U'\u00a0', U'\u200b'})
        QVERIFY2(!isWordCharacter(c), qPrintable(QString::number(c, 16)));
}

QTEST_GUILESS_MAIN(UnicodeTest)
#include "unicode_test.moc"
