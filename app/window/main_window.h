// Which panels, menus and actions there are. What they do is in widgets/.
#pragma once

#include "widgets/run_controller.h"

#include <QCoreApplication>
#include <QMainWindow>
#include <functional>

class QBoxLayout;
class QLabel;
class QTabWidget;

namespace stillroom {

class BatchView;
class CrashGuard;
class Demo;
class ElidedLabel;
class GuidePanel;
class LabModel;
class LeftPanel;
class LiveView;
class MessagePanel;
class PlaneView;
class RunBar;
class RunsView;
class SamplesView;
class SettingsPanel;
class Spotlight;
class SweepView;
class TeacherView;
class TryDialog;
enum class DemoId;
enum class GoOn;
struct DemoSpot;

/// GUI thread. Shows an untitled experiment until it is told to open one.
class MainWindow : public QMainWindow {
    Q_DECLARE_TR_FUNCTIONS(stillroom::MainWindow) // no signals or slots of its own
  public:
    explicit MainWindow(const RunPlaces& places, QWidget* parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] ExperimentDocument* document() const { return document_; }
    [[nodiscard]] RunController* controller() const { return controller_; }
    [[nodiscard]] LabModel* lab() const { return lab_; }
    [[nodiscard]] LiveView* liveView() const { return live_; }
    [[nodiscard]] PlaneView* planeView() const { return plane_; }
    [[nodiscard]] SamplesView* samplesView() const { return samples_; }
    [[nodiscard]] BatchView* batchView() const { return batch_; }
    [[nodiscard]] TeacherView* teacherView() const { return teacher_; }
    [[nodiscard]] RunsView* runsView() const { return runs_; }
    [[nodiscard]] QTabWidget* tabs() const { return tabs_; }
    [[nodiscard]] SettingsPanel* settings() const { return settings_; }
    // Null before the first guided demo.
    [[nodiscard]] Demo* demo() const { return demo_; }
    [[nodiscard]] GuidePanel* guide() const { return guide_; }
    [[nodiscard]] Spotlight* spotlight() const { return spotlight_; }

    /// For a lecture hall, or back (widgets/projector.h).
    void showProjector(bool on);

    /// A path or a bare name; read by a worker.
    void openExperiment(const QString& nameOrPath);
    /// A window of its own; it shows what its watch is told to open or to begin.
    SweepView* showSweep();
    /// Goes on with a run that was cut off or stopped; `begun` when it does.
    void resumeRun(const QString& folder, const std::function<void()>& begun = {});
    /// Starts a run as soon as the experiment that is being opened can run.
    void runWhenReady();
    /// Engine, recent files, examples: what is not needed to be looked at.
    void loadTheRest();
    /// Keeps what is open and not saved in `folder`, and tells of windows that were not closed in order
    /// (widgets/crash_guard.h). Once.
    void keepThroughCrashes(const QString& folder);
    // Null before that.
    [[nodiscard]] CrashGuard* crashGuard() const { return guard_; }
    [[nodiscard]] LeftPanel* leftPanel() const { return left_; }

    void showTry(); ///< View ▸ Try it
    // Null before the first time.
    [[nodiscard]] TryDialog* tryDialog() const { return try_; }
    /// Asks, and then unpacks it among the runs and shows the run.
    void openBundle(const QString& path);

  protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void makeTabs();
    void makeMenus();
    void makeFileMenu();
    void makeViewMenu();
    void makeTeachMenu();
    void addGoingOn(QMenu* run);
    void addOutputs(QMenu* file);
    void addTryIt(QMenu* view);
    /// `runFolder`: to begin with; may be empty.
    void askHowToGoOn(GoOn how, const QString& runFolder);
    void addReport(QMenu* file);
    void askForReport(const QStringList& runFolders);
    void makeGuide();
    void startDemo(DemoId demo);
    /// Outlines what a demo speaks of, and brings it to sight.
    void pointAt(const DemoSpot& spot);
    [[nodiscard]] QWidget* find(const DemoSpot& spot) const;
    void arrange();
    void makeStatusBar();
    void fillRecent();
    void rememberRecent(const QString& path);
    void fillExamples(const QStringList& names);

    void chooseExperiment();
    void openRunSettings(const QString& runFolder); ///< as an experiment that is not saved yet
    void save(const std::function<void()>& then = {});
    void saveAs(const std::function<void()>& then = {});
    /// Runs `action` when neither a run nor unsaved changes would be lost by it: asks once, saves, stops.
    void whenNothingIsLost(const QString& verb, std::function<void()> action);
    void askToStop(const QString& verb, std::function<void()> action);
    void askToSave(std::function<void()> action);
    void openSweep();
    void startSweep();
    void importData(const QStringList& paths); ///< opens the import wizard
    void exportStudent();                      ///< of the run that was done last, or of another
    void copyYaml() const;
    void exportPlots(); ///< all of the window's (main_window_plots.cpp)
    void about();

    void say(const QString& text, MessageKind kind, const QStringList& details);
    void showStatus(const QString& text, MessageKind kind);
    void showPreparing(); ///< what a run that is starting does
    void updateTitle();
    void updateVersions();
    void updateRunFolder();

    ExperimentDocument* document_;
    RunController* controller_;
    LabModel* lab_;
    RunBar* bar_;
    SettingsPanel* settings_;
    QTabWidget* tabs_;
    LiveView* live_;
    PlaneView* plane_;
    SamplesView* samples_;
    BatchView* batch_;
    TeacherView* teacher_;
    RunsView* runs_;
    MessagePanel* messages_;
    QBoxLayout* body_ = nullptr; ///< settings and tabs, and the guide beside or under them
    Demo* demo_ = nullptr;
    GuidePanel* guide_ = nullptr;
    Spotlight* spotlight_ = nullptr;
    CrashGuard* guard_ = nullptr;
    LeftPanel* left_ = nullptr;
    TryDialog* try_ = nullptr;
    std::shared_ptr<Progress> unpacking_; ///< null: no bundle is being unpacked
    QAction* projector_ = nullptr;
    QAction* showMessages_ = nullptr;
    QMenu* recent_ = nullptr;
    QMenu* examples_ = nullptr;
    ElidedLabel* status_;
    QLabel* runFolder_;
    QLabel* versions_;
    std::function<void()> afterRun_;  ///< wanted once the run that is being stopped is over
    std::function<void()> afterSave_; ///< wanted once the file is written
    bool closing_ = false;
    bool runWanted_ = false;
    Background pool_{1};
    Background unpackingPool_{1}; ///< a large bundle takes its time, and nobody else waits for it
};

} // namespace stillroom
