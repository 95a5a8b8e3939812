#include "core/data/id_index.h"

#include <QtTest>
#include <string>
#include <unordered_set>

using namespace stillroom;

class IdIndexTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void findsWhatWasInserted();
    void equalHashesAreToldApart();
    void hashesDiffer();
};

void IdIndexTest::findsWhatWasInserted() {
    std::vector<std::string> ids;
    const auto idOf = [&](std::uint32_t row) { return std::string_view(ids[row]); };
    IdIndex index;
    QCOMPARE(index.find(hashId("x"), "x", idOf), IdIndex::None);
    for (std::uint32_t row = 0; row < 20000; ++row) {
        ids.push_back(std::to_string(1167883326872375298ULL + row * 7));
        QCOMPARE(index.find(hashId(ids[row]), ids[row], idOf), IdIndex::None);
        index.insert(hashId(ids[row]), row, idOf);
        if (row == 500)
            index.reserve(3000, idOf);
    }
    QCOMPARE(index.size(), std::size_t{20000});
    for (std::uint32_t row = 0; row < ids.size(); ++row)
        QCOMPARE(index.find(hashId(ids[row]), ids[row], idOf), row);
    QCOMPARE(index.find(hashId("1167883326872375299"), "1167883326872375299", idOf), IdIndex::None);
}

void IdIndexTest::equalHashesAreToldApart() {
    const std::vector<std::string> ids{"a", "b", "c"};
    const auto idOf = [&](std::uint32_t row) { return std::string_view(ids[row]); };
    IdIndex index;
    for (std::uint32_t row = 0; row < 3; ++row) {
        QCOMPARE(index.find(42, ids[row], idOf), IdIndex::None);
        index.insert(42, row, idOf);
    }
    for (std::uint32_t row = 0; row < 3; ++row)
        QCOMPARE(index.find(42, ids[row], idOf), row);
}

void IdIndexTest::hashesDiffer() {
    std::unordered_set<std::uint64_t> hashes;
    hashes.insert(hashId({}));
    for (std::size_t length = 1; length < 40; ++length) // also in length alone: zeros fill the last word
        hashes.insert(hashId(std::string(length, '\0')));
    for (int i = 0; i < 10000; ++i)
        hashes.insert(hashId(std::to_string(i)));
    QCOMPARE(hashes.size(), std::size_t{10040});
}

QTEST_GUILESS_MAIN(IdIndexTest)
#include "id_index_test.moc"
