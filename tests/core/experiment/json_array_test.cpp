#include "core/experiment/json_array.h"

#include <QtTest>
#include <cmath>
#include <limits>

using namespace stillroom;

class JsonArrayTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void integers();
    void numbers();
    void texts();
    void whatIsNone();
};

void JsonArrayTest::integers() {
    const std::vector<std::int64_t> all{0, -1, std::numeric_limits<std::int64_t>::max(),
                                        std::numeric_limits<std::int64_t>::min()};
    QCOMPARE(readJsonIntegers(writeJson(std::span(all))), all);
    QCOMPARE(writeJson(std::span<const std::int64_t>()), std::string("[]"));
    const std::vector<std::int32_t> few{1, 2};
    QCOMPARE(writeJson(std::span(few)), std::string("[1,2]"));
}

void JsonArrayTest::numbers() {
    const std::vector<double> all{0, -0.5, 1.0 / 3, 5e-324, 1.7976931348623157e308, 1e-7};
    QCOMPARE(readJsonNumbers(writeJson(std::span(all))), all); // to the last bit
    const std::vector<double> odd{std::nan(""), std::numeric_limits<double>::infinity()};
    QCOMPARE(writeJson(std::span(odd)), std::string("[null,null]"));
    QVERIFY(std::isnan(readJsonNumbers("[null]").at(0)));
}

void JsonArrayTest::texts() {
    const std::vector<std::string> all{"", "a\"b\\c", "ü漢🜀", "line\nend", "[1,2]"};
    QCOMPARE(readJsonTexts(writeJson(std::span(all))), all);
}

void JsonArrayTest::whatIsNone() {
    for (const char* text : {"", "no", "{}", "[1,", "3"}) {
        QVERIFY(readJsonIntegers(text).empty());
        QVERIFY(readJsonNumbers(text).empty());
        QVERIFY(readJsonTexts(text).empty());
    }
}

QTEST_GUILESS_MAIN(JsonArrayTest)
#include "json_array_test.moc"
