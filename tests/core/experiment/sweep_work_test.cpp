#include "core/experiment/sweep_work.h"

#include <QTemporaryDir>
#include <QtTest>
#include <set>

using namespace stillroom;
using State = SweepStatus::State;
using How = SweepTaskEnd::How;

namespace {

SweepFolder made(const QTemporaryDir& folder, const std::string& over) {
    auto sweep = parseSweep("name: s\ndata: {train: {files: a.csv}}\nteacher: {label: l, confidence: c}\n"
                            "sweep: {over: " +
                                over + "}\n",
                            "s.yaml");
    if (!sweep)
        qFatal("%s", sweep.error().message.c_str());
    auto made = SweepFolder::create(folder.filePath("runs").toStdString(), *sweep, {"/data"});
    if (!made)
        qFatal("%s", made.error().message.c_str());
    return *std::move(made);
}

} // namespace

class SweepWorkTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyTaskOnce();
    void aFailedTaskKeepsNobody();
    void interruptedIsTakenUp();
    void heldByOthersIsLeft();
    void cancelled();
    void justOne();
    void sameDataFollowEachOther();
};

void SweepWorkTest::everyTaskOnce() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder, "{seed: 1..4}");
    std::vector<std::int64_t> seeds;
    const SweepTrainer train = [&](SweepTaskInHand& task) -> SweepTaskEnd {
        seeds.push_back(task.experiment().training.seed);
        if (task.cutOffRun() != "" || !task.runBegan("/somewhere/run-" + std::to_string(task.task().number)))
            return {How::Failed, {"it began wrongly"}};
        const auto status = sweep.status(task.task().number);
        return status && status->state == State::Running && status->run.starts_with("run-")
                   ? SweepTaskEnd{How::Completed}
                   : SweepTaskEnd{How::Failed, {"nobody can see it run"}};
    };
    const auto done = workOn(sweep, train);
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(done->completed, 4);
    QVERIFY(seeds == (std::vector<std::int64_t>{1, 2, 3, 4}));
    const auto status = sweep.status(2);
    QVERIFY(status->state == State::Completed);
    QCOMPARE(status->run, std::string("run-2"));
    QCOMPARE(status->attempts, 1);
    QVERIFY(!status->began.empty() && !status->ended.empty() && !status->host.empty());
    QCOMPARE(workOn(sweep, train)->completed, 0);
    QCOMPARE(seeds.size(), std::size_t{4});
}

void SweepWorkTest::aFailedTaskKeepsNobody() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder, "{seed: 1..3}");
    const auto done = workOn(sweep, [](SweepTaskInHand& task) -> SweepTaskEnd {
        return task.task().number == 2 ? SweepTaskEnd{How::Failed, {"no memory", ErrorKind::Training}}
                                       : SweepTaskEnd{How::Completed};
    });
    QCOMPARE(done->completed, 2);
    QCOMPARE(done->failed, 1);
    QVERIFY(sweep.status(2)->state == State::Failed);
    QCOMPARE(sweep.status(2)->error, std::string("no memory"));
    QVERIFY(sweep.status(2)->kind == ErrorKind::Training);
    QVERIFY(sweep.status(3)->state == State::Completed);
}

void SweepWorkTest::interruptedIsTakenUp() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder, "{seed: 1..3}");
    auto done = workOn(sweep, [](SweepTaskInHand& task) -> SweepTaskEnd {
        if (task.task().number == 1)
            return {How::Completed};
        return task.runBegan("run") ? SweepTaskEnd{How::Interrupted} : SweepTaskEnd{How::Failed, {"?"}};
    });
    QVERIFY(done->interrupted);
    QVERIFY(sweep.status(2)->state == State::CutOff);
    QVERIFY(sweep.status(3)->state == State::Waiting);
    std::vector<std::string> cutOff;
    done = workOn(sweep, [&](SweepTaskInHand& task) -> SweepTaskEnd {
        cutOff.push_back(task.cutOffRun());
        return {How::Completed};
    });
    QCOMPARE(done->completed, 2);
    QVERIFY(cutOff == (std::vector<std::string>{sweep.path() + "/run", ""}));
    QCOMPARE(sweep.status(2)->attempts, 2);
}

void SweepWorkTest::heldByOthersIsLeft() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder, "{seed: 1..3}");
    const auto held = sweep.lock(2);
    std::set<int> numbers;
    const auto done = workOn(sweep, [&](SweepTaskInHand& task) -> SweepTaskEnd {
        numbers.insert(task.task().number);
        return {How::Completed};
    });
    QCOMPARE(done->busy, 1);
    QVERIFY(numbers == (std::set<int>{1, 3}));
}

void SweepWorkTest::cancelled() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder, "{seed: 1..3}");
    QVERIFY(sweep.requestCancel(3));
    std::set<int> numbers;
    const auto done = workOn(sweep, [&](SweepTaskInHand& task) -> SweepTaskEnd {
        numbers.insert(task.task().number);
        if (task.task().number == 1)
            return {How::Completed};
        const bool before = task.cancelled();
        static_cast<void>(sweep.requestCancel(2));
        return !before && task.cancelled() ? SweepTaskEnd{How::Cancelled} : SweepTaskEnd{How::Failed, {"?"}};
    });
    QCOMPARE(done->cancelled, 2);
    QVERIFY(numbers == (std::set<int>{1, 2})); // the third one never began
    QVERIFY(sweep.status(2)->state == State::Cancelled && sweep.status(3)->state == State::Cancelled);
}

void SweepWorkTest::justOne() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder, "{seed: 1..3}");
    const auto done = workOn(
        sweep, [](SweepTaskInHand&) -> SweepTaskEnd { return {How::Completed}; }, 3);
    QCOMPARE(done->completed, 1);
    QVERIFY(sweep.status(1)->state == State::Waiting && sweep.status(3)->state == State::Completed);
}

void SweepWorkTest::sameDataFollowEachOther() {
    const QTemporaryDir folder;
    const SweepFolder sweep =
        made(folder, "{seed: 1..2, teacher.kind: [columns, gold], training.epochs: [1, 2]}");
    std::vector<std::string> keys;
    QVERIFY(workOn(sweep, [&](SweepTaskInHand& task) -> SweepTaskEnd {
        const std::string key = dataKeyOf(task.experiment());
        if (keys.empty() || keys.back() != key)
            keys.push_back(key);
        return {How::Completed};
    }));
    QCOMPARE(keys.size(), std::size_t{2});
}

QTEST_APPLESS_MAIN(SweepWorkTest)
#include "sweep_work_test.moc"
