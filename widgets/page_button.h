// A page's entry in the list on the left: its title, its answer, a mark. Painted, so that a long answer is
// elided.
#pragma once

#include "widgets/page_id.h"

#include <QAbstractButton>

namespace stillroom {

class PageButton : public QAbstractButton {
    Q_OBJECT
  public:
    explicit PageButton(PageId page, QWidget* parent = nullptr);
    void say(const PageAnswer& answer);
    /// One line instead of two, where the window is low.
    void setCompact(bool compact);
    [[nodiscard]] QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    PageAnswer answer_;
    bool compact_ = false;
    bool ring_ = false; ///< the focus came by keyboard: show where it is
};

} // namespace stillroom
