// Which samples are listed, and in which order: filters, sorting and free text, by a worker. What is found by
// text comes while the search goes on; a new question ends the one before.
#pragma once

#include "core/base/progress.h"
#include "core/lab/sample_filter.h"
#include "widgets/background.h"
#include "widgets/latest_job.h"
#include "widgets/sample_cells.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

namespace stillroom {

class LabModel;

/// GUI thread.
class SampleQuery : public QObject {
    Q_OBJECT
  public:
    struct Order {
        SampleCells::Column column = SampleCells::Number;
        bool ascending = true;
        friend bool operator==(const Order&, const Order&) = default;
    };

    explicit SampleQuery(LabModel* lab, QObject* parent = nullptr);
    ~SampleQuery() override;

    void ask(const SampleFilter& filter, Order order);
    void cancel();
    [[nodiscard]] bool busy() const { return job_ != nullptr; }
    /// Of a search, in [0, 1]; negative: not known.
    [[nodiscard]] double progress() const;

  Q_SIGNALS:
    void began(); ///< what is listed stays until something is found, or the search is over
    void listed(const std::vector<std::uint32_t>& rows); ///< instead of what was listed
    void found(const std::vector<std::uint32_t>& rows);  ///< after it
    void finished();

  private:
    struct Job;
    void collect();
    void done(const std::shared_ptr<Job>& job);

    LabModel* lab_;
    std::shared_ptr<Job> job_; ///< the one whose answer is wanted
    QTimer collecting_;
    Background pool_{1};
    LatestJob asking_{pool_};
};

} // namespace stillroom
