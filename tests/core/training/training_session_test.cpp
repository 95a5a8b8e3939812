// A session from outside: what it says, what it counts, how it takes commands.
#include "session_fixture.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <set>

using namespace stillroom;

namespace {

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Runs to the end; the student's bytes when a folder is given.
std::unique_ptr<EventLog> runToEnd(SessionSpec spec, QByteArray* student = nullptr) {
    QTemporaryDir folder;
    if (student)
        spec.checkpointFolder = folder.path().toStdString();
    auto log = std::make_unique<EventLog>();
    auto session = startTrainingSession(std::move(spec), log->sink());
    if (!session)
        qFatal("%s", session.error().message.c_str());
    if (!log->waitForEnd())
        qFatal("the session did not end");
    if (student)
        *student = bytesOf(folder.filePath("best/student.safetensors"));
    return log;
}

} // namespace

class TrainingSessionTest : public QObject {
    Q_OBJECT
    const DistillationSet task_ = makeTask(3000);

  private Q_SLOTS:
    void learnsAndCounts() {
        SessionSpec spec = specFor(task_);
        spec.selection.rule = RuleKind::All;
        const auto log = runToEnd(spec);
        const auto end = log->end();
        QCOMPARE(end.outcome, Outcome::Completed);
        QVERIFY2(end.test.accuracy > 0.9, qPrintable(QString::number(end.test.accuracy)));
        // Row by row the same as in sum.
        QCOMPARE(end.testRows.size(), std::size_t(600));
        std::vector<std::int64_t> confusion(9);
        for (std::size_t i = 0; i < end.testRows.size(); ++i) {
            QCOMPARE(end.testRows[i], task_.data->rows(Split::Test)[i]);
            QCOMPARE(end.testGold[i], task_.data->gold(end.testRows[i]));
            ++confusion[static_cast<std::size_t>(3 * end.testGold[i] + end.testPredicted[i])];
        }
        QCOMPARE(confusion, end.test.confusion);
        QCOMPARE(end.counts.total, 1800);
        QCOMPARE(end.counts.gradient, 3 * 1800);
        QCOMPARE(end.counts.distinct, 1800);
        QCOMPARE(end.counts.seen, 0); // `all` needs no scores
        QCOMPARE(end.keptWithGold, 3 * 1800);
        const auto steps = log->steps();
        QCOMPARE(steps.size(), std::size_t(3 * 57)); // 1800 / 32 = 56.25
        for (std::size_t i = 0; i < steps.size(); ++i)
            QCOMPARE(steps[i].step, std::int64_t(i + 1));
        QCOMPARE(steps.back().candidates, 1800 - 56 * 32);
        QVERIFY(steps.front().learningRate == 1.0F && steps.back().learningRate < 0.01F);
        QVERIFY(steps.back().loss < steps.front().loss);
    }

    void llkdScoresEverythingAndLearnsFromLess() {
        SessionSpec spec = specFor(task_);
        spec.selection.rule = RuleKind::Llkd;
        const auto log = runToEnd(spec);
        const auto end = log->end();
        QCOMPARE(end.counts.seen, 3 * 1800);
        QVERIFY(end.counts.gradient > 0 && end.counts.gradient < 3 * 1800);
        QVERIFY(end.counts.distinct <= end.counts.gradient && end.counts.distinct < 1800);
        std::int64_t kept = 0;
        std::int64_t right = 0;
        for (const auto& step : log->steps()) {
            kept += step.kept;
            right += step.keptRight;
        }
        QCOMPARE(kept, end.counts.gradient);
        QCOMPARE(right, end.keptRight);
        // What was kept by class over the windows is what was kept in steps.
        std::int64_t windows = 0;
        std::int64_t histogram = 0;
        std::int64_t last = 0;
        for (const auto& event : log->all<StepsEvent>()) {
            QVERIFY(event.memoryBytes > 0);
            for (const auto& window : event.windows) {
                QCOMPARE(window.firstStep, last + 1);
                last = window.lastStep;
                QCOMPARE(window.thresholds.teacher.size(), std::size_t(3));
                QCOMPARE(window.thresholds.student.size(), std::size_t(3));
                for (const auto k : window.keptByClass)
                    windows += k;
                for (const auto k : window.confidenceKept)
                    histogram += k;
            }
        }
        QCOMPARE(windows, kept);
        QCOMPARE(histogram, kept);
        QCOMPARE(last, std::int64_t(3 * 57));
        QVERIFY(end.counts.scoringFlops > 0 && end.counts.trainingFlops > 0);
    }

    void orderOfEvents() {
        const auto log = runToEnd(specFor(task_));
        const auto events = log->events();
        QVERIFY(std::holds_alternative<StartedEvent>(events.front()));
        QVERIFY(std::holds_alternative<FinishedEvent>(events.back()));
        std::vector<double> epochs;
        for (const auto& evaluation : log->all<EvaluationEvent>())
            if (evaluation.split == Split::Validation)
                epochs.push_back(evaluation.epoch);
        QCOMPARE(epochs, (std::vector<double>{1, 2, 3}));
        // An evaluation comes when all steps before it were told.
        std::int64_t told = 0;
        for (const auto& event : events) {
            if (const auto* steps = std::get_if<StepsEvent>(&event))
                told = steps->steps.back().step;
            if (const auto* evaluation = std::get_if<EvaluationEvent>(&event);
                evaluation && evaluation->split == Split::Validation)
                QCOMPARE(told, evaluation->step);
        }
    }

    void bestIsTheHighestAndTheEarlier() {
        const auto log = runToEnd(specFor(task_));
        double best = -1;
        Metrics bestMetrics;
        for (const auto& evaluation : log->all<EvaluationEvent>()) {
            if (evaluation.split != Split::Validation)
                continue;
            QCOMPARE(evaluation.best, evaluation.metrics.macroF1 > best);
            if (evaluation.best) {
                best = evaluation.metrics.macroF1;
                bestMetrics = evaluation.metrics;
            }
        }
        QCOMPARE(log->end().validation.macroF1, best);
        QCOMPARE(log->end().validation.confusion, bestMetrics.confusion);
    }

    void repeatable_data() {
        QTest::addColumn<int>("rule");
        for (const auto rule : {RuleKind::All, RuleKind::Random, RuleKind::Llkd})
            QTest::addRow("%s", ruleName(rule).data()) << static_cast<int>(rule);
    }
    void repeatable() {
        QFETCH(int, rule);
        SessionSpec spec = specFor(task_);
        spec.selection.rule = static_cast<RuleKind>(rule);
        spec.selection.ratio = 0.4;
        QByteArray first;
        QByteArray second;
        QByteArray otherThreads;
        QByteArray otherSeed;
        const auto a = runToEnd(spec, &first);
        const auto b = runToEnd(spec, &second);
        QVERIFY(first.size() > 1000);
        QCOMPARE(second, first);
        QCOMPARE(b->end().test.confusion, a->end().test.confusion);
        spec.training.threads = 2;
        runToEnd(spec, &otherThreads);
        QCOMPARE(otherThreads, first);
        spec.training.seed = 2;
        runToEnd(spec, &otherSeed);
        QVERIFY(otherSeed != first);
    }

    void packingTrainsOnTheSameNumber() {
        SessionSpec spec = specFor(task_);
        spec.selection.rule = RuleKind::Random;
        spec.selection.ratio = 0.25;
        const auto off = runToEnd(spec);
        spec.training.packing = true;
        const auto on = runToEnd(spec);
        QCOMPARE(on->end().counts.gradient, off->end().counts.gradient);
        QCOMPARE(on->end().counts.distinct, off->end().counts.distinct);
        // Updates are full batches, so most steps have none; what is left goes at the end of an epoch.
        int updates = 0;
        for (const auto& step : on->steps()) {
            updates += !std::isnan(step.loss);
            if (step.step % 57 == 0)
                QVERIFY(!std::isnan(step.loss));
        }
        QVERIFY(updates < 3 * 57 / 2);
    }

    void pauseStepResumeStop() {
        SessionSpec spec = specFor(task_);
        spec.training.epochs = 100000; // it ends only because it is told to
        EventLog log;
        auto session = startTrainingSession(spec, log.sink());
        QVERIFY(session.has_value());
        QVERIFY(log.waitFor<StepsEvent>([](const auto&) { return true; }));

        const auto pause = (*session)->send(PauseCommand{});
        QVERIFY(log.waitFor<AcknowledgedEvent>([&](const auto& a) { return a.command == pause; }));
        QVERIFY(log.waitFor<StateEvent>([](const auto& s) { return s.state == SessionState::Paused; }));
        const auto told = log.steps().back().step;
        QTest::qWait(50);
        QCOMPARE(log.steps().back().step, told);

        for (int i = 1; i <= 3; ++i) {
            (*session)->send(StepCommand{});
            QVERIFY(log.waitFor<StateEvent>([&](const auto& s) { return s.step == told + i; }));
            QCOMPARE(log.steps().back().step, told + i);
        }
        for (int i = 0; i < 2; ++i) // two at once are two steps
            (*session)->send(StepCommand{});
        QVERIFY(log.waitFor<StateEvent>([&](const auto& s) { return s.step == told + 5; }));
        QCOMPARE(log.steps().back().step, told + 5);

        (*session)->send(ResumeCommand{});
        QVERIFY(log.waitFor<StepsEvent>([&](const auto& e) { return e.steps.back().step > told + 6; }));
        const auto stop = (*session)->send(StopCommand{});
        QVERIFY(log.waitForEnd());
        const auto end = log.end();
        QCOMPARE(end.outcome, Outcome::Stopped);
        for (const auto& a : log.all<AcknowledgedEvent>()) {
            QVERIFY(a.refused.empty());
            if (a.command == stop)
                QCOMPARE(a.step, end.step); // not one batch more
        }
        QVERIFY(end.validation.rows > 0);
        const auto late = (*session)->send(PauseCommand{});
        QVERIFY(late > stop); // a command to a session that is over does no harm
    }

    void startPausedWaits() {
        SessionSpec spec = specFor(task_);
        spec.startPaused = true;
        EventLog log;
        auto session = startTrainingSession(spec, log.sink());
        QVERIFY(session.has_value());
        QVERIFY(log.waitFor<StateEvent>([](const auto& s) { return s.state == SessionState::Paused; }));
        QTest::qWait(30);
        QVERIFY(log.steps().empty());
        (*session)->send(ResumeCommand{});
        QVERIFY(log.waitForEnd());
        QCOMPARE(log.end().outcome, Outcome::Completed);
    }

    void editWorksFromTheNextBatch() {
        SessionSpec spec = specFor(task_);
        spec.selection.rule = RuleKind::Teacher;
        spec.selection.cut = Schedule(0.0);
        spec.training.epochs = 100000;
        EventLog log;
        auto session = startTrainingSession(spec, log.sink());
        QVERIFY(session.has_value());
        QVERIFY(log.waitFor<StepsEvent>([](const auto&) { return true; }));
        EditCommand edit{spec.selection,
                         spec.loss,
                         learningRateOf(spec.training, spec.student.kind),
                         {{"selection.cut", "0", "1"}}};
        edit.selection.cut = Schedule(1.0); // no confidence is that high
        (*session)->send(edit);
        QVERIFY(log.waitFor<EditedEvent>([](const auto&) { return true; }));
        const auto edited = log.all<EditedEvent>().at(0);
        QVERIFY(
            log.waitFor<StepsEvent>([&](const auto& e) { return e.steps.back().step > edited.step + 10; }));
        QCOMPARE(edited.changes.at(0).key, std::string("selection.cut"));
        for (const auto& step : log.steps()) {
            if (step.step < edited.step)
                QCOMPARE(step.kept, step.candidates);
            else
                QCOMPARE(step.kept, 0);
        }
        EditCommand other{spec.selection, spec.loss, learningRateOf(spec.training, spec.student.kind), {}};
        other.selection.rule = RuleKind::All;
        const auto number = (*session)->send(other);
        QVERIFY(log.waitFor<AcknowledgedEvent>(
            [&](const auto& a) { return a.command == number && !a.refused.empty(); }));
    }

    void destroyingStops() {
        SessionSpec spec = specFor(task_);
        spec.training.epochs = 100000;
        EventLog log;
        {
            auto session = startTrainingSession(spec, log.sink());
            QVERIFY(session.has_value());
        }
        QCOMPARE(log.end().outcome, Outcome::Stopped);
    }

    void checkpoints() {
        QTemporaryDir folder;
        SessionSpec spec = specFor(task_);
        spec.checkpointFolder = folder.path().toStdString();
        const auto log = runToEnd(spec);
        const auto written = log->all<CheckpointEvent>();
        QCOMPARE(written.size(), std::size_t(2)); // the best student, and where it may go on
        QVERIFY(written[0].best && !written[1].best);
        QVERIFY(QFile::exists(folder.filePath("best/student.safetensors")));
        QVERIFY(QFile::exists(folder.filePath("last/manifest.json")));
        const auto folderOf = [](const CheckpointEvent& event) {
            return QString::number(event.step).rightJustified(6, '0');
        };
        QCOMPARE(QFileInfo(folder.filePath("best")).symLinkTarget(),
                 folder.filePath(folderOf(written[0]) + "-student"));
        QCOMPARE(QFileInfo(folder.filePath("last")).symLinkTarget(), folder.filePath(folderOf(written[1])));
        // Nothing temporary stays.
        for (const auto& name :
             QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot))
            QVERIFY2(!name.contains("tmp"), qPrintable(name));
    }

    void checkpointThatCannotBeWrittenFailsTheRun() {
        QTemporaryDir folder;
        SessionSpec spec = specFor(task_);
        // A file where the folder should be: root may do everything else.
        QFile file(folder.filePath("checkpoints"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        spec.checkpointFolder = file.fileName().toStdString();
        const auto log = runToEnd(spec);
        QCOMPARE(log->end().outcome, Outcome::Failed);
        QVERIFY2(log->end().error.find("checkpoints") != std::string::npos, log->end().error.c_str());
    }

    void divergenceFailsTheRun() {
        SessionSpec spec = specFor(task_);
        spec.selection.rule = RuleKind::All;
        spec.training.learningRate = 1e38;
        const auto log = runToEnd(spec);
        QCOMPARE(log->end().outcome, Outcome::Failed);
        QVERIFY2(log->end().error.find("diverged") != std::string::npos &&
                     log->end().error.find("training.learning_rate") != std::string::npos,
                 log->end().error.c_str());
    }

    void withoutValidationGoldTheLastIsBest() {
        SessionSpec spec = specFor(makeTask(1000, false));
        const auto log = runToEnd(spec);
        QCOMPARE(log->end().outcome, Outcome::Completed);
        QCOMPARE(log->end().validation.rows, 0);
        QVERIFY(log->end().test.rows > 0);
        QVERIFY(log->all<MessageEvent>().at(0).text.find("no validation gold") != std::string::npos);
    }

    void refusedBeforeItStarts() {
        EventLog log;
        SessionSpec spec = specFor(task_);
        spec.training.device = "cuda:77";
        const auto device = startTrainingSession(spec, log.sink());
        QVERIFY(!device && device.error().message.find("cuda:77") != std::string::npos);
        spec = specFor(task_);
        spec.set.teacher = std::make_shared<TeacherOutputs>(task_.data->size(), 3);
        const auto empty = startTrainingSession(spec, log.sink());
        QVERIFY(!empty && empty.error().message.find("nothing to train on") != std::string::npos);
        spec = specFor(task_);
        spec.selection.rule = RuleKind::Random; // and no ratio
        const auto rule = startTrainingSession(spec, log.sink());
        QVERIFY(!rule && rule.error().message.find("ratio") != std::string::npos);
        QVERIFY(log.events().empty());
    }
};

QTEST_GUILESS_MAIN(TrainingSessionTest)
#include "training_session_test.moc"
