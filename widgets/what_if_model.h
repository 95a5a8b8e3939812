// The answer to what is supposed on the plane: what the thresholds as they are keep, and what the supposed
// ones would. Counted by a worker over all samples; a hand that drags gets the newest answer there is.
#pragma once

#include "core/lab/what_if.h"
#include "widgets/background.h"
#include "widgets/lab_model.h"
#include "widgets/latest_job.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

namespace stillroom {

class WhatIfModel : public QObject {
    Q_OBJECT
  public:
    explicit WhatIfModel(LabModel* lab, QObject* parent = nullptr);
    ~WhatIfModel() override;

    struct Answer {
        std::shared_ptr<const SampleTable> table; ///< that was counted
        WhatIfResult now;                         ///< by the thresholds as they are
        WhatIfResult then;                        ///< by the supposed ones; `now` when nothing is supposed
        bool supposed = false;
        bool asked = false;      ///< the student was
        double milliseconds = 0; ///< that counting `then` took
    };
    /// None while there are no samples, or the rule has no thresholds to count by.
    [[nodiscard]] const std::optional<Answer>& answer() const { return answer_; }
    /// Counts only while somebody looks.
    void setWatched(bool watched);

  Q_SIGNALS:
    void changed();

  private:
    struct Worker;
    void ask();
    void askSoon();

    LabModel* lab_;
    std::shared_ptr<Worker> worker_;
    std::optional<Answer> answer_;
    QTimer soon_; ///< a run that goes on changes the question thirty times a second
    bool watched_ = false, stale_ = true;
    Background pool_{1};
    LatestJob asking_{pool_};
};

} // namespace stillroom
