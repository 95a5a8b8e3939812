// Two teachers compared: which other one, how often they agree, and where they do not, who is right – and
// whether that is more than chance.
#pragma once

#include "widgets/run_state.h"

#include <QFrame>

class QBoxLayout;
class QLabel;
class QToolButton;

namespace stillroom {

class NumberTable;
class TeacherModel;
struct PlotTable;
struct TeacherComparison;

/// GUI thread.
class ComparePanel : public QFrame {
    Q_OBJECT
  public:
    explicit ComparePanel(TeacherModel* model, QWidget* parent = nullptr);
    /// One sentence: who is right more often, or that nobody knows.
    [[nodiscard]] static QString verdict(const TeacherComparison& comparison, const QString& other);
    [[nodiscard]] PlotTable table() const; ///< by class, then all

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void choose();
    void refresh();
    void fill(const TeacherComparison& comparison);

    TeacherModel* model_;
    QToolButton* choose_;
    QToolButton* remove_;
    QToolButton* copy_;
    QLabel* note_;
    QLabel* verdict_;
    QWidget* tables_;
    QBoxLayout* columns_;
    NumberTable* figures_; ///< of both, side by side
    NumberTable* fourfold_;
    NumberTable* classes_;
};

} // namespace stillroom
