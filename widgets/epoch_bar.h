// Which epoch Plane and Samples look at: a slider over the epochs there are, a button that plays them one
// after the other, and a link back to the newest.
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QToolButton;

namespace stillroom {

class LabModel;
class Slider;

class EpochBar : public QWidget {
    Q_OBJECT
  public:
    explicit EpochBar(LabModel* lab, QWidget* parent = nullptr);
    void setPlaying(bool playing);
    [[nodiscard]] bool playing() const { return next_.isActive(); }

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void update();
    void drawGlyph();
    void advance();

    LabModel* lab_;
    QToolButton* play_;
    Slider* slider_;
    QLabel* words_;
    QToolButton* newest_;
    QTimer next_;
};

} // namespace stillroom
