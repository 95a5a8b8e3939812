// What the teacher takes for what: gold by row, its label by column, each row's shares. A cell that is chosen
// lists its texts.
#pragma once

#include "widgets/plot.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

class HeatMap;

/// Columns are numbered as the rows are, because names are long. By keyboard: arrows move, Enter chooses.
class ConfusionPlot : public Plot {
    Q_OBJECT
  public:
    explicit ConfusionPlot(const LiveModel& model, QWidget* parent = nullptr);
    /// `confusion`: K×K, gold × label, row by row; empty: none. `empty`: what to say then.
    void setConfusion(std::vector<std::string> classes, std::vector<std::int64_t> confusion,
                      const QString& empty);
    [[nodiscard]] PlotTable table() const override;
    /// Where a cell lies on the canvas.
    [[nodiscard]] QRectF cellRect(int gold, int label) const;

  Q_SIGNALS:
    void cellChosen(int gold, int label); ///< one with texts in it

  protected:
    std::uint64_t revision() const override { return changes_; }
    void draw(const Theme& colours) override;
    QString emptyText() const override;
    QString tipAt(const QPointF& position) const override;
    double rowsHeight() const override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    struct Cell {
        int gold = 0, label = 0;
    };
    [[nodiscard]] int classCount() const { return static_cast<int>(classes_.size()); }
    [[nodiscard]] std::int64_t count(int gold, int label) const;
    [[nodiscard]] std::int64_t goldCount(int gold) const;
    /// Of a point of the canvas; false: beside the cells.
    [[nodiscard]] bool cellAt(const QPointF& position, Cell& cell) const;
    void choose(const Cell& cell);
    void showCursor();

    std::vector<std::string> classes_;
    std::vector<std::int64_t> confusion_;
    QString empty_;
    Cell cursor_;
    std::uint64_t changes_ = 0;
    HeatMap* cells_;
};

} // namespace stillroom
