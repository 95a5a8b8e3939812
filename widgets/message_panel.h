// What was said so far, newest last: what the status bar shows only for a while.
#pragma once

#include "widgets/run_state.h"

#include <QFrame>
#include <QStringList>

class QListWidget;

namespace stillroom {

class MessagePanel : public QFrame {
    Q_OBJECT
  public:
    static constexpr int Most = 1000; ///< older ones go

    explicit MessagePanel(QWidget* parent = nullptr);
    void add(const QString& text, MessageKind kind, const QStringList& details);

  Q_SIGNALS:
    void closed();

  private:
    void copy();
    QListWidget* list_;
};

} // namespace stillroom
