// Merging, against the same rule in its slowest form: look for the best pair again after every merge.
#include "core/base/random.h"
#include "core/text/byte_bpe.h"

#include <QElapsedTimer>
#include <QTest>
#include <set>

using namespace stillroom;

namespace {

/// Merges drawn at random over the bytes a to d; token texts name what they stand for.
struct Made {
    TokenizerRecipe recipe;
    std::vector<std::string> texts;
};

Made makeRecipe(Random& random, int merges) {
    Made made;
    made.recipe.model = TokenizerRecipe::Model::ByteBpe;
    const auto add = [&](const std::string& text) {
        if (made.recipe.vocabulary.add(text, static_cast<std::int32_t>(made.texts.size())))
            made.texts.push_back(text);
    };
    for (const auto* letter : {"a", "b", "c", "d"})
        add(letter);
    for (int i = 0; i < merges; ++i) {
        const auto pick = [&] {
            return made.texts[random.below(static_cast<std::uint32_t>(made.texts.size()))];
        };
        const std::string left = pick();
        const std::string right = pick();
        if (left.size() + right.size() > 9)
            continue;
        add(left + right);
        const auto& vocabulary = made.recipe.vocabulary;
        made.recipe.merges.push_back(
            {vocabulary.find(left), vocabulary.find(right), vocabulary.find(left + right)});
    }
    return made;
}

std::vector<std::int32_t> mergedSlowly(const TokenizerRecipe& recipe, const std::string& word) {
    std::vector<std::int32_t> ids;
    for (const char c : word)
        ids.push_back(recipe.vocabulary.find(std::string(1, c)));
    for (;;) {
        std::size_t bestRank = recipe.merges.size();
        std::size_t bestAt = 0;
        for (std::size_t at = 0; at + 1 < ids.size(); ++at)
            for (std::size_t rank = recipe.merges.size(); rank-- > 0;) { // of a pair given twice the last
                if (recipe.merges[rank].left != ids[at] || recipe.merges[rank].right != ids[at + 1])
                    continue;
                if (rank < bestRank) {
                    bestRank = rank;
                    bestAt = at;
                }
                break;
            }
        if (bestRank == recipe.merges.size())
            return ids;
        ids[bestAt] = recipe.merges[bestRank].merged;
        ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(bestAt) + 1);
    }
}

} // namespace

class ByteBpeTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void mergesAsTheRuleSays();
    void aLongWordTakesNoTime();
    void charactersOfBytes();
};

void ByteBpeTest::mergesAsTheRuleSays() {
    Random random(4, "bpe");
    int merged = 0;
    for (int round = 0; round < 60; ++round) {
        const Made made = makeRecipe(random, 40);
        const ByteBpe bpe(made.recipe);
        ByteBpe::Scratch scratch;
        for (int i = 0; i < 40; ++i) {
            std::string word(1 + random.below(i % 4 == 0 ? 200 : 20), 'a'); // short and long take other ways
            for (char& c : word)
                c = static_cast<char>('a' + random.below(4));
            std::vector<std::int32_t> ids{-5};
            bpe.split(word, ids, scratch);
            QCOMPARE(ids.front(), -5); // appended
            ids.erase(ids.begin());
            QVERIFY(ids == mergedSlowly(made.recipe, word));
            merged += ids.size() < word.size() ? 1 : 0;
        }
    }
    QVERIFY(merged > 1500);
}

void ByteBpeTest::aLongWordTakesNoTime() {
    Random random(5, "bpe");
    const Made made = makeRecipe(random, 100);
    const ByteBpe bpe(made.recipe);
    ByteBpe::Scratch scratch;
    std::string word(300000, 'a');
    for (char& c : word)
        c = static_cast<char>('a' + random.below(4));
    std::vector<std::int32_t> ids;
    QElapsedTimer timer;
    timer.start();
    bpe.split(word, ids, scratch);
    QVERIFY2(timer.elapsed() < 5000, "300,000 bytes must not take the square of their number");
    std::string back;
    for (const auto id : ids)
        back += made.texts[static_cast<std::size_t>(id)];
    QVERIFY(back == word);
}

void ByteBpeTest::charactersOfBytes() {
    QCOMPARE(ByteBpe::characterOf('!'), U'!');
    QCOMPARE(ByteBpe::characterOf(0x00), char32_t{0x100});
    QCOMPARE(ByteBpe::characterOf(' '), U'Ġ');
    QCOMPARE(ByteBpe::characterOf('\n'), U'Ċ');
    QCOMPARE(ByteBpe::characterOf(0x7F), char32_t{0x121});
    QCOMPARE(ByteBpe::characterOf(0xA0), char32_t{0x142});
    QCOMPARE(ByteBpe::characterOf(0xAD), char32_t{0x143});
    QCOMPARE(ByteBpe::characterOf(0xFF), U'ÿ');
    std::set<char32_t> all;
    for (unsigned byte = 0; byte < 256; ++byte)
        all.insert(ByteBpe::characterOf(static_cast<unsigned char>(byte)));
    QCOMPARE(all.size(), std::size_t{256});
}

QTEST_GUILESS_MAIN(ByteBpeTest)
#include "byte_bpe_test.moc"
