#include "widgets/plane_view.h"

#include "widgets/class_box.h"
#include "widgets/density_model.h"
#include "widgets/epoch_bar.h"
#include "widgets/lab_model.h"
#include "widgets/plane_plot.h"
#include "widgets/run_controller.h"
#include "widgets/run_hint.h"
#include "widgets/text.h"
#include "widgets/theme.h"
#include "widgets/what_if_model.h"
#include "widgets/what_if_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace stillroom {
namespace {
constexpr int WideFrom = 860, WidePanel = 320, NarrowPanel = 264; // pixels at a desk
} // namespace

PlaneView::PlaneView(LabModel* lab, QWidget* parent)
    : QWidget(parent), lab_(lab), density_(new DensityModel(lab, this)), whatIf_(new WhatIfModel(lab, this)),
      class_(new ClassBox(tr("all classes"))), brush_(new QToolButton), count_(new QLabel),
      list_(new QToolButton), clear_(new QToolButton), plot_(new PlanePlot(lab, density_)),
      panel_(new WhatIfPanel(lab, whatIf_)), epochs_(new EpochBar(lab)) {
    class_->setAccessibleName(tr("Class"));
    connect(class_, &ClassBox::chosen, lab_, &LabModel::chooseClass);
    brush_->setText(tr("Select a region"));
    brush_->setToolTip(tr("Draw a rectangle to list the samples in it; or hold Shift while dragging"));
    brush_->setCheckable(true);
    brush_->setProperty("role", "button");
    connect(brush_, &QToolButton::toggled, plot_, &PlanePlot::setBrushing);
    count_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    count_->setFont(textFont(TextSize::Note));
    const std::pair<QToolButton*, QString> links[] = {{list_, tr("show in Samples")}, {clear_, tr("clear")}};
    for (const auto& [link, text] : links) {
        link->setText(text);
        link->setProperty("role", "link");
        link->setFont(textFont(TextSize::Note));
        link->setCursor(Qt::PointingHandCursor);
    }
    connect(list_, &QToolButton::clicked, this, [this] { Q_EMIT samplesWanted(brushed()); });
    connect(clear_, &QToolButton::clicked, plot_, &PlanePlot::clearBrush);

    auto* head = new QHBoxLayout;
    head->setSpacing(Gap);
    head->addWidget(class_);
    head->addWidget(brush_);
    head->addSpacing(Gap);
    head->addWidget(count_);
    head->addWidget(list_);
    head->addWidget(clear_);
    head->addStretch(1);
    auto* body = new QHBoxLayout;
    body->setSpacing(Gap);
    body->addWidget(plot_, 1);
    body->addWidget(panel_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, Gap, Gap, Gap);
    column->setSpacing(Gap);
    column->addLayout(head);
    column->addLayout(body, 1);
    column->addWidget(epochs_);
    panel_->setFixedWidth(WidePanel);

    connect(plot_, &Plot::said, this, &PlaneView::said);
    connect(plot_, &PlanePlot::brushChanged, this, &PlaneView::countBrushed);
    connect(panel_, &WhatIfPanel::samplesWanted, this, [this](SampleFilter::Show show) {
        SampleFilter filter;
        filter.show = show;
        filter.label = lab_->chosenClass();
        Q_EMIT samplesWanted(filter);
    });
    connect(lab_, &LabModel::tableChanged, this, [this] {
        class_->setClasses(lab_->classes());
        updateHint();
    });
    connect(lab_, &LabModel::classChosen, this, [this] {
        class_->setLabel(lab_->chosenClass());
        countBrushed();
    });
    connect(lab_, &LabModel::snapshotChanged, this, &PlaneView::countBrushed);
    connect(lab_->controller(), &RunController::stateChanged, this, &PlaneView::updateHint);
    class_->setClasses(lab_->classes());
    updateHint();
    countBrushed();
}

PlaneView::~PlaneView() {
    pool_.finish();
}

void PlaneView::updateHint() {
    plot_->setHint(runHint(lab_->controller()->state()));
    brush_->setEnabled(lab_->table() != nullptr);
    class_->setEnabled(lab_->table() != nullptr);
}

SampleFilter PlaneView::brushed() const {
    SampleFilter filter;
    filter.label = lab_->chosenClass();
    const QRectF region = plot_->brush().value_or(QRectF(0, 0, 1, 1));
    filter.confidenceLow = static_cast<float>(region.left());
    filter.confidenceHigh = static_cast<float>(region.right());
    filter.uncertaintyLow = static_cast<float>(region.top());
    filter.uncertaintyHigh = static_cast<float>(region.bottom());
    return filter;
}

void PlaneView::countBrushed() {
    const bool any = plot_->brush().has_value() && lab_->table() != nullptr;
    for (auto* widget :
         {static_cast<QWidget*>(count_), static_cast<QWidget*>(list_), static_cast<QWidget*>(clear_)})
        widget->setVisible(any);
    counting_.forget();
    if (!any || !isVisible())
        return;
    counting_.ask(
        [filter = brushed(), table = lab_->table(), snapshot = lab_->snapshot()] {
            FilterInput input;
            input.table = table.get();
            if (snapshot && snapshot->traces().size() == table->size())
                input.traces = snapshot->traces();
            std::vector<std::uint32_t> found;
            filterColumns(filter, input, found);
            return static_cast<std::int64_t>(found.size());
        },
        [this](std::int64_t found) { count_->setText(tr("%1 texts in the region").arg(grouped(found))); });
}

void PlaneView::setWatched(bool watched) {
    watched_ = watched;
    count(watched || isVisible());
}

void PlaneView::count(bool on) {
    density_->setWatched(on);
    whatIf_->setWatched(on);
}

void PlaneView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    count(true);
    countBrushed();
}

void PlaneView::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    count(watched_);
    epochs_->setPlaying(false);
}

void PlaneView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    panel_->setFixedWidth(scaled(width() >= scaled(WideFrom) ? WidePanel : NarrowPanel));
}

} // namespace stillroom
