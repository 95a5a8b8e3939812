// kill -9 at any moment: what was reported is on the disk.
#include "core/base/random.h"
#include "run_fixture.h"

#include <QElapsedTimer>
#include <QtTest>
#include <csignal>
#include <ctime>

using namespace stillroom;

namespace {

/// Written to the pipe in one piece, so that it arrives whole or not at all.
struct Report {
    std::int64_t steps;
    std::int64_t messages;
};

void sleepMicroseconds(std::uint32_t microseconds) {
    const timespec time{0, static_cast<long>(microseconds) * 1000};
    nanosleep(&time, nullptr);
}

/// Makes runs below `folder` and records into them, with a report after every record, until it is killed.
[[noreturn]] void recordForever(const QTemporaryDir& folder, int reports) {
    const auto run = makeRun(folder);
    Report report{0, 0};
    for (;;) {
        if (::write(reports, &report, sizeof report) != sizeof report)
            _exit(2);
        const std::int64_t last = report.steps + 1 + report.steps % 97;
        if (!run->record({madeSteps(report.steps + 1, last), MessageEvent{std::to_string(report.messages)}}))
            _exit(3);
        report = {last, report.messages + 1};
    }
}

} // namespace

class KillTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void whileItRecords_data();
    void whileItRecords();
    void whileItIsMade();
};

void KillTest::whileItRecords_data() {
    QTest::addColumn<unsigned>("microseconds");
    Random random(static_cast<std::uint64_t>(time(nullptr)), "moments");
    for (int i = 0; i < 10; ++i) {
        const unsigned moment = random.below(150'000);
        QTest::addRow("after %u microseconds", moment) << moment;
    }
}

void KillTest::whileItRecords() {
    QFETCH(unsigned, microseconds);
    const QTemporaryDir folder;
    int ends[2];
    QCOMPARE(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0)
        recordForever(folder, ends[1]);
    close(ends[1]);
    Report last{-1, -1};
    QCOMPARE(read(ends[0], &last, sizeof last), static_cast<ssize_t>(sizeof last)); // the run is made
    // Goes on reading, for a full pipe would hold the child up.
    QElapsedTimer timer;
    timer.start();
    Report report{};
    while (timer.nsecsElapsed() < microseconds * 1000LL &&
           read(ends[0], &report, sizeof report) == sizeof report)
        last = report;
    kill(child, SIGKILL);
    while (read(ends[0], &report, sizeof report) == sizeof report)
        last = report;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    QVERIFY(WIFSIGNALED(status));

    const auto runs = everythingIn(folder.filePath("runs"));
    QCOMPARE(runs.size(), 1);
    const std::string path = folder.filePath("runs/" + runs[0]).toStdString();
    const auto stored = StoredRun::open(path);
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    QCOMPARE(ask(path, "PRAGMA integrity_check").toString(), QString("ok"));
    QVERIFY(!stored->finished);
    QVERIFY2(static_cast<std::int64_t>(stored->steps.size()) >= last.steps,
             qPrintable(QString("%1 steps of %2").arg(stored->steps.size()).arg(last.steps)));
    QVERIFY(static_cast<std::int64_t>(stored->messages.size()) >= last.messages);
    for (std::size_t i = 0; i < stored->steps.size(); ++i)
        QCOMPARE(stored->steps[i].step, static_cast<std::int64_t>(i) + 1);
    // A record is whole or not there: a message for each.
    QCOMPARE(static_cast<std::size_t>(ask(path, "SELECT count(*) FROM progress").toInt()),
             stored->messages.size());
}

void KillTest::whileItIsMade() {
    Random random(static_cast<std::uint64_t>(time(nullptr)), "making");
    const QTemporaryDir folder;
    for (int i = 0; i < 20; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            for (;;)
                static_cast<void>(makeRun(folder)->close());
        }
        sleepMicroseconds(random.below(60'000));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
    }
    int whole = 0;
    for (const auto& name : everythingIn(folder.filePath("runs")))
        if (!name.startsWith('.')) {
            const auto stored = StoredRun::open(folder.filePath("runs/" + name).toStdString());
            QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
            ++whole;
        }
    QVERIFY(whole > 0);
}

QTEST_GUILESS_MAIN(KillTest)
#include "kill_test.moc"
