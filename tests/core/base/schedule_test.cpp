#include "core/base/schedule.h"

#include <QtTest>

using namespace stillroom;

class ScheduleTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void aNumberStaysWhatItIs();
    void linear();
    void cosine();
    void exponential();
};

void ScheduleTest::aNumberStaysWhatItIs() {
    const Schedule schedule = 0.5;
    QCOMPARE(schedule.at(0), 0.5);
    QCOMPARE(schedule.at(0.3), 0.5);
    QCOMPARE(schedule.at(1), 0.5);
    QCOMPARE(Schedule(0.5), schedule);
    QVERIFY(Schedule(0.5) != Schedule(0.5, 0.1, ScheduleShape::Linear));
}

void ScheduleTest::linear() {
    const Schedule schedule(1, 0, ScheduleShape::Linear);
    QCOMPARE(schedule.at(0), 1.0);
    QCOMPARE(schedule.at(0.25), 0.75);
    QVERIFY(qFuzzyIsNull(schedule.at(1)));
}

void ScheduleTest::cosine() {
    const Schedule schedule(3, 1, ScheduleShape::Cosine);
    QCOMPARE(schedule.at(0), 3.0);
    QCOMPARE(schedule.at(0.5), 2.0);
    QCOMPARE(schedule.at(1.0 / 3), 2.5); // cos 60° = 1/2
    QCOMPARE(schedule.at(1), 1.0);
}

void ScheduleTest::exponential() {
    const Schedule schedule(1, 0.01, ScheduleShape::Exponential);
    QCOMPARE(schedule.at(0), 1.0);
    QCOMPARE(schedule.at(0.5), 0.1);
    QCOMPARE(schedule.at(1), 0.01);
}

QTEST_GUILESS_MAIN(ScheduleTest)
#include "schedule_test.moc"
