// A rounded progress bar with a few words in it.
#pragma once

#include <QWidget>

namespace stillroom {

class ProgressPill : public QWidget {
    Q_OBJECT
  public:
    explicit ProgressPill(QWidget* parent = nullptr);
    /// `share` of 0 to 1; below 0: unknown.
    void say(double share, const QString& words);
    [[nodiscard]] QSize sizeHint() const override { return {260, 18}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {110, 18}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    double share_ = 0;
    QString words_;
};

} // namespace stillroom
