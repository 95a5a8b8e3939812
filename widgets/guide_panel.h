// The words of a guided demo beside the window that it drives: what to look at, what to do, how far it is.
#pragma once

#include <QFrame>

class QBoxLayout;
class QLabel;
class QPushButton;
class QScrollArea;

namespace stillroom {

class Demo;

/// GUI thread. Shown while a demo is active.
class GuidePanel : public QFrame {
    Q_OBJECT
  public:
    explicit GuidePanel(Demo* demo, QWidget* parent = nullptr);
    /// A strip under the window instead of a column beside it: where there is no room.
    void setStrip(bool strip);
    [[nodiscard]] QPushButton* nextButton() const { return next_; }
    [[nodiscard]] QPushButton* backButton() const { return back_; }
    [[nodiscard]] QPushButton* showButton() const { return show_; }
    [[nodiscard]] QPushButton* closeButton() const { return close_; }
    [[nodiscard]] QString words() const; ///< as they are shown, rich text

  private:
    void refresh();

    Demo* demo_;
    QBoxLayout* column_;
    QLabel* demoTitle_;
    QLabel* which_;
    QLabel* title_;
    QLabel* words_;
    QScrollArea* scroll_;
    QLabel* task_;
    QLabel* status_;
    QPushButton* back_;
    QPushButton* show_;
    QPushButton* next_;
    QPushButton* close_;
    bool strip_ = false;
    int shown_ = -1; ///< the step whose words are at the top
};

} // namespace stillroom
