#include "core/text/tokenized_texts.h"

#include "core/base/random.h"

#include <QTest>
#include <algorithm>

using namespace stillroom;

namespace {

TokenizedTexts textsOfLengths(const std::vector<std::size_t>& lengths) {
    TokenizedTexts texts;
    for (const auto length : lengths) {
        for (std::size_t i = 0; i < length; ++i)
            texts.ids.push_back(static_cast<std::int32_t>(texts.ids.size()));
        texts.begins.push_back(texts.ids.size());
    }
    return texts;
}

} // namespace

class TokenizedTextsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void batchIsFilledUp();
    void bucketsByHand();
    void bucketsHoldEveryRowOnce();
};

void TokenizedTextsTest::batchIsFilledUp() {
    const auto texts = textsOfLengths({2, 0, 3, 1});
    TokenBatch batch;
    gatherBatch(texts, std::vector<std::uint32_t>{2, 0, 1, 0}, -7, batch);
    QCOMPARE(batch.width, std::size_t{3});
    QVERIFY((batch.ids == std::vector<std::int32_t>{2, 3, 4, 0, 1, -7, -7, -7, -7, 0, 1, -7}));
    QVERIFY((batch.lengths == std::vector<std::int32_t>{3, 2, 0, 2}));
    gatherBatch(texts, std::vector<std::uint32_t>{1}, -7, batch); // an encoder wants at least one place
    QCOMPARE(batch.width, std::size_t{1});
    QVERIFY(batch.ids == std::vector<std::int32_t>{-7});
}

void TokenizedTextsTest::bucketsByHand() {
    const auto texts = textsOfLengths({5, 1, 9, 5, 2, 20});
    const std::vector<std::uint32_t> rows{0, 1, 2, 3, 4, 5, 1};
    using Buckets = std::vector<std::vector<std::uint32_t>>;
    QVERIFY((bucketByLength(texts, rows, 3, 1000) == Buckets{{5, 2, 0}, {3, 4, 1}, {1}}));
    // 20 is over the 18 places and stands alone; 9 + 5 fill up two rows of 9.
    QVERIFY((bucketByLength(texts, rows, 100, 18) == Buckets{{5}, {2, 0}, {3, 4, 1}, {1}}));
    QVERIFY(bucketByLength(texts, {}, 3, 10).empty());
}

void TokenizedTextsTest::bucketsHoldEveryRowOnce() {
    Random random(3, "buckets");
    std::vector<std::size_t> lengths(500);
    for (auto& length : lengths)
        length = random.below(130);
    const auto texts = textsOfLengths(lengths);
    std::vector<std::uint32_t> rows(500);
    for (std::uint32_t i = 0; i < 500; ++i)
        rows[i] = i;
    shuffle(rows, random);
    std::vector<std::uint32_t> seen;
    std::size_t places = 0, tokens = 0;
    for (const auto& bucket : bucketByLength(texts, rows, 64, 2048)) {
        const std::size_t width = std::max<std::size_t>(texts.length(bucket.front()), 1);
        QVERIFY(bucket.size() <= 64 && bucket.size() * width <= 2048);
        for (const auto row : bucket) {
            QVERIFY(texts.length(row) <= width);
            tokens += texts.length(row);
            seen.push_back(row);
        }
        places += bucket.size() * width;
    }
    QVERIFY(places < tokens * 11 / 10); // less than a tenth is padding
    std::sort(seen.begin(), seen.end());
    std::sort(rows.begin(), rows.end());
    QVERIFY(seen == rows);
}

QTEST_GUILESS_MAIN(TokenizedTextsTest)
#include "tokenized_texts_test.moc"
