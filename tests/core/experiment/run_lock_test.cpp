// Who is writing a run: told apart by the kernel, whatever becomes of the process.
#include "core/experiment/run_lock.h"

#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace stillroom;

class RunLockTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    std::string run() const { return folder_.path().toStdString(); }

  private Q_SLOTS:
    void heldAndLetGo() {
        QVERIFY(!isRunning(run())); // nobody ever wrote it
        {
            const auto lock = RunLock::take(run());
            QVERIFY(lock.has_value());
            QVERIFY(isRunning(run()));
            QVERIFY(isRunning(run())); // asking does not take it
            const auto second = RunLock::take(run());
            QVERIFY(!second);
            QVERIFY2(second.error().message.find("being written by another process") != std::string::npos,
                     second.error().message.c_str());
        }
        QVERIFY(!isRunning(run()));
        QVERIFY(RunLock::take(run()).has_value());
    }

    void goesWithAProcessThatIsKilled() {
        int ready[2];
        QCOMPARE(pipe(ready), 0);
        const pid_t child = fork();
        if (child == 0) {
            const auto lock = RunLock::take(run());
            [[maybe_unused]] const auto told = ::write(ready[1], lock ? "y" : "n", 1);
            for (;;)
                pause();
        }
        char answer = 0;
        QCOMPARE(read(ready[0], &answer, 1), ssize_t(1));
        QCOMPARE(answer, 'y');
        QVERIFY(isRunning(run()));
        QVERIFY(!RunLock::take(run()));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        QVERIFY(!isRunning(run()));
        QVERIFY(RunLock::take(run()).has_value());
    }

    void aFolderThatIsNot() {
        QVERIFY(!isRunning(run() + "/nowhere"));
        const auto lock = RunLock::take(run() + "/nowhere");
        QVERIFY(!lock);
        QVERIFY(lock.error().message.find("nowhere") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(RunLockTest)
#include "run_lock_test.moc"
