// A page of the import wizard: looks at the plan and changes it. GUI thread; what takes time is asked of
// workers.
#pragma once

#include "widgets/import_plan.h"

#include <QString>
#include <QWidget>

namespace stillroom {

class ImportPage : public QWidget {
    Q_OBJECT
  public:
    /// `plan` outlives it.
    explicit ImportPage(ImportPlan& plan, QWidget* parent = nullptr) : QWidget(parent), plan_(plan) {}

    /// It is about to be seen; the pages before it are settled.
    virtual void enter() = 0;
    /// Why it is not settled, a sentence; empty: it is.
    [[nodiscard]] virtual QString problem() const = 0;
    /// Whether that sentence is a mistake (else it says what is awaited).
    [[nodiscard]] virtual bool isWrong() const { return true; }
    /// Work for it is of no use any more.
    virtual void stop() {}

  Q_SIGNALS:
    void changed(); ///< the plan, or the problem

  protected:
    [[nodiscard]] ImportPlan& plan() const { return plan_; }

  private:
    ImportPlan& plan_;
};

[[nodiscard]] QString splitTitle(Split split); ///< "Training", "Validation", "Test"
[[nodiscard]] QString fileName(const std::string& path);

} // namespace stillroom
