#include "core/experiment/run_folder.h"

#include "core/experiment/run_database.h"
#include "core/files/network_disk.h"
#include "run_fixture.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <set>
#include <sys/stat.h>

using namespace stillroom;

class RunFolderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void makesAWholeFolder();
    void namesNeverMeet();
    void aStrangeName();
    void theYamlIsResolved();
    void aClosedRunIsOneFile();
    void recordsQuickly();
    void allOrNothing();
    void notWritable();
    void runsFolderIsAFile();
    void runsFolderBelowAFile();
    void sweepsWhatWasLeftUnfinished();
    void removes();
    void knowsItsDisk();
    void onANetworkDiskWithoutALog();
};

void RunFolderTest::makesAWholeFolder() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
    QCOMPARE(everythingIn(folder.filePath("runs")).size(), 1);
    const auto inside = everythingIn(QString::fromStdString(run->path()));
    for (const char* name : {"experiment.yaml", "run.sqlite", "checkpoints", "snapshots", "output"})
        QVERIFY2(inside.contains(name), name);
    QCOMPARE(run->checkpointFolder(), run->path() + "/checkpoints");
    const QRegularExpression pattern("/runs/\\d{4}-\\d\\d-\\d\\dT\\d{6}\\.\\d{3}-\\d{4}-made$");
    QVERIFY2(pattern.match(QString::fromStdString(run->path())).hasMatch(), run->path().c_str());
    QCOMPARE(ask(run->path(), "PRAGMA journal_mode").toString(), QString("wal"));
}

void RunFolderTest::namesNeverMeet() {
    const QTemporaryDir folder;
    std::set<std::string> paths;
    for (int i = 0; i < 20; ++i)
        paths.insert(makeRun(folder)->path());
    QCOMPARE(paths.size(), std::size_t{20});
    QCOMPARE(everythingIn(folder.filePath("runs")).size(), 20);
}

void RunFolderTest::aStrangeName() {
    const QTemporaryDir folder;
    Experiment experiment = madeExperiment();
    experiment.name = "../a b/$(c)\tü漢" + std::string(300, 'x');
    const auto run = RunFolder::create(folder.path().toStdString(), experiment, madeOrigin());
    QVERIFY2(run, run ? "" : run.error().message.c_str());
    const std::string name = std::filesystem::path((*run)->path()).filename().string();
    QVERIFY2(name.find("-..-a-b---c--ü漢xxx") != std::string::npos, name.c_str());
    QVERIFY(name.size() < 128);
    const auto stored = StoredRun::open((*run)->path());
    QVERIFY(stored);
    QCOMPARE(stored->experiment.name, experiment.name);
}

void RunFolderTest::theYamlIsResolved() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
    const auto read = readExperiment(run->path() + "/experiment.yaml");
    QVERIFY(read);
    Experiment expected = madeExperiment();
    expected.selection = resolved(expected.selection);
    expected.training.learningRate = learningRateOf(expected.training, expected.student.kind);
    QVERIFY(*read == expected);

    StartedEvent started;
    started.device = "cpu";
    started.threads = 3;
    QVERIFY(run->record({started}));
    const auto resolved = readExperiment(run->path() + "/experiment.yaml");
    QVERIFY(resolved);
    QCOMPARE(resolved->training.device, std::string("cpu"));
    QCOMPARE(resolved->training.threads, std::int64_t{3});
    QFile file(QString::fromStdString(run->path() + "/experiment.yaml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    for (const char* piece : {"# A run of Stillroom 0.1.0", "LibTorch 1.13.1", "OpenBLAS 0.3.21",
                              "device cpu", "threads 3", "/data root", "  decay: 0.99\n"})
        QVERIFY2(text.contains(piece), text.constData());
}

void RunFolderTest::aClosedRunIsOneFile() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
    QVERIFY(run->record({madeSteps(1, 10)}));
    QVERIFY(QFile::exists(QString::fromStdString(run->path() + "/run.sqlite-wal")));
    QVERIFY(run->close());
    QVERIFY(run->close()); // again: nothing
    QVERIFY(!QFile::exists(QString::fromStdString(run->path() + "/run.sqlite-wal")));
    QVERIFY(!QFile::exists(QString::fromStdString(run->path() + "/run.sqlite-shm")));
    QCOMPARE(ask(run->path(), "PRAGMA journal_mode").toString(), QString("delete")); // readable on any disk
}

void RunFolderTest::recordsQuickly() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
    const Event event = madeSteps(1, 10000);
    double best = 1e9;
    for (std::int64_t i = 0; i < 5; ++i) {
        StepsEvent steps = std::get<StepsEvent>(event);
        for (auto& step : steps.steps)
            step.step += i * 10000;
        QElapsedTimer timer;
        timer.start();
        QVERIFY(run->record({steps}));
        best = std::min(best, static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    qInfo("10,000 steps recorded in %.1f ms", best);
    QVERIFY(best < 200); // 50 ms is meant; sanitizers and busy machines get some more
}

void RunFolderTest::allOrNothing() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
    QVERIFY(run->record({madeSteps(1, 5)}));
    {
        // Somebody damages the table under the second event of a batch.
        auto database = QSqlDatabase::addDatabase("QSQLITE", "breaker");
        database.setDatabaseName(QString::fromStdString(run->path() + "/run.sqlite"));
        QVERIFY(database.open());
        QVERIFY(QSqlQuery(database).exec("DROP TABLE messages"));
        database.close();
    }
    QSqlDatabase::removeDatabase("breaker");
    const auto recorded = run->record({madeSteps(6, 9), MessageEvent{"lost"}, madeSteps(10, 11)});
    QVERIFY(!recorded);
    QVERIFY2(recorded.error().message.find("run.sqlite cannot be written: no such table: messages") !=
                 std::string::npos,
             recorded.error().message.c_str());
    QCOMPARE(ask(run->path(), "SELECT max(step) FROM steps").toInt(), 5);
    QVERIFY(run->record({madeSteps(6, 7)})); // and is usable again
}

void RunFolderTest::notWritable() {
    const QTemporaryDir folder;
    const std::string place = folder.path().toStdString();
    chmod(place.c_str(), 0555);
    for (const std::string& runs : {place, place + "/new/runs"}) {
        const auto said = asOrdinaryUser([&]() -> std::string {
            const auto run = RunFolder::create(runs, madeExperiment(), madeOrigin());
            return run ? "created" : run.error().message;
        });
        QCOMPARE(said, QByteArray::fromStdString(
                           "the runs folder " + runs +
                           " cannot be written: permission is denied; choose another with --runs, "
                           "or make room"));
    }
    chmod(place.c_str(), 0755);
    QVERIFY(everythingIn(folder.path()).isEmpty());
}

void RunFolderTest::runsFolderIsAFile() {
    const QTemporaryDir folder;
    const std::string path = folder.filePath("runs").toStdString();
    std::ofstream(path) << "mine";
    const auto run = RunFolder::create(path, madeExperiment(), madeOrigin());
    QVERIFY(!run);
    QCOMPARE(run.error().message,
             path + " is not a folder, or lies below a file; choose another runs folder with "
                    "--runs");
    QCOMPARE(std::filesystem::file_size(path), std::uintmax_t{4});
}

void RunFolderTest::runsFolderBelowAFile() {
    const QTemporaryDir folder;
    std::ofstream(folder.filePath("file").toStdString()) << "mine";
    const auto run =
        RunFolder::create(folder.filePath("file/runs").toStdString(), madeExperiment(), madeOrigin());
    QVERIFY(!run);
    QVERIFY2(run.error().message.find("is not a folder, or lies below a file") != std::string::npos,
             run.error().message.c_str());
}

void RunFolderTest::sweepsWhatWasLeftUnfinished() {
    const QTemporaryDir folder;
    QDir().mkpath(folder.filePath("runs/.unfinished-old/checkpoints"));
    QDir().mkpath(folder.filePath("runs/.unfinished-new"));
    std::filesystem::last_write_time(folder.filePath("runs/.unfinished-old").toStdString(),
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(30));
    const auto run = makeRun(folder);
    const auto left = everythingIn(folder.filePath("runs"));
    QVERIFY(!left.contains(".unfinished-old"));
    QVERIFY(left.contains(".unfinished-new")); // another process may be at it
}

void RunFolderTest::removes() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
    QVERIFY(run->record({madeSteps(1, 5)}));
    QVERIFY(run->remove());
    QVERIFY(everythingIn(folder.filePath("runs")).isEmpty());
}

void RunFolderTest::knowsItsDisk() {
    QVERIFY(!isOnNetworkDisk("/dev/shm")); // memory
    QVERIFY(!isOnNetworkDisk("/no/such/folder"));
}

void RunFolderTest::onANetworkDiskWithoutALog() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
    QVERIFY(run->close());
    RunDatabase database;
    QVERIFY(database.open(run->path() + "/run.sqlite", true));
    QVERIFY(database.record({madeSteps(1, 5)}));
    QCOMPARE(ask(run->path(), "PRAGMA journal_mode").toString(), QString("delete"));
    QVERIFY(!QFile::exists(QString::fromStdString(run->path() + "/run.sqlite-wal")));
    QCOMPARE(StoredRun::open(run->path())->steps.size(), std::size_t{5}); // while it is written
    QVERIFY(database.record({madeSteps(6, 9)}));
    QVERIFY(database.close());
    QCOMPARE(StoredRun::open(run->path())->steps.size(), std::size_t{9});
}

QTEST_GUILESS_MAIN(RunFolderTest)
#include "run_folder_test.moc"
