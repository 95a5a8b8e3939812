// The runs below a folder, read by workers: what is known already comes at once, the rest as it is read.
// Looked through again, only what has changed is read again.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "widgets/background.h"
#include "widgets/runs_model.h"

#include <QElapsedTimer>
#include <QObject>
#include <QSet>
#include <optional>

namespace stillroom {

/// GUI thread.
class RunsReading : public QObject {
    Q_OBJECT
  public:
    explicit RunsReading(QObject* parent = nullptr);
    ~RunsReading() override;

    [[nodiscard]] QString folder() const { return folder_; }
    /// Another folder: what was being read is given up. `cacheFile`: where it is remembered (runIndexFile);
    /// empty: nowhere.
    void setFolder(const QString& folder, const QString& cacheFile);
    /// Looks through the folder; once more afterwards when it is being looked through.
    void refresh();
    /// Gives up what is being read; what was read stays.
    void cancel();

    [[nodiscard]] bool busy() const { return progress_ != nullptr; }
    [[nodiscard]] bool everRead() const { return everRead_; } ///< to the end, this folder
    /// Of those that were found.
    [[nodiscard]] qint64 done() const { return done_; }
    [[nodiscard]] qint64 found() const { return found_; }
    /// Why the folder could not be looked through, the last time.
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    [[nodiscard]] qint64 milliseconds() const { return took_; } ///< that the last time took

  Q_SIGNALS:
    void read(const std::vector<stillroom::SharedRun>& runs); ///< some
    void finished(const QSet<QString>& folders);              ///< all; there are no others
    void failed();
    void cancelled();

  private:
    void look();
    void share(const std::vector<FoundRun>& runs);
    void end();

    QString folder_;
    std::shared_ptr<RunIndex> index_;
    std::shared_ptr<Progress> progress_; ///< of what is under way
    std::optional<Error> error_;
    QSet<QString> folders_;
    qint64 done_ = 0, found_ = 0, took_ = 0;
    bool again_ = false, everRead_ = false;
    QElapsedTimer timer_;
    Background pool_{2};
};

} // namespace stillroom
