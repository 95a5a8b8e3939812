// One line of text that is cut with an ellipsis where there is no room; the whole is in its tip.
#pragma once

#include <QLabel>

namespace stillroom {

class ElidedLabel : public QLabel {
    Q_OBJECT
  public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    void say(const QString& text);
    [[nodiscard]] QSize minimumSizeHint() const override;

  Q_SIGNALS:
    void clicked();

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
};

} // namespace stillroom
