#include "widgets/plane_plot.h"

#include "widgets/plane_layer.h"
#include "widgets/plane_picture.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/tickers.h"

#include <QActionGroup>
#include <QMenu>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace stillroom {
namespace {

constexpr double CellPixels = 4.5;   // at a desk, as all lengths here
constexpr int SpreadRows = 1600;     // of the counted map: a cell is the 40th part of the height at most
constexpr int FewValues = 14;        // a teacher that states round numbers
constexpr int ColumnsOfFew = 50;     // then 0.02 each: a stripe can be seen, and no two become one
constexpr int TopMargin = 28;        // over the axes, for the key
constexpr double KeyImageWidth = 64; // colours
constexpr double LeastHeight = 0.2;  // of uncertainty

class ShareTicker : public QCPAxisTicker {
  public:
    ShareTicker() { setTickCount(5); }

  protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        const double tenths = tick * 10;
        return fixed(tick, std::abs(tenths - std::round(tenths)) < 1e-6 ? 1 : 2);
    }
};

/// For an axis of square roots: as many round uncertainties as have room.
class RootTicker : public QCPAxisTicker {
  protected:
    QVector<double> createTickVector(double, const QCPRange& range) override {
        static constexpr double Round[] = {0,   0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2,
                                           0.3, 0.4,   0.5,   0.6,  0.7,  0.8,  0.9, 1};
        QVector<double> ticks;
        for (const double uncertainty : Round)
            if (const double at = std::sqrt(uncertainty);
                ticks.isEmpty() || at - ticks.back() > range.size() * 0.075)
                ticks << at;
        return ticks;
    }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        return QString::number(tick * tick, 'g', 3);
    }
};

QString measureName(Uncertainty measure) {
    switch (measure) {
    case Uncertainty::Entropy:
        return PlanePlot::tr("entropy");
    case Uncertainty::LeastConfidence:
        return PlanePlot::tr("least confidence");
    case Uncertainty::Margin:
        return PlanePlot::tr("margin");
    case Uncertainty::Disagreement:
        return PlanePlot::tr("disagreement");
    }
    return {};
}

QImage keyImage(PlanePlot::Colour colour, const Theme& colours) {
    QImage image(static_cast<int>(KeyImageWidth), 1, QImage::Format_ARGB32);
    for (int x = 0; x < image.width(); ++x) {
        const double share = x / (KeyImageWidth - 1);
        image.setPixelColor(x, 0,
                            colour == PlanePlot::Colour::Density ? densityColour(share, colours)
                                                                 : rightColour(share, 1, colours));
    }
    return image;
}

} // namespace

PlanePlot::PlanePlot(LabModel* lab, DensityModel* density, QWidget* parent)
    : Plot(lab->controller()->live(), tr("Confidence × uncertainty"), parent), lab_(lab), density_(density),
      image_(new PlaneImage(canvas())), lines_(new PlaneLines(canvas())),
      all_(new QCPBars(canvas()->xAxis, canvas()->yAxis)),
      kept_(new QCPBars(canvas()->xAxis, canvas()->yAxis)) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    for (auto* bars : {all_, kept_}) {
        bars->setPen(Qt::NoPen);
        bars->setAntialiased(false);
    }
    canvas()->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ShareTicker));
    makeOptions();
    setColour(Colour::Density);
    setAccessibleDescription(
        tr("How many texts there are of each confidence of the teacher and each uncertainty of the student, "
           "and where the thresholds are. The arrow keys move the thresholds."));
    connect(density_, &DensityModel::changed, this, [this] {
        fitAxes();
        changed();
    });
    connect(lab_, &LabModel::tableChanged, this, [this] {
        lowest_ = 1;
        highest_ = 0;
        clearBrush();
        fitAxes();
        changed();
    });
    for (const auto signal :
         {&LabModel::baselineChanged, &LabModel::hypothesisChanged, &LabModel::classChosen})
        connect(lab_, signal, this, [this] {
            fitAxes();
            changed();
        });
    fitAxes();
}

PlanePlot::~PlanePlot() = default;

void PlanePlot::makeOptions() {
    auto* menu = new QMenu;
    auto* group = new QActionGroup(menu);
    for (const Colour colour : {Colour::Density, Colour::Right}) {
        auto* action =
            menu->addAction(colour == Colour::Density ? tr("density") : tr("teacher right or wrong"), this,
                            [this, colour] { setColour(colour); });
        action->setCheckable(true);
        action->setChecked(colour == colour_);
        group->addAction(action);
    }
    menu->addSeparator();
    auto* spread = menu->addAction(tr("spread small uncertainties"), this, &PlanePlot::setSpread);
    spread->setCheckable(true);
    spread->setChecked(spread_);
    setOptionMenu(menu);
}

void PlanePlot::setSpread(bool spread) {
    spread_ = spread;
    fitGrid();
    changed();
}

double PlanePlot::up(double uncertainty) const {
    return spread_ && !stripOnly() ? std::sqrt(std::max(0.0, uncertainty)) : uncertainty;
}

double PlanePlot::down(double height) const {
    return spread_ && !stripOnly() ? height * std::abs(height) : height;
}

void PlanePlot::setColour(Colour colour) {
    colour_ = colour;
    setOption((colour == Colour::Density ? tr("colour: density") : tr("colour: teacher right or wrong")) +
                  QStringLiteral(" ▾"),
              tr("What the colours say"));
    changed();
}

bool PlanePlot::optionMatters() const {
    return !stripOnly();
}

void PlanePlot::changed() {
    ++changes_;
    refresh();
}

void PlanePlot::resizeEvent(QResizeEvent* event) {
    Plot::resizeEvent(event);
    // Once the layout has given the canvas its size.
    QMetaObject::invokeMethod(
        this, [this] { fitGrid(); }, Qt::QueuedConnection);
}

void PlanePlot::changeEvent(QEvent* event) {
    ++changes_; // whatever it is, the picture's colours may be others
    Plot::changeEvent(event);
}

// ── the axes ────────────────────────────────────────────────────────────────────────────────────────────

void PlanePlot::fitAxes() {
    const auto summary = lab_->controller()->summary();
    if (summary && summary->taught > 0) {
        const auto& bins = summary->confidence;
        const auto first = std::find_if(bins.begin(), bins.end(), [](auto rows) { return rows > 0; });
        lowest_ =
            std::min(lowest_, static_cast<double>(first - bins.begin()) / static_cast<double>(bins.size()));
    }
    if (const auto& map = density_->map()) {
        for (int row = map->rows - 1; row >= 0; --row) {
            const auto begin = map->all.begin() + static_cast<std::ptrdiff_t>(row) * map->columns;
            if (std::any_of(begin, begin + map->columns, [](auto count) { return count > 0; })) {
                highest_ = std::max(highest_, static_cast<double>(row + 1) / map->rows);
                break;
            }
        }
    }
    // A line that can be dragged must be seen; one that refuses nobody need not.
    for (const double threshold : lab_->baseline().thresholds.student)
        highest_ = std::max(highest_, std::min(1.0, threshold + 0.05));
    fitGrid();
}

void PlanePlot::fitGrid() {
    const auto summary = lab_->controller()->summary();
    const QSize area = canvas()->axisRect()->size();
    if (area.width() < 50 || area.height() < 50)
        return;
    const double low = std::max(0.0, std::floor(lowest_ * 20) / 20);
    const double high = std::max(LeastHeight, std::ceil(highest_ * 10) / 10);
    // Steps of ten: a window that is being made larger is not counted again at every pixel.
    const auto cells = [](int pixels, double share) {
        const double wanted = pixels / scaled(CellPixels) / std::max(0.05, share);
        return static_cast<int>(std::clamp(std::round(wanted / 10) * 10, 40.0, 400.0));
    };
    int columns = cells(area.width(), 1 - low);
    if (summary) {
        const auto occupied = std::count_if(summary->confidence.begin(), summary->confidence.end(),
                                            [](auto rows) { return rows > 0; });
        if (occupied <= FewValues)
            columns = ColumnsOfFew;
    }
    density_->setGrid({columns, spread_ ? SpreadRows : cells(area.height(), high)});
}

QString PlanePlot::emptyText() const {
    return lab_->table() ? QString()
                         : tr("What the teacher is sure of, and the student is not.\n%1").arg(hint());
}

void PlanePlot::draw(const Theme& colours) {
    lines_->clear();
    lines_->setColours(colours);
    image_->shown = false;
    const double low = std::max(0.0, std::floor(lowest_ * 20 + 1e-6) / 20);
    canvas()->xAxis->setRange(std::min(low, 0.95), 1);
    canvas()->axisRect()->setMinimumMargins({0, scaled(TopMargin), scaled(16), 0});
    const bool strip = stripOnly();
    all_->setVisible(strip);
    kept_->setVisible(strip);
    if (strip)
        drawStrip(colours);
    else
        drawMap(colours);
    drawLines();
    if (brush_)
        lines_->brush = QRectF(QPointF(brush_->left(), up(brush_->top())),
                               QPointF(brush_->right(), up(brush_->bottom())));
    lines_->wholeHeight = strip;
}

void PlanePlot::drawMap(const Theme& colours) {
    const DensityMap& map = *density_->map();
    canvas()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(
        spread_ ? static_cast<QCPAxisTicker*>(new RootTicker) : new ShareTicker));
    canvas()->yAxis->setRange(0, up(std::max(LeastHeight, std::ceil(highest_ * 10 - 1e-6) / 10)));
    const QString measure = measureName(lab_->baseline().settings.uncertainty);
    setAxisLabels(tr("teacher's confidence"), (spread_ ? tr("student's uncertainty (%1; square-root scale)")
                                                       : tr("student's uncertainty (%1)"))
                                                  .arg(measure));
    const bool right = colour_ == Colour::Right && lab_->table() && lab_->table()->hasGold();
    drawPicture(colours, right);
    lines_->key = keyImage(right ? Colour::Right : Colour::Density, colours);
    if (right) {
        lines_->keyTitle = tr("teacher's label");
        lines_->keyFrom = tr("wrong");
        lines_->keyTo = tr("right");
    } else {
        lines_->keyTitle = tr("texts in a cell");
        lines_->keyFrom = QStringLiteral("1");
        lines_->keyTo = grouped(seen_.largest);
    }
    if (map.notScored > 0)
        lines_->note =
            tr("%1 texts are not shown: the student was not asked of them yet.").arg(grouped(map.notScored));
}

void PlanePlot::drawPicture(const Theme& colours, bool right) {
    const auto& map = density_->map();
    const double highest = down(canvas()->yAxis->range().upper);
    const int rows =
        std::max(20, static_cast<int>(std::lround(canvas()->axisRect()->height() / scaled(CellPixels))));
    const QString as = QStringLiteral("%1 %2 %3 %4 %5")
                           .arg(right)
                           .arg(spread_)
                           .arg(rows)
                           .arg(highest)
                           .arg(colours.surface.name());
    if (map != painted_ || as != paintedAs_) {
        painted_ = map;
        paintedAs_ = as;
        seen_ = joinedRows(*map, rows, highest, spread_, edges_);
        image_->image = right ? rightPicture(seen_, colours) : densityPicture(seen_, colours);
        image_->edges.clear();
        for (const double edge : edges_)
            image_->edges.push_back(up(edge));
    }
    image_->shown = true;
}

void PlanePlot::drawStrip(const Theme& colours) {
    const auto summary = lab_->controller()->summary();
    setAxisLabels(tr("teacher's confidence"), tr("texts"));
    canvas()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new GroupedTicker(5)));
    all_->setBrush(colours.all);
    kept_->setBrush(colours.kept);
    if (!summary)
        return;
    const Thresholds supposed = lab_->supposed();
    const int chosen = lab_->chosenClass();
    constexpr int Bins = DataSummary::Bins;
    QVector<double> x, all, kept;
    double highest = 1;
    for (int bin = 0; bin < Bins; ++bin) {
        const auto b = static_cast<std::size_t>(bin);
        double rows = 0, passed = 0;
        for (std::size_t k = 0; k < summary->confidenceByClass.size(); ++k) {
            if (chosen >= 0 && static_cast<std::size_t>(chosen) != k)
                continue;
            const auto here = static_cast<double>(summary->confidenceByClass[k][b]);
            rows += here;
            // A bin that the threshold cuts counts as kept: stated confidences lie at its low edge.
            if (k >= supposed.teacher.size() || (bin + 1) > supposed.teacher[k] * Bins + 1e-6)
                passed += here;
        }
        if (rows == 0)
            continue;
        x << (bin + 0.5) / Bins;
        all << rows;
        kept << passed;
        highest = std::max(highest, rows);
    }
    for (auto* bars : {all_, kept_})
        bars->setWidth(0.8 / Bins);
    all_->setData(x, all, true);
    kept_->setData(x, kept, true);
    canvas()->yAxis->setRange(0, highest * 1.3);
    const bool decides = !supposed.teacher.empty();
    kept_->setVisible(decides);
    lines_->swatches = {{colours.all, decides ? tr("refused by the teacher") : tr("texts")}};
    if (decides)
        lines_->swatches.emplace_back(colours.kept, tr("sure enough"));
    lines_->note = lab_->epochs() == 0
                       ? tr("The student has not been asked yet. %1").arg(hint())
                       : tr("This rule does not ask the student: there is no uncertainty to show.");
}

} // namespace stillroom
