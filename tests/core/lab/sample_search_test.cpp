#include "core/lab/sample_filter.h"

#include "made_table.h"

#include <QString>
#include <QtTest>
#include <numeric>

using namespace stillroom;
using test::Made;

namespace {

SampleTable tableOf(const std::vector<std::string>& texts) {
    std::vector<Made> samples;
    for (const auto& text : texts)
        samples.push_back({0, 0.5F, -1, text});
    return test::madeTable(1, samples);
}

std::vector<std::uint32_t> all(const SampleTable& table) {
    std::vector<std::uint32_t> samples(table.size());
    std::iota(samples.begin(), samples.end(), 0U);
    return samples;
}

std::vector<std::uint32_t> search(const SampleTable& table, std::span<const std::uint32_t> candidates,
                                  const std::string& text) {
    std::vector<std::uint32_t> found;
    Progress progress;
    searchTexts(table, candidates, text, progress, [&](std::span<const std::uint32_t> piece) {
        found.insert(found.end(), piece.begin(), piece.end());
        return !piece.empty(); // a search that gives empty pieces ends here
    });
    return found;
}

std::vector<std::uint32_t> search(const SampleTable& table, const std::string& text) {
    return search(table, all(table), text);
}

using Numbers = std::vector<std::uint32_t>;

} // namespace

class SampleSearchTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand();
    void sameAsQt();
    void piecesInOrder();
    void endsAtOnce();
};

void SampleSearchTest::byHand() {
    const auto table =
        tableOf({"The FLOOD came", "flooded cellars", "flo od", "", "ﬂood", "É COLE d'été", "école D'ÉTÉ",
                 "e\xCC\x81"
                 "cole",
                 "Ÿ", "ÿ", "ſ", "S", "a flo", "flood"});
    QCOMPARE(search(table, "flood"), (Numbers{0, 1, 13}));
    QCOMPARE(search(table, "FLOOD "), (Numbers{0}));
    QCOMPARE(search(table, "école"), (Numbers{6})); // marks count, and so do spaces
    QCOMPARE(search(table, "D'ÉTÉ"), (Numbers{5, 6}));
    QCOMPARE(search(table, "ÿ"), (Numbers{8, 9}));
    QCOMPARE(search(table, "s"), (Numbers{1, 11}));
    QCOMPARE(search(table, "\xBF"), (Numbers{9, 10})); // a byte that is no character is found as a byte
    QCOMPARE(search(table, ""), all(table));
    QCOMPARE(search(table, "a text longer than any of them is"), (Numbers{}));
    QCOMPARE(search(table, Numbers{13, 4, 1}, "flood"), (Numbers{13, 1})); // in the order asked for
    QCOMPARE(search(table, Numbers{}, "flood"), (Numbers{}));
}

/// Few letters, so that the needle's bytes are everywhere; at ends too.
void SampleSearchTest::sameAsQt() {
    Random random(6, "search");
    const std::vector<QString> letters = {"a", "A", "b", "B", "é", "É", "ž", "Ž", " ", "漢", "ÿ", "Ÿ"};
    const auto draw = [&](std::uint32_t longest) {
        QString text;
        for (std::uint32_t i = random.below(longest + 1); i > 0; --i)
            text += letters[random.below(static_cast<std::uint32_t>(letters.size()))];
        return text;
    };
    std::vector<std::string> texts;
    for (int i = 0; i < 3000; ++i)
        texts.push_back(draw(14).toStdString());
    const auto table = tableOf(texts);
    std::size_t matches = 0;
    for (int round = 0; round < 100; ++round) {
        const QString needle = draw(4);
        Numbers expected;
        for (std::size_t i = 0; i < texts.size(); ++i)
            if (QString::fromStdString(texts[i]).contains(needle, Qt::CaseInsensitive))
                expected.push_back(static_cast<std::uint32_t>(i));
        QCOMPARE(search(table, needle.toStdString()), expected);
        matches += expected.size();
    }
    QVERIFY(matches > 1000);
}

void SampleSearchTest::piecesInOrder() {
    std::vector<std::string> texts;
    for (int i = 0; i < 100'000; ++i)
        texts.push_back(i % 3 == 0 ? "yes" : "no");
    const auto table = tableOf(texts);
    Progress progress;
    Numbers found;
    int pieces = 0;
    searchTexts(table, all(table), "YES", progress, [&](std::span<const std::uint32_t> piece) {
        ++pieces;
        // What is reported was searched, and is counted.
        if (piece.back() >= progress.done())
            qFatal("the progress is behind its results");
        found.insert(found.end(), piece.begin(), piece.end());
        return true;
    });
    QVERIFY(pieces > 3);
    QCOMPARE(found.size(), std::size_t{33'334});
    QVERIFY(std::is_sorted(found.begin(), found.end()));
    QCOMPARE(progress.total(), 100'000);
    QCOMPARE(progress.done(), 100'000);
}

void SampleSearchTest::endsAtOnce() {
    const auto table = tableOf(std::vector<std::string>(100'000, "yes"));
    Progress progress;
    int pieces = 0;
    searchTexts(table, all(table), "yes", progress, [&](std::span<const std::uint32_t>) {
        ++pieces;
        return false;
    });
    QCOMPARE(pieces, 1);
    QVERIFY(progress.done() < 50'000);
    Progress cancelled;
    cancelled.cancel();
    searchTexts(table, all(table), "yes", cancelled, [&](std::span<const std::uint32_t>) {
        ++pieces;
        return true;
    });
    QCOMPARE(pieces, 1);
    Progress later;
    searchTexts(table, all(table), "yes", later, [&](std::span<const std::uint32_t>) {
        ++pieces;
        later.cancel();
        return true;
    });
    QCOMPARE(pieces, 2);
}

QTEST_GUILESS_MAIN(SampleSearchTest)
#include "sample_search_test.moc"
