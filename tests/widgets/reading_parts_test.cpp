// Bytes of files, then tokens of vectors, told by one counter.
#include "widgets/reading_parts.h"

#include <QTest>

using namespace stillroom;

class ReadingPartsTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void filesAlone() {
        ReadingParts parts;
        parts.see(0, 0, 0.1); // the files are still being counted
        QCOMPARE(parts.share(), 0.0);
        parts.see(10, 1000, 0.2);
        QCOMPARE(parts.secondsLeft(), 0.0);
        parts.see(250, 1000, 1);
        QVERIFY(!parts.vectors());
        QCOMPARE(parts.share(), 0.25);
        QCOMPARE(parts.secondsLeft(), 3.0);
    }

    void vectorsCountOnFromTheFiles() {
        ReadingParts parts;
        parts.see(1000, 1000, 2);
        QCOMPARE(parts.share(), 1.0);
        parts.see(1100, 400, 5); // looked at late: a hundred tokens are done already
        QVERIFY(parts.vectors());
        QCOMPARE(parts.share(), 0.25);
        QCOMPARE(parts.secondsLeft(), 0.0); // nobody knows its pace yet
        parts.see(1200, 400, 7);
        QCOMPARE(parts.share(), 0.5);
        QCOMPARE(parts.secondsLeft(), 2.0); // of this part's two seconds, not of all seven
        parts.see(1400, 400, 9);
        QCOMPARE(parts.share(), 1.0);
        QCOMPARE(parts.secondsLeft(), 0.0);
    }
};

QTEST_GUILESS_MAIN(ReadingPartsTest)
#include "reading_parts_test.moc"
