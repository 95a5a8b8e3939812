#include "core/experiment/run_finder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace stillroom;

class RunFinderTest : public QObject {
    Q_OBJECT

    static void put(const QString& path, const QByteArray& bytes = "x") {
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    static void putRun(const QString& folder) {
        put(folder + "/run.sqlite");
        put(folder + "/experiment.yaml");
    }
    static QStringList found(const QString& folder) {
        Progress progress;
        const auto runs = findRuns(folder.toStdString(), progress);
        if (!runs)
            return {QString::fromStdString(runs.error().message)};
        QStringList names;
        for (const auto& run : *runs)
            names << QDir(folder).relativeFilePath(QString::fromStdString(run.folder));
        return names;
    }

  private Q_SLOTS:
    void atMostThreeLevelsDeepTheNewestFirst() {
        const QTemporaryDir folder;
        putRun(folder.filePath("2026-01"));
        putRun(folder.filePath("2026-02"));
        putRun(folder.filePath("a-sweep/2026-03"));
        putRun(folder.filePath("a/b/c"));
        putRun(folder.filePath("a/b/c2/too-deep"));
        putRun(folder.filePath(".unfinished-1"));         // is being made
        putRun(folder.filePath("2026-01/output/a-copy")); // a run's own folder is not looked into
        put(folder.filePath("half/run.sqlite"));          // no experiment
        put(folder.filePath("notes.txt"));
        QCOMPARE(found(folder.path()), (QStringList{"a/b/c", "a-sweep/2026-03", "2026-02", "2026-01"}));
    }
    void aRunItselfIsItsOnlyRun() {
        const QTemporaryDir folder;
        putRun(folder.path());
        putRun(folder.filePath("below"));
        QCOMPARE(found(folder.path()), QStringList{"."});
    }
    void linksThatGoRoundEnd() {
        const QTemporaryDir folder;
        putRun(folder.filePath("run"));
        QVERIFY(QFile::link(folder.path(), folder.filePath("again")));
        const QStringList runs = found(folder.path());
        QVERIFY(runs.contains("run"));
        QVERIFY(runs.size() <= 3);
    }
    void noFolderIsNoRuns() {
        QCOMPARE(found("/nowhere/at/all"), QStringList());
        const QTemporaryDir folder;
        put(folder.filePath("file"));
        QVERIFY(found(folder.filePath("file")).first().contains("is a file; choose a folder"));
    }
    void stampsTellThatFilesChanged() {
        const QTemporaryDir folder;
        putRun(folder.filePath("run"));
        Progress progress;
        const auto before = *findRuns(folder.path().toStdString(), progress);
        QCOMPARE(before, *findRuns(folder.path().toStdString(), progress));
        put(folder.filePath("run/run.sqlite-wal"), "more");
        const auto after = *findRuns(folder.path().toStdString(), progress);
        QVERIFY(!(after == before));
        QCOMPARE(after.front().stamps[1].size, std::int64_t{4});
        QCOMPARE(after.front().stamps[0], before.front().stamps[0]);
    }
    void itCanBeCancelled() {
        const QTemporaryDir folder;
        putRun(folder.filePath("a/run"));
        Progress progress;
        progress.cancel();
        const auto runs = findRuns(folder.path().toStdString(), progress);
        QVERIFY(!runs && runs.error().kind == ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(RunFinderTest)
#include "run_finder_test.moc"
