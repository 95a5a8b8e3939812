// StoredRun of core/experiment/run_folder.h.
#include "core/experiment/run_folder.h"

#include "run_fixture.h"

#include <QtTest>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace stillroom;

namespace {

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

class StoredRunTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void readsBackEverythingRecorded();
    void readsARunThatGoesOn();
    void openedFromAReadOnlyCopy();
    void othersReadTheTables();
    void notARun_data();
    void notARun();
    void aDamagedDatabase();
    void aNewerFormat();
};

void StoredRunTest::readsBackEverythingRecorded() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
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

void StoredRunTest::readsARunThatGoesOn() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
    auto stored = StoredRun::open(run->path());
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    QVERIFY(stored->steps.empty() && !stored->finished && stored->bestStudent.empty());
    QVERIFY(run->record({madeSteps(1, 10)}));
    stored = StoredRun::open(run->path());
    QVERIFY(stored);
    QCOMPARE(stored->steps.size(), std::size_t{10});
    QVERIFY(run->record({madeSteps(11, 12)})); // the reader does not disturb the writer
}

void StoredRunTest::openedFromAReadOnlyCopy() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
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

void StoredRunTest::othersReadTheTables() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
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
    QCOMPARE(ask(path, "PRAGMA user_version").toInt(), 3);
    QVERIFY(ask(path, "SELECT sql FROM sqlite_schema WHERE name = 'steps'")
                .toString()
                .contains("-- by the selection"));
}

void StoredRunTest::notARun_data() {
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

void StoredRunTest::notARun() {
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

void StoredRunTest::aDamagedDatabase() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
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

void StoredRunTest::aNewerFormat() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
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
                                         "reads up to 3); update Stillroom to open it");
}

QTEST_GUILESS_MAIN(StoredRunTest)
#include "stored_run_test.moc"
