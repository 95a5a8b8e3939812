#include "core/experiment/sweep_folder.h"

#include "tests/child_process.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <utility>

using namespace stillroom;
using State = SweepStatus::State;

namespace {

Sweep madeSweep() {
    auto sweep =
        parseSweep("name: \"a b\"\ndata: {train: {files: a.csv}}\nteacher: {label: l, confidence: c}\n"
                   "sweep: {over: {seed: 1..3}}\n",
                   "s.yaml");
    if (!sweep)
        qFatal("%s", sweep.error().message.c_str());
    return *std::move(sweep);
}

SweepFolder made(const QTemporaryDir& folder) {
    auto sweep = SweepFolder::create(folder.filePath("runs").toStdString(), madeSweep(),
                                     {"/data", BadRowPolicy::Skip});
    if (!sweep)
        qFatal("%s", sweep.error().message.c_str());
    return *std::move(sweep);
}

State stateOf(const SweepFolder& folder, int task) {
    const auto status = folder.status(task);
    if (!status)
        qFatal("%s", status.error().message.c_str());
    return status->state;
}

QStringList below(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
}

} // namespace

class SweepFolderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void opensWhatWasMade();
    void madeWholeOrNotAtAll();
    void statesStay();
    void oneAtATime();
    void aKilledHolderLeavesItCutOff();
    void cancelAndAgain();
    void damaged();
};

void SweepFolderTest::opensWhatWasMade() {
    const QTemporaryDir folder;
    const SweepFolder first = made(folder);
    QVERIFY(QString::fromStdString(first.path()).endsWith("-a-b-sweep"));
    QVERIFY(SweepFolder::isOne(first.path()));
    const auto again = SweepFolder::open(first.path() + "/");
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QCOMPARE(again->path(), first.path());
    QVERIFY(again->sweep() == madeSweep());
    QVERIFY(again->tasks() == first.tasks());
    QCOMPARE(again->tasks().size(), std::size_t{3});
    QCOMPARE(again->origin().dataRoot, std::string("/data"));
    QVERIFY(again->origin().badRows == BadRowPolicy::Skip);
    QVERIFY(stateOf(*again, 3) == State::Waiting);
    QVERIFY(again->task(4) == nullptr && again->task(0) == nullptr && again->task(1) != nullptr);
}

void SweepFolderTest::madeWholeOrNotAtAll() {
    const QTemporaryDir folder;
    Sweep wrong = madeSweep();
    wrong.base.training.epochs = 0;
    QVERIFY(!SweepFolder::create(folder.filePath("runs").toStdString(), wrong, {}));
    QVERIFY(below(folder.path()).isEmpty());
    QFile(folder.filePath("file")).open(QIODevice::WriteOnly);
    const auto refused = SweepFolder::create(folder.filePath("file").toStdString(), madeSweep(), {});
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("is not a folder") != std::string::npos,
             refused.error().message.c_str());
}

void SweepFolderTest::statesStay() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder);
    const SweepStatus status{State::Failed,
                             "run",
                             "it broke \"here\"",
                             ErrorKind::Training,
                             "2026-01-01T00:00:00.000+00:00",
                             "2026-01-01T00:00:01.500+00:00",
                             "host",
                             7,
                             2};
    QVERIFY(sweep.setStatus(2, status));
    const auto read = SweepFolder::open(sweep.path())->status(2);
    QVERIFY(read);
    QVERIFY(read->state == State::Failed && read->kind == ErrorKind::Training && read->over());
    QCOMPARE(read->run, status.run);
    QCOMPARE(read->error, status.error);
    QCOMPARE(read->began, status.began);
    QCOMPARE(read->ended, status.ended);
    QCOMPARE(read->host, status.host);
    QCOMPARE(read->pid, 7);
    QCOMPARE(read->attempts, 2);
    QCOMPARE(sweep.runFolder(*read), sweep.path() + "/run");
}

void SweepFolderTest::oneAtATime() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder);
    {
        const auto held = sweep.lock(1);
        QVERIFY(held && *held);
        QVERIFY(sweep.isLocked(1));
        QVERIFY(!sweep.isLocked(2));
        QVERIFY(!*sweep.lock(1)); // by another thread of the same process, say
        QVERIFY(*sweep.lock(2));
        const QByteArray child = test::inChild([&] {
            const auto open = SweepFolder::open(sweep.path());
            return std::string(*open->lock(1) ? "got it" : "refused") +
                   (open->isLocked(1) ? ", locked" : ", free");
        });
        QCOMPARE(child, QByteArray("refused, locked"));
    }
    QVERIFY(!sweep.isLocked(1));
    QVERIFY(*sweep.lock(1));
}

void SweepFolderTest::aKilledHolderLeavesItCutOff() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder);
    int status = 0;
    test::inChild(
        [&]() -> std::string {
            const auto held = sweep.lock(1);
            SweepStatus running;
            running.state = State::Running;
            if (!held || !*held || !sweep.setStatus(1, running) || stateOf(sweep, 1) != State::Running)
                ::_exit(1);
            ::raise(SIGKILL);
            return {};
        },
        &status);
    QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    QVERIFY(stateOf(sweep, 1) == State::CutOff);
    const auto held = sweep.lock(1);
    QVERIFY(*held);
    QVERIFY(stateOf(sweep, 1) == State::Running); // by this process now
}

void SweepFolderTest::cancelAndAgain() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder);
    QVERIFY(!sweep.cancelRequested(1));
    QVERIFY(sweep.requestCancel(1));
    QVERIFY(sweep.cancelRequested(1));
    QVERIFY(!sweep.cancelRequested(2));
    SweepStatus status;
    status.state = State::Cancelled;
    QVERIFY(sweep.setStatus(1, status));
    status.state = State::Failed;
    status.error = "no";
    status.run = "old";
    QVERIFY(sweep.setStatus(2, status));
    status.state = State::Completed;
    QVERIFY(sweep.setStatus(3, status));
    QCOMPARE(sweep.reopen().value(), 2);
    QVERIFY(!sweep.cancelRequested(1));
    QVERIFY(stateOf(sweep, 1) == State::Waiting);
    QVERIFY(stateOf(sweep, 2) == State::Waiting && sweep.status(2)->run.empty() &&
            sweep.status(2)->error.empty());
    QVERIFY(stateOf(sweep, 3) == State::Completed);
}

void SweepFolderTest::damaged() {
    const QTemporaryDir folder;
    const SweepFolder sweep = made(folder);
    const QString path = QString::fromStdString(sweep.path());
    const auto write = [&](const QString& name, const QByteArray& content) {
        QFile file(path + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    };
    for (const QByteArray content :
         {"", "{", "{\"state\": \"tired\"}", "{\"state\": \"running\", \"run\": \"../x\"}"}) {
        write("/tasks/0001.json", content);
        const auto status = sweep.status(1);
        QVERIFY2(!status && status.error().message.find("0001.json is damaged") != std::string::npos,
                 content.constData());
    }
    write("/tasks.json", "{\"format\": 2}");
    const auto newer = SweepFolder::open(sweep.path());
    QVERIFY(!newer && newer.error().message.find("newer Stillroom") != std::string::npos);
    write("/tasks.json", "{\"format\": 1, \"tasks\": [{\"task\": 2}]}");
    QVERIFY(!SweepFolder::open(sweep.path()));
    QVERIFY(SweepFolder::open(folder.path().toStdString()).error().message.find("is no sweep's folder") !=
            std::string::npos);
}

QTEST_APPLESS_MAIN(SweepFolderTest)
#include "sweep_folder_test.moc"
