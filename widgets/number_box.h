// A number that is typed: without the locale's decimal comma, with thousands grouped, as many decimals as it
// has.
#pragma once

#include <QDoubleSpinBox>

namespace stillroom {

class NumberBox : public QDoubleSpinBox {
    Q_OBJECT
  public:
    explicit NumberBox(QWidget* parent = nullptr);
    /// Always this many, so that a number that changes does not jump.
    void setFixedDecimals(bool fixed) { fixed_ = fixed; }
    [[nodiscard]] QString textFromValue(double value) const override;
    [[nodiscard]] double valueFromText(const QString& text) const override;
    QValidator::State validate(QString& text, int& position) const override;

  protected:
    void focusInEvent(QFocusEvent* event) override;

  private:
    bool fixed_ = false;
};

} // namespace stillroom
