// An outline around what is spoken of, over everything else in the window; clicks go through it.
#pragma once

#include <QPointer>
#include <QWidget>

class QTimer;

namespace stillroom {

/// GUI thread. Covers `window`, of which it is a child, and follows its target wherever that moves.
class Spotlight : public QWidget {
    Q_OBJECT
  public:
    explicit Spotlight(QWidget* window);
    /// Null: nothing is outlined.
    void point(QWidget* target);
    [[nodiscard]] QWidget* target() const { return target_; }

    /// The target, after what is around it was laid out anew.
    void revealAgain() const;
    /// Brings a widget to sight: its tab to the front, its place in a scrolled page.
    static void reveal(QWidget* widget);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

  private:
    void follow();
    QPointer<QWidget> target_;
    QRect shown_;
    QTimer* timer_;
};

} // namespace stillroom
