// View ▸ Try it: a text is typed, and the student says what it takes it for and what it has learned of the
// like.
#pragma once

#include "widgets/try_model.h"

#include <QDialog>
#include <QTimer>

class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QTableWidget;
class QToolButton;

namespace stillroom {

class ClassBars;
class ElidedLabel;

/// GUI thread. Stays beside the window; the student is looked for while it is seen.
class TryDialog : public QDialog {
    Q_OBJECT
  public:
    explicit TryDialog(LabModel* lab, QWidget* parent = nullptr);

    [[nodiscard]] TryModel* model() { return &model_; }
    [[nodiscard]] QPlainTextEdit* input() const { return input_; }
    [[nodiscard]] ClassBars* bars() const { return bars_; }
    [[nodiscard]] QTableWidget* neighbours() const { return near_; }
    /// What is said in place of the bars, or of the table; empty: they are shown.
    [[nodiscard]] QString emptyWords() const;
    [[nodiscard]] QString neighbourWords() const;

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void chooseRun();
    void refresh();
    void showAnswer();
    void fillNeighbours(const std::vector<TriedNeighbour>& near);
    void setFonts();

    TryModel model_;
    QLabel* title_;
    ElidedLabel* run_;
    QToolButton* choose_;
    QToolButton* back_;
    QPlainTextEdit* input_;
    ClassBars* bars_;
    QWidget* barsArea_;
    QLabel* empty_;
    QLabel* nearTitle_;
    QLabel* nearWords_;
    QProgressBar* progress_;
    QTableWidget* near_;
    QTimer soon_; ///< a hand that types is waited for
};

} // namespace stillroom
