#include "core/text/token_table.h"

#include <QTest>
#include <string>

using namespace stillroom;

class TokenTableTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void findsWhatWasAdded();
    void hashesInSteps();
    void everyTableFallsOtherwise();
};

void TokenTableTest::findsWhatWasAdded() {
    TokenTable table;
    QCOMPARE(table.find("a"), TokenTable::None);
    for (int i = 0; i < 5000; ++i)
        QVERIFY(table.add("token" + std::to_string(i), i * 2));
    QVERIFY(table.add("", 7)); // a vocabulary may hold it
    QVERIFY(!table.add("token17", 99));
    QCOMPARE(table.size(), std::size_t{5001});
    QCOMPARE(table.longest(), std::size_t{9});
    for (int i = 0; i < 5000; ++i)
        QCOMPARE(table.find("token" + std::to_string(i)), i * 2);
    QCOMPARE(table.find(""), 7);
    QCOMPARE(table.find("token5000"), TokenTable::None);
    QCOMPARE(table.find("toke"), TokenTable::None);
    int next = 0;
    table.forEach([&](std::string_view token, std::int32_t id) {
        if (next < 5000)
            QCOMPARE(std::string(token), "token" + std::to_string(next));
        QCOMPARE(id, next < 5000 ? next * 2 : 7);
        ++next;
    });
    QCOMPARE(next, 5001);
    const TokenTable copy = table;
    QCOMPARE(copy.find("token4999"), 9998);
}

void TokenTableTest::hashesInSteps() {
    TokenTable table;
    table.add("fire", 3);
    std::uint64_t hash = table.start();
    for (const char c : std::string_view("fire"))
        hash = TokenTable::next(hash, c);
    QCOMPARE(hash, table.hashOf("fire"));
    QCOMPARE(table.find("fire", hash), 3);
}

void TokenTableTest::everyTableFallsOtherwise() {
    // Who chooses tokens that fall together in one table must not know where they fall in the next.
    const TokenTable one;
    const TokenTable other;
    QVERIFY(one.hashOf("fire") != other.hashOf("fire"));
}

QTEST_GUILESS_MAIN(TokenTableTest)
#include "token_table_test.moc"
