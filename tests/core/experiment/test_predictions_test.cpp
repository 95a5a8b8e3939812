#include "core/experiment/test_predictions.h"

#include "run_fixture.h"

#include <QtTest>

using namespace stillroom;

namespace {

FinishedEvent endWithPredictions() {
    FinishedEvent end = madeEnd();
    end.testRows = {5, 70000, 70001, 16777217};
    end.testGold = {0, 1, 2, 2};
    end.testPredicted = {0, 1, 1, 2};
    return end;
}

} // namespace

class TestPredictionsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void areReadBack() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        QVERIFY(run->record({endWithPredictions()}));
        QVERIFY(run->close());
        const auto read = readTestPredictions(run->path());
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(read->has_value());
        QCOMPARE((*read)->rows, endWithPredictions().testRows);
        QCOMPARE((*read)->gold, endWithPredictions().testGold);
        QCOMPARE((*read)->predicted, endWithPredictions().testPredicted);
        const auto stored = StoredRun::open(run->path());
        QVERIFY(stored);
        QCOMPARE(stored->end.testRows, endWithPredictions().testRows);
        QCOMPARE(stored->end.testPredicted, endWithPredictions().testPredicted);
        // What the schema tells other programs.
        QCOMPARE(ask(run->path(), "SELECT hex(test_row_numbers) FROM result").toString(),
                 QString("05000000701101007111010001000001"));
        QCOMPARE(ask(run->path(), "SELECT hex(test_predicted) FROM result").toString(),
                 QString("0000010001000200"));
    }

    void thereMayBeNone() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        auto read = readTestPredictions(run->path());
        QVERIFY(read && !*read);
        QVERIFY(run->record({madeEnd()}));
        read = readTestPredictions(run->path());
        QVERIFY(read && !*read);
        QVERIFY(!readTestPredictions(folder.filePath("nowhere").toStdString()));
    }

    void theSameRows() {
        const TestPredictions one{{10, 11, 15}, {0, 1, 1}, {0, 0, 1}};
        TestPredictions other{{110, 111, 115}, {0, 1, 1}, {1, 1, 1}};
        QVERIFY(sameTestRows(one, other));
        other.rows[1] = 112;
        QVERIFY(!sameTestRows(one, other));
        other.rows[1] = 111;
        other.gold[2] = 0;
        QVERIFY(!sameTestRows(one, other));
        QVERIFY(!sameTestRows(one, {{10, 11}, {0, 1}, {0, 1}}));
    }
};

QTEST_GUILESS_MAIN(TestPredictionsTest)
#include "test_predictions_test.moc"
