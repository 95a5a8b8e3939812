// On or off, painted as a sliding knob with the word beside it.
#pragma once

#include <QAbstractButton>

namespace stillroom {

class Switch : public QAbstractButton {
    Q_OBJECT
  public:
    explicit Switch(QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace stillroom
