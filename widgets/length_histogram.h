// How long the texts of each split are: shares of texts over characters, doubling every two bars.
#pragma once

#include "core/data/data_profile.h"
#include "widgets/figure.h"
#include "widgets/run_state.h"

#include <QWidget>
#include <array>

class QPainter;

namespace stillroom {

class FigureExport;
struct Theme;

class LengthHistogram : public QWidget, public Figure {
    Q_OBJECT
  public:
    explicit LengthHistogram(QWidget* parent = nullptr);
    /// Splits without rows are left out.
    void show(const DataProfile& profile);
    using QWidget::show;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

    [[nodiscard]] static QString title();
    [[nodiscard]] QString figureTitle() const override { return title(); }
    [[nodiscard]] PlotTable table() const override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] QSize seenSize() const override;
    [[nodiscard]] double leastHeight(double width) override;
    void print(QCPPainter& painter, const QSizeF& size) override;

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool event(QEvent* event) override; ///< tips

  private:
    static constexpr int Bins = 24;
    struct Frame {
        QRectF area; ///< inside the axes
        int first, last;
        double top; ///< share at the upper edge
        [[nodiscard]] double x(double bin) const {
            return area.left() + area.width() * (bin - first) / (last - first + 1);
        }
        [[nodiscard]] double y(double share) const { return area.bottom() - area.height() * share / top; }
    };
    [[nodiscard]] Frame frame(const QSizeF& size) const;
    void paint(QPainter& painter, const QSizeF& size, const Theme& colours) const;

    std::array<std::array<double, Bins>, SplitCount> shares_{};
    std::array<std::int64_t, SplitCount> rows_{};
    FigureExport* takeaway_;
};

} // namespace stillroom
