// What a window that was not closed in order has left, and what can be done about it: a strip above the tabs
// that waits to be answered and is in nobody's way.
#pragma once

#include "widgets/crash_guard.h"

#include <QFrame>

class QVBoxLayout;

namespace stillroom {

/// GUI thread. Hidden while there is nothing to be told of.
class LeftPanel : public QFrame {
    Q_OBJECT
  public:
    explicit LeftPanel(QWidget* parent = nullptr);
    void add(const QList<LeftBehind>& left);

  Q_SIGNALS:
    // Of a run that was cut off.
    void resumeWanted(const stillroom::LeftBehind& left);
    void openWanted(const stillroom::LeftBehind& left);
    void leaveWanted(const stillroom::LeftBehind& left);
    // Of unsaved changes.
    void restoreWanted(const stillroom::LeftBehind& left);
    void discardWanted(const stillroom::LeftBehind& left);

  public:
    /// Told of no more: of what was asked about it came something.
    void settleRun(const QString& windowId);
    void settleEdits(const QString& windowId);

  private:
    struct Choice {
        QString text, tip;
        void (LeftPanel::*wanted)(const LeftBehind&);
    };
    void addRow(const QString& name, const QString& title, const QString& words, const LeftBehind& left,
                const QList<Choice>& choices);
    void settle(const QString& rowName);
    void fill();

    QVBoxLayout* rows_;
    QList<LeftBehind> waiting_; ///< until there is room
};

} // namespace stillroom
