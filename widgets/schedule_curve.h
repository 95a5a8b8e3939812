// A schedule drawn over the run: warm-up, the way from the first value to the last, where the run stands now.
// Its two ends are handles: dragged up and down, or moved with the arrow keys.
#pragma once

#include "core/base/schedule.h"

#include <QWidget>

namespace stillroom {

/// GUI thread. Shows what it is given and says what a hand wants of it; whoever hears `moved` gives it the
/// new schedule.
class ScheduleCurve : public QWidget {
    Q_OBJECT
  public:
    enum class End { From, To };

    /// Values stay within `low` and `high`.
    ScheduleCurve(double low, double high, QWidget* parent = nullptr);
    void setSchedule(const Schedule& schedule);
    /// The run that the curve is drawn over; `underWay`: it stands at `place`, which is marked.
    void setPlace(const RunPlace& place, bool underWay);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    /// Of a handle, in the widget's pixels.
    [[nodiscard]] QPointF handle(End end) const;

  Q_SIGNALS:
    /// One of many of a gesture, until `gestureEnded`.
    void moved(stillroom::ScheduleCurve::End end, double value);
    void gestureEnded();

  protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    struct Axis {
        double low = 0, high = 1;
    };
    [[nodiscard]] Axis fittingAxis() const;
    [[nodiscard]] bool changes() const { return schedule_.shape != ScheduleShape::Constant; }
    [[nodiscard]] double endStep(End end) const; ///< where the handle stands, in steps
    [[nodiscard]] double valueAt(double step) const;
    [[nodiscard]] QRectF area() const;
    [[nodiscard]] QPointF toPixels(double step, double value) const;
    [[nodiscard]] double snapped(double value) const;
    void move(double value);
    void endGesture();

    double low_, high_;
    Schedule schedule_;
    RunPlace place_{0, 1, 1};
    bool underWay_ = false;
    Axis axis_;
    End active_ = End::From;
    bool dragging_ = false, keying_ = false;
};

} // namespace stillroom
