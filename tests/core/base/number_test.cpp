#include "core/base/number.h"

#include <QtTest>
#include <array>
#include <clocale>
#include <cmath>
#include <limits>

using namespace stillroom;

class NumberTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void readsWholeNumbersOnly();
    void readsIntegers();
    void ignoresTheLocale();
    void writesTheShortestThatReadsBack();
    void groupsThousands();
    void findsTheNearestWord();
};

void NumberTest::readsWholeNumbersOnly() {
    QCOMPARE(*readNumber("0.95"), 0.95);
    QCOMPARE(*readNumber(" 1e-3 "), 0.001);
    QCOMPARE(*readNumber("+2"), 2.0);
    QCOMPARE(*readNumber("-.5"), -0.5);
    QVERIFY(std::isnan(*readNumber("nan")));
    QVERIFY(std::isinf(*readNumber("-inf")));
    for (const char* wrong : {"", " ", "+", "+-1", "1,5", "1 2", "0.9x", "x", "1e999", "--1", "0x10"})
        QVERIFY2(!readNumber(wrong), wrong);
}

void NumberTest::readsIntegers() {
    QCOMPARE(*readInteger("-12"), -12LL);
    QCOMPARE(*readInteger("9223372036854775807"), std::numeric_limits<long long>::max());
    for (const char* wrong : {"", "1.0", "9223372036854775808", "1e3", "12a"})
        QVERIFY2(!readInteger(wrong), wrong);
}

void NumberTest::ignoresTheLocale() {
    // Whether a locale with a decimal comma is installed or not, what is read is the same.
    std::setlocale(LC_ALL, "de_DE.UTF-8");
    QCOMPARE(*readNumber("0.25"), 0.25);
    QCOMPARE(writeNumber(0.25), std::string("0.25"));
    std::setlocale(LC_ALL, "C");
}

void NumberTest::writesTheShortestThatReadsBack() {
    QCOMPARE(writeNumber(0.1), std::string("0.1"));
    QCOMPARE(writeNumber(3), std::string("3"));
    QCOMPARE(writeNumber(1e-05), std::string("1e-05"));
    for (const double value :
         {1.0 / 3, 0.1 + 0.2, 1e300, -2.5e-308, 4.9e-324, std::numeric_limits<double>::max()})
        QCOMPARE(*readNumber(writeNumber(value)), value);
}

void NumberTest::groupsThousands() {
    QCOMPARE(groupThousands(0), std::string("0"));
    QCOMPARE(groupThousands(999), std::string("999"));
    QCOMPARE(groupThousands(1000), std::string("1,000"));
    QCOMPARE(groupThousands(44373), std::string("44,373"));
    QCOMPARE(groupThousands(-123456), std::string("-123,456"));
    QCOMPARE(groupThousands(std::numeric_limits<long long>::min()),
             std::string("-9,223,372,036,854,775,808"));
}

void NumberTest::findsTheNearestWord() {
    constexpr std::array<std::string_view, 4> Known{"selection", "student", "teacher", "id"};
    QCOMPARE(nearestWord("selction", Known), std::string("selection"));
    QCOMPARE(nearestWord("Teacher", Known), std::string("teacher"));
    QCOMPARE(nearestWord("studnet", Known), std::string("student"));
    QCOMPARE(nearestWord("di", Known), std::string());
    QCOMPARE(nearestWord("x", Known), std::string());
    QCOMPARE(nearestWord("calibration", Known), std::string());
    QCOMPARE(nearestWord("anything", {}), std::string());
}

QTEST_GUILESS_MAIN(NumberTest)
#include "number_test.moc"
