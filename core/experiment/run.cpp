#include "core/experiment/run.h"

#include "core/experiment/find_encoder.h"
#include "core/experiment/recorder.h"
#include "core/teacher/calibration.h"

#include <algorithm>
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
    origin.teacherRows = static_cast<std::int64_t>(set.trainingRows().size());
    if (quality.rows > 0) {
        origin.teacherAccuracy = quality.accuracy;
        origin.teacherMacroF1 = quality.macroF1;
    }
    return origin;
}

SessionSpec specOf(const Experiment& experiment, const DistillationSet& set, const RunOptions& options,
                   std::string checkpointFolder) {
    SessionSpec spec;
    spec.set = set;
    spec.student = experiment.student;
    spec.selection = experiment.selection;
    spec.loss = experiment.loss;
    spec.training = experiment.training;
    spec.checkpointFolder = std::move(checkpointFolder);
    spec.startPaused = options.startPaused;
    spec.niceness = options.niceness;
    spec.plannedEdits = options.plannedEdits;
    spec.endAfter = options.endAfter;
    return spec;
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
    std::string model;
    if (experiment.student.kind != StudentKind::Ngram) {
        auto found = findEncoder(experiment.student.model, options.dataRoot);
        if (!found)
            return fail("student.model: " + found.error().message);
        model = std::move(*found);
    }
    auto folder =
        RunFolder::create(options.runsFolder, experiment, originOf(engine, experiment, set, options));
    if (!folder)
        return fail(std::move(folder.error()));
    auto spec = specOf(experiment, set, options, (*folder)->checkpointFolder());
    spec.student.model = model;
    auto d = std::make_unique<Private>(*std::move(folder));
    for (const auto& message : options.messages)
        d->recorder.send(MessageEvent{message});
    auto session =
        engine.start(std::move(spec), [sink = &d->recorder](Event event) { sink->send(std::move(event)); });
    if (!session) {
        static_cast<void>(d->recorder.release()->remove());
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
