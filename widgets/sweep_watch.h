// A sweep as the window sees it: its folder, looked at about once a second, whoever works on it — this
// machine, another one, a cluster. What it starts is `stillroom-cli`, whose processes outlive the window.
#pragma once

#include "core/experiment/sweep_rows.h"
#include "widgets/background.h"
#include "widgets/latest_job.h"

#include <QObject>
#include <QString>
#include <QTimer>
#include <memory>
#include <vector>

namespace stillroom {

/// GUI thread.
class SweepWatch : public QObject {
    Q_OBJECT
  public:
    explicit SweepWatch(QObject* parent = nullptr);
    ~SweepWatch() override;

    /// What does the runs; else the stillroom-cli beside this program.
    void setProgram(const QString& path) { program_ = path; }

    void open(const QString& folder);
    /// A new one from a YAML with `sweep:`, begun as soon as its folder is there.
    void begin(const QString& yaml, const QString& runsFolder, const QString& dataRoot);
    /// Does what is left; `again`: also what failed or was cancelled.
    void goOn(bool again);
    /// Of what goOn started: its runs are cut off, and can be gone on with.
    void stop();
    /// Runs by their numbers, begun or not.
    void cancel(const std::vector<int>& numbers);

    [[nodiscard]] QString folder() const { return folder_; } ///< empty: not there yet
    [[nodiscard]] QString name() const { return name_; }
    [[nodiscard]] const std::vector<SweepRow>& rows() const { return rows_; }
    /// Whether something that this started is at work.
    [[nodiscard]] bool working() const { return process_ > 0; }
    /// Whether anybody is at one of the runs.
    [[nodiscard]] bool busy() const;
    [[nodiscard]] int workers() const { return workers_; } ///< runs at once, here
    [[nodiscard]] QString problem() const { return problem_; }

  Q_SIGNALS:
    void changed();

  private:
    using Folder = std::shared_ptr<const SweepFolder>;
    struct Look;
    void opened(Result<SweepFolder> folder, bool start);
    void look();
    void fail(const Error& error);

    QString program_;
    QString folder_, name_, problem_;
    Folder sweep_;
    std::vector<SweepRow> rows_;
    int workers_ = 1;
    qint64 process_ = 0; ///< of goOn; 0: none
    QTimer timer_;
    Background pool_{1};
    LatestJob looking_{pool_};
};

} // namespace stillroom
