// A choice of one class, or of all. Long names are cut in the box and whole in their tips.
#pragma once

#include <QComboBox>
#include <string>
#include <vector>

namespace stillroom {

class ClassBox : public QComboBox {
    Q_OBJECT
  public:
    /// `all`: what the first entry says.
    explicit ClassBox(const QString& all, QWidget* parent = nullptr);
    void setClasses(const std::vector<std::string>& classes);
    /// −1: all.
    [[nodiscard]] int label() const { return currentIndex() - 1; }
    void setLabel(int label);

  Q_SIGNALS:
    void chosen(int label); ///< by the user

  protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace stillroom
