// "If applied now": what the settings as they are would keep of all samples, with the thresholds as the run
// left them and the student's last uncertainties, before anything is trained with them. Counted by a worker;
// a hand that drags gets the newest answer there is.
#pragma once

#include "core/lab/what_if.h"
#include "widgets/background.h"
#include "widgets/latest_job.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

namespace stillroom {

class LabModel;

/// GUI thread. The lab outlives it.
class AppliedNow : public QObject {
    Q_OBJECT
  public:
    explicit AppliedNow(LabModel* lab, QObject* parent = nullptr);
    ~AppliedNow() override;

    struct Answer {
        WhatIfResult counts;
        bool compared = false; ///< with what the run's own thresholds keep: enters and leaves mean something
        bool asked = false;    ///< the student was; else the teacher's side decides alone
    };
    /// None: no samples, or no threshold of this rule decides by itself.
    [[nodiscard]] const std::optional<Answer>& answer() const { return answer_; }
    /// "keeps 4,120 of 44,373 (9.3 %)", and what is to be said under it, one line each.
    [[nodiscard]] QStringList words() const;
    /// The class of which least is kept of those that there are; empty: none.
    [[nodiscard]] QString thinnest() const;
    /// Counts only while somebody looks.
    void setWatched(bool watched);

  Q_SIGNALS:
    void changed();

  private:
    void ask();
    void askSoon();

    LabModel* lab_;
    std::shared_ptr<WhatIf> whatIf_; ///< of the one worker
    std::optional<Answer> answer_;
    QTimer soon_;
    bool watched_ = false, stale_ = true;
    Background pool_{1};
    LatestJob asking_{pool_};
};

} // namespace stillroom
