// The plane: the teacher's confidence across, the student's uncertainty upwards, samples as a density, the
// thresholds as lines that can be dragged, a region that can be selected. Before the student was asked there
// is one axis alone: how many texts the teacher is how sure of.
#pragma once

#include "core/lab/density_map.h"
#include "widgets/density_model.h"
#include "widgets/lab_model.h"
#include "widgets/plot.h"

#include <QRectF>
#include <optional>

namespace stillroom {

class PlaneImage;
class PlaneLines;

/// GUI thread. Dragging changes the lab's hypothesis, never a setting.
class PlanePlot : public Plot {
    Q_OBJECT
  public:
    enum class Colour { Density, Right };

    PlanePlot(LabModel* lab, DensityModel* density, QWidget* parent = nullptr);
    ~PlanePlot() override;

    void setColour(Colour colour);
    [[nodiscard]] Colour colour() const { return colour_; }
    /// The vertical axis by the square root of the uncertainty: late in training most samples and the
    /// thresholds are near 0. False: evenly.
    void setSpread(bool spread);

    /// Dragging selects a region instead of moving a line; Shift does the same for one drag.
    void setBrushing(bool on);
    /// Confidence × uncertainty; without the student the height is the whole.
    [[nodiscard]] const std::optional<QRectF>& brush() const { return brush_; }
    void clearBrush();

    /// Where a side's line can be taken hold of, in the widget's pixels; none: it cannot, or is not seen.
    [[nodiscard]] std::optional<QPointF> gripOf(ThresholdSide side) const;
    /// A point of the axes in the widget's pixels.
    [[nodiscard]] QPointF pixelOf(double confidence, double uncertainty) const;

    [[nodiscard]] PlotTable table() const override;

  Q_SIGNALS:
    void brushChanged();

  protected:
    [[nodiscard]] std::uint64_t revision() const override { return changes_; }
    void draw(const Theme& colours) override;
    [[nodiscard]] QString emptyText() const override;
    [[nodiscard]] QString tipAt(const QPointF& position) const override;
    [[nodiscard]] bool optionMatters() const override;

    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    struct Grabbed { ///< a line under the hand
        ThresholdSide side = ThresholdSide::Teacher;
        int label = LabModel::AllClasses; ///< whose threshold moves
        double base = 0;                  ///< that threshold without the factor that is being dragged
    };
    void makeOptions();
    void changed();
    void fitAxes();
    void fitGrid();
    void drawStrip(const Theme& colours);
    void drawMap(const Theme& colours);
    void drawLines();
    void addLines(ThresholdSide side);
    [[nodiscard]] bool stripOnly() const { return density_->map() == nullptr; }
    /// Where an uncertainty lies on the vertical axis, and back.
    [[nodiscard]] double up(double uncertainty) const;
    [[nodiscard]] double down(double height) const;
    void drawPicture(const Theme& colours, bool right);

    // How thresholds stand, for the class that is chosen or the mean of all.
    [[nodiscard]] double middleOf(const std::vector<double>& thresholds) const;
    [[nodiscard]] QString wordsFor(ThresholdSide side, const std::vector<double>& thresholds) const;
    [[nodiscard]] double baseOf(ThresholdSide side, int label) const;

    // The hand (plane_plot_hand.cpp).
    [[nodiscard]] QPointF toAxes(const QPointF& position) const;
    [[nodiscard]] std::optional<Grabbed> lineAt(const QPointF& position) const;
    void drag(const QPointF& position);
    void nudge(ThresholdSide side, double by);
    void showCursor(const QPointF& position, Qt::KeyboardModifiers modifiers);

    LabModel* lab_;
    DensityModel* density_;
    PlaneImage* image_;
    DensityMap seen_;                           ///< the map in rows as they are drawn …
    std::vector<double> edges_;                 ///< … and the uncertainties between them
    std::shared_ptr<const DensityMap> painted_; ///< the map that the image was painted of …
    QString paintedAs_;                         ///< … and how: it stays while a line is dragged
    PlaneLines* lines_;
    QCPBars* all_;
    QCPBars* kept_;
    Colour colour_ = Colour::Density;
    bool spread_ = true;
    double lowest_ = 1, highest_ = 0; ///< of the axes: they only grow while the data stay
    std::uint64_t changes_ = 1;

    bool brushing_ = false;
    std::optional<QPointF> brushFrom_; ///< while a region is being drawn
    std::optional<QRectF> brush_;
    std::optional<Grabbed> grabbed_;
};

} // namespace stillroom
