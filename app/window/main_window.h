// Which panels, menus and actions there are. What they do is in widgets/.
#pragma once

#include "widgets/run_controller.h"

#include <QCoreApplication>
#include <QMainWindow>
#include <functional>

class QLabel;
class QSplitter;

namespace stillroom {

class ElidedLabel;
class LiveView;
class MessagePanel;
class RunBar;
class SettingsPanel;

/// GUI thread. Shows an untitled experiment until it is told to open one.
class MainWindow : public QMainWindow {
    Q_DECLARE_TR_FUNCTIONS(stillroom::MainWindow) // no signals or slots of its own
  public:
    explicit MainWindow(RunPlaces places, QWidget* parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] ExperimentDocument* document() const { return document_; }
    [[nodiscard]] RunController* controller() const { return controller_; }
    [[nodiscard]] LiveView* liveView() const { return live_; }
    [[nodiscard]] SettingsPanel* settings() const { return settings_; }

    /// A path or a bare name; read by a worker.
    void openExperiment(const QString& nameOrPath);
    /// Starts a run as soon as the experiment that is being opened can run.
    void runWhenReady();
    /// Engine, recent files, examples: what is not needed to be looked at.
    void loadTheRest();

  protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void makeMenus();
    void makeFileMenu();
    void makeViewMenu();
    void makeStatusBar();
    void fillRecent();
    void rememberRecent(const QString& path);
    void fillExamples(const QStringList& names);

    void chooseExperiment();
    void save(const std::function<void()>& then = {});
    void saveAs(const std::function<void()>& then = {});
    /// Runs `action` when neither a run nor unsaved changes would be lost by it: asks once, saves, stops.
    void whenNothingIsLost(const QString& verb, std::function<void()> action);
    void askToStop(const QString& verb, std::function<void()> action);
    void askToSave(std::function<void()> action);
    void dropData(const QStringList& paths);
    void copyYaml() const;
    void about();

    void say(const QString& text, MessageKind kind, const QStringList& details);
    void updateTitle();
    void updateVersions();
    void updateRunFolder();

    ExperimentDocument* document_;
    RunController* controller_;
    RunBar* bar_;
    SettingsPanel* settings_;
    LiveView* live_;
    MessagePanel* messages_;
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
};

} // namespace stillroom
