// What windows have open, in files of the user's state folder: while one runs its file is there, and it goes
// when the window is closed in order. A file whose process is gone tells of a crash, a kill or a power cut;
// beside it lie the experiment's unsaved changes.
//
//   <folder>/<id>.json   process, and what is open
//   <folder>/<id>.yaml   the experiment with its unsaved changes; none: there are none
#pragma once

#include "core/base/result.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <string>
#include <utility>

namespace stillroom {

/// What a window has open.
struct OpenInWindow {
    QString experiment; ///< its file; empty: it was never saved
    QString name;       ///< of the experiment
    QString dataRoot;   ///< what its relative paths begin at
    QString run;        ///< folder of the run under way; empty: none
    bool operator==(const OpenInWindow&) const = default;
};

/// A window that was not closed in order.
struct LeftWindow {
    QString id;
    OpenInWindow open;
    QString edits;  ///< file with the unsaved changes; empty: there were none
    QDateTime when; ///< they were written, or else what was open
};

/// For workers: every call reads or writes files. Several processes may use the folder at once.
class LeftWindows {
  public:
    /// The folder need not be there.
    explicit LeftWindows(QString folder) : folder_(std::move(folder)) {}

    /// For one more window of this process. Any thread, no file.
    [[nodiscard]] static QString newId();

    /// Errors: the folder cannot be made or written.
    Result<void> write(const QString& id, const OpenInWindow& open) const;
    Result<void> writeEdits(const QString& id, const std::string& yaml) const;
    void removeEdits(const QString& id) const;
    void remove(const QString& id) const;

    /// Those whose process is gone and that had a run under way or unsaved changes, the newest first; what
    /// the others left is swept. Windows of other machines that share the folder count as running.
    [[nodiscard]] QList<LeftWindow> left() const;
    /// The user has decided about its run, or about its changes: it is not told of again.
    void settleRun(const QString& id) const;
    void settleEdits(const QString& id) const;

  private:
    [[nodiscard]] QString stateFile(const QString& id) const;
    [[nodiscard]] QString editsFile(const QString& id) const;

    QString folder_;
};

} // namespace stillroom
