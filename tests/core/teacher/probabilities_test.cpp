#include "core/teacher/probabilities.h"

#include <QtTest>

using namespace stillroom;

class ProbabilitiesTest : public QObject {
    Q_OBJECT

    static bool contains(const std::string& text, const char* part) {
        return text.find(part) != std::string::npos;
    }

  private Q_SLOTS:
    void sharesAreRead() {
        float share = -1;
        QCOMPARE(readShare("0.95", "confidence", share), std::string());
        QCOMPARE(share, 0.95F);
        QCOMPARE(readShare(" 1 ", "confidence", share), std::string());
        QCOMPARE(share, 1.0F);
        QCOMPARE(readShare("0", "confidence", share), std::string());
        QCOMPARE(share, 0.0F);
        QCOMPARE(readShare("9.5e-1", "confidence", share), std::string());
        QCOMPARE(share, 0.95F);
    }

    void badSharesSayWhy_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("above") << QByteArray("1.7") << QByteArray("confidence 1.7 is not between 0 and 1");
        QTest::newRow("percent") << QByteArray("95") << QByteArray("write 95 % as 0.95");
        QTest::newRow("below") << QByteArray("-0.1") << QByteArray("confidence -0.1 is not between 0 and 1");
        QTest::newRow("nan") << QByteArray("nan") << QByteArray("confidence nan is not a number");
        QTest::newRow("infinite") << QByteArray("inf") << QByteArray("confidence inf is not a number");
        QTest::newRow("word") << QByteArray("high") << QByteArray("confidence 'high' is not a number");
        QTest::newRow("comma") << QByteArray("0,95") << QByteArray("confidence '0,95' is not a number");
        QTest::newRow("empty") << QByteArray("") << QByteArray("confidence is empty");
        QTest::newRow("long") << QByteArray(300, 'x') << QByteArray("x…'");
    }

    void badSharesSayWhy() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, reason);
        float share = 0;
        const std::string said = readShare(text.toStdString(), "confidence", share);
        QVERIFY2(contains(said, reason.constData()), said.c_str());
        QVERIFY(said.size() < 120);
    }

    void cellsAreCutBetweenCharacters() {
        // 39 letters, then a two-byte one across the limit.
        QCOMPARE(shortened(std::string(39, 'a') + "éé"), std::string(39, 'a') + "…");
        QCOMPARE(shortened("é"), std::string("é"));
    }

    void vectorsSumToOne() {
        std::vector<Probability> good = {{0, 0.95F}, {1, 0.05F}};
        QCOMPARE(completeVector(good), std::string());
        QCOMPARE(good[0].value, 0.95F); // rounding alone is left alone
        std::vector<Probability> nearly = {{0, 0.5F}, {1, 0.4995F}};
        QCOMPARE(completeVector(nearly), std::string());
        QVERIFY(std::abs(nearly[0].value + nearly[1].value - 1) < 1e-7F);
        std::vector<Probability> bad = {{0, 0.5F}, {1, 0.498F}};
        QVERIFY(contains(completeVector(bad), "sum to 0.998"));
        std::vector<Probability> none;
        QVERIFY(contains(completeVector(none), "sum to 0,"));
    }

    void objectsAreReadByName() {
        Labels labels;
        labels.number("no");
        JsonProbabilities json({}, labels);
        std::vector<Probability> vector;
        QCOMPARE(json.read(R"({"yes": 0.75, "no": 0.25, "caf\u00e9": 0})", vector), std::string());
        QCOMPARE(vector.size(), std::size_t{3});
        QCOMPARE(vector[0].label, labels.find("yes"));
        QCOMPARE(vector[0].value, 0.75F);
        QCOMPARE(vector[1].label, 0);
        QCOMPARE(vector[2].label, labels.find("café"));
        QCOMPARE(vector[2].value, 0.0F); // a whole number in JSON
    }

    void arraysFollowTheListedClasses() {
        Labels labels;
        JsonProbabilities json({"b", "a"}, labels);
        std::vector<Probability> vector;
        QCOMPARE(json.read("[0.75, 0.25]", vector), std::string());
        QCOMPARE(vector[0].label, labels.find("b"));
        QCOMPARE(vector[0].value, 0.75F);
        QVERIFY(contains(json.read("[1]", vector), "1 probabilities for the 2 classes"));
        JsonProbabilities unlisted({}, labels);
        QVERIFY(contains(unlisted.read("[0.75, 0.25]", vector), "data.classes"));
    }

    void labelsThatBecomeOneClassAreAdded() {
        Labels labels;
        labels.rename({{"0", "sad"}, {"1", "glad"}, {"2", "glad"}});
        JsonProbabilities json({"sad", "glad"}, labels);
        std::vector<Probability> vector;
        QCOMPARE(json.read(R"({"1": 0.25, "0": 0.25, "2": 0.5})", vector), std::string());
        QCOMPARE(vector.size(), std::size_t{2});
        QCOMPARE(vector[0].label, labels.findClass("glad"));
        QCOMPARE(vector[0].value, 0.75F);
        QVERIFY(contains(json.read(R"({"1": 0.5, "1": 0.5})", vector), "'1' has two probabilities"));
    }

    void badJsonSaysWhy() {
        Labels labels;
        JsonProbabilities json({}, labels);
        std::vector<Probability> vector;
        QVERIFY(contains(json.read("{\"yes\": ", vector), "neither an object"));
        QVERIFY(contains(json.read("0.9", vector), "neither an object"));
        QVERIFY(contains(json.read(R"({"yes": "0.9"})", vector), "probability \"0.9\" is not a number"));
        QVERIFY(contains(json.read(R"({"yes": 1.5})", vector), "probability 1.5 is not between 0 and 1"));
        QVERIFY(contains(json.read(R"({"yes": -1})", vector), "probability -1 is not between 0 and 1"));
        QVERIFY(contains(json.read(R"({"yes": 0.5, "yes": 0.5})", vector), "'yes' has two probabilities"));
        // And it still reads the next one.
        QCOMPARE(json.read(R"({"yes": 1})", vector), std::string());
    }
};

QTEST_GUILESS_MAIN(ProbabilitiesTest)
#include "probabilities_test.moc"
