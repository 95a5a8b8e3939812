// The Batch tab: step mode. Each batch that was asked for by Step, sample by sample: what teacher and student
// said, what was decided and why, and what the batch did to the thresholds. Made to be projected.
#pragma once

#include "widgets/batch_model.h"

#include <QWidget>
#include <deque>

class QBoxLayout;
class QFrame;
class QLabel;
class QToolButton;

namespace stillroom {

class BatchTable;
class GlyphButton;
class LabModel;
class NumberTable;
class RunController;

/// GUI thread. The lab outlives it; the last `Remembered` batches of the present run can be gone back to.
class BatchView : public QWidget {
    Q_OBJECT
  public:
    static constexpr std::size_t Remembered = 50;

    BatchView(RunController* controller, LabModel* lab, QWidget* parent = nullptr);
    [[nodiscard]] const BatchModel* model() const { return model_; }
    [[nodiscard]] int count() const { return static_cast<int>(batches_.size()); }
    [[nodiscard]] int place() const { return place_; } ///< of the batch that is shown, from 0; −1: none

  Q_SIGNALS:
    void arrived(); ///< a batch: who holds this in a tab shows it

  protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    QFrame* makeHead();
    QFrame* makeList();
    QFrame* makeThresholds();
    void begin();
    void add(const BatchEvent& batch);
    void go(int place);
    void chooseOrder(BatchModel::Order order);
    void showHead();
    void showThresholds();
    void showDetail();
    void showEmpty();
    void arrange();
    [[nodiscard]] bool low() const;

    RunController* controller_;
    LabModel* lab_;
    BatchModel* model_;
    std::deque<std::shared_ptr<const BatchEvent>> batches_;
    std::shared_ptr<const SampleTable> table_;
    int place_ = -1;

    QLabel* empty_;
    QWidget* content_;
    QBoxLayout* body_;
    QLabel* title_;
    QLabel* figure_;
    QLabel* facts_;
    GlyphButton* back_;
    GlyphButton* forward_;
    QLabel* which_;
    QToolButton* option_;
    BatchTable* list_;
    QLabel* detail_;
    QFrame* thresholdsPanel_;
    NumberTable* thresholds_;
};

} // namespace stillroom
