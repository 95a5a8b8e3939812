#include "core/base/schedule.h"

#include "core/base/check_schedule.h"

#include <QtTest>
#include <limits>

using namespace stillroom;

namespace {

/// Of a run of 1,000 steps, 100 an epoch.
RunPlace after(double steps, double spent = 0) {
    return {steps, 100, 1000, spent};
}

bool near(double a, double b) {
    return std::abs(a - b) < 1e-12;
}

} // namespace

class ScheduleTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void aNumberStaysWhatItIs() {
        const Schedule schedule = 0.5;
        QCOMPARE(schedule.at(0), 0.5);
        QCOMPARE(schedule.at(0.3), 0.5);
        QCOMPARE(schedule.at(1), 0.5);
        QVERIFY(schedule.constant());
        QCOMPARE(Schedule(0.5), schedule);
        QVERIFY(Schedule(0.5) != Schedule(0.5, 0.1, ScheduleShape::Linear));
    }

    void linear() {
        const Schedule schedule(1, 0, ScheduleShape::Linear);
        QCOMPARE(schedule.at(0), 1.0);
        QCOMPARE(schedule.at(0.25), 0.75);
        QVERIFY(qFuzzyIsNull(schedule.at(1)));
        QVERIFY(!schedule.constant());
        QCOMPARE(schedule.at(after(250)), 0.75);
        QCOMPARE(schedule.at(after(1000)), 0.0);
    }

    void cosine() {
        const Schedule schedule(3, 1, ScheduleShape::Cosine);
        QCOMPARE(schedule.at(0), 3.0);
        QCOMPARE(schedule.at(0.5), 2.0);
        QCOMPARE(schedule.at(1.0 / 3), 2.5); // cos 60° = 1/2
        QCOMPARE(schedule.at(1), 1.0);
    }

    void exponential() {
        const Schedule schedule(1, 0.01, ScheduleShape::Exponential);
        QCOMPARE(schedule.at(0), 1.0);
        QCOMPARE(schedule.at(0.5), 0.1);
        QCOMPARE(schedule.at(1), 0.01);
    }

    void steps() {
        Schedule schedule(0.8, 0.2, ScheduleShape::Step); // four levels: 0.8, 0.6, 0.4, 0.2
        QVERIFY(near(schedule.at(after(0)), 0.8));
        QVERIFY(near(schedule.at(after(249)), 0.8));
        QVERIFY(near(schedule.at(after(250)), 0.6));
        QVERIFY(near(schedule.at(after(500)), 0.4));
        QVERIFY(near(schedule.at(after(750)), 0.2));
        QVERIFY(near(schedule.at(after(999)), 0.2));
        QVERIFY(near(schedule.at(after(1000)), 0.2));
        schedule.stairs = 2;
        QVERIFY(near(schedule.at(after(499)), 0.8));
        QVERIFY(near(schedule.at(after(500)), 0.2));
    }

    void overAPartOfTheRun() {
        Schedule schedule(1, 0, ScheduleShape::Linear);
        schedule.over = {2, ScheduleUnit::Epochs};
        QCOMPARE(schedule.at(after(0)), 1.0);
        QCOMPARE(schedule.at(after(50)), 0.75);
        QCOMPARE(schedule.at(after(200)), 0.0);
        QCOMPARE(schedule.at(after(900)), 0.0); // and stays
        schedule.over = {50, ScheduleUnit::Steps};
        QCOMPARE(schedule.at(after(25)), 0.5);
        QCOMPARE(schedule.at(after(51)), 0.0);
        schedule.over = {20, ScheduleUnit::Epochs}; // longer than the run
        QCOMPARE(schedule.at(after(1000)), 0.5);
    }

    void warmUp() {
        Schedule schedule = 0.8;
        schedule.warmup = {1, ScheduleUnit::Epochs};
        QVERIFY(!schedule.constant());
        QCOMPARE(schedule.at(after(0)), 0.0);
        QCOMPARE(schedule.at(after(25)), 0.2);
        QCOMPARE(schedule.at(after(100)), 0.8);
        QCOMPARE(schedule.at(after(700)), 0.8);
        // What follows is over what is left of the run.
        schedule = Schedule(1, 0, ScheduleShape::Linear);
        schedule.warmup = {200, ScheduleUnit::Steps};
        QCOMPARE(schedule.at(after(100)), 0.5);
        QCOMPARE(schedule.at(after(200)), 1.0);
        QCOMPARE(schedule.at(after(600)), 0.5);
        QCOMPARE(schedule.at(after(1000)), 0.0);
        // Or over a length of its own.
        schedule.over = {100, ScheduleUnit::Steps};
        QCOMPARE(schedule.at(after(250)), 0.5);
        QCOMPARE(schedule.at(after(300)), 0.0);
        // A warm-up that is longer than the run never ends.
        schedule.warmup = {2000, ScheduleUnit::Steps};
        QCOMPARE(schedule.at(after(1000)), 0.5);
    }

    void aBudgetEndsTheWholeRun() {
        Schedule schedule(1, 0, ScheduleShape::Linear);
        QCOMPARE(schedule.at(after(100, 0.5)), 0.5); // half of the budget is spent after a tenth of the steps
        QCOMPARE(schedule.at(after(800, 0.5)), 1 - 0.8); // the run's own end is nearer
        QCOMPARE(schedule.at(after(100, 1)), 0.0);
        schedule.over = {200, ScheduleUnit::Steps}; // a length of its own does not care
        QCOMPARE(schedule.at(after(100, 0.9)), 0.5);
        schedule.over = {};
        schedule.warmup = {200, ScheduleUnit::Steps}; // nor does a warm-up
        QCOMPARE(schedule.at(after(100, 0.9)), 0.5);
    }

    void staysBetweenItsEnds() {
        for (const auto shape : {ScheduleShape::Linear, ScheduleShape::Cosine, ScheduleShape::Exponential,
                                 ScheduleShape::Step}) {
            Schedule schedule(0.2, 0.9, shape);
            schedule.warmup = {70, ScheduleUnit::Steps};
            double before = 0;
            for (int step = 0; step <= 1000; ++step) {
                const double value = schedule.at(after(step));
                QVERIFY(value >= before - 1e-15 && value <= 0.9 + 1e-15); // upwards all the way
                before = value;
            }
            QVERIFY(near(before, 0.9));
        }
    }

    void formIsChecked() {
        const auto sentence = [](const Schedule& schedule) {
            const auto checked = checkScheduleForm("training.learning_rate", schedule);
            return checked ? std::string() : checked.error().message;
        };
        Schedule schedule(1, 0, ScheduleShape::Linear);
        QCOMPARE(sentence(schedule), std::string());
        schedule.over = {3, ScheduleUnit::Epochs};
        schedule.warmup = {500, ScheduleUnit::Steps};
        QCOMPARE(sentence(schedule), std::string());
        schedule.over.length = -3;
        QCOMPARE(sentence(schedule), std::string("training.learning_rate's 'over' is -3 epochs, but a length "
                                                 "has to be 0 or more"));
        schedule.over = {};
        for (const double length :
             {-0.5, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
            schedule.warmup.length = length;
            QVERIFY(sentence(schedule).starts_with("training.learning_rate's 'warmup' is"));
        }
        schedule = Schedule(1, 0, ScheduleShape::Step);
        for (const int stairs : {1, 0, -4, 1'000'001}) {
            schedule.stairs = stairs;
            QVERIFY(sentence(schedule).find("from 2 to 1,000,000") != std::string::npos);
        }
        schedule.stairs = 2;
        QCOMPARE(sentence(schedule), std::string());
        schedule.shape = ScheduleShape::Exponential;
        QVERIFY(sentence(schedule).find("exponential schedule that touches 0") != std::string::npos);
    }

    void alwaysZeroKnowsAllParts() {
        Schedule schedule = 0;
        QVERIFY(alwaysZero(schedule));
        schedule.warmup = {5, ScheduleUnit::Epochs};
        QVERIFY(alwaysZero(schedule)); // from 0 to 0
        schedule = Schedule(0, 1, ScheduleShape::Linear);
        QVERIFY(!alwaysZero(schedule));
        schedule.over = {5, ScheduleUnit::Steps};
        QVERIFY(!alwaysZero(schedule));
        schedule.to = 0;
        QVERIFY(alwaysZero(schedule));
        schedule = 1;
        schedule.warmup = {5, ScheduleUnit::Steps};
        QVERIFY(!alwaysZero(schedule)); // it only begins there
    }
};

QTEST_GUILESS_MAIN(ScheduleTest)
#include "schedule_test.moc"
