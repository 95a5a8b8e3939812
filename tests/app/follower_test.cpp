// The command line's progress before the first step: on a terminal, in a log, and with --quiet.
// The program is no library: its two files are compiled here.
#include "app/cli/follower.h"

#include "app/cli/follower.cpp"
#include "app/cli/progress_line.cpp"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <fcntl.h>
#include <functional>
#include <pty.h>

using namespace stillroom;
using namespace stillroom::cli;

class FollowerTest : public QObject {
    Q_OBJECT
    /// stderr is `descriptor` meanwhile.
    static void saying(int descriptor, const std::function<void()>& work) {
        std::fflush(stderr);
        const int before = dup(STDERR_FILENO);
        dup2(descriptor, STDERR_FILENO);
        work();
        std::fflush(stderr);
        dup2(before, STDERR_FILENO);
        close(before);
    }
    static QByteArray toFile(const std::function<void()>& work) {
        QTemporaryDir folder;
        const QByteArray path = folder.filePath("said").toUtf8();
        const int file = open(path.constData(), O_CREAT | O_RDWR, 0600);
        saying(file, work);
        close(file);
        QFile said(QString::fromUtf8(path));
        return said.open(QIODevice::ReadOnly) ? said.readAll() : QByteArray("unreadable");
    }
    static QByteArray toTerminal(const std::function<void()>& work) {
        int ours = -1, its = -1;
        winsize size{24, 120, 0, 0};
        if (openpty(&ours, &its, nullptr, nullptr, &size) != 0)
            return "no terminal"; // where terminals() was not asked first
        saying(its, work);
        fcntl(ours, F_SETFL, O_NONBLOCK);
        QByteArray said;
        char buffer[4096];
        for (ssize_t got = 0; (got = read(ours, buffer, sizeof buffer)) > 0;)
            said.append(buffer, static_cast<qsizetype>(got));
        close(ours);
        close(its);
        return said;
    }
    /// A bare root may have no pseudo-terminals.
    static bool terminals() {
        int ours = -1, its = -1;
        if (openpty(&ours, &its, nullptr, nullptr, nullptr) != 0)
            return false;
        close(ours);
        close(its);
        return true;
    }
    static PreparingEvent at(double done, double secondsLeft) {
        return {"computing the texts' vectors, once", done, secondsLeft};
    }

  private Q_SLOTS:
    void stepsSayPaceTimeAndMemory() {
        if (!terminals())
            QSKIP("no pseudo-terminal can be opened here: /dev/pts is not mounted");
        const QByteArray said = toTerminal([] {
            Follower follower(false);
            StartedEvent started;
            started.stepsPerEpoch = 50;
            started.epochs = 2;
            follower.see(started);
            StepsEvent steps;
            steps.steps.resize(1);
            steps.steps[0].step = 25;
            steps.samplesPerSecond = 1234;
            steps.secondsLeft = 19.2;
            steps.memoryBytes = 1'550'000'000;
            follower.see(steps);
        });
        QVERIFY2(said.contains(" 25 % 1,234 texts/s, about 20 s left, 1.6 GB in use"), said.constData());
    }
    void aTerminalGetsABarWithTheTimeLeft() {
        if (!terminals())
            QSKIP("no pseudo-terminal can be opened here: /dev/pts is not mounted");
        const QByteArray said = toTerminal([] {
            Follower follower(false);
            follower.see(at(0.43, 19.2));
            FinishedEvent end;
            follower.see(end);
        });
        QVERIFY2(said.contains(" 43 % computing the texts' vectors, once, about 20 s left"),
                 said.constData());
        QVERIFY(!said.contains('\n'));      // nothing stays
        QVERIFY(said.endsWith("\r\x1b[K")); // and at the end the bar is gone
    }

    void anUnknownTimeIsNotSaid() {
        if (!terminals())
            QSKIP("no pseudo-terminal can be opened here: /dev/pts is not mounted");
        const QByteArray said = toTerminal([] { Follower(false).see(at(0, 0)); });
        QVERIFY2(said.contains("  0 % computing the texts' vectors, once"), said.constData());
        QVERIFY(!said.contains("left"));
    }

    void aLogGetsOneLine() {
        const QByteArray said = toFile([] {
            Follower follower(false);
            for (const double done : {0.1, 0.2, 0.9})
                follower.see(at(done, 3));
            follower.see(PreparingEvent{"tokenizing the texts", 0.5, 1});
        });
        QCOMPARE(said, QByteArray("computing the texts' vectors, once\ntokenizing the texts\n"));
    }

    void quietSaysNothing() {
        if (!terminals())
            QSKIP("no pseudo-terminal can be opened here: /dev/pts is not mounted");
        const auto prepare = [] {
            Follower follower(true);
            follower.see(at(0.5, 3));
            follower.see(StartedEvent{});
        };
        QCOMPARE(toFile(prepare), QByteArray());
        QCOMPARE(toTerminal(prepare), QByteArray());
    }
};

QTEST_GUILESS_MAIN(FollowerTest)
#include "follower_test.moc"
