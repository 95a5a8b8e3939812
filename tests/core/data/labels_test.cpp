#include "core/data/labels.h"

#include <QtTest>

using namespace stillroom;

class LabelsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void numbersInTheOrderMet();
    void renamesAndMerges();
    void findsWhatWasRenamed();
    void missesWhatWasToBeRenamed();
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

void LabelsTest::renamesAndMerges() {
    Labels labels;
    labels.rename({{"0", "sadness"}, {"grief", "sadness"}, {"joy", "love"}, {"love", "joy"}});
    QCOMPARE(labels.number("grief"), 0);
    QCOMPARE(labels.number("0"), 0);
    QCOMPARE(labels.number("sadness"), 0); // nobody renames it
    QCOMPARE(labels.number("joy"), 1);
    QCOMPARE(labels.number("love"), 2); // names may change places
    QCOMPARE(labels.names(), (std::vector<std::string>{"sadness", "love", "joy"}));
    QCOMPARE(labels.findClass("joy"), 2);
    QCOMPARE(labels.classNumber("love"), 1); // a class's own name is taken as it is
    QVERIFY(labels.allRenamed());
}

void LabelsTest::findsWhatWasRenamed() {
    Labels labels;
    labels.rename({{"0", "sadness"}, {"1", "joy"}});
    QCOMPARE(labels.find("0"), -1);
    QCOMPARE(labels.classNumber("sadness"), 0);
    QCOMPARE(labels.find("0"), 0);
    QCOMPARE(labels.find("sadness"), 0);
    QCOMPARE(labels.find("1"), -1);
    QCOMPARE(labels.names().size(), std::size_t{1}); // to look adds nothing
}

void LabelsTest::missesWhatWasToBeRenamed() {
    Labels labels;
    labels.rename({{"0", "sadness"}, {"sadnes", "sadness"}});
    QVERIFY(labels.allRenamed()); // nothing was read yet
    labels.number("0");
    labels.number("sadness");
    const auto all = labels.allRenamed();
    QVERIFY(!all);
    QCOMPARE(all.error().message,
             std::string("data.rename makes 'sadness' of 'sadnes', but no label is called so; did you mean "
                         "'sadness'? there are: '0', 'sadness'"));
}

QTEST_GUILESS_MAIN(LabelsTest)
#include "labels_test.moc"
