#include "core/output/run_clock.h"

#include "tests/core/experiment/run_fixture.h"

#include <QtTest>

using namespace stillroom;

class RunClockTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init();
    void passesEvenlyBetweenRecords();
    void evaluationsTakeTheirTime();
    void pausesAreNotTrained();
    void beforeTraining();
    void noRun();

  private:
    /// Puts the states where the test wants them: the recorder writes the time of now.
    void setTimes(const QList<double>& times);
    std::unique_ptr<QTemporaryDir> folder_;
    std::unique_ptr<RunFolder> run_;
};

void RunClockTest::init() {
    folder_ = std::make_unique<QTemporaryDir>();
    run_ = makeRun(*folder_);
}

void RunClockTest::setTimes(const QList<double>& times) {
    QVERIFY(run_->close());
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "times");
        database.setDatabaseName(QString::fromStdString(run_->path() + "/run.sqlite"));
        QVERIFY(database.open());
        for (qsizetype i = 0; i < times.size(); ++i) {
            QSqlQuery query(database);
            query.prepare("UPDATE states SET time = ? WHERE number = ?");
            query.addBindValue(times[i]);
            query.addBindValue(i + 1);
            QVERIFY(query.exec());
            QCOMPARE(query.numRowsAffected(), 1);
        }
    }
    QSqlDatabase::removeDatabase("times");
}

/// madeSteps: a quarter of a second a step, recorded at steps 20 and 40.
void RunClockTest::passesEvenlyBetweenRecords() {
    QVERIFY(run_->record({StateEvent{SessionState::Running, 0}, madeSteps(1, 20), madeSteps(21, 40)}));
    setTimes({1000});
    const auto clock = RunClock::read(run_->path());
    QVERIFY2(clock, clock ? "" : clock.error().message.c_str());
    QCOMPARE(clock->progress().size(), std::size_t{2});
    QCOMPARE(clock->progress()[1].step, 40);
    QCOMPARE(clock->progress()[1].gradient, 120);
    QCOMPARE(clock->progress()[1].seconds, 10.0);
    QCOMPARE(clock->at(0), 1000.0);
    QCOMPARE(clock->at(1), 1000.25);
    QCOMPARE(clock->at(20), 1005.0);
    QCOMPARE(clock->at(30), 1007.5);
    QCOMPARE(clock->at(41), 1010.0); // beyond what was recorded
}

void RunClockTest::evaluationsTakeTheirTime() {
    auto evaluation = madeEvaluation(20);
    evaluation.seconds = 3;
    auto test = madeEvaluation(20);
    test.split = Split::Test;
    test.seconds = 100; // at the end
    QVERIFY(run_->record(
        {StateEvent{SessionState::Running, 0}, madeSteps(1, 20), evaluation, madeSteps(21, 40), test}));
    setTimes({1000});
    const auto clock = RunClock::read(run_->path());
    QVERIFY(clock);
    QCOMPARE(clock->at(20), 1005.0);
    QCOMPARE(clock->at(21), 1008.25);
    QCOMPARE(clock->at(40), 1013.0);
}

void RunClockTest::pausesAreNotTrained() {
    QVERIFY(run_->record({StateEvent{SessionState::Running, 0}, madeSteps(1, 20),
                          StateEvent{SessionState::Paused, 20}, StateEvent{SessionState::Running, 20},
                          madeSteps(21, 40)}));
    setTimes({1000, 1004.5, 2000});
    const auto clock = RunClock::read(run_->path());
    QVERIFY(clock);
    QCOMPARE(clock->at(4), 1001.0);
    QCOMPARE(clock->at(20), 1004.5); // when it was paused at the latest
    QCOMPARE(clock->at(21), 2000.25);
    QCOMPARE(clock->at(40), 2005.0);
    for (std::int64_t step = 1; step <= 41; ++step)
        QVERIFY(clock->at(step) >= clock->at(step - 1));
}

void RunClockTest::beforeTraining() {
    const auto clock = RunClock::read(run_->path());
    QVERIFY(clock);
    QVERIFY(clock->progress().empty());
    const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
    QVERIFY(clock->at(0) <= now && clock->at(0) > now - 60);
}

void RunClockTest::noRun() {
    const auto clock = RunClock::read(folder_->filePath("nothing").toStdString());
    QVERIFY(!clock);
    QVERIFY(clock.error().message.find("nothing") != std::string::npos);
}

QTEST_GUILESS_MAIN(RunClockTest)
#include "run_clock_test.moc"
