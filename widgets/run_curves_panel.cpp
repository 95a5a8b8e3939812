#include "widgets/run_curves_panel.h"

#include "widgets/curve_reading.h"
#include "widgets/run_curves_plot.h"
#include "widgets/slider.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace stillroom {
namespace {

constexpr CurveValue Values[] = {CurveValue::MacroF1, CurveValue::Accuracy, CurveValue::Loss,
                                 CurveValue::TrainingLoss, CurveValue::KeptShare};
constexpr CurveAxis Axes[] = {CurveAxis::Steps, CurveAxis::Epochs, CurveAxis::Seconds, CurveAxis::Gradient,
                              CurveAxis::Distinct};
constexpr int LeastForWord = 720;   // pixels at a desk: in a narrower panel menus need the room of a word
constexpr int MostSmoothing = 999;  // thousandths
constexpr int UsualSmoothing = 900; // of what is recorded at every step

bool everyStep(CurveValue value) {
    return value == CurveValue::TrainingLoss || value == CurveValue::KeptShare;
}

} // namespace

RunCurvesPanel::RunCurvesPanel(const LiveModel& model, QWidget* parent)
    : QWidget(parent), reading_(new CurveReading(this)), plot_(new RunCurvesPlot(model)),
      value_(new QComboBox), against_(new QLabel(tr("against"))), axis_(new QComboBox), band_(new QComboBox),
      smoothing_(new Slider), smoothness_(new QLabel) {
    for (const CurveValue value : Values)
        value_->addItem(RunCurvesPlot::valueName(value));
    value_->setAccessibleName(tr("What the curves are of"));
    for (const CurveAxis axis : Axes)
        axis_->addItem(RunCurvesPlot::axisName(axis));
    axis_->setAccessibleName(tr("What the curves are drawn against"));
    axis_->setToolTip(axis_->accessibleName());
    band_->addItems({tr("every run"), tr("seeds: mean ± sd"), tr("seeds: min to max")});
    band_->setAccessibleName(tr("Runs that differ in their seed alone"));
    band_->setToolTip(tr("Runs that differ in their seed alone: each by itself, or as one line with a band"));
    smoothing_->setRange(0, MostSmoothing);
    smoothing_->setSingleStep(5);
    smoothing_->setPageStep(50);
    smoothing_->setAccessibleName(tr("Smoothing"));
    smoothing_->setToolTip(
        tr("Weight of what came before in the exponential mean; the points stay behind it"));
    smoothness_->setFont(figuresFont());
    smoothness_->setMinimumWidth(smoothness_->fontMetrics().horizontalAdvance(QStringLiteral("0.000")) + 4);

    auto* smoothingWord = new QLabel(tr("smoothing"));
    for (auto* word : {against_, smoothingWord})
        word->setProperty("tone", "muted");
    auto* controls = new QHBoxLayout;
    controls->setSpacing(Gap);
    controls->addWidget(value_);
    controls->addWidget(against_);
    controls->addWidget(axis_);
    controls->addWidget(band_);
    controls->addStretch(1);
    controls->addWidget(smoothingWord);
    controls->addWidget(smoothing_);
    controls->addWidget(smoothness_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, Gap, 0, 0);
    column->setSpacing(Gap);
    column->addLayout(controls);
    column->addWidget(plot_, 1);

    connect(value_, &QComboBox::currentIndexChanged, this, [this](int index) {
        // What is recorded at every step is noise without it; evaluations are few.
        smoothing_->setValue(everyStep(Values[index]) ? UsualSmoothing : 0);
        ask();
    });
    connect(axis_, &QComboBox::currentIndexChanged, this, &RunCurvesPanel::ask);
    connect(band_, &QComboBox::currentIndexChanged, this,
            [this](int index) { plot_->setBand(static_cast<RunCurvesPlot::Band>(index)); });
    connect(smoothing_, &QSlider::valueChanged, this, &RunCurvesPanel::smooth);
    connect(reading_, &CurveReading::changed, this, &RunCurvesPanel::arrived);
    connect(plot_, &Plot::said, this, &RunCurvesPanel::said);
    smooth();
    arrived();
}

void RunCurvesPanel::setRuns(const std::vector<SharedRun>& runs) {
    if (runs == runs_)
        return;
    runs_ = runs;
    ask();
}

void RunCurvesPanel::ask() {
    stale_ = true;
    if (!isVisible())
        return;
    stale_ = false;
    reading_->ask(runs_, Values[value_->currentIndex()], Axes[axis_->currentIndex()]);
}

void RunCurvesPanel::arrived() {
    QString empty = reading_->problem();
    if (runs_.empty())
        empty = tr("Choose runs above to see their curves.\nCtrl and Shift choose several.");
    else if (empty.isEmpty())
        empty = tr("The chosen runs have recorded nothing of this kind.");
    plot_->setCurves(reading_->curves(), reading_->value(), reading_->axis(), empty);
}

void RunCurvesPanel::smooth() {
    const double value = smoothing_->value() / 1000.0;
    smoothness_->setText(fixed(value, 3));
    plot_->setSmoothing(value);
}

void RunCurvesPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    against_->setVisible(width() >= scaled(LeastForWord));
}

void RunCurvesPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (stale_)
        ask();
}

} // namespace stillroom
