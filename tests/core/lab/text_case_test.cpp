#include "core/lab/text_case.h"

#include <QString>
#include <QtTest>

using namespace stillroom;

class TextCaseTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void asQtSaysIt();
    void everyPairBothWays();
    void formsAreEquallyLong();
    void brokenUtf8();
};

/// Whatever has another case here has that case in Qt's tables too; and of ASCII, Latin-1 and Latin
/// Extended-A nothing is left out that has one.
void TextCaseTest::asQtSaysIt() {
    int pairs = 0;
    for (char32_t letter = 0; letter < 0x2100; ++letter) {
        const char32_t lower = lowerCase(letter);
        if (lower != letter) {
            QCOMPARE(static_cast<uint>(lower), QChar::toLower(static_cast<char32_t>(letter)));
            ++pairs;
        } else if (letter < 0x180 && letter != 0x130) { // İ has no lower case of one letter
            QCOMPARE(QChar::toLower(static_cast<char32_t>(letter)), static_cast<uint>(letter));
        }
    }
    QCOMPARE(pairs, 292); // 26 + 31 + the letters that alternate
}

void TextCaseTest::everyPairBothWays() {
    for (char32_t letter = 0; letter < 0x2100; ++letter) {
        QCOMPARE(lowerCase(lowerCase(letter)), lowerCase(letter));
        if (lowerCase(letter) != letter)
            QCOMPARE(upperCase(lowerCase(letter)), letter);
        if (upperCase(letter) != letter)
            QCOMPARE(lowerCase(upperCase(letter)), letter);
    }
    QCOMPARE(upperCase(U'ÿ'), U'Ÿ');
    QCOMPARE(upperCase(U'ß'), U'ß');
    QCOMPARE(upperCase(U'÷'), U'÷');
    QCOMPARE(upperCase(U'{'), U'{');
}

void TextCaseTest::formsAreEquallyLong() {
    const CaseForms forms("aÉÿŞž 9Ặ漢😀");
    QCOMPARE(forms.lower, std::string("aéÿşž 9ặ漢😀"));
    QCOMPARE(forms.upper, std::string("AÉŸŞŽ 9Ặ漢😀"));
    QCOMPARE(forms.characters.size(), std::size_t{10});
    std::size_t at = 0;
    for (const auto& character : forms.characters) {
        QCOMPARE(character.begin, at);
        at += character.size;
    }
    QCOMPARE(at, forms.lower.size());
    QCOMPARE(at, forms.upper.size());
}

void TextCaseTest::brokenUtf8() {
    const std::string broken = "a\xC3"
                               "b\xA9\xFF\xE1\xBA";
    const CaseForms forms(broken);
    QCOMPARE(forms.lower, broken);
    QCOMPARE(forms.characters.size(), broken.size());
    QCOMPARE(forms.upper.substr(0, 1), std::string("A"));
    QVERIFY(CaseForms("").characters.empty());
}

QTEST_GUILESS_MAIN(TextCaseTest)
#include "text_case_test.moc"
