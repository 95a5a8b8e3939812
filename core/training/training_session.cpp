#include "core/training/training_session.h"

#include "core/engine/checkpoint_folder.h"
#include "core/student/devices.h"
#include "core/training/engine_failure.h"
#include "core/training/prepare_student.h"
#include "core/training/preparing_news.h"
#include "core/training/resume_point.h"
#include "core/training/session_commands.h"

#include <ATen/Parallel.h>
#include <chrono>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace stillroom {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// What a long epoch did so far is shown this often.
constexpr Seconds SnapshotInterval{1};

/// A sentence of its own: what is wrong are the user's files.
struct PreparationError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class TrainingSession : public Session {
  public:
    TrainingSession(SessionSpec spec, std::string device, Samples samples, EventSink sink)
        : spec_(std::move(spec)), device_(std::move(device)), samples_(std::move(samples)),
          sink_(std::move(sink)), threads_(resolveThreads(spec_.training.threads)) {}

    /// Errors of the rule's settings. The thread runs from here on.
    Result<void> start() {
        auto rule =
            makeRule(spec_.selection, samples_.population(static_cast<std::uint64_t>(spec_.training.seed)));
        if (!rule)
            return fail(rule.error());
        rule_ = std::move(*rule);
        thread_ = std::thread([this] { runGuarded(); });
        return {};
    }

    ~TrainingSession() override {
        if (thread_.joinable()) {
            send(StopCommand{});
            thread_.join();
        }
    }

    std::uint64_t send(decltype(Command::what) what) override {
        if (std::holds_alternative<StopCommand>(what))
            preparing_.cancel(); // whatever is under way before the first step need not be done
        return commands_.send(std::move(what));
    }

  private:
    void runGuarded() {
        finish_.outcome = Outcome::Failed;
        try {
            run();
        } catch (const PreparationError& error) {
            finish_.error = error.what();
        } catch (const std::exception& error) {
            finish_.error = engineFailure(error, "training", memorySettings(spec_.student.kind));
        }
        commands_.close(finish_.step);
        sink_(finish_);
    }

    void run() {
        if (spec_.niceness != 0) // of this thread, and of those it will start
            setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), spec_.niceness);
        at::set_num_threads(threads_);
        if (!prepare()) {
            finish_.outcome = Outcome::Stopped;
            return;
        }
        Trainer trainer(spec_, samples_, *network_, *rule_);
        StepReporter reporter(samples_.classCount, std::max<std::int64_t>(1, trainer.stepsPerEpoch() / 100),
                              trainer.totalSteps());
        BestStudent best(*network_, spec_.checkpointFolder, sink_);
        trainer_ = &trainer;
        best_ = &best;
        reporter_ = &reporter;
        ResumePoint point(spec_, samples_, trainer, reporter, best, finish_);
        point_ = &point;
        if (!spec_.resumeFrom.empty()) {
            auto taken = point.take();
            if (!taken)
                throw PreparationError(taken.error().message);
            if (!taken->empty())
                sink_(MessageEvent{*std::move(taken)});
        }
        Checkpoints checkpoints(spec_.checkpointFolder, spec_.training.checkpoint, trainer.stepsDone(),
                                reporter.secondsTrained());
        checkpoints_ = &checkpoints;
        sink_(StartedEvent{static_cast<std::int64_t>(samples_.size()), spec_.training.epochs,
                           trainer.stepsPerEpoch(), spec_.training.batch, samples_.classCount, device_,
                           threads_, prepareSeconds_});
        if (!spec_.set.data->hasGold(Split::Validation) && spec_.resumeFrom.empty())
            sink_(MessageEvent{"no validation gold: the last student counts as the best"});
        commands_.begin(spec_.startPaused);
        sink_(StateEvent{spec_.startPaused ? SessionState::Paused : SessionState::Running,
                         trainer.stepsDone()});

        while (!over()) {
            commands_.handle();
            if (commands_.stopping())
                break;
            applyPlannedEdits();
            reporter.startClock();
            step();
            if (trainer.atEpochEnd())
                endEpoch();
            else if (reporter.due())
                flush();
            if (checkpoints.due(trainer.stepsDone(), reporter.secondsTrained()))
                writeCheckpoint();
            commands_.stepDone();
        }
        end();
    }

    /// Why training ended before its last step, for people; empty: it did not, or they stopped it.
    std::string earlyEnd() const {
        if (commands_.stopping() || trainer_->stepsDone() >= trainer_->totalSteps())
            return {};
        const auto& stop = spec_.training.stop;
        const auto& counts = trainer_->counts();
        const std::string where =
            fmt::format("training ends after step {} of {}", trainer_->stepsDone(), trainer_->totalSteps());
        if (stop.gradientSamples && counts.gradient >= *stop.gradientSamples)
            return fmt::format("{}: the budget of {} gradient samples is spent", where,
                               *stop.gradientSamples);
        if (stop.distinctSamples && counts.distinct >= *stop.distinctSamples)
            return fmt::format("{}: the budget of {} distinct samples is spent", where,
                               *stop.distinctSamples);
        if (spec_.endAfter > 0)
            return fmt::format("{}, as the run that is repeated did", where);
        return fmt::format("{}: the budget of {:g} minutes is spent", where, stop.minutes.value_or(0));
    }

    /// Nothing is left to train: by steps, by budget, or because the run that this one repeats ended here.
    bool over() const {
        if (trainer_->done())
            return true;
        if (spec_.endAfter > 0)
            return trainer_->stepsDone() >= spec_.endAfter;
        return timeSpent() >= 1;
    }

    double timeSpent() const {
        const auto& minutes = spec_.training.stop.minutes;
        return minutes && spec_.endAfter == 0 ? reporter_->secondsTrained() / (60 * *minutes) : 0.0;
    }

    void step() {
        if (!commands_.stepping()) {
            reporter_->add(trainer_->step(), *rule_);
            return;
        }
        Thresholds before = rule_->thresholds();
        reporter_->add(trainer_->step(), *rule_);
        flush();
        sink_(trainer_->lastBatch(std::move(before)));
    }

    void applyPlannedEdits() {
        while (plannedDone_ < spec_.plannedEdits.size() &&
               spec_.plannedEdits[plannedDone_].step <= trainer_->stepsDone() + 1)
            apply(spec_.plannedEdits[plannedDone_++].edit);
    }

    void apply(const EditCommand& edit) {
        flush(); // what was done under the old setting comes first
        trainer_->adjust(edit);
        sink_(EditedEvent{trainer_->stepsDone() + 1, edit.changes});
    }

    /// False: the user stopped it before there was a student.
    bool prepare() {
        const auto begin = Clock::now();
        std::unique_ptr<PreparingNews> news;
        auto prepared =
            prepareStudent(spec_, samples_, device_, threads_, preparing_, [&](const std::string& doing) {
                news = std::make_unique<PreparingNews>(preparing_, doing, sink_);
            });
        news.reset(); // nothing of it behind what comes next
        prepareSeconds_ = Seconds(Clock::now() - begin).count();
        if (!prepared) {
            if (prepared.error().kind == ErrorKind::Cancelled)
                return false;
            throw PreparationError(prepared.error().message);
        }
        network_ = std::move(prepared->network);
        for (auto& remark : prepared->remarks)
            sink_(MessageEvent{std::move(remark)});
        return true;
    }

    void flush() {
        StepsEvent event = reporter_->take(trainer_->counts(),
                                           std::max(trainer_->budgetSpent(), std::min(1.0, timeSpent())));
        if (event.steps.empty())
            return;
        event.memoryBytes = memoryInUse(device_);
        sink_(std::move(event));
        if (Clock::now() - snapshotShown_ > SnapshotInterval && !trainer_->atEpochEnd())
            sendSnapshot(false, false, trainer_->traces());
    }

    SessionCommands::Acts acts() {
        return {[this] {
                    reporter_->stopClock();
                    flush();
                    sink_(StateEvent{SessionState::Paused, trainer_->stepsDone()});
                },
                [this] {
                    sink_(StateEvent{SessionState::Running, trainer_->stepsDone()});
                },
                [this](const EditCommand& edit) {
                    std::string refused = whyRefused(edit);
                    if (refused.empty())
                        apply(edit);
                    return refused;
                },
                [this] { writeCheckpoint(); }, [this] { return trainer_->stepsDone(); }};
    }

    /// Unless nothing was trained since the last one. One that cannot be written is told; training goes on.
    void writeCheckpoint() {
        if (checkpoints_->upToDate(trainer_->stepsDone()))
            return;
        reporter_->stopClock();
        flush();
        auto written = point_->write(*checkpoints_);
        if (written) {
            sink_(CheckpointEvent{trainer_->stepsDone(),
                                  "checkpoints/" + checkpointName(trainer_->stepsDone()), false});
        } else {
            checkpoints_->postpone(trainer_->stepsDone(), reporter_->secondsTrained());
            sink_(MessageEvent{"No checkpoint could be written: " + written.error().message});
        }
    }

    std::string whyRefused(const EditCommand& edit) const {
        if (edit.selection.rule != spec_.selection.rule)
            return "the rule cannot change while training; stop, and start another run";
        if (auto checked = checkSelection(edit.selection); !checked)
            return checked.error().message;
        if (auto checked = checkClassNames(edit.selection, samples_.classNames); !checked)
            return checked.error().message;
        if (auto checked = checkLoss(edit.loss); !checked)
            return checked.error().message;
        if (auto checked = checkLearningRate(edit.learningRate); !checked)
            return checked.error().message;
        return {};
    }

    void sendSnapshot(bool complete, bool last, std::vector<SampleTrace> traces) {
        const std::int64_t step = trainer_->stepsDone();
        sink_(SnapshotEvent{(step - 1) / trainer_->stepsPerEpoch() + 1, step, complete, last,
                            std::make_shared<const std::vector<SampleTrace>>(std::move(traces))});
        snapshotShown_ = Clock::now();
    }

    void endEpoch() {
        reporter_->closeWindow(*rule_);
        reporter_->stopClock();
        flush();
        sendSnapshot(true, false, trainer_->takeTraces());
        evaluate(Split::Validation);
    }

    /// Reports an evaluation, and keeps the student when it is the best so far.
    void evaluate(Split split) {
        const auto begin = Clock::now();
        auto result = trainer_->evaluate(split);
        EvaluationEvent event;
        event.split = split;
        event.step = trainer_->stepsDone();
        event.epoch = trainer_->epochsDone();
        event.meanUncertainty = result.meanUncertainty;
        event.counts = trainer_->counts();
        if (split == Split::Validation) {
            event.best = best_->consider(result.metrics, event.step);
            if (event.best)
                finish_.validation = result.metrics;
        }
        event.metrics = std::move(result.metrics);
        event.seconds = Seconds(Clock::now() - begin).count();
        finish_.evaluateSeconds += event.seconds;
        reporter_->expectAfterwards(event.seconds *
                                    (static_cast<double>(spec_.training.epochs) - event.epoch));
        if (event.metrics.rows > 0) {
            ++point_->evaluations;
            sink_(std::move(event));
        }
    }

    void end() {
        const std::int64_t step = trainer_->stepsDone();
        // The run that is repeated was stopped by hand: so is this one.
        const bool stopped =
            commands_.stopping() || (spec_.endAfter > 0 && !trainer_->done() && !spec_.training.stop.minutes);
        // First: a run that goes on from here has neither this end's window nor its evaluation.
        if (stopped || spec_.training.checkpoint.keep > 0)
            writeCheckpoint();
        reporter_->closeWindow(*rule_);
        reporter_->stopClock();
        flush();
        if (const std::string why = earlyEnd(); !why.empty())
            sink_(MessageEvent{why});
        if (!trainer_->atEpochEnd() && step > 0) {
            sendSnapshot(false, true, trainer_->takeTraces());
            evaluate(Split::Validation); // the student of now may be the best
        }
        const std::int64_t bestStep = best_->end(step);
        if (!stopped)
            checkpoints_->end(best_->folder());
        const auto begin = Clock::now();
        auto test = trainer_->evaluate(Split::Test);
        if (test.metrics.rows > 0) {
            EvaluationEvent event;
            event.split = Split::Test;
            event.step = bestStep;
            event.epoch = static_cast<double>(bestStep) / static_cast<double>(trainer_->stepsPerEpoch());
            event.metrics = test.metrics;
            event.counts = trainer_->counts();
            event.meanUncertainty = test.meanUncertainty;
            event.seconds = Seconds(Clock::now() - begin).count();
            finish_.evaluateSeconds += event.seconds;
            sink_(std::move(event));
        }
        finish_.test = std::move(test.metrics);
        finish_.testRows = std::move(test.rows);
        finish_.testGold = std::move(test.gold);
        finish_.testPredicted = std::move(test.predicted);
        finish_.outcome = stopped ? Outcome::Stopped : Outcome::Completed;
        finish_.step = step;
        finish_.counts = trainer_->counts();
        finish_.keptWithGold = trainer_->keptWithGold();
        finish_.keptRight = trainer_->keptRight();
        finish_.trainSeconds = reporter_->secondsTrained();
    }

    const SessionSpec spec_;
    const std::string device_;
    const Samples samples_;
    const EventSink sink_;
    const int threads_;
    std::unique_ptr<Rule> rule_;

    SessionCommands commands_{acts(), sink_};
    Progress preparing_;

    // The training thread's alone.
    std::unique_ptr<Network> network_;
    Trainer* trainer_ = nullptr;
    BestStudent* best_ = nullptr;
    Checkpoints* checkpoints_ = nullptr;
    ResumePoint* point_ = nullptr;
    StepReporter* reporter_ = nullptr;
    double prepareSeconds_ = 0;
    std::size_t plannedDone_ = 0;
    Clock::time_point snapshotShown_ = Clock::now();
    FinishedEvent finish_;

    std::thread thread_;
};

} // namespace

Result<std::unique_ptr<Session>> startTrainingSession(SessionSpec spec, EventSink sink) {
    auto device = resolveDevice(spec.training.device, spec.student.kind);
    if (!device)
        return fail(device.error());
    if (auto checked = checkStudentFiles(spec.student); !checked)
        return fail(checked.error());
    Samples samples(spec.set);
    if (samples.size() == 0)
        return fail("no training text has a teacher row: there is nothing to train on");
    auto session = std::make_unique<TrainingSession>(std::move(spec), std::move(*device), std::move(samples),
                                                     std::move(sink));
    if (auto started = session->start(); !started)
        return fail(started.error());
    return session;
}

} // namespace stillroom
