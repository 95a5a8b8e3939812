// How long the texts of each split are: shares of texts over characters, doubling every two bars.
#pragma once

#include "core/data/data_profile.h"

#include <QWidget>
#include <array>

namespace stillroom {

class LengthHistogram : public QWidget {
    Q_OBJECT
  public:
    explicit LengthHistogram(QWidget* parent = nullptr);
    /// Splits without rows are left out.
    void show(const DataProfile& profile);
    using QWidget::show;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;
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
    [[nodiscard]] Frame frame() const;

    std::array<std::array<double, Bins>, SplitCount> shares_{};
    std::array<std::int64_t, SplitCount> rows_{};
};

} // namespace stillroom
