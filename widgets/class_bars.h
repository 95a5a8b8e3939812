// A student's classes and their probabilities, each with a bar.
#pragma once

#include <QWidget>
#include <utility>
#include <vector>

namespace stillroom {

/// GUI thread. As high as it has rows; the first one, the label, is drawn stronger.
class ClassBars : public QWidget {
    Q_OBJECT
  public:
    using Row = std::pair<QString, double>; ///< name, probability

    explicit ClassBars(QWidget* parent = nullptr);
    /// The most probable first. What it says stands in the accessible description too.
    void setRows(std::vector<Row> rows);
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    [[nodiscard]] int rowHeight() const;
    std::vector<Row> rows_;
};

} // namespace stillroom
