#include "core/text/bert_words.h"

#include <QStringList>
#include <QTest>

using namespace stillroom;

namespace {

QString normalized(const BertCleaning& cleaning, const QString& text) {
    BertWords::Scratch scratch;
    const std::string bytes = text.toStdString();
    const auto out = BertWords(cleaning).normalize(bytes, scratch);
    return QString::fromUtf8(out.data(), static_cast<qsizetype>(out.size()));
}

constexpr BertCleaning Uncased{true, true, true, true};
constexpr BertCleaning Cased{true, true, false, false};

} // namespace

class BertWordsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void uncased();
    void cased();
    void canonicalOrder();
    void words();
    void kinds();
};

void BertWordsTest::uncased() {
    QCOMPARE(normalized(Uncased, "Fire\x01\x7F!\tA\r\n"), QStringLiteral("fire! a  "));
    QCOMPARE(normalized(Uncased, QStringLiteral("ÉCOLE İ Ǆ ß")), QStringLiteral("ecole i ǆ ß"));
    QCOMPARE(normalized(Uncased, QStringLiteral("a\u200db\ufe0fc\u2028d\ufffd")), QStringLiteral("abc d"));
    QCOMPARE(normalized(Uncased, QStringLiteral("火b")), QStringLiteral(" 火 b"));
    QCOMPARE(normalized(Uncased, QStringLiteral("\uf900")), QStringLiteral(" \u8c48 "));
    QCOMPARE(normalized(Uncased, QStringLiteral("각")), QStringLiteral("\u1100\u1161\u11a8"));
}

void BertWordsTest::cased() {
    QCOMPARE(normalized(Cased, QStringLiteral("École\u0301 火")), QStringLiteral("École\u0301  火 "));
    QCOMPARE(normalized({}, QStringLiteral("É\x01 火")), QStringLiteral("É\x01 火"));
    const BertCleaning lowerOnly{false, false, false, true};
    QCOMPARE(normalized(lowerOnly, QStringLiteral("Aİ")), QStringLiteral("ai\u0307")); // two characters
    const BertCleaning stripOnly{false, false, true, false};
    QCOMPARE(normalized(stripOnly, QString(QChar(0)) + QStringLiteral("Éa")),
             QString(QChar(0)) + QStringLiteral("Ea"));
}

void BertWordsTest::canonicalOrder() {
    // Spacing marks stay and are put into order: U+302E (class 224) after U+1D165 (216).
    const QString tail = QString::fromUcs4(U"\U0001d165");
    QCOMPARE(normalized(Uncased, QStringLiteral("x\u302e\u0301") + tail),
             QStringLiteral("x") + tail + QStringLiteral("\u302e"));
    // A letter between them keeps them apart.
    QCOMPARE(normalized(Uncased, QStringLiteral("x\u302ey") + tail), QStringLiteral("x\u302ey") + tail);
}

void BertWordsTest::words() {
    const BertWords splitter(Uncased);
    QStringList words;
    const std::string text = "it's  a—b\u00a0c ,,";
    splitter.forEachWord(text, [&](std::string_view word) {
        words.append(QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size())));
    });
    QCOMPARE(words, (QStringList{"it", "'", "s", "a", "—", "b", "c", ",", ","}));
}

void BertWordsTest::kinds() {
    const BertWords splitter(Uncased);
    for (const char c : std::string_view(" \t\n\r"))
        QCOMPARE(splitter.kind(c), BertWords::Space);
    for (const char c : std::string_view("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"))
        QCOMPARE(splitter.kind(c), BertWords::Symbol);
    for (const char c : std::string_view("aZ0\x01\v\x7F\xC3"))
        QCOMPARE(splitter.kind(c), BertWords::Plain);
}

QTEST_GUILESS_MAIN(BertWordsTest)
#include "bert_words_test.moc"
