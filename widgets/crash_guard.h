// Sees to it that a crash costs nothing: writes down what the window has open and what of it is not saved,
// and tells of windows that were not closed in order (left_windows.h). Nothing is opened by itself: what has
// just crashed might crash again.
#pragma once

#include "core/experiment/run_summary.h"
#include "widgets/left_windows.h"
#include "widgets/run_controller.h"

#include <QObject>
#include <QTimer>
#include <optional>

namespace stillroom {

/// What is left of a window: a run that was cut off, unsaved changes, or both.
struct LeftBehind {
    LeftWindow window;
    std::optional<RunSummary> run; ///< when it can be read, has no end, and nobody goes on with it
};

/// GUI thread; a worker reads and writes. Destroyed when the window is closed in order: what it wrote is
/// removed.
class CrashGuard : public QObject {
    Q_OBJECT
  public:
    /// `folder`: for the files, the same for all windows of the user. → found, soon
    CrashGuard(RunController* controller, QString folder, QObject* parent = nullptr);
    ~CrashGuard() override;

    /// Opens the experiment with the changes as its last undo step, not saved; the user's file is not
    /// touched. They are then this window's to keep. → restored or said
    void restore(const LeftWindow& window);
    void discardEdits(const LeftWindow& window);
    /// The user has decided about its run.
    void settleRun(const LeftWindow& window);

    /// How long a change may be unwritten.
    void setPatience(int milliseconds) { soon_.setInterval(milliseconds); }

  Q_SIGNALS:
    void found(const QList<stillroom::LeftBehind>& left);
    void restored(const QString& windowId);
    void said(const QString& text, stillroom::MessageKind kind, const QStringList& details);

  private:
    /// Writes down what changed. `takenOver`: the other window whose changes these were; its file goes when
    /// ours is there.
    void note(const QString& takenOver = {});
    [[nodiscard]] OpenInWindow whatIsOpen() const;
    void restoreRead(const LeftWindow& window, Result<Experiment> edited, Result<Experiment> original,
                     bool newerFile);

    RunController* controller_;
    ExperimentDocument* document_;
    const LeftWindows files_;
    const QString id_ = LeftWindows::newId();
    OpenInWindow written_;
    bool anyEdits_ = false; ///< are written, or on their way
    bool failed_ = false;   ///< that was said
    QTimer soon_;
    Background pool_{1}; ///< in the order in which it happened
};

} // namespace stillroom
