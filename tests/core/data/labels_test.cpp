#include "core/data/labels.h"

#include <QtTest>

using namespace stillroom;

class LabelsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void numbersInTheOrderMet();
};

void LabelsTest::numbersInTheOrderMet() {
    Labels labels;
    QCOMPARE(labels.find("joy"), -1);
    QCOMPARE(labels.number("joy"), 0);
    QCOMPARE(labels.number("fear"), 1);
    QCOMPARE(labels.number("joy"), 0);
    QCOMPARE(labels.find("fear"), 1);
    QCOMPARE(labels.number(""), 2);
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(labels.number("label " + std::to_string(i)), 3 + i);
    QCOMPARE(labels.find("joy"), 0);
    QCOMPARE(labels.names()[1], std::string("fear"));
    QCOMPARE(labels.names().size(), std::size_t{1003});
}

QTEST_GUILESS_MAIN(LabelsTest)
#include "labels_test.moc"
