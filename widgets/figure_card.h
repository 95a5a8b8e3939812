// One figure of a run and what it is compared with. Every line can be selected and copied.
#pragma once

#include <QFrame>

class QLabel;

namespace stillroom {

class FigureCard : public QFrame {
    Q_OBJECT
  public:
    FigureCard(const QString& name, const QString& tip, QWidget* parent = nullptr);
    /// `comparison`: a line or several. Does nothing when both are what they were.
    void say(const QString& figure, const QString& comparison);

  protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void setFonts();
    void elide();

    QString title_, whole_; ///< name and comparison before they were cut

    QLabel* name_;
    QLabel* figure_;
    QLabel* comparison_;
};

} // namespace stillroom
