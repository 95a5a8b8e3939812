#include "core/experiment/run.h"

#include "fake_engine.h"
#include "run_fixture.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace stillroom;
using namespace std::chrono_literals;

namespace {

/// Four training rows, two classes; the teacher is wrong on one of the three that have gold and knows nothing
/// of the last.
DistillationSet madeSet() {
    DatasetBuilder builder;
    builder.add("1", "a", 0, Split::Train);
    builder.add("2", "b", 1, Split::Train);
    builder.add("3", "c", 1, Split::Train);
    builder.add("4", "d", Dataset::NoLabel, Split::Train);
    auto data = std::make_shared<const Dataset>(builder.finish({"no", "yes"}));
    auto teacher = std::make_shared<TeacherOutputs>(data->size(), 2);
    teacher->set(0, 0, 0.9F, TeacherOrigin::Stated);
    teacher->set(1, 1, 0.9F, TeacherOrigin::Stated);
    teacher->set(2, 0, 0.9F, TeacherOrigin::Stated);
    return {data, teacher};
}

RunOptions optionsIn(const QTemporaryDir& folder) {
    RunOptions options;
    options.runsFolder = folder.filePath("runs").toStdString();
    options.dataRoot = "/data";
    return options;
}

/// Steps until it is stopped, a hundred events a second or so, or as fast as it can.
void trainForever(FakeSession& session, std::chrono::microseconds pause) {
    session.say(StartedEvent{3, 10, 1, 64, 2, "cpu", 4, 0});
    std::int64_t step = 0;
    for (; !session.stopped(); step += 10) {
        session.say(madeSteps(step + 1, step + 10));
        session.answer(step + 10);
        if (pause.count() > 0)
            std::this_thread::sleep_for(pause);
    }
    session.answer(step);
    FinishedEvent end = madeEnd(Outcome::Stopped);
    end.step = step;
    session.say(end);
}

std::vector<Event> drainToTheEnd(Run& run) {
    std::vector<Event> all;
    QElapsedTimer timer;
    timer.start();
    while (!run.finished() && timer.elapsed() < 60'000)
        for (auto& event : run.wait(100ms))
            all.push_back(std::move(event));
    return all;
}

template <class What>
std::vector<What> allOf(const std::vector<Event>& events) {
    std::vector<What> found;
    for (const auto& event : events)
        if (const auto* what = std::get_if<What>(&event))
            found.push_back(*what);
    return found;
}

/// Another program's connection to a run, with write access.
class Intruder {
  public:
    explicit Intruder(const std::string& run) : database_(QSqlDatabase::addDatabase("QSQLITE", "intruder")) {
        database_.setDatabaseName(QString::fromStdString(run + "/run.sqlite"));
        if (!database_.open())
            qFatal("%s", qPrintable(database_.lastError().text()));
    }
    ~Intruder() {
        database_.close();
        database_ = {};
        QSqlDatabase::removeDatabase("intruder");
    }
    bool execute(const char* sql) { return QSqlQuery(database_).exec(sql); }

  private:
    QSqlDatabase database_;
};

} // namespace

class RunTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void fromStartToEnd();
    void passesOnWhatTheSessionNeeds();
    void whatIsShownIsOnTheDisk();
    void aBadExperimentLeavesNothing();
    void aSessionThatCannotStartLeavesNothing();
    void anUnwritableRunsFolder();
    void commandsAreAnswered();
    void leavingStopsTheTraining();
    void leavingAtOnce();
    void trainingWaitsForTheDisk();
    void aRecorderThatFails();
    void leavingWhileTheRecorderFails();
    void aViewThatNeverLooks();
};

void RunTest::fromStartToEnd() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession& session) {
        session.say(StartedEvent{3, 1, 1, 64, 2, "cpu", 4, 0.5});
        session.say(madeSteps(1, 100));
        session.say(madeEvaluation(100));
        session.say(madeEnd());
    });
    auto run = Run::start(engine, madeExperiment(), madeSet(), optionsIn(folder));
    QVERIFY2(run, run ? "" : run.error().message.c_str());
    QVERIFY((*run)->folder().find(folder.filePath("runs/").toStdString()) == 0);
    QVERIFY(!(*run)->finished());
    const auto events = drainToTheEnd(**run);
    QCOMPARE(events.size(), std::size_t{4});
    QCOMPARE(std::get<FinishedEvent>(events.back()).outcome, Outcome::Completed);
    QVERIFY((*run)->finished());
    QVERIFY((*run)->drain().empty());
    // The folder is a whole when the view hears of the end, though the run still lives.
    QVERIFY(!QFile::exists(QString::fromStdString((*run)->folder() + "/run.sqlite-wal")));

    const auto stored = StoredRun::open((*run)->folder());
    QVERIFY(stored);
    QCOMPARE(stored->steps.size(), std::size_t{100});
    QVERIFY(stored->finished);
    QCOMPARE(stored->origin.classes, (std::vector<std::string>{"no", "yes"}));
    QCOMPARE(stored->origin.torchVersion, std::string("9.9"));
    QCOMPARE(stored->origin.blas, std::string("NoBLAS"));
    QCOMPARE(stored->origin.version, std::string(STILLROOM_VERSION));
    QCOMPARE(stored->origin.device, std::string("cpu"));
    QCOMPARE(stored->origin.threads, 4);
    QCOMPARE(stored->origin.dataRoot, std::string("/data"));
    QCOMPARE(stored->origin.teacherRows, std::int64_t{3});
    QCOMPARE(stored->origin.teacherAccuracy, 2.0 / 3);
    QCOMPARE(stored->experiment.training.threads, std::int64_t{4}); // resolved
}

void RunTest::passesOnWhatTheSessionNeeds() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession& session) { session.say(madeEnd()); });
    Experiment experiment = madeExperiment();
    experiment.student.dimensions = 17;
    experiment.loss.mix = 0.25;
    experiment.training.seed = 42;
    RunOptions options = optionsIn(folder);
    options.startPaused = true;
    options.niceness = 3;
    options.messages = {"what went before"};
    const auto set = madeSet();
    const auto run = Run::start(engine, experiment, set, options);
    QVERIFY(run);
    const SessionSpec& spec = engine.lastSpec;
    QCOMPARE(spec.set.data.get(), set.data.get());
    QVERIFY(spec.student == experiment.student);
    QVERIFY(spec.selection == experiment.selection);
    QVERIFY(spec.loss == experiment.loss);
    QVERIFY(spec.training == experiment.training);
    QCOMPARE(spec.checkpointFolder, (*run)->folder() + "/checkpoints");
    QVERIFY(QDir(QString::fromStdString(spec.checkpointFolder)).exists());
    QVERIFY(spec.startPaused);
    QCOMPARE(spec.niceness, 3);
    const auto events = drainToTheEnd(**run);
    QCOMPARE(std::get<MessageEvent>(events.front()).text, options.messages[0]);
    QCOMPARE(StoredRun::open((*run)->folder())->messages, options.messages);
}

void RunTest::whatIsShownIsOnTheDisk() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession& session) { trainForever(session, 200us); });
    const auto run = Run::start(engine, madeExperiment(), madeSet(), optionsIn(folder));
    QVERIFY(run);
    std::int64_t shown = 0;
    while (shown < 500) {
        for (const auto& steps : allOf<StepsEvent>((*run)->wait(1s)))
            shown = steps.steps.back().step;
        QVERIFY(ask((*run)->folder(), "SELECT coalesce(max(step), 0) FROM steps").toInt() >= shown);
    }
}

void RunTest::aBadExperimentLeavesNothing() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession&) {});
    Experiment experiment = madeExperiment();
    experiment.training.epochs = 0;
    const auto run = Run::start(engine, experiment, madeSet(), optionsIn(folder));
    QVERIFY(!run);
    QVERIFY(run.error().message.find("training.epochs is 0") == 0);
    QVERIFY(everythingIn(folder.path()).isEmpty());
}

void RunTest::aSessionThatCannotStartLeavesNothing() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession&) {});
    engine.refusal = "there is no cuda:3";
    const auto run = Run::start(engine, madeExperiment(), madeSet(), optionsIn(folder));
    QVERIFY(!run);
    QCOMPARE(run.error().message, std::string("there is no cuda:3"));
    QVERIFY(everythingIn(folder.filePath("runs")).isEmpty());
}

void RunTest::anUnwritableRunsFolder() {
    const QTemporaryDir folder;
    QFile file(folder.filePath("runs"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    FakeEngine engine([](FakeSession&) {});
    const auto run = Run::start(engine, madeExperiment(), madeSet(), optionsIn(folder));
    QVERIFY(!run);
    QCOMPARE(run.error().kind, ErrorKind::BadInput);
    QVERIFY(engine.session == nullptr);
}

void RunTest::commandsAreAnswered() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession& session) { trainForever(session, 1ms); });
    const auto run = Run::start(engine, madeExperiment(), madeSet(), optionsIn(folder));
    QVERIFY(run);
    QCOMPARE((*run)->send(PauseCommand{}), std::uint64_t{1});
    QCOMPARE((*run)->send(StopCommand{}), std::uint64_t{2});
    const auto events = drainToTheEnd(**run);
    const auto answers = allOf<AcknowledgedEvent>(events);
    QCOMPARE(answers.size(), std::size_t{2});
    QCOMPARE(answers[1].command, std::uint64_t{2});
    QCOMPARE(allOf<FinishedEvent>(events).front().outcome, Outcome::Stopped);
}

void RunTest::leavingStopsTheTraining() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession& session) { trainForever(session, 0us); });
    std::string path;
    {
        const auto run = Run::start(engine, madeExperiment(), madeSet(), optionsIn(folder));
        QVERIFY(run);
        path = (*run)->folder();
        std::this_thread::sleep_for(100ms);
    }
    const auto stored = StoredRun::open(path);
    QVERIFY(stored);
    QVERIFY(stored->finished); // everything that was said is recorded, the end too
    QCOMPARE(stored->end.outcome, Outcome::Stopped);
    QCOMPARE(stored->end.step, static_cast<std::int64_t>(stored->steps.size()));
    QVERIFY(!QFile::exists(QString::fromStdString(path + "/run.sqlite-wal")));
}

void RunTest::leavingAtOnce() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession& session) { trainForever(session, 0us); });
    for (int i = 0; i < 20; ++i)
        QVERIFY(Run::start(engine, madeExperiment(), madeSet(), optionsIn(folder)));
    for (const auto& name : everythingIn(folder.filePath("runs"))) {
        const auto stored = StoredRun::open(folder.filePath("runs/" + name).toStdString());
        QVERIFY(stored && stored->finished);
    }
}

void RunTest::trainingWaitsForTheDisk() {
    const QTemporaryDir folder;
    // Paused until the database is locked by somebody else, as a slow disk would hold it up.
    std::atomic<bool> go = false;
    FakeEngine waiting([&](FakeSession& session) {
        while (!go)
            std::this_thread::sleep_for(1ms);
        for (std::int64_t step = 1; step <= 2000; ++step)
            session.say(madeSteps(step, step));
        session.say(madeEnd());
    });
    const auto run = Run::start(waiting, madeExperiment(), madeSet(), optionsIn(folder));
    QVERIFY(run);
    {
        Intruder intruder((*run)->folder());
        QVERIFY(intruder.execute("BEGIN IMMEDIATE"));
        go = true;
        std::this_thread::sleep_for(500ms);
        const int said = waiting.session->said();
        QVERIFY2(said >= 256 && said < 1000, qPrintable(QString::number(said))); // the queue is full
        std::this_thread::sleep_for(100ms);
        QCOMPARE(waiting.session->said(), said); // and training waits
        QVERIFY((*run)->drain().empty());        // nothing is shown that is not on the disk
        QVERIFY(intruder.execute("ROLLBACK"));
    }
    const auto events = drainToTheEnd(**run);
    std::size_t steps = 0;
    for (const auto& event : allOf<StepsEvent>(events))
        steps += event.steps.size();
    QCOMPARE(steps, std::size_t{2000});
    QCOMPARE(StoredRun::open((*run)->folder())->steps.size(), std::size_t{2000});
}

void RunTest::aRecorderThatFails() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession& session) {
        while (session.said() < 5'000 && !session.stopped()) {
            session.say(madeSteps(session.said() + 1, session.said() + 1));
            session.say(CheckpointEvent{session.said(), "checkpoints/x", false});
            std::this_thread::sleep_for(100us);
        }
        for (int i = 0; i < 1000; ++i) // many more than the queue holds: they must not hold the session up
            session.say(EvaluationEvent{});
        session.answer(7);
        session.say(madeEnd(Outcome::Stopped));
    });
    const auto run = Run::start(engine, madeExperiment(), madeSet(), optionsIn(folder));
    QVERIFY(run);
    std::this_thread::sleep_for(50ms);
    {
        Intruder intruder((*run)->folder());
        QVERIFY(intruder.execute("DROP TABLE checkpoints"));
    }
    const auto events = drainToTheEnd(**run);
    QCOMPARE(engine.stops, 1);
    const auto messages = allOf<MessageEvent>(events);
    QCOMPARE(messages.size(), std::size_t{1});
    QVERIFY2(messages[0].text.find("cannot be recorded any more and is stopped: ") != std::string::npos,
             messages[0].text.c_str());
    const auto end = allOf<FinishedEvent>(events);
    QCOMPARE(end.size(), std::size_t{1});
    QCOMPARE(end[0].outcome, Outcome::Failed);
    QVERIFY(end[0].error.find("no such table: checkpoints") != std::string::npos);
    QVERIFY(allOf<EvaluationEvent>(events).empty()); // not recorded, so not reported
    QCOMPARE(allOf<AcknowledgedEvent>(events).size(), std::size_t{1});

    // What could not be written does not keep the end from being written.
    QCOMPARE(ask((*run)->folder(), "SELECT outcome FROM result").toString(), QString("failed"));
    QVERIFY(ask((*run)->folder(), "SELECT count(*) FROM steps").toInt() > 0);
}

void RunTest::leavingWhileTheRecorderFails() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession& session) { trainForever(session, 0us); });
    for (int i = 0; i < 10; ++i) {
        auto run = Run::start(engine, madeExperiment(), madeSet(), optionsIn(folder));
        QVERIFY(run);
        {
            Intruder intruder((*run)->folder());
            QVERIFY(intruder.execute("DROP TABLE windows"));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(i % 5));
        run->reset();
    }
}

void RunTest::aViewThatNeverLooks() {
    const QTemporaryDir folder;
    FakeEngine engine([](FakeSession& session) {
        for (std::int64_t step = 0; step < 300'000; step += 1000)
            session.say(madeSteps(step + 1, step + 1000));
        session.say(madeEnd());
    });
    const auto run = Run::start(engine, madeExperiment(), madeSet(), optionsIn(folder));
    QVERIFY(run);
    QVERIFY(QTest::qWaitFor([&] { return StoredRun::open((*run)->folder())->finished; }, 60'000));
    std::this_thread::sleep_for(200ms); // the end is on the disk a moment before it is shown
    std::size_t records = 0;
    std::int64_t candidates = 0;
    for (const auto& event : allOf<StepsEvent>(drainToTheEnd(**run))) {
        records += event.steps.size();
        for (const auto& step : event.steps)
            candidates += step.candidates;
    }
    QVERIFY(records <= 2 * 65'536); // twice: a busy machine may deliver the last ones apart
    QCOMPARE(candidates, std::int64_t{300'000 * 64});
}

QTEST_GUILESS_MAIN(RunTest)
#include "run_test.moc"
