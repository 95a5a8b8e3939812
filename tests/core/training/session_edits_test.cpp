// What steers a session while it trains: edits in flight, the same edits planned, budgets, single steps, and
// what it says of each sample.
#include "session_fixture.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <numeric>

using namespace stillroom;

namespace {

struct Ended {
    std::unique_ptr<EventLog> log = std::make_unique<EventLog>();
    QByteArray student;
};

/// Runs to the end; `during` may send commands meanwhile.
Ended runToEnd(SessionSpec spec, const std::function<void(Session&, EventLog&)>& during = {}) {
    QTemporaryDir folder;
    spec.checkpointFolder = folder.path().toStdString();
    Ended ended;
    auto session = startTrainingSession(std::move(spec), ended.log->sink());
    if (!session)
        qFatal("%s", session.error().message.c_str());
    if (during)
        during(**session, *ended.log);
    if (!ended.log->waitForEnd())
        qFatal("the session did not end");
    QFile file(folder.filePath("best/student.safetensors"));
    if (file.open(QIODevice::ReadOnly))
        ended.student = file.readAll();
    return ended;
}

EditCommand editOf(const SessionSpec& spec) {
    return {spec.selection, spec.loss, learningRateOf(spec.training, spec.student.kind), {}};
}

/// Anything that can be edited, at random; what it becomes stands in the edit itself.
EditCommand randomEdit(const EditCommand& before, Random& random) {
    EditCommand edit = before;
    switch (random.below(7)) {
    case 0:
        edit.selection.teacherScale = 0.5 + random.uniform();
        break;
    case 1:
        edit.selection.studentScale = random.uniform() < 0.3 ? 0.0 : 0.5 + random.uniform();
        break;
    case 2:
        edit.selection.decay = Schedule(0.9, 0.9 + 0.099 * random.uniform(), ScheduleShape::Linear);
        break;
    case 3:
        edit.learningRate = Schedule(0.2 + random.uniform(), 0.01, ScheduleShape::Cosine);
        break;
    case 4:
        edit.loss.target = static_cast<LossTarget>(random.below(3));
        edit.loss.temperature = 1 + 2 * random.uniform();
        break;
    case 5:
        edit.selection.weight = static_cast<Weighting>(random.below(3));
        break;
    default:
        edit.selection.uncertainty = static_cast<Uncertainty>(random.below(4));
        break;
    }
    return edit;
}

void compare(EventLog& first, EventLog& second) {
    const auto a = first.steps();
    const auto b = second.steps();
    QCOMPARE(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        QCOMPARE(a[i].step, b[i].step);
        QCOMPARE(a[i].kept, b[i].kept);
        QCOMPARE(a[i].keptRight, b[i].keptRight);
        QCOMPARE(std::bit_cast<std::uint32_t>(a[i].loss), std::bit_cast<std::uint32_t>(b[i].loss));
        QCOMPARE(a[i].learningRate, b[i].learningRate);
    }
    const auto endA = first.end();
    const auto endB = second.end();
    QCOMPARE(endA.step, endB.step);
    QCOMPARE(endA.test.accuracy, endB.test.accuracy);
    QCOMPARE(endA.test.loss, endB.test.loss);
    QCOMPARE(endA.validation.confusion, endB.validation.confusion);
    QCOMPARE(endA.counts.gradient, endB.counts.gradient);
    QCOMPARE(endA.counts.distinct, endB.counts.distinct);
    QCOMPARE(endA.counts.seen, endB.counts.seen);
}

} // namespace

class SessionEditsTest : public QObject {
    Q_OBJECT
    const DistillationSet task_ = makeTask(3000);

    [[nodiscard]] SessionSpec longSpec() const {
        SessionSpec spec = specFor(task_);
        spec.training.epochs = 60;
        return spec;
    }

  private Q_SLOTS:
    /// Edits come from outside at moments nobody knows; the same edits planned for the steps that the session
    /// said give the same run.
    void editsPlannedAgainGiveTheSameRun() {
        for (int round = 0; round < 3; ++round) {
            const SessionSpec spec = longSpec();
            std::vector<EditCommand> sent;
            SessionSpec paused = spec;
            paused.startPaused = true;
            const auto first = runToEnd(paused, [&](Session& session, EventLog& log) {
                Random random(static_cast<std::uint64_t>(round), "edits");
                EditCommand edit = editOf(spec);
                for (int i = 0; i < 12; ++i) {
                    edit = randomEdit(edit, random);
                    sent.push_back(edit);
                    session.send(edit);
                    if (i < 3) { // whatever else the machine does, these are in time
                        session.send(StepCommand{});
                        log.waitFor<BatchEvent>([&](const auto& event) { return event.step == i + 1; });
                        continue;
                    }
                    if (i == 3)
                        session.send(ResumeCommand{});
                    const auto before = log.steps().size();
                    log.waitFor<StepsEvent>([&](const auto& event) {
                        return event.steps.back().step > std::int64_t(before) + 20;
                    });
                }
            });
            const auto edits = first.log->all<EditedEvent>();
            QVERIFY2(edits.size() >= 3, "the run was over before it was edited");
            SessionSpec again = spec;
            again.training.threads = 2;
            for (std::size_t i = 0; i < edits.size(); ++i)
                again.plannedEdits.push_back({edits[i].step, sent[i]});
            const auto second = runToEnd(again);
            compare(*first.log, *second.log);
            QCOMPARE(second.student, first.student);
            QVERIFY(!first.student.isEmpty());
            const auto repeated = second.log->all<EditedEvent>();
            QCOMPARE(repeated.size(), edits.size());
            for (std::size_t i = 0; i < edits.size(); ++i)
                QCOMPARE(repeated[i].step, edits[i].step);

            // One edit left out is another run: the comparison above can fail.
            SessionSpec without = again;
            without.plannedEdits.clear();
            QVERIFY(runToEnd(without).student != first.student);
        }
    }

    void aRunThatWasStoppedEndsThereAgain() {
        const SessionSpec spec = longSpec();
        const auto first = runToEnd(spec, [](Session& session, EventLog& log) {
            log.waitFor<StepsEvent>([](const auto& event) { return event.steps.back().step > 100; });
            session.send(StopCommand{});
        });
        QCOMPARE(first.log->end().outcome, Outcome::Stopped);
        SessionSpec again = spec;
        again.endAfter = first.log->end().step;
        const auto second = runToEnd(again);
        QCOMPARE(second.log->end().outcome, Outcome::Stopped);
        compare(*first.log, *second.log);
        QCOMPARE(second.student, first.student);
    }

    void editsOfLossAndLearningRateAreUsed() {
        SessionSpec spec = longSpec();
        EditCommand edit = editOf(spec);
        edit.learningRate = 0.125;
        edit.loss.target = LossTarget::Soft;
        spec.plannedEdits.push_back({11, edit});
        const auto ended = runToEnd(spec);
        for (const auto& step : ended.log->steps())
            QCOMPARE(step.learningRate == 0.125F, step.step >= 11);
        QVERIFY(ended.student != runToEnd(longSpec()).student);
    }

    void whatCannotBeIsRefused() {
        SessionSpec spec = longSpec();
        spec.startPaused = true;
        EventLog log;
        auto session = startTrainingSession(spec, log.sink());
        QVERIFY(session.has_value());
        EditCommand edit = editOf(spec);
        edit.loss.temperature = 0;
        const auto refused = [&](std::uint64_t number, const char* key) {
            return log.waitFor<AcknowledgedEvent>([&](const auto& answer) {
                return answer.command == number && answer.refused.find(key) != std::string::npos;
            });
        };
        QVERIFY(refused((*session)->send(edit), "loss.temperature"));
        edit = editOf(spec);
        edit.learningRate = -0.5;
        QVERIFY(refused((*session)->send(edit), "training.learning_rate"));
        QVERIFY(log.all<EditedEvent>().empty());
    }

    void aBudgetOfGradientSamplesEndsTheRun() {
        SessionSpec spec = longSpec();
        spec.selection.rule = RuleKind::All;
        spec.training.stop.gradientSamples = 2000;
        const auto ended = runToEnd(spec);
        const auto end = ended.log->end();
        QCOMPARE(end.outcome, Outcome::Completed);
        QVERIFY(end.counts.gradient >= 2000 && end.counts.gradient < 2000 + 32);
        // The schedule ends with the budget, not with epochs that never come.
        QVERIFY(ended.log->steps().back().learningRate < 0.02F);
        const auto messages = ended.log->all<MessageEvent>();
        QVERIFY(!messages.empty());
        QVERIFY2(messages.back().text.find("budget of 2000 gradient samples") != std::string::npos,
                 messages.back().text.c_str());
        // Evaluated where it ended, though within an epoch.
        QCOMPARE(ended.log->all<EvaluationEvent>().end()[-2].step, end.step);
        QVERIFY(end.step % 57 != 0);
        // The share done goes to 1 with the budget, and the estimate to its end.
        QCOMPARE(ended.log->all<StepsEvent>().back().done, 1.0);
    }

    void aBudgetOfDistinctSamplesEndsTheRun() {
        SessionSpec spec = longSpec();
        spec.selection.rule = RuleKind::All;
        spec.training.stop.distinctSamples = 500;
        const auto end = runToEnd(spec).log->end();
        QCOMPARE(end.counts.distinct, 512);       // whole batches of 32
        spec.training.stop.gradientSamples = 100; // reached sooner
        QCOMPARE(runToEnd(spec).log->end().counts.gradient, 128);
        spec.training.stop = {};
        spec.training.stop.gradientSamples = 1'000'000'000; // never reached: the epochs end it
        QCOMPARE(runToEnd(spec).log->end().step, 60 * 57);
    }

    void aBudgetOfTimeEndsTheRunAndIsRepeatedByStep() {
        SessionSpec spec = longSpec();
        spec.training.epochs = 1'000'000;
        spec.training.learningRate = 0.1;
        spec.training.stop.minutes = 0.2 / 60;
        const auto first = runToEnd(spec);
        QCOMPARE(first.log->end().outcome, Outcome::Completed);
        QVERIFY2(first.log->end().trainSeconds >= 0.2 && first.log->end().trainSeconds < 2,
                 qPrintable(QString::number(first.log->end().trainSeconds)));
        SessionSpec again = spec;
        again.endAfter = first.log->end().step;
        const auto second = runToEnd(again);
        compare(*first.log, *second.log);
        QCOMPARE(second.student, first.student);
    }

    void everyEpochSaysWhatItDidWithEachSample() {
        const auto ended = runToEnd(specFor(task_));
        std::vector<SnapshotEvent> complete;
        for (const auto& event : ended.log->all<SnapshotEvent>())
            if (event.complete)
                complete.push_back(event);
        QCOMPARE(complete.size(), std::size_t(3));
        const auto steps = ended.log->steps();
        for (std::size_t epoch = 0; epoch < 3; ++epoch) {
            QCOMPARE(complete[epoch].epoch, std::int64_t(epoch + 1));
            QCOMPARE(complete[epoch].step, std::int64_t(57 * (epoch + 1)));
            const auto& traces = *complete[epoch].traces;
            QCOMPARE(traces.size(), std::size_t(1800));
            std::int64_t kept = 0;
            for (const auto& trace : traces) {
                kept += trace.kept();
                QVERIFY(trace.verdict() != Verdict::Unseen); // every sample is a candidate once an epoch
                QVERIFY(trace.scored());
                QVERIFY(trace.uncertainty() >= 0 && trace.uncertainty() <= 1.001F);
                QVERIFY(trace.studentLabel() >= 0 && trace.studentLabel() < 3);
            }
            const std::int64_t said = std::accumulate(
                steps.begin() + static_cast<std::ptrdiff_t>(57 * epoch),
                steps.begin() + static_cast<std::ptrdiff_t>(57 * (epoch + 1)), std::int64_t(0),
                [](std::int64_t sum, const StepRecord& step) { return sum + step.kept; });
            QCOMPARE(kept, said);
        }
    }

    void aStopWithinAnEpochSaysWhatWasNotSeen() {
        SessionSpec spec = longSpec();
        spec.endAfter = 57 + 10;
        const auto ended = runToEnd(spec);
        const auto snapshots = ended.log->all<SnapshotEvent>();
        const auto& last = snapshots.back();
        QVERIFY(!last.complete && last.last && isStored(last));
        QCOMPARE(last.epoch, 2);
        QCOMPARE(last.step, 67);
        const auto unseen = std::count_if(last.traces->begin(), last.traces->end(), [](const auto& trace) {
            return trace.verdict() == Verdict::Unseen && !trace.scored() && trace.studentLabel() < 0;
        });
        QCOMPARE(unseen, std::ptrdiff_t(1800 - 10 * 32));
    }

    void aRuleThatDoesNotAskTheStudentSaysSo() {
        SessionSpec spec = specFor(task_);
        spec.selection.rule = RuleKind::Teacher;
        spec.selection.cut = 0.8;
        const auto ended = runToEnd(spec);
        const auto snapshots = ended.log->all<SnapshotEvent>();
        QVERIFY(!snapshots.empty());
        for (std::size_t sample = 0; sample < 1800; ++sample) {
            const auto trace = (*snapshots.back().traces)[sample];
            QVERIFY(!trace.scored());
            QCOMPARE(trace.studentLabel(), -1);
            const float confidence = task_.teacher->confidence(task_.trainingRows()[sample]);
            QCOMPARE(trace.kept(), atLeast(confidence, 0.8));
            QCOMPARE(trace.verdict() == Verdict::TeacherUnsure, !trace.kept());
        }
    }

    void aSingleStepShowsItsBatch() {
        SessionSpec spec = longSpec();
        spec.startPaused = true;
        EventLog log;
        auto session = startTrainingSession(spec, log.sink());
        QVERIFY(session.has_value());
        for (int i = 1; i <= 3; ++i) {
            (*session)->send(StepCommand{});
            QVERIFY(log.waitFor<StateEvent>(
                [&](const auto& state) { return state.state == SessionState::Paused && state.step == i; }));
        }
        const auto batches = log.all<BatchEvent>();
        const auto steps = log.steps();
        QCOMPARE(batches.size(), std::size_t(3));
        QCOMPARE(steps.size(), std::size_t(3));
        const auto rows = task_.trainingRows();
        for (std::size_t b = 0; b < 3; ++b) {
            const auto& batch = batches[b];
            QCOMPARE(batch.step, std::int64_t(b + 1));
            QCOMPARE(batch.epoch, 1);
            QCOMPARE(batch.samples.size(), std::size_t(32));
            QCOMPARE(batch.after.student.size(), std::size_t(3));
            if (b > 0)
                QCOMPARE(batch.before.student, batches[b - 1].after.student);
            int kept = 0;
            for (const auto& sample : batch.samples) {
                QCOMPARE(sample.label, task_.teacher->label(rows[sample.sample]));
                QCOMPARE(sample.confidence, task_.teacher->confidence(rows[sample.sample]));
                const auto y = static_cast<std::size_t>(sample.label);
                // Judged by the thresholds after the batch's own statistics (LLKD updates first).
                const bool sure = atLeast(sample.confidence, batch.after.teacher[y]);
                const bool unsure = atLeast(sample.uncertainty, batch.after.student[y]);
                QCOMPARE(sample.verdict, sure && unsure ? Verdict::Kept
                                         : sure         ? Verdict::StudentSure
                                         : unsure       ? Verdict::TeacherUnsure
                                                        : Verdict::BothRefuse);
                QCOMPARE(sample.weight > 0, sample.verdict == Verdict::Kept);
                kept += sample.verdict == Verdict::Kept;
            }
            QCOMPARE(kept, steps[b].kept);
        }
        (*session)->send(ResumeCommand{});
        QVERIFY(log.waitFor<StepsEvent>([](const auto& event) { return event.steps.back().step > 20; }));
        QCOMPARE(log.all<BatchEvent>().size(), std::size_t(3)); // only what was asked for
    }
};

QTEST_GUILESS_MAIN(SessionEditsTest)
#include "session_edits_test.moc"
