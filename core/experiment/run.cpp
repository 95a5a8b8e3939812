#include "core/experiment/run.h"

#include "core/experiment/recorder.h"
#include "core/experiment/session_spec.h"
#include "core/teacher/calibration.h"

#include <algorithm>
#include <fmt/format.h>
#include <mutex>
#include <utility>

namespace stillroom {

namespace {

RunOrigin originOf(const Engine& engine, const Experiment& experiment, const DistillationSet& set,
                   const RunOptions& options) {
    const EngineInfo info = engine.info();
    const TeacherQuality quality = measureTeacher(*set.data, *set.teacher, Split::Train);
    RunOrigin origin;
    origin.version = STILLROOM_VERSION;
    origin.device = experiment.training.device;
    origin.threads =
        experiment.training.threads == 0 ? info.threads : static_cast<int>(experiment.training.threads);
    origin.torchVersion = info.torchVersion;
    origin.blas = info.blas;
    origin.classes = set.data->classes();
    origin.dataRoot = options.dataRoot;
    origin.replayOf = options.replayOf;
    origin.asking = options.asking;
    origin.teacherRows = static_cast<std::int64_t>(set.trainingRows().size());
    if (quality.rows > 0) {
        origin.teacherAccuracy = quality.accuracy;
        origin.teacherMacroF1 = quality.macroF1;
    }
    return origin;
}

std::string resumeSentence(const ResumePlan& plan, const EngineInfo& engine) {
    const std::string where = plan.checkpoint.empty()
                                  ? std::string("from the beginning, for there was no checkpoint yet")
                                  : fmt::format("after step {}", plan.point.step);
    std::string sentence = plan.branches ? fmt::format("branches from {} {}", plan.parent, where)
                                         : fmt::format("goes on {}", where);
    if (plan.origin.version != STILLROOM_VERSION || plan.origin.torchVersion != engine.torchVersion)
        sentence += fmt::format("; it began with Stillroom {} and LibTorch {}, which are {} and {} now, so "
                                "last digits may differ",
                                plan.origin.version, plan.origin.torchVersion, STILLROOM_VERSION,
                                engine.torchVersion);
    return sentence;
}

} // namespace

/// First the session ends, while the recorder still listens to it; then, before all that it uses, the
/// recorder.
struct Run::Private {
    explicit Private(std::unique_ptr<RunFolder> runFolder)
        : folder(runFolder->path()), recorder(std::move(runFolder), [this] { stopTraining(); }) {}

    ~Private() {
        {
            const std::lock_guard lock(sessionGuard);
            ending = true;
        }
        session.reset();
    }

    /// On the recorder's thread, maybe while the session is being taken down, which stops it anyway.
    void stopTraining() {
        const std::lock_guard lock(sessionGuard);
        if (!ending)
            session->send(StopCommand{});
    }

    const std::string folder;
    bool finished = false;
    std::mutex sessionGuard; ///< held by the recorder while it uses `session`
    bool ending = false;
    std::unique_ptr<Session> session;
    Recorder recorder;
};

Run::Run(std::unique_ptr<Private> d) : d_(std::move(d)) {}

Run::~Run() = default;

Result<std::unique_ptr<Run>> Run::start(const Experiment& experiment, const DistillationSet& set,
                                        const RunOptions& options) {
    if (auto checked = checkExperiment(experiment); !checked)
        return fail(std::move(checked.error()));
    const auto engine = loadEngine();
    if (!engine)
        return fail(engine.error());
    return start(**engine, experiment, set, options);
}

Result<std::unique_ptr<Run>> Run::start(Engine& engine, const Experiment& experiment,
                                        const DistillationSet& set, const RunOptions& options) {
    if (auto checked = checkExperiment(experiment); !checked)
        return fail(std::move(checked.error()));
    if (experiment.asking.on() && options.asking.rows.empty())
        return fail(
            "asking.calls: asking in rounds is done by `stillroom-cli run`; here take asking.calls away, to "
            "learn from all that the teacher said");
    auto spec = sessionSpecOf(experiment, set, options.dataRoot);
    if (!spec)
        return fail(std::move(spec.error()));
    auto folder =
        RunFolder::create(options.runsFolder, experiment, originOf(engine, experiment, set, options));
    if (!folder)
        return fail(std::move(folder.error()));
    spec->startPaused = options.startPaused;
    spec->niceness = options.niceness;
    spec->plannedEdits = options.plannedEdits;
    spec->endAfter = options.endAfter;
    return begin(engine, *std::move(folder), *std::move(spec), options.messages, true);
}

Result<std::unique_ptr<Run>> Run::resume(const ResumePlan& plan, const DistillationSet& set,
                                         const RunOptions& options) {
    const auto engine = loadEngine();
    if (!engine)
        return fail(engine.error());
    return resume(**engine, plan, set, options);
}

Result<std::unique_ptr<Run>> Run::resume(Engine& engine, const ResumePlan& plan, const DistillationSet& set,
                                         const RunOptions& options) {
    auto spec = sessionSpecOf(plan.inForce, set, plan.origin.dataRoot);
    if (!spec)
        return fail(std::move(spec.error()));
    // Of what the plan's settings say now: the edits had nothing to do with it.
    const auto learningRate = spec->training.learningRate;
    spec->training = plan.experiment.training;
    spec->training.learningRate = learningRate;
    auto folder = plan.branches ? RunFolder::branch(options.runsFolder, plan.parent, plan.experiment,
                                                    plan.origin, plan.point)
                                : RunFolder::reopen(plan.parent, plan.experiment, plan.origin, plan.point);
    if (!folder)
        return fail(std::move(folder.error()));
    spec->resumeFrom = plan.checkpoint;
    spec->startPaused = options.startPaused;
    spec->niceness = options.niceness;
    spec->plannedEdits = plan.edits;
    spec->endAfter = plan.endAfter;
    std::vector<std::string> messages = plan.messages;
    messages.push_back(resumeSentence(plan, engine.info()));
    messages.insert(messages.end(), options.messages.begin(), options.messages.end());
    return begin(engine, *std::move(folder), *std::move(spec), messages, plan.branches);
}

/// `removable`: a folder whose session cannot begin goes.
Result<std::unique_ptr<Run>> Run::begin(Engine& engine, std::unique_ptr<RunFolder> folder, SessionSpec spec,
                                        const std::vector<std::string>& messages, bool removable) {
    spec.checkpointFolder = folder->checkpointFolder();
    auto d = std::make_unique<Private>(std::move(folder));
    for (const auto& message : messages)
        d->recorder.send(MessageEvent{message});
    auto session =
        engine.start(std::move(spec), [sink = &d->recorder](Event event) { sink->send(std::move(event)); });
    if (!session) {
        auto unused = d->recorder.release();
        if (removable)
            static_cast<void>(unused->remove());
        return fail(std::move(session.error()));
    }
    d->session = *std::move(session);
    d->recorder.start(); // from here on it may stop the session
    return std::unique_ptr<Run>(new Run(std::move(d)));
}

const std::string& Run::folder() const {
    return d_->folder;
}

std::uint64_t Run::send(decltype(Command::what) what) {
    return d_->session->send(std::move(what));
}

std::vector<Event> Run::drain() {
    return wait(std::chrono::milliseconds(0));
}

std::vector<Event> Run::wait(std::chrono::milliseconds patience) {
    auto events = patience.count() == 0 ? d_->recorder.inbox().drain() : d_->recorder.inbox().wait(patience);
    d_->finished = d_->finished || std::any_of(events.begin(), events.end(), [](const Event& event) {
                       return std::holds_alternative<FinishedEvent>(event);
                   });
    return events;
}

bool Run::finished() const {
    return d_->finished;
}

} // namespace stillroom
