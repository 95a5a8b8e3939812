// Against the rule in its slowest form.
#include "core/text/wordpiece.h"

#include "core/base/random.h"

#include <QTest>

using namespace stillroom;

namespace {

constexpr std::int32_t Unknown = 1000;

std::vector<std::int32_t> slowly(const TokenizerRecipe& recipe, const std::u32string& word) {
    const auto bytes = [](std::u32string_view text) {
        return QString::fromUcs4(text.data(), static_cast<qsizetype>(text.size())).toStdString();
    };
    if (word.size() > recipe.longestWord)
        return {Unknown};
    std::vector<std::int32_t> ids;
    for (std::size_t begin = 0; begin < word.size();) {
        std::size_t end = word.size();
        std::int32_t id = TokenTable::None;
        for (; end > begin && id == TokenTable::None; --end)
            id = recipe.vocabulary.find((begin > 0 ? recipe.continuingPrefix : "") +
                                        bytes(std::u32string_view(word).substr(begin, end - begin)));
        if (id == TokenTable::None)
            return {Unknown};
        ids.push_back(id);
        begin = end + 1;
    }
    return ids;
}

} // namespace

class WordPieceTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void asTheRuleSays();
};

void WordPieceTest::asTheRuleSays() {
    const std::u32string letters = U"abé火🔥";
    Random random(8, "wordpiece");
    int known = 0, unknown = 0;
    for (int round = 0; round < 200; ++round) {
        TokenizerRecipe recipe;
        recipe.unknown = Unknown;
        recipe.longestWord = 8;
        recipe.continuingPrefix = round % 3 == 0   ? ""
                                  : round % 3 == 1 ? "##"
                                                   : "a"; // one that words begin with too
        const auto draw = [&](std::uint32_t longest) {
            std::u32string text;
            for (std::uint32_t i = 1 + random.below(longest); i > 0; --i)
                text += letters[random.below(static_cast<std::uint32_t>(letters.size()))];
            return text;
        };
        for (std::int32_t id = 0; id < 40; ++id) {
            const auto text = QString::fromUcs4(draw(id < 20 ? 1 : 4).c_str()).toStdString();
            recipe.vocabulary.add((random.below(2) == 0 ? recipe.continuingPrefix : "") + text, id);
        }
        const WordPiece pieces(recipe);
        std::vector<std::uint64_t> hashes;
        for (int i = 0; i < 100; ++i) {
            const std::u32string word = draw(10);
            std::vector<std::int32_t> ids{-5};
            pieces.split(QString::fromUcs4(word.c_str()).toStdString(), ids, hashes);
            QCOMPARE(ids.front(), -5); // appended
            ids.erase(ids.begin());
            QVERIFY(ids == slowly(recipe, word));
            (ids.front() == Unknown ? unknown : known) += 1;
        }
    }
    QVERIFY(known > 2000 && unknown > 2000);
}

QTEST_GUILESS_MAIN(WordPieceTest)
#include "wordpiece_test.moc"
