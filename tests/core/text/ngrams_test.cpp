// Against the recipe of core/text/ngrams.h, written a second time in its slowest form.
#include "core/base/random.h"
#include "core/text/ngrams.h"

#include <QTest>
#include <string>

using namespace stillroom;

namespace {

std::uint64_t hashOf(const std::string& bytes, std::uint64_t hash = 14695981039346656037ULL) {
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

std::vector<std::uint32_t> read(const NgramRecipe& recipe, const std::string& text) {
    NgramReader reader(recipe);
    std::vector<std::uint32_t> buckets;
    reader.read(text, buckets);
    return buckets;
}

/// The recipe over words that the test names itself.
std::vector<std::uint32_t> expected(const NgramRecipe& recipe, const std::vector<std::string>& words) {
    const auto bucket = [&](std::uint64_t hash) {
        return static_cast<std::uint32_t>(mix64(hash) % static_cast<std::uint64_t>(recipe.buckets));
    };
    std::vector<std::uint32_t> buckets;
    for (const auto& word : words)
        buckets.push_back(bucket(hashOf(word)));
    for (std::size_t i = 0; i < words.size(); ++i)
        for (std::size_t n = 2; n <= static_cast<std::size_t>(recipe.wordNgrams) && i + n <= words.size();
             ++n) {
            std::uint64_t hash = hashOf(words[i]);
            for (std::size_t j = i + 1; j < i + n; ++j)
                hash = hash * 116049371ULL + hashOf(words[j]);
            buckets.push_back(bucket(hash));
        }
    return buckets;
}

} // namespace

class NgramsTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void knownHash() {
        // FNV-1a's published test vectors (Noll): "" and "a", "foobar".
        QCOMPARE(fnv1a(""), 0xcbf29ce484222325ULL);
        QCOMPARE(fnv1a("a"), 0xaf63dc4c8601ec8cULL);
        QCOMPARE(fnv1a("foobar"), 0x85944171f73967e8ULL);
    }

    void words_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("empty") << "" << QStringList();
        QTest::newRow("only separators") << " ... ,;! \t\n" << QStringList();
        QTest::newRow("lower case") << "Fire In CANADA" << QStringList{"fire", "in", "canada"};
        QTest::newRow("punctuation") << "help,now!(please)" << QStringList{"help", "now", "please"};
        QTest::newRow("apostrophe") << "don't" << QStringList{"don't"};
        QTest::newRow("tag and name") << "RT @Bob: #Fort_Mac" << QStringList{"rt", "@bob", "fort_mac"};
        QTest::newRow("a mark alone") << "a # b @ c" << QStringList{"a", "b", "c"};
        QTest::newRow("a mark ends a word") << "one@two#three" << QStringList{"one", "@two", "three"};
        QTest::newRow("numbers") << "$50K in 2016" << QStringList{"50k", "in", "2016"};
        QTest::newRow("accents") << "ÉCOLE Ünder Αθήνα МОСКВА"
                                 << QStringList{"école", "ünder", "αθήνα", "москва"};
        QTest::newRow("CJK and emoji") << "火事 🔥x" << QStringList{"火事", "🔥x"};
    }
    void words() {
        QFETCH(QString, text);
        QFETCH(QStringList, words);
        std::vector<std::string> list;
        for (const auto& word : words)
            list.push_back(word.toStdString());
        for (const int n : {1, 2, 4}) {
            NgramRecipe recipe;
            recipe.wordNgrams = n;
            QCOMPARE(read(recipe, text.toStdString()), expected(recipe, list));
        }
    }

    void charNgrams() {
        NgramRecipe recipe;
        recipe.wordNgrams = 1;
        recipe.charNgramsMin = 3;
        recipe.charNgramsMax = 4;
        // "<né>" is four code points: two trigrams, one fourgram.
        std::vector<std::uint32_t> wanted = expected(recipe, {"né"});
        for (const char* gram : {"<né", "<né>", "né>"})
            wanted.push_back(static_cast<std::uint32_t>(mix64(hashOf(std::string("\x01") + gram)) %
                                                        static_cast<std::uint64_t>(recipe.buckets)));
        QCOMPARE(read(recipe, "NÉ"), wanted);
    }

    void bucketsStayBelowTheirNumber() {
        NgramRecipe recipe;
        recipe.buckets = 7;
        recipe.wordNgrams = 3;
        for (const auto bucket : read(recipe, "the quick brown fox jumps over the lazy dog"))
            QVERIFY(bucket < 7);
    }

    void cutCharacterIsNoOverrun() {
        // Dataset repairs ill-formed texts, but a reader must not run past the end of any.
        const std::string cut = std::string("ab\xF0\x9F");
        QVERIFY(!read({}, cut).empty());
        QVERIFY(!read({}, std::string("\xE7")).empty());
    }

    void lowerCaseMayBeLonger() {
        // U+023A has two bytes, its lower case U+2C65 three; the Kelvin sign three, its lower case one.
        std::string upper, lower;
        for (int i = 0; i < 200; ++i) {
            upper += "\xC8\xBA";
            lower += "\xE2\xB1\xA5";
        }
        QCOMPARE(read({}, upper), expected({}, {lower}));
        QCOMPARE(read({}, "\xE2\x84\xAA"), expected({}, {"k"}));
        std::string torn;
        for (int i = 0; i < 200; ++i)
            torn += '\x80'; // no character, and yet no overrun
        QVERIFY(!read({}, torn).empty());
    }

    void readerCanBeUsedAgain() {
        NgramReader reader({});
        std::vector<std::uint32_t> first;
        reader.read("one two three", first);
        std::vector<std::uint32_t> second;
        reader.read("four", second);
        QCOMPARE(second, expected({}, {"four"}));
    }
};

QTEST_GUILESS_MAIN(NgramsTest)
#include "ngrams_test.moc"
