#include "widgets/plot.h"

#include "widgets/figure_export.h"
#include "widgets/run_state.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QLabel>
#include <QMenu>
#include <QStackedLayout>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>

namespace stillroom {

Plot::Plot(const LiveModel& model, const QString& title, QWidget* parent)
    : QFrame(parent), model_(model), title_(new QLabel(title)), option_(new QToolButton),
      stack_(new QStackedLayout), canvas_(new QCustomPlot), empty_(new QLabel),
      annotations_(new Annotations(canvas_)), takeaway_(new FigureExport(*this, this)) {
    setProperty("role", "panel");
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(title);

    title_->setFont(textFont(TextSize::Title));
    option_->setProperty("role", "link");
    option_->setFont(textFont(TextSize::Note));
    option_->setCursor(Qt::PointingHandCursor);
    title_->setMinimumHeight(option_->sizeHint().height()); // the option comes and goes
    option_->hide();
    connect(option_, &QToolButton::clicked, this, [this] { optionClicked(); });
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setWordWrap(true);
    empty_->setProperty("tone", "muted");
    empty_->setMargin(3 * Gap);

    // The wheel scrolls the column of plots, and the panel answers for its canvas.
    canvas_->setAttribute(Qt::WA_TransparentForMouseEvents);
    canvas_->setFocusPolicy(Qt::NoFocus);
    canvas_->setNoAntialiasingOnDrag(true);
    canvas_->setPlottingHint(QCP::phFastPolylines, true);
    canvas_->setPlottingHint(QCP::phCacheLabels, true);
    canvas_->setNotAntialiasedElements(QCP::aeAxes | QCP::aeGrid | QCP::aeSubGrid | QCP::aeFills);
    canvas_->setBufferDevicePixelRatio(devicePixelRatioF());
    canvas_->plotLayout()->setMargins({0, 0, 0, 0});
    for (auto* axis : {canvas_->xAxis, canvas_->yAxis}) {
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLength(0);
        axis->setSubTicks(false);
        axis->setTickLabelPadding(6);
        axis->setLabelPadding(4);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    canvas_->xAxis->grid()->setVisible(false);
    canvas_->yAxis->setBasePen(Qt::NoPen);

    auto* head = new QHBoxLayout;
    head->setSpacing(Gap);
    head->addWidget(title_);
    head->addStretch(1);
    head->addWidget(option_);
    stack_->addWidget(empty_);
    stack_->addWidget(canvas_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(4);
    column->addLayout(head);
    column->addLayout(stack_, 1);
    style(theme());
    connect(takeaway_, &FigureExport::said, this, &Plot::said);
}

Plot::~Plot() = default;

QString Plot::title() const {
    return title_->text();
}

void Plot::setTitle(const QString& title) {
    title_->setText(title);
    setAccessibleName(title);
}

void Plot::setOption(const QString& text, const QString& tip) {
    option_->setText(text);
    option_->setToolTip(tip);
    option_->setAccessibleName(tip);
}

void Plot::setOptionMenu(QMenu* menu) {
    menu->setParent(option_, menu->windowFlags());
    option_->setMenu(menu);
    option_->setPopupMode(QToolButton::InstantPopup);
}

void Plot::setRightMargin(int pixels) {
    // Room for half of the last number under the axis, and for half a line over the topmost one.
    canvas_->axisRect()->setMinimumMargins({0, scaled(10), std::max(scaled(16), pixels), 0});
}

void Plot::setHint(const QString& hint) {
    if (hint == hint_)
        return;
    hint_ = hint;
    if (stack_->currentWidget() == empty_)
        refreshAll();
}

void Plot::setAxisLabels(const QString& x, const QString& y) {
    canvas_->xAxis->setLabel(x);
    canvas_->yAxis->setLabel(y);
}

bool Plot::refresh() {
    // A plot that cannot be seen is drawn when it can.
    if (!isVisible() || (!stale_ && revision() == drawn_))
        return false;
    drawn_ = revision();
    stale_ = false;
    const QString text = emptyText();
    empty_->setText(text);
    stack_->setCurrentWidget(text.isEmpty() ? static_cast<QWidget*>(canvas_) : empty_);
    option_->setVisible(!option_->text().isEmpty() && (text.isEmpty() || keepsOption()) && optionMatters());
    if (!text.isEmpty())
        return false;
    annotations_->clear();
    draw(theme());
    canvas_->replot(QCustomPlot::rpQueuedReplot);
    return true;
}

void Plot::refreshAll() {
    stale_ = true;
    refresh();
}

void Plot::addEditMarks(const std::function<double(const EditMark&)>& position) {
    for (const auto& edit : model_.edits())
        annotations_->marks.push_back({position(edit), QString::fromStdString(edit.text)});
}

void Plot::style(const Theme& colours) {
    setRightMargin(0); // who needs more says so when it draws
    canvas_->setBackground(QBrush(colours.surface));
    const QFont note = textFont(TextSize::Note);
    for (auto* axis : {canvas_->xAxis, canvas_->yAxis}) {
        axis->setTickLabelFont(note);
        axis->setLabelFont(note);
        axis->setTickLabelColor(colours.muted);
        axis->setLabelColor(colours.muted);
        axis->grid()->setPen(QPen(colours.grid, 1));
    }
    canvas_->xAxis->setBasePen(QPen(colours.axis, 1));
    annotations_->setColours(colours);
}

void Plot::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::FontChange) {
        style(theme());
        refreshAll();
    }
}

void Plot::showEvent(QShowEvent* event) {
    QFrame::showEvent(event);
    refresh();
}

QString Plot::tipAt(const QPointF&) const {
    return {};
}

bool Plot::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString tip =
            stack_->currentWidget() == canvas_ ? tipAt(canvas_->mapFrom(this, help->pos())) : QString();
        if (tip.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), tip, this);
        return true;
    }
    return QFrame::event(event);
}

void Plot::contextMenuEvent(QContextMenuEvent* event) {
    takeaway_->popup(event->globalPos());
}

} // namespace stillroom
