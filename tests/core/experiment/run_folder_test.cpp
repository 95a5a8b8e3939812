#include "core/experiment/run_folder.h"

#include "core/experiment/network_disk.h"
#include "made_events.h"

#include <QDir>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace stillroom;

namespace {

/// What another program reads from run.sqlite: the first column of the first row.
QVariant ask(const std::string& run, const QString& sql) {
    QVariant answer;
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "other");
        database.setConnectOptions("QSQLITE_OPEN_READONLY");
        database.setDatabaseName(QString::fromStdString(run + "/run.sqlite"));
        if (!database.open())
            qWarning("%s", qPrintable(database.lastError().text()));
        QSqlQuery query(database);
        if (query.exec(sql) && query.next())
            answer = query.value(0);
        else
            qWarning("%s", qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase("other");
    return answer;
}

std::unique_ptr<RunFolder> make(const QTemporaryDir& folder) {
    auto made = RunFolder::create(folder.filePath("runs").toStdString(), madeExperiment(), madeOrigin());
    if (!made)
        qFatal("%s", made.error().message.c_str());
    return *std::move(made);
}

QStringList everythingIn(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
}

/// Runs `test` in a child, which says nothing or what was wrong; as an ordinary user when this is root.
QByteArray asOrdinaryUser(const std::function<std::string()>& test) {
    int ends[2];
    if (pipe(ends) != 0)
        return "no pipe";
    const pid_t child = fork();
    if (child == 0) {
        std::string said = geteuid() == 0 && setuid(65534) != 0 ? "still root" : test();
        const ssize_t written = ::write(ends[1], said.data(), said.size());
        _exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
    }
    close(ends[1]);
    QByteArray said;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
        said.append(buffer, static_cast<qsizetype>(got));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return status == 0 ? said : said + " (child failed)";
}

bool sameStep(const StepRecord& a, const StepRecord& b) {
    const bool sameLoss = a.loss == b.loss || (std::isnan(a.loss) && std::isnan(b.loss));
    return a.step == b.step && a.candidates == b.candidates && a.kept == b.kept &&
           a.keptWithGold == b.keptWithGold && a.keptRight == b.keptRight && sameLoss &&
           a.learningRate == b.learningRate;
}

bool sameMetrics(const Metrics& a, const Metrics& b) {
    return a.rows == b.rows && a.accuracy == b.accuracy && a.macroF1 == b.macroF1 && a.loss == b.loss &&
           a.precision == b.precision && a.recall == b.recall && a.f1 == b.f1 && a.confusion == b.confusion;
}

bool sameCounts(const SampleCounts& a, const SampleCounts& b) {
    return a.total == b.total && a.seen == b.seen && a.gradient == b.gradient && a.distinct == b.distinct &&
           a.scoringFlops == b.scoringFlops && a.trainingFlops == b.trainingFlops;
}

} // namespace

class RunFolderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void makesAWholeFolder();
    void namesNeverMeet();
    void aStrangeName();
    void theYamlIsResolved();
    void readsBackEverythingRecorded();
    void readsARunThatGoesOn();
    void aClosedRunIsOneFile();
    void openedFromAReadOnlyCopy();
    void othersReadTheTables();
    void recordsQuickly();
    void allOrNothing();
    void notWritable();
    void runsFolderIsAFile();
    void runsFolderBelowAFile();
    void sweepsWhatWasLeftUnfinished();
    void notARun_data();
    void notARun();
    void aDamagedDatabase();
    void aNewerFormat();
    void removes();
    void knowsItsDisk();
};

void RunFolderTest::makesAWholeFolder() {
    const QTemporaryDir folder;
    const auto run = make(folder);
    QCOMPARE(everythingIn(folder.filePath("runs")).size(), 1);
    const auto inside = everythingIn(QString::fromStdString(run->path()));
    for (const char* name : {"experiment.yaml", "run.sqlite", "checkpoints", "output"})
        QVERIFY2(inside.contains(name), name);
    QCOMPARE(run->checkpointFolder(), run->path() + "/checkpoints");
    const QRegularExpression pattern("/runs/\\d{4}-\\d\\d-\\d\\dT\\d{6}\\.\\d{3}-\\d{4}-made$");
    QVERIFY2(pattern.match(QString::fromStdString(run->path())).hasMatch(), run->path().c_str());
    QCOMPARE(ask(run->path(), "PRAGMA journal_mode").toString(), QString("wal"));
}

void RunFolderTest::namesNeverMeet() {
    const QTemporaryDir folder;
    std::set<std::string> paths;
    for (int i = 0; i < 50; ++i)
        paths.insert(make(folder)->path());
    QCOMPARE(paths.size(), std::size_t{50});
    QCOMPARE(everythingIn(folder.filePath("runs")).size(), 50);
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
    const auto run = make(folder);
    const auto read = readExperiment(run->path() + "/experiment.yaml");
    QVERIFY(read);
    QVERIFY(*read == madeExperiment());

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

void RunFolderTest::readsBackEverythingRecorded() {
    const QTemporaryDir folder;
    const auto run = make(folder);
    StartedEvent started{1000, 10, 16, 64, 3, "cpu", 2, 0.5};
    EditedEvent edit{17, {{"selection.decay", "0.99", "0.9"}, {"selection.clip", "[0, 1]", "[0.1, 1]"}}};
    EvaluationEvent test = madeEvaluation(99);
    test.split = Split::Test;
    test.best = false;
    test.metrics = {};
    QVERIFY(run->record(
        {started, madeSteps(1, 40), MessageEvent{"first"}, StateEvent{SessionState::Paused, 40}}));
    QVERIFY(run->record(
        {edit, EditedEvent{18, {}}, EditedEvent{18, {{"a", "", "b"}}}, AcknowledgedEvent{1, 40, ""}}));
    QVERIFY(run->record(
        {madeSteps(41, 99), madeEvaluation(99), test, CheckpointEvent{99, "checkpoints/000099", true}}));
    QVERIFY(run->record({MessageEvent{"zweite: 漢 'quoted'"}, madeEnd()}));
    QVERIFY(run->close());
    QVERIFY(!run->record({MessageEvent{"too late"}}));
    QDir().mkpath(QString::fromStdString(run->checkpointFolder() + "/best"));
    std::ofstream(run->checkpointFolder() + "/best/student.safetensors") << "x";

    const auto stored = StoredRun::open(run->path());
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    QCOMPARE(stored->path, run->path());
    QCOMPARE(stored->origin.classes, madeOrigin().classes);
    QCOMPARE(stored->origin.version, std::string("0.1.0"));
    QCOMPARE(stored->origin.device, std::string("cpu"));
    QCOMPARE(stored->origin.threads, 2);
    QCOMPARE(stored->origin.torchVersion, std::string("1.13.1"));
    QCOMPARE(stored->origin.blas, std::string("OpenBLAS 0.3.21"));
    QCOMPARE(stored->origin.dataRoot, std::string("/data root"));
    QCOMPARE(stored->origin.teacherRows, std::int64_t{1000});
    QCOMPARE(stored->origin.teacherAccuracy, 0.68);
    QCOMPARE(stored->origin.teacherMacroF1, 0.61);
    QCOMPARE(stored->started.samples, std::int64_t{1000});
    QCOMPARE(stored->started.stepsPerEpoch, std::int64_t{16});
    QCOMPARE(stored->started.prepareSeconds, 0.5);

    QCOMPARE(stored->steps.size(), std::size_t{99});
    for (std::size_t i = 0; i < 99; ++i)
        QVERIFY(sameStep(stored->steps[i], madeStep(static_cast<std::int64_t>(i) + 1)));
    QCOMPARE(stored->windows.size(), std::size_t{2});
    const WindowRecord& window = stored->windows[1];
    const WindowRecord expected = madeSteps(41, 99).windows[0];
    QCOMPARE(window.firstStep, expected.firstStep);
    QCOMPARE(window.candidatesByClass, expected.candidatesByClass);
    QCOMPARE(window.keptByClass, expected.keptByClass);
    QVERIFY(window.confidenceAll == expected.confidenceAll);
    QVERIFY(window.confidenceKept == expected.confidenceKept);
    QCOMPARE(window.thresholds.teacher, expected.thresholds.teacher); // to the last bit
    QCOMPARE(window.thresholds.student, expected.thresholds.student);

    QCOMPARE(stored->evaluations.size(), std::size_t{2});
    const EvaluationEvent& evaluation = stored->evaluations[0];
    QCOMPARE(evaluation.split, Split::Validation);
    QCOMPARE(evaluation.step, std::int64_t{99});
    QCOMPARE(evaluation.epoch, 1.5);
    QVERIFY(evaluation.best);
    QCOMPARE(evaluation.meanUncertainty, 0.75);
    QVERIFY(sameMetrics(evaluation.metrics, madeEvaluation(99).metrics));
    QVERIFY(sameCounts(evaluation.counts, madeEvaluation(99).counts));
    QCOMPARE(stored->evaluations[1].split, Split::Test);
    QVERIFY(sameMetrics(stored->evaluations[1].metrics, Metrics{}));

    QCOMPARE(stored->edits.size(), std::size_t{3});
    QCOMPARE(stored->edits[0].changes.size(), std::size_t{2});
    QCOMPARE(stored->edits[0].changes[1].to, std::string("[0.1, 1]"));
    QVERIFY(stored->edits[1].changes.empty());
    QCOMPARE(stored->edits[2].changes[0].key, std::string("a"));
    QCOMPARE(stored->checkpoints.size(), std::size_t{1});
    QCOMPARE(stored->checkpoints[0].folder, std::string("checkpoints/000099"));
    QCOMPARE(stored->messages, (std::vector<std::string>{"first", "zweite: 漢 'quoted'"}));

    QVERIFY(stored->finished);
    QCOMPARE(stored->end.outcome, Outcome::Completed);
    QVERIFY(sameMetrics(stored->end.validation, madeEnd().validation));
    QVERIFY(sameMetrics(stored->end.test, madeEnd().test));
    QVERIFY(sameCounts(stored->end.counts, madeEnd().counts));
    QCOMPARE(stored->end.keptRight, std::int64_t{650});
    QCOMPARE(stored->end.trainSeconds, 12.5);
    QCOMPARE(stored->bestStudent, run->checkpointFolder() + "/best/student.safetensors");
}

void RunFolderTest::readsARunThatGoesOn() {
    const QTemporaryDir folder;
    const auto run = make(folder);
    auto stored = StoredRun::open(run->path());
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    QVERIFY(stored->steps.empty() && !stored->finished && stored->bestStudent.empty());
    QVERIFY(run->record({madeSteps(1, 10)}));
    stored = StoredRun::open(run->path());
    QVERIFY(stored);
    QCOMPARE(stored->steps.size(), std::size_t{10});
    QVERIFY(run->record({madeSteps(11, 12)})); // the reader does not disturb the writer
}

void RunFolderTest::aClosedRunIsOneFile() {
    const QTemporaryDir folder;
    const auto run = make(folder);
    QVERIFY(run->record({madeSteps(1, 10)}));
    QVERIFY(QFile::exists(QString::fromStdString(run->path() + "/run.sqlite-wal")));
    QVERIFY(run->close());
    QVERIFY(run->close()); // again: nothing
    QVERIFY(!QFile::exists(QString::fromStdString(run->path() + "/run.sqlite-wal")));
    QVERIFY(!QFile::exists(QString::fromStdString(run->path() + "/run.sqlite-shm")));
}

void RunFolderTest::openedFromAReadOnlyCopy() {
    const QTemporaryDir folder;
    const auto run = make(folder);
    QVERIFY(run->record({madeSteps(1, 10), madeEnd()}));
    QVERIFY(run->close());
    chmod(folder.path().toLocal8Bit().constData(), 0755);
    chmod(run->path().c_str(), 0555);
    const auto said = asOrdinaryUser([&]() -> std::string {
        const auto stored = StoredRun::open(run->path());
        return !stored ? stored.error().message : stored->steps.size() == 10 ? "" : "steps are missing";
    });
    chmod(run->path().c_str(), 0755);
    QCOMPARE(said, QByteArray());
}

void RunFolderTest::othersReadTheTables() {
    const QTemporaryDir folder;
    const auto run = make(folder);
    QVERIFY(run->record(
        {madeSteps(1, 60), madeEvaluation(60), EditedEvent{7, {{"selection.decay", "0.99", "0.9"}}}}));
    const auto& path = run->path();
    QCOMPARE(ask(path, "SELECT value FROM meta WHERE key = 'classes'").toString(),
             QString::fromUtf8("[\"a\",\"b \\\"quoted\\\"\",\"ü\"]"));
    QCOMPARE(ask(path, "SELECT count(*) FROM steps").toInt(), 60);
    QCOMPARE(ask(path, "SELECT sum(kept) FROM steps").toInt(), 2 * (29 * 30 / 2));
    QVERIFY(ask(path, "SELECT loss FROM steps WHERE step = 30").isNull());
    QCOMPARE(ask(path, "SELECT json_extract(candidates_by_class, '$[2]') FROM windows").toInt(), 60);
    QCOMPARE(ask(path, "SELECT json_extract(confidence_all, '$[99]') FROM windows").toInt(), 70000);
    QCOMPARE(
        ask(path, "SELECT json_extract(student_by_class, '$[1]') FROM thresholds WHERE step = 60").toDouble(),
        0.25);
    QCOMPARE(ask(path, "SELECT seen FROM progress").toInt(), 60 * 64);
    QCOMPARE(ask(path, "SELECT recall FROM evaluation_classes WHERE class = 1").toDouble(), 0.75);
    QCOMPARE(ask(path, "SELECT new FROM edits WHERE key = 'selection.decay'").toString(), QString("0.9"));
    QCOMPARE(ask(path, "PRAGMA user_version").toInt(), 1);
    QVERIFY(ask(path, "SELECT sql FROM sqlite_schema WHERE name = 'steps'")
                .toString()
                .contains("-- by the selection"));
}

void RunFolderTest::recordsQuickly() {
    const QTemporaryDir folder;
    const auto run = make(folder);
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
    const auto run = make(folder);
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
    const auto run = make(folder);
    const auto left = everythingIn(folder.filePath("runs"));
    QVERIFY(!left.contains(".unfinished-old"));
    QVERIFY(left.contains(".unfinished-new")); // another process may be at it
}

void RunFolderTest::notARun_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("ending");
    QTest::newRow("missing") << "no"
                             << ": there is no such run";
    QTest::newRow("a file") << "file"
                            << " is a file, not a run's folder";
    QTest::newRow("a folder") << "folder"
                              << " is not a run's folder: there is no run.sqlite in it";
    QTest::newRow("an empty database")
        << "empty"
        << "/run.sqlite is not a run's database; it was not written by Stillroom";
    QTest::newRow("a text as database") << "text"
                                        << "/run.sqlite is damaged (file is not a database)";
    QTest::newRow("a folder as database") << "nested"
                                          << "";
}

void RunFolderTest::notARun() {
    QFETCH(QString, path);
    QFETCH(QString, ending);
    const QTemporaryDir folder;
    std::ofstream(folder.filePath("file").toStdString()) << "mine";
    for (const char* name : {"folder", "empty", "text", "nested/run.sqlite"})
        QDir().mkpath(folder.filePath(name));
    std::ofstream(folder.filePath("empty/run.sqlite").toStdString());
    std::ofstream(folder.filePath("text/run.sqlite").toStdString()) << std::string(5000, 'x');
    const auto stored = StoredRun::open(folder.filePath(path).toStdString());
    QVERIFY(!stored);
    const auto message = QString::fromStdString(stored.error().message);
    QVERIFY2(message.startsWith(folder.filePath(path)) && message.endsWith(ending), qPrintable(message));
}

void RunFolderTest::aDamagedDatabase() {
    const QTemporaryDir folder;
    const auto run = make(folder);
    QVERIFY(run->record({madeSteps(1, 5000)}));
    QVERIFY(run->close());
    const std::string file = run->path() + "/run.sqlite";
    std::fstream damage(file, std::ios::in | std::ios::out | std::ios::binary);
    damage.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file) / 2));
    damage << std::string(20000, '\xA5');
    damage.close();
    const auto stored = StoredRun::open(run->path());
    QVERIFY(!stored);
    QVERIFY2(stored.error().message.find(file + " is damaged (") == 0, stored.error().message.c_str());
}

void RunFolderTest::aNewerFormat() {
    const QTemporaryDir folder;
    const auto run = make(folder);
    QVERIFY(run->close());
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "newer");
        database.setDatabaseName(QString::fromStdString(run->path() + "/run.sqlite"));
        QVERIFY(database.open());
        QVERIFY(QSqlQuery(database).exec("PRAGMA user_version = 7"));
        database.close();
    }
    QSqlDatabase::removeDatabase("newer");
    const auto stored = StoredRun::open(run->path());
    QVERIFY(!stored);
    QCOMPARE(stored.error().message, run->path() +
                                         "/run.sqlite was written by a newer Stillroom (format 7, this one "
                                         "reads up to 1); update Stillroom to open it");
}

void RunFolderTest::removes() {
    const QTemporaryDir folder;
    const auto run = make(folder);
    QVERIFY(run->record({madeSteps(1, 5)}));
    QVERIFY(run->remove());
    QVERIFY(everythingIn(folder.filePath("runs")).isEmpty());
}

void RunFolderTest::knowsItsDisk() {
    QVERIFY(!isOnNetworkDisk("/dev/shm")); // memory
    QVERIFY(!isOnNetworkDisk("/no/such/folder"));
}

QTEST_GUILESS_MAIN(RunFolderTest)
#include "run_folder_test.moc"
