// Against the regular expression itself, as PCRE runs it.
#include "core/base/random.h"
#include "core/text/gpt2_words.h"

#include <QRegularExpression>
#include <QTest>

using namespace stillroom;

namespace {

QStringList cut(const QString& text) {
    const QByteArray bytes = text.toUtf8();
    const std::string_view view(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    QStringList words;
    for (std::size_t at = 0; at < view.size();) {
        const std::size_t end = gpt2WordEnd(view, at);
        if (end <= at || end > view.size())
            return {QStringLiteral("stands still")};
        words.append(QString::fromUtf8(view.data() + at, static_cast<qsizetype>(end - at)));
        at = end;
    }
    return words;
}

QStringList cutByExpression(const QString& text) {
    static const QRegularExpression expression(
        QStringLiteral("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),
        QRegularExpression::UseUnicodePropertiesOption);
    QStringList words;
    for (auto match = expression.globalMatch(text); match.hasNext();)
        words.append(match.next().captured());
    return words;
}

} // namespace

class Gpt2WordsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand();
    void asTheExpressionDoes();
};

void Gpt2WordsTest::byHand() {
    QCOMPARE(cut("Hello my friend, it's 7:45!"),
             (QStringList{"Hello", " my", " friend", ",", " it", "'s", " 7", ":", "45", "!"}));
    QCOMPARE(cut("we'll I'LL he's'"), (QStringList{"we", "'ll", " I", "'", "LL", " he", "'s", "'"}));
    QCOMPARE(cut("a   b"), (QStringList{"a", "  ", " b"}));
    QCOMPARE(cut("a\n\n b\n"), (QStringList{"a", "\n\n", " b", "\n"}));
    QCOMPARE(cut("a \n"), (QStringList{"a", " \n"}));
    QCOMPARE(cut(QStringLiteral("a\u00a0b")), (QStringList{"a", QStringLiteral("\u00a0"), "b"}));
    QCOMPARE(cut("!'s ''re"), (QStringList{"!'", "s", " ''", "re"}));
}

void Gpt2WordsTest::asTheExpressionDoes() {
    // Characters whose kind has not changed since PCRE's oldest Unicode; a run of each is likely.
    const QStringList likely{"a",  "Z", "s",  "t", "re", "ll",     "d",      "'",      "'",      " ", " ",
                             "  ", "1", "23", "!", ".",  "\n",     "\t",     "\v",     "\u00a0", "é", "火",
                             "²",  "Ⅷ", "🔥",  "—", "’",  "\u0301", "\u200d", "\u2003", "\u0085", "я", "७"};
    Random random(4, "gpt2 words");
    int longer = 0;
    for (int round = 0; round < 30000; ++round) {
        QString text;
        for (std::uint32_t i = 1 + random.below(12); i > 0; --i)
            text += likely[random.below(static_cast<std::uint32_t>(likely.size()))];
        const QStringList words = cut(text);
        QCOMPARE(words, cutByExpression(text));
        longer += words.size() > 3 ? 1 : 0;
    }
    QVERIFY(longer > 10000);
}

QTEST_GUILESS_MAIN(Gpt2WordsTest)
#include "gpt2_words_test.moc"
