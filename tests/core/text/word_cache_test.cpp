#include "core/text/word_cache.h"

#include "core/base/random.h"

#include <QTest>
#include <map>
#include <string>

using namespace stillroom;

class WordCacheTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void emptyKnowsNothing();
    void neverWrong();
    void longWordsAreNotKept();
};

void WordCacheTest::emptyKnowsNothing() {
    const WordCache cache;
    std::size_t count = 0;
    QVERIFY(cache.find("fire", count) == nullptr);
    QVERIFY(cache.find("", count) == nullptr);
}

void WordCacheTest::neverWrong() {
    // Three times the words that fit, so that most places are taken again and again, and the ids run full.
    Random random(1, "word cache");
    WordCache cache;
    std::map<std::string, std::vector<std::int32_t>> truth;
    int found = 0;
    for (int round = 0; round < 600000; ++round) {
        const std::uint32_t number = random.below(100000);
        std::string word(1 + number % WordCache::LongestWord, 'x');
        const std::string digits = std::to_string(number);
        word.replace(0, std::min(word.size(), digits.size()), digits);
        std::size_t count = 0;
        const auto known = truth.find(word);
        if (const auto* kept = cache.find(word, count)) {
            QVERIFY(known != truth.end());
            QVERIFY(std::vector<std::int32_t>(kept, kept + count) == known->second);
            ++found;
        } else {
            std::vector<std::int32_t> ids(random.below(8));
            for (auto& id : ids)
                id = static_cast<std::int32_t>(random.below(50000));
            if (known != truth.end())
                ids = known->second;
            cache.add(word, ids);
            truth[word] = ids;
            const auto* again = cache.find(word, count);
            QVERIFY(again != nullptr && std::vector<std::int32_t>(again, again + count) == ids);
        }
    }
    QVERIFY(found > 10000);
}

void WordCacheTest::longWordsAreNotKept() {
    WordCache cache;
    const std::string longest(WordCache::LongestWord, 'a');
    const std::vector<std::int32_t> ids{1, 2};
    std::size_t count = 0;
    cache.add(longest, ids);
    QVERIFY(cache.find(longest, count) != nullptr);
    cache.add(longest + 'a', ids);
    QVERIFY(cache.find(longest + 'a', count) == nullptr);
    const std::vector<std::int32_t> many(256, 1);
    cache.add("many", many);
    QVERIFY(cache.find("many", count) == nullptr);
}

QTEST_GUILESS_MAIN(WordCacheTest)
#include "word_cache_test.moc"
