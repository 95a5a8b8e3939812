// What happens when: data are read when the settings that name them change, a run is started, paused, stepped
// and stopped, settings edited in flight are sent to it, its events go into the live model.
// GUI thread; reading, the engine's loading and Run::start happen on workers. Nothing here waits but the
// destructor, which stops a run and waits for its thread.
#pragma once

#include "core/engine/engine.h"
#include "core/experiment/resume.h"
#include "core/experiment/run.h"
#include "widgets/background.h"
#include "widgets/experiment_document.h"
#include "widgets/live_model.h"
#include "widgets/loaded_examples.h"
#include "widgets/run_state.h"

#include <QObject>
#include <QTimer>
#include <optional>

namespace stillroom {

struct RunPlaces {
    QString dataRoot;   ///< empty: the experiment file's folder
    QString runsFolder; ///< where run folders are made
    int niceness = 10;  ///< of the training threads: the window goes first
    Engine* engine =
        nullptr; ///< what trains; null: the module that is loaded by name. Outlives the controller
};

class RunController : public QObject {
    Q_OBJECT
  public:
    RunController(ExperimentDocument* document, RunPlaces places, QObject* parent = nullptr);
    ~RunController() override;

    [[nodiscard]] RunState state() const { return state_; }
    [[nodiscard]] ExperimentDocument* document() const { return document_; }
    [[nodiscard]] const LiveModel& live() const { return live_; }
    [[nodiscard]] LiveModel& live() { return live_; }

    /// The data that are there; null while none were read.
    [[nodiscard]] const Examples* examples() const { return examples_.get(); }
    /// The same, for those who look at it later: data that are read again replace it, and announce that only
    /// then.
    [[nodiscard]] std::shared_ptr<const DataSummary> summary() const {
        return examples_ ? std::shared_ptr<const DataSummary>(examples_, &examples_->summary) : nullptr;
    }
    [[nodiscard]] std::shared_ptr<const Examples> sharedExamples() const { return examples_; }
    [[nodiscard]] const std::optional<Error>& loadError() const { return loadError_; }
    [[nodiscard]] const std::optional<Error>& runError() const { return runError_; }
    [[nodiscard]] std::shared_ptr<const Progress> loadProgress() const { return progress_; }
    [[nodiscard]] double loadSeconds() const; ///< since the reading began

    /// Why Run cannot be pressed, one sentence; empty: it can.
    [[nodiscard]] QString problem() const { return problem_; }
    [[nodiscard]] QString runsFolder() const { return places_.runsFolder; } ///< where new ones are made
    [[nodiscard]] QString runFolder() const { return runFolder_; }          ///< of the present or last run
    /// What a run that is starting does before its first step; none: nothing that takes long.
    [[nodiscard]] const std::optional<PreparingEvent>& preparing() const { return preparing_; }
    [[nodiscard]] const std::optional<EngineInfo>& engine() const { return engine_; }
    [[nodiscard]] QString dataRoot() const; ///< what relative paths begin at
    [[nodiscard]] bool rootIsGiven() const { return !places_.dataRoot.isEmpty(); }
    [[nodiscard]] BadRowPolicy badRows() const { return badRows_; }
    /// The experiment as the present or last run was started with it, and edited since.
    [[nodiscard]] const Experiment& running() const { return sent_; }

    void setBadRows(BadRowPolicy policy); ///< reads again
    void reload();                        ///< now, whatever changed
    void cancelLoading();
    void loadEngineSoon(); ///< → engineReady

    /// Run: starts, resumes, or starts as soon as the data are there.
    void run();
    void pause();
    void step(); ///< starts paused when nothing runs yet
    void stop();
    /// Shows the run's experiment, reads its data and goes on as planned. Not while a run is under way.
    void resume(ResumePlan plan);

    /// A change of it reaches a run that is under way; every other setting waits for the next run.
    [[nodiscard]] static bool editableInFlight(const QString& key);
    /// The sentence as the window says it: the command line's options are buttons here.
    [[nodiscard]] static QString forTheWindow(const std::string& message);

  Q_SIGNALS:
    void stateChanged(stillroom::RunState state);
    void examplesChanged(); ///< read, or failed to be read
    void problemChanged();
    void runBegan();                              ///< the live model is fresh
    void happened(const stillroom::Event& event); ///< each thing a run says, once the live model knows it
    void drained(); ///< about 30 times a second while a run has something to say
    void engineReady();
    void said(const QString& text, stillroom::MessageKind kind, const QStringList& details);

  private:
    void settingChanged(const QString& key);
    void load();
    void loaded(int number, Result<Examples> result);
    void start(bool paused);
    void startPlanned();
    void beginLive(const Experiment& experiment); ///< before a run is started
    void started(Result<std::unique_ptr<Run>> run);
    void drain();
    void heed(const Event& event);
    void finish(const FinishedEvent& end);
    void sendEdits();
    void enter(RunState state);
    void checkSettings();
    void say(const Error& error);

    ExperimentDocument* document_;
    RunPlaces places_;
    RunState state_ = RunState::Empty;
    LiveModel live_;

    std::shared_ptr<const Examples> examples_;
    std::optional<Error> loadError_, runError_;
    std::shared_ptr<Progress> progress_;
    int loading_ = 0; ///< number of the latest reading
    QTimer loadSoon_;
    qint64 loadBegan_ = 0;
    bool loadAfterRun_ = false;
    BadRowPolicy badRows_ = BadRowPolicy::Stop;

    std::unique_ptr<Run> run_;
    std::optional<PreparingEvent> preparing_;
    enum class Wanted { Nothing, Run, Step } wanted_ = Wanted::Nothing;
    bool stopWanted_ = false;
    std::optional<ResumePlan> plan_;    ///< what the next start goes on with; none: a new run
    std::optional<Experiment> planned_; ///< as it was shown then
    Experiment sent_;
    int runs_ = 0; ///< of this session
    QTimer editSoon_;
    QTimer drainTimer_;
    QString runFolder_;
    QString problem_;
    std::optional<EngineInfo> engine_;
    Background pool_{3}; ///< one may be reading, one loading the engine, one starting a run
};

} // namespace stillroom
