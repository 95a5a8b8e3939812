// Curves of the chosen runs, read by workers. What was read stays known while its run is what it was.
#pragma once

#include "core/base/progress.h"
#include "core/experiment/run_curves.h"
#include "widgets/background.h"
#include "widgets/runs_model.h"

#include <QObject>
#include <map>
#include <memory>
#include <vector>

namespace stillroom {

/// A run with one of its curves.
struct ReadCurve {
    SharedRun run;
    std::shared_ptr<const RunCurve> curve; ///< null: it could not be read
};

/// GUI thread.
class CurveReading : public QObject {
    Q_OBJECT
  public:
    explicit CurveReading(QObject* parent = nullptr);
    ~CurveReading() override;

    /// Of these runs, in this order; what was asked for before is given up.
    void ask(const std::vector<SharedRun>& runs, CurveValue value, CurveAxis axis);
    [[nodiscard]] bool busy() const { return waiting_ > 0; }
    [[nodiscard]] const std::vector<ReadCurve>& curves() const { return curves_; }
    /// What the curves are of: those of the last answer, not of a question that is still open.
    [[nodiscard]] CurveValue value() const { return answered_.value; }
    [[nodiscard]] CurveAxis axis() const { return answered_.axis; }
    [[nodiscard]] QString problem() const { return problem_; } ///< of the first run that could not be read

  Q_SIGNALS:
    void changed(); ///< there are other curves

  private:
    struct Question {
        CurveValue value = CurveValue::MacroF1;
        CurveAxis axis = CurveAxis::Steps;
        int buckets = MostBuckets;
        friend auto operator<=>(const Question&, const Question&) = default;
    };
    using Key = std::pair<SharedRun, Question>; // a run that has changed is another object
    void answer();

    Question asked_, answered_;
    std::vector<SharedRun> runs_; ///< asked for
    std::vector<ReadCurve> curves_;
    QString problem_;
    std::map<Key, std::shared_ptr<const RunCurve>> known_;
    std::shared_ptr<Progress> progress_;
    int waiting_ = 0;
    Background pool_{2};
};

} // namespace stillroom
