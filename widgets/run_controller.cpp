#include "widgets/run_controller.h"

#include "widgets/text.h"

#include <QDir>

namespace stillroom {
namespace {

constexpr int LoadDelay = 300;  // ms of quiet after an edit before files are read again
constexpr int EditDelay = 120;  // ms a slider rests before a run under way is told
constexpr int DrainPeriod = 32; // ms: about 30 times a second

bool namesData(const QString& key) {
    return key.startsWith(QLatin1String("data.")) || key.startsWith(QLatin1String("teacher."));
}

/// What of `wanted` a run that was started with `running` can take over now. A rule cannot become another in
/// flight, and what is out of range waits until it is right: neither holds up the rest.
Experiment takenOver(const Experiment& running, const Experiment& wanted) {
    Experiment taken = running;
    const auto take = [&](auto&& part) {
        Experiment tried = taken;
        part(tried) = part(wanted);
        if (checkExperiment(tried))
            taken = std::move(tried);
    };
    if (wanted.selection.rule == running.selection.rule)
        take([](auto& e) -> auto& { return e.selection; });
    take([](auto& e) -> auto& { return e.loss; });
    take([](auto& e) -> auto& { return e.training.learningRate; });
    return taken;
}

} // namespace

RunController::RunController(ExperimentDocument* document, RunPlaces places, QObject* parent)
    : QObject(parent), document_(document), places_(std::move(places)) {
    loadSoon_.setSingleShot(true);
    loadSoon_.setInterval(LoadDelay);
    connect(&loadSoon_, &QTimer::timeout, this, &RunController::load);
    editSoon_.setSingleShot(true);
    editSoon_.setInterval(EditDelay);
    connect(&editSoon_, &QTimer::timeout, this, &RunController::sendEdits);
    drainTimer_.setInterval(DrainPeriod);
    connect(&drainTimer_, &QTimer::timeout, this, &RunController::drain);
    connect(document_, &ExperimentDocument::changed, this, &RunController::settingChanged);
    connect(document_, &ExperimentDocument::replaced, this, [this] {
        badRows_ = BadRowPolicy::Stop;
        runError_.reset();
        plan_.reset();
        checkSettings();
        reload();
    });
    checkSettings();
}

RunController::~RunController() {
    if (progress_)
        progress_->cancel();
    run_.reset();
    pool_.finish();
}

QString RunController::dataRoot() const {
    if (!places_.dataRoot.isEmpty())
        return places_.dataRoot;
    return document_->folder().isEmpty() ? QDir::currentPath() : document_->folder();
}

void RunController::enter(RunState state) {
    if (state_ == state)
        return;
    state_ = state;
    Q_EMIT stateChanged(state);
}

bool RunController::editableInFlight(const QString& key) {
    return key.startsWith(QLatin1String("selection.")) || key.startsWith(QLatin1String("loss.")) ||
           key == QLatin1String("training.learning_rate");
}

QString RunController::forTheWindow(const std::string& message) {
    return toQString(message)
        .remove(QStringLiteral(" with --bad-rows skip"))
        .replace(QStringLiteral("ask it first: stillroom-cli label EXPERIMENT"),
                 tr("press Ask on the Teacher page"))
        .replace(QStringLiteral("stillroom-cli label EXPERIMENT --dry-run"), tr("Estimate shows it"));
}

void RunController::say(const Error& error) {
    QStringList details;
    for (const auto& line : error.details)
        details << toQString(line);
    Q_EMIT said(forTheWindow(error.message), MessageKind::Error, details);
}

void RunController::checkSettings() {
    const auto checked = checkExperiment(document_->experiment());
    const QString problem = checked ? QString() : toQString(checked.error().message);
    if (problem == problem_)
        return;
    problem_ = problem;
    Q_EMIT problemChanged();
}

void RunController::settingChanged(const QString& key) {
    checkSettings();
    if (namesData(key)) {
        if (underWay(state_))
            loadAfterRun_ = true;
        else
            loadSoon_.start();
    } else if (editableInFlight(key) && underWay(state_)) {
        if (document_->dragging()) {
            editSoon_.start(); // when the hand rests: every edit is recorded with the run
        } else {
            editSoon_.stop();
            sendEdits();
        }
    }
}

// ── running ─────────────────────────────────────────────────────────────────────────────────────────────

void RunController::loadEngineSoon() {
    if (engine_)
        return;
    pool_.run(
        [own = places_.engine]() -> Result<EngineInfo> {
            auto engine = own != nullptr ? Result<Engine*>(own) : loadEngine();
            if (!engine)
                return fail(engine.error());
            return (*engine)->info();
        },
        [this](Result<EngineInfo> info) {
            if (!info) {
                say(info.error());
                return;
            }
            engine_ = std::move(*info);
            if (!engine_->blasWarning.empty())
                Q_EMIT said(toQString(engine_->blasWarning), MessageKind::Warning, {});
            Q_EMIT engineReady();
        });
}

void RunController::run() {
    switch (state_) {
    case RunState::Paused:
        run_->send(ResumeCommand{});
        break;
    case RunState::Loading:
        wanted_ = Wanted::Run;
        break;
    case RunState::Ready:
    case RunState::Finished:
    case RunState::Failed:
        start(false);
        break;
    default:
        break;
    }
}

void RunController::step() {
    switch (state_) {
    case RunState::Running:
    case RunState::Paused:
        run_->send(StepCommand{});
        break;
    case RunState::Loading:
        wanted_ = Wanted::Step;
        break;
    case RunState::Ready:
    case RunState::Finished:
    case RunState::Failed:
        start(true);
        break;
    default:
        break;
    }
}

void RunController::pause() {
    if (state_ == RunState::Running)
        run_->send(PauseCommand{});
}

void RunController::stop() {
    if (state_ == RunState::Starting) {
        if (run_)
            run_->send(StopCommand{}); // it prepares: that is cancelled
        else
            stopWanted_ = true; // as soon as there is something to stop
        enter(RunState::Stopping);
    } else if (state_ == RunState::Running || state_ == RunState::Paused) {
        run_->send(StopCommand{});
        enter(RunState::Stopping);
    }
}

void RunController::start(bool paused) {
    if (loadSoon_.isActive()) { // data settings were edited a moment ago
        wanted_ = paused ? Wanted::Step : Wanted::Run;
        loadSoon_.stop();
        load();
        return;
    }
    if (!examples_ || !problem_.isEmpty())
        return;
    wanted_ = paused ? Wanted::Step : Wanted::Nothing;
    if (plan_) {
        startPlanned();
        return;
    }
    beginLive(document_->experiment());
    RunOptions options;
    options.runsFolder = places_.runsFolder.toStdString();
    options.dataRoot = dataRoot().toStdString();
    options.startPaused = paused;
    options.niceness = places_.niceness;
    if (examples_->calibration)
        options.messages.push_back(calibrationSentence(*examples_->calibration));
    pool_.run(
        [experiment = sent_, set = examples_->set, options, engine = places_.engine] {
            return engine != nullptr ? Run::start(*engine, experiment, set, options)
                                     : Run::start(experiment, set, options);
        },
        [this](Result<std::unique_ptr<Run>> run) { started(std::move(run)); });
}

void RunController::beginLive(const Experiment& experiment) {
    sent_ = experiment;
    runError_.reset();
    runFolder_.clear();
    preparing_.reset();
    stopWanted_ = false;
    live_.begin(std::string(ruleName(sent_.selection.rule)) + ", run " + std::to_string(++runs_),
                examples_->summary.classes);
    Q_EMIT runBegan();
    enter(RunState::Starting);
}

void RunController::started(Result<std::unique_ptr<Run>> run) {
    const Wanted wanted = std::exchange(wanted_, Wanted::Nothing);
    if (!run) {
        runError_ = run.error();
        say(*runError_);
        enter(RunState::Failed);
        if (std::exchange(loadAfterRun_, false))
            load();
        return;
    }
    run_ = std::move(*run);
    runFolder_ = toQString(run_->folder());
    loadEngineSoon(); // the engine is there now: who wants to know about it hears at once
    sendEdits();      // made while it started
    if (stopWanted_)
        run_->send(StopCommand{});
    else if (wanted == Wanted::Step)
        run_->send(StepCommand{});
    drainTimer_.start();
}

void RunController::sendEdits() {
    if (!run_)
        return;
    Experiment now = takenOver(sent_, document_->experiment());
    if (now == sent_)
        return;
    EditCommand edit;
    edit.selection = now.selection;
    edit.loss = now.loss;
    edit.learningRate = learningRateOf(now.training, now.student.kind);
    for (const auto& key : settingKeys()) {
        std::string from = effectiveValue(sent_, key);
        std::string to = effectiveValue(now, key);
        if (from != to)
            edit.changes.push_back({key, std::move(from), std::move(to)});
    }
    sent_ = std::move(now);
    run_->send(std::move(edit));
}

void RunController::drain() {
    if (!run_)
        return;
    const auto events = run_->drain();
    if (events.empty())
        return;
    for (const auto& event : events) {
        live_.apply(event);
        heed(event);
        Q_EMIT happened(event);
    }
    Q_EMIT drained();
    if (const auto* end = std::get_if<FinishedEvent>(&events.back()))
        finish(*end);
}

void RunController::heed(const Event& event) {
    if (const auto* preparing = std::get_if<PreparingEvent>(&event)) {
        preparing_ = *preparing;
    } else if (const auto* started = std::get_if<StartedEvent>(&event)) {
        preparing_.reset();
        if (state_ == RunState::Starting)
            enter(RunState::Running);
        Q_EMIT said(tr("Training on %1, threads: %2.").arg(toQString(started->device)).arg(started->threads),
                    MessageKind::Info, {});
    } else if (const auto* state = std::get_if<StateEvent>(&event)) {
        if (state_ != RunState::Stopping)
            enter(state->state == SessionState::Paused ? RunState::Paused : RunState::Running);
    } else if (const auto* edited = std::get_if<EditedEvent>(&event)) {
        Q_EMIT said(tr("Step %1: %2 (undo with Ctrl+Z)")
                        .arg(grouped(edited->step), toQString(describeChanges(edited->changes))),
                    MessageKind::Info, {});
    } else if (const auto* acknowledged = std::get_if<AcknowledgedEvent>(&event)) {
        if (!acknowledged->refused.empty())
            Q_EMIT said(toQString(acknowledged->refused), MessageKind::Warning, {});
    } else if (const auto* message = std::get_if<MessageEvent>(&event)) {
        Q_EMIT said(toQString(message->text), MessageKind::Info, {});
    }
}

void RunController::finish(const FinishedEvent& end) {
    drainTimer_.stop();
    preparing_.reset();
    // Ending the run joins its threads: they are done, but the disk may still be busy.
    pool_.run([run = std::shared_ptr<Run>(std::move(run_))]() mutable { run.reset(); });
    if (end.outcome == Outcome::Failed) {
        runError_ = Error{end.error, ErrorKind::Training, {}};
        say(*runError_);
        enter(RunState::Failed);
    } else {
        Q_EMIT said(end.outcome == Outcome::Stopped && end.step == 0
                        ? tr("Stopped before the first step: nothing was learned.")
                    : end.outcome == Outcome::Stopped
                        ? tr("Stopped after step %1. The run is in %2").arg(grouped(end.step), runFolder_)
                        : tr("Finished in %1. The run is in %2").arg(duration(end.trainSeconds), runFolder_),
                    MessageKind::Info, {});
        enter(RunState::Finished);
    }
    if (std::exchange(loadAfterRun_, false))
        load();
}

} // namespace stillroom
