// What is rarely needed, behind a link that unfolds it.
#pragma once

#include <QWidget>

class QToolButton;
class QVBoxLayout;

namespace stillroom {

class Fold : public QWidget {
    Q_OBJECT
  public:
    explicit Fold(const QString& text, QWidget* parent = nullptr);
    [[nodiscard]] QVBoxLayout* column() const { return column_; } ///< for what is folded away
    [[nodiscard]] QToolButton* button() const { return button_; }
    [[nodiscard]] bool isOpen() const;
    void setOpen(bool open);

  private:
    QToolButton* button_;
    QWidget* body_;
    QVBoxLayout* column_;
};

} // namespace stillroom
