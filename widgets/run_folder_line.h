// A run's folder, and the button that chooses another.
#pragma once

#include <QWidget>

class QLineEdit;

namespace stillroom {

/// GUI thread.
class RunFolderLine : public QWidget {
    Q_OBJECT
  public:
    /// `runsFolder`: where a run is looked for as long as there is none.
    explicit RunFolderLine(QString runsFolder, QWidget* parent = nullptr);

    [[nodiscard]] QString folder() const; ///< empty: none yet
    void setFolder(const QString& folder);

  Q_SIGNALS:
    void chosen(const QString& folder); ///< by the user; it is not shown yet

  private:
    void browse();

    const QString runsFolder_;
    QLineEdit* line_;
};

} // namespace stillroom
