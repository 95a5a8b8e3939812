// A horizontal slider in the window's look: a thin groove, filled up to a round handle. It leaves the wheel
// to the page around it unless it has the focus.
#pragma once

#include <QSlider>

namespace stillroom {

class Slider : public QSlider {
    Q_OBJECT
  public:
    explicit Slider(QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

  private:
    [[nodiscard]] int valueAt(double x) const;
};

} // namespace stillroom
