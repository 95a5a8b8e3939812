// What can be done with chosen runs: opened, shown, tagged, noted, put away, thrown away; and, where somebody
// listens, gone on with. Files are changed by a worker.
#pragma once

#include "core/experiment/run_about.h"
#include "widgets/background.h"
#include "widgets/run_state.h"
#include "widgets/runs_model.h"

#include <QObject>
#include <QPointer>
#include <functional>

class QMenu;

namespace stillroom {

/// GUI thread.
class RunActions : public QObject {
    Q_OBJECT
  public:
    /// Dialogs belong to `window`.
    explicit RunActions(QWidget* window);
    ~RunActions() override; ///< waits for what is being written

    /// For a context menu; empty when no run is chosen.
    void fillMenu(QMenu* menu, const std::vector<SharedRun>& runs);

    void open(const SharedRun& run);
    void askForTags(const std::vector<SharedRun>& runs);
    void askForNote(const SharedRun& run);
    void archive(const std::vector<SharedRun>& runs, bool archived);
    /// Asks first. Those that are going on are left.
    void askToDelete(const std::vector<SharedRun>& runs);
    void copySettings(const SharedRun& run);

  Q_SIGNALS:
    /// The run's settings, and the data they name, as an experiment.
    void openWanted(const QString& folder);
    // In the menu where they are connected.
    void resumeWanted(const QString& folder); ///< cut off, stopped or failed
    void extendWanted(const QString& folder); ///< completed
    void branchWanted(const QString& folder);
    void reportWanted(const QStringList& folders);
    void changed(); ///< something was written, or thrown away: look again
    void said(const QString& text, stillroom::MessageKind kind);

  private:
    /// Changes what is said about each, as it stands in its folder by then.
    void write(const std::vector<SharedRun>& runs, std::function<void(RunAbout&)> change);
    void moveToTrash(const std::vector<SharedRun>& runs);

    QWidget* window_;
    Background pool_{1};
};

} // namespace stillroom
