#include "core/data/text_encoding.h"

#include <QStringEncoder>
#include <QtTest>

using namespace stillroom;

class TextEncodingTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void knowsItsNames();
    void windows1252IsAsTheTableSays();
    void everyLetterComesThroughUtf16();
    void tellsUtf16ByItsZeros();
};

void TextEncodingTest::knowsItsNames() {
    for (const auto* name : {"utf-8", "utf-16", "windows-1252"})
        QCOMPARE(encodingName(textEncoding(name).value()), std::string_view(name));
    QCOMPARE(textEncoding("").value(), TextEncoding::Utf8);
    QVERIFY(!textEncoding("UTF-8") && !textEncoding("latin1"));
    QCOMPARE(encodingName(TextEncoding::Utf16Big), std::string_view("utf-16"));
}

/// Against Python: bytes(range(128, 256)).decode('cp1252', 'replace').
void TextEncodingTest::windows1252IsAsTheTableSays() {
    std::string bytes;
    for (int byte = 0x80; byte < 0x100; ++byte)
        bytes.push_back(static_cast<char>(byte));
    std::string expected = "€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ";
    for (char16_t letter = 0xA0; letter < 0x100; ++letter)
        expected += QString(QChar(letter)).toStdString();
    std::string_view rest = bytes;
    std::string out = "before ";
    QCOMPARE(appendConverted(out, rest, TextEncoding::Windows1252, false), std::int64_t{5});
    QCOMPARE(out, "before " + expected);
    QVERIFY(rest.empty());
}

void TextEncodingTest::everyLetterComesThroughUtf16() {
    for (const bool big : {false, true}) {
        QStringEncoder encoder(big ? QStringConverter::Utf16BE : QStringConverter::Utf16LE);
        std::string expected;
        QByteArray bytes;
        for (char32_t code = 1; code <= 0x10FFFF; code += code < 0x11000 ? 1 : 97) {
            if (code >= 0xD800 && code < 0xE000)
                continue;
            const QString letter = QString::fromUcs4(&code, 1);
            expected += letter.toStdString();
            bytes += QByteArray(encoder(letter));
        }
        std::string out;
        std::string_view rest(bytes.data(), static_cast<std::size_t>(bytes.size()));
        const auto encoding = big ? TextEncoding::Utf16Big : TextEncoding::Utf16Little;
        QCOMPARE(appendConverted(out, rest, encoding, true), std::int64_t{0});
        QVERIFY(out == expected);
    }
}

void TextEncodingTest::tellsUtf16ByItsZeros() {
    const auto encoded = [](const char* text, QStringConverter::Encoding encoding) {
        QStringEncoder encoder(encoding);
        return QByteArray(encoder(QString::fromUtf8(text))).toStdString();
    };
    for (const auto* text : {"a,b\n1,2\n", "Привет, мир: это текст, и ещё.\n", "ä"}) {
        QCOMPARE(looksLikeUtf16(encoded(text, QStringConverter::Utf16LE)), TextEncoding::Utf16Little);
        QCOMPARE(looksLikeUtf16(encoded(text, QStringConverter::Utf16BE)), TextEncoding::Utf16Big);
        QVERIFY(!looksLikeUtf16(encoded(text, QStringConverter::Utf8)));
    }
    QVERIFY(!looksLikeUtf16(""));
    QVERIFY(!looksLikeUtf16(std::string("PK\3\4\0\0\0\0zip\0\1\2", 14)));
    QVERIFY(!looksLikeUtf16(std::string(100, '\0')));
}

QTEST_GUILESS_MAIN(TextEncodingTest)
#include "text_encoding_test.moc"
