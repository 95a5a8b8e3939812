#include "core/experiment/sweep_rows.h"

#include "core/experiment/sweep_workers.h"
#include "run_fixture.h"

#include <QtTest>
#include <cmath>
#include <thread>

using namespace stillroom;
using State = SweepStatus::State;

namespace {

Sweep sweepOf(const std::string& training, const std::string& more = {}) {
    auto sweep = parseSweep("data: {train: {files: a.csv}}\nteacher: {kind: gold}\ntraining: {" + training +
                                "}\nsweep: {over: {seed: 1..4}" + more + "}\n",
                            "s.yaml");
    if (!sweep)
        qFatal("%s", sweep.error().message.c_str());
    return *std::move(sweep);
}

/// A row that began ten seconds ago, of a run of 100 steps.
SweepRow rowOf(State state, std::int64_t steps, double seconds) {
    SweepRow row;
    row.status.state = state;
    const auto now = QDateTime::currentDateTime();
    row.status.began = now.addMSecs(-std::lround(1000 * seconds)).toString(Qt::ISODateWithMs).toStdString();
    row.status.ended = now.toString(Qt::ISODateWithMs).toStdString();
    row.summary.emplace();
    row.summary->steps = steps;
    row.summary->stepsPerEpoch = 50;
    row.summary->epochs = 2;
    return row;
}

} // namespace

class SweepRowsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void readsTheRuns();
    void whatIsOverIsNotReadAgain();
    void howLongTheRestTakes();
    void workersAndCores();
};

void SweepRowsTest::readsTheRuns() {
    const QTemporaryDir folder;
    const auto sweep = SweepFolder::create(folder.filePath("runs").toStdString(), sweepOf("epochs: 4"), {});
    QVERIFY(sweep);
    auto run = RunFolder::create(sweep->path(), madeExperiment(), madeOrigin());
    QVERIFY(run);
    QVERIFY((*run)->record(
        {StartedEvent{1000, 4, 16, 64, 3, "cpu", 2, 0.5}, madeSteps(1, 16), madeEvaluation(16)}));
    SweepStatus status;
    status.state = State::Running;
    status.run = (*run)->path().substr((*run)->path().rfind('/') + 1);
    QVERIFY(sweep->setStatus(2, status));
    status.run = "nowhere";
    QVERIFY(sweep->setStatus(3, status));
    QVERIFY(sweep->requestCancel(4));
    const auto held = sweep->lock(2);
    const auto rows = sweepRows(*sweep);
    QVERIFY(rows);
    QCOMPARE(rows->size(), std::size_t{4});
    QVERIFY(!(*rows)[0].summary && (*rows)[0].score() == nullptr && (*rows)[0].shareDone() == 0);
    QVERIFY((*rows)[1].status.state == State::Running);
    QCOMPARE((*rows)[1].shareDone(), 0.25); // 16 of 64
    QCOMPARE((*rows)[1].score()->accuracy, 14.0 / 18);
    QVERIFY(!(*rows)[2].summary && (*rows)[2].status.state == State::CutOff);
    QVERIFY((*rows)[3].cancelRequested && !(*rows)[1].cancelRequested);
    const SweepCounts counts = countStates(*rows);
    QCOMPARE(counts.waiting, 2);
    QCOMPARE(counts.running, 1);
    QCOMPARE(counts.cutOff, 1);
    QCOMPARE(counts.over(), 0);
    QCOMPARE(counts.all(), 4);
}

void SweepRowsTest::whatIsOverIsNotReadAgain() {
    const QTemporaryDir folder;
    const auto sweep = SweepFolder::create(folder.filePath("runs").toStdString(), sweepOf("epochs: 4"), {});
    QVERIFY(sweep);
    SweepStatus status;
    status.state = State::Completed;
    status.ended = "2026-01-01T00:00:00.000+00:00";
    QVERIFY(sweep->setStatus(1, status));
    auto rows = sweepRows(*sweep);
    (*rows)[0].summary.emplace().name = "kept";
    (*rows)[1].summary.emplace().name = "not kept";
    rows = sweepRows(*sweep, *std::move(rows));
    QVERIFY((*rows)[0].summary && (*rows)[0].summary->name == "kept");
    QVERIFY(!(*rows)[1].summary);
    status.ended = "2026-01-01T00:00:09.000+00:00"; // it was done again
    QVERIFY(sweep->setStatus(1, status));
    rows = sweepRows(*sweep, *std::move(rows));
    QVERIFY(!(*rows)[0].summary);
}

void SweepRowsTest::howLongTheRestTakes() {
    std::vector<SweepRow> rows(3);
    QVERIFY(!secondsLeft(rows, 2)); // nobody knows
    rows[0] = rowOf(State::Completed, 100, 10);
    QCOMPARE(std::lround(*secondsLeft(rows, 1)), 20);
    QCOMPARE(std::lround(*secondsLeft(rows, 2)), 10);
    QCOMPARE(std::lround(*secondsLeft(rows, 9)), 10); // there is not that much left
    rows[1] = rowOf(State::Running, 50, 5);
    QCOMPARE(std::lround(*secondsLeft(rows, 1)), 15);
    rows[2] = rowOf(State::Failed, 10, 1);
    QCOMPARE(std::lround(*secondsLeft(rows, 1)), 5);
}

void SweepRowsTest::workersAndCores() {
    const auto cores = static_cast<std::int64_t>(std::thread::hardware_concurrency());
    QCOMPARE(sweepWorkers(sweepOf("epochs: 1", ", workers: 7")), 7);
    QCOMPARE(sweepWorkers(sweepOf("threads: 1")), static_cast<int>(cores));
    QCOMPARE(sweepWorkers(sweepOf("threads: 1000")), 1);
    QCOMPARE(sweepWorkers(sweepOf("threads: 0")), 1);
    Sweep sweep = sweepOf("threads: 0");
    QVERIFY(!divideCores(sweep, 1));
    QCOMPARE(sweep.base.training.threads, std::int64_t{0});
    QVERIFY(divideCores(sweep, 2));
    QCOMPARE(sweep.base.training.threads, std::max<std::int64_t>(1, cores / 2));
    sweep = sweepOf("threads: 3");
    QVERIFY(!divideCores(sweep, 2));
    QCOMPARE(sweep.base.training.threads, std::int64_t{3});
}

QTEST_GUILESS_MAIN(SweepRowsTest)
#include "sweep_rows_test.moc"
