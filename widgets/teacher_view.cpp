#include "widgets/teacher_view.h"

#include "widgets/accuracy_by_confidence_plot.h"
#include "widgets/compare_panel.h"
#include "widgets/confusion_plot.h"
#include "widgets/figure_card.h"
#include "widgets/number_table.h"
#include "widgets/reliability_plot.h"
#include "widgets/run_controller.h"
#include "widgets/table_panel.h"
#include "widgets/teacher_controls.h"
#include "widgets/teacher_model.h"
#include "widgets/text.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

constexpr int TwoColumnsFrom = 760; // pixels at a desk, as the heights
constexpr int PlotHeight = 290;
constexpr int BetweenPanels = 15; // ms: time to draw the one before; with none all are drawn at once
constexpr int RowHeight = 24, MostHeight = 620; // of the confusion, by its classes

double f1(double precision, double recall) {
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}

} // namespace

TeacherView::TeacherView(RunController* controller, QWidget* parent)
    : QScrollArea(parent), controller_(controller) {
    setWidgetResizable(true);
    setFrameShape(NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
}

void TeacherView::make() {
    model_ = new TeacherModel(controller_, this);
    accuracyCard_ = new FigureCard(tr("Teacher right"),
                                   tr("Share of training texts with gold on which its label is gold's"));
    widthCard_ = new FigureCard(tr("ECE, equal width"),
                                tr("Expected calibration error, 15 bins of equal width: how far confidence "
                                   "and accuracy are apart, on average"));
    massCard_ = new FigureCard(tr("ECE, equal mass"),
                               tr("Expected calibration error, 15 bins of equally many texts"));
    brierCard_ =
        new FigureCard(tr("Brier score"), tr("Mean squared distance of the distribution from gold, 0 to 2"));
    lossCard_ = new FigureCard(tr("Log loss"), tr("Mean −log of gold's probability, natural logarithm"));
    controls_ = new TeacherControls(controller_, model_);
    reliability_ = new ReliabilityPlot(controller_->live());
    accuracy_ = new AccuracyByConfidencePlot(controller_->live());
    confusion_ = new ConfusionPlot(controller_->live());
    classes_ = new TablePanel(tr("By class"));
    compare_ = new ComparePanel(model_);
    cards_ = new QHBoxLayout;
    cards_->setSpacing(Gap);
    for (auto* card : {accuracyCard_, widthCard_, massCard_, brierCard_, lossCard_})
        cards_->addWidget(card, 1);
    grid_ = new QGridLayout;
    grid_->setSpacing(Gap);
    content_ = new QWidget(this);
    content_->hide();
    auto* column = new QVBoxLayout(content_);
    column->setContentsMargins(2 * Gap, Gap, Gap, Gap);
    column->setSpacing(Gap);
    column->addLayout(cards_);
    column->addWidget(controls_);
    column->addLayout(grid_, 1);
    column->addWidget(compare_);
    for (auto* plot : plots())
        connect(plot, &Plot::said, this, &TeacherView::said);
    connect(confusion_, &ConfusionPlot::cellChosen, this, [this](int gold, int label) {
        SampleFilter filter;
        filter.goldLabel = gold;
        filter.label = label;
        Q_EMIT samplesWanted(filter);
    });
    connect(model_, &TeacherModel::changed, this, [this] {
        stale_ = true;
        if (isVisible() || watched_)
            refresh();
    });
    arrange();
    refresh();
    // All at once would hold the window up for 100 ms: each panel is laid out and drawn in a turn of its own.
    for (QWidget* panel : std::initializer_list<QWidget*>{controls_, reliability_, accuracy_, confusion_,
                                                          classes_, compare_}) {
        panel->hide();
        toShow_ << panel;
    }
    QTimer::singleShot(BetweenPanels, this, [this] {
        setWidget(content_);
        content_->show();
        showNext();
    });
}

void TeacherView::showNext() {
    QTimer::singleShot(BetweenPanels, this, [this] {
        toShow_.takeFirst()->show();
        if (!toShow_.isEmpty())
            showNext();
    });
}

QList<Plot*> TeacherView::plots() const {
    return {reliability_, accuracy_, confusion_};
}

void TeacherView::refresh() {
    stale_ = false;
    const QString whatToDo = model_->whatToDo();
    updateCards();
    reliability_->setSeries(model_->series(), whatToDo);
    accuracy_->setSeries(model_->series(), whatToDo);
    const auto* now = model_->quality(TeacherSeries::Role::Now);
    confusion_->setConfusion(model_->classes(), now != nullptr ? now->confusion : std::vector<std::int64_t>(),
                             whatToDo);
    updateClasses(whatToDo);
    arrange();
}

void TeacherView::updateCards() {
    using Role = TeacherSeries::Role;
    const auto* now = model_->quality(Role::Now);
    const auto* before = model_->quality(Role::Before);
    const auto* other = model_->quality(Role::Other);
    const auto say = [&](FigureCard* card, double TeacherQuality::*figure, bool share, const QString& else_) {
        const auto written = [&](const TeacherQuality& q) {
            return share ? percent(q.*figure) : fixed(q.*figure, 3);
        };
        if (now == nullptr) {
            card->say(QStringLiteral("–"), {});
            return;
        }
        QStringList lines;
        lines << (before != nullptr && std::abs(before->*figure - now->*figure) > 5e-5
                      ? tr("%1 before").arg(written(*before))
                      : else_);
        if (other != nullptr) // the figure first: a long name may be cut
            lines << tr("%1 %2").arg(written(*other), model_->otherName());
        card->say(written(*now), lines.join(u'\n'));
    };
    say(accuracyCard_, &TeacherQuality::accuracy, true,
        now != nullptr ? tr("of %1 texts").arg(grouped(now->rows)) : QString());
    say(widthCard_, &TeacherQuality::eceEqualWidth, true,
        now == nullptr ? QString() : tr("mean conf. %1").arg(percent(now->meanConfidence)));
    say(massCard_, &TeacherQuality::eceEqualMass, true, tr("15 equal bins"));
    say(brierCard_, &TeacherQuality::brier, false, tr("0 is perfect"));
    say(lossCard_, &TeacherQuality::nll, false, tr("0 is perfect"));
}

void TeacherView::updateClasses(const QString& whatToDo) {
    PlotTable table;
    table.columns = {tr("class"),  tr("gold"), tr("said"),      tr("prec."),
                     tr("recall"), tr("F1"),   tr("mean conf.")};
    if (const auto* q = model_->quality(TeacherSeries::Role::Now)) {
        const auto& means = model_->meanConfidence();
        for (std::size_t k = 0; k < model_->classes().size() && k < q->precision.size(); ++k)
            table.rows << QStringList{toQString(model_->classes()[k]),
                                      grouped(q->goldCount[k]),
                                      grouped(q->labelCount[k]),
                                      percent(q->precision[k], 0),
                                      percent(q->recall[k], 0),
                                      percent(f1(q->precision[k], q->recall[k]), 0),
                                      k < means.size() ? percent(means[k], 0) : QString()};
    }
    classes_->show(table, tr("What the teacher does with each class.\n%1").arg(whatToDo));
}

void TeacherView::arrange() {
    const int columns = viewport()->width() >= scaled(TwoColumnsFrom) ? 2 : 1;
    const auto classes = static_cast<int>(model_->classes().size());
    const int tall = scaled(std::clamp(90 + RowHeight * classes, PlotHeight, MostHeight));
    confusion_->setMinimumHeight(tall);
    classes_->setMinimumHeight(columns == 2 ? tall : scaled(PlotHeight));
    if (columns == columns_)
        return;
    columns_ = columns;
    const QList<QWidget*> panels = {reliability_, accuracy_, confusion_, classes_};
    for (auto* panel : panels)
        grid_->removeWidget(panel);
    for (int i = 0; i < panels.size(); ++i)
        grid_->addWidget(panels[i], i / columns, i % columns);
    reliability_->setMinimumHeight(scaled(PlotHeight));
    accuracy_->setMinimumHeight(scaled(PlotHeight));
    for (int i = 0; i < 2; ++i)
        grid_->setColumnStretch(i, i < columns ? 1 : 0);
}

void TeacherView::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    if (model_ != nullptr)
        arrange();
}

void TeacherView::setWatched(bool watched) {
    watched_ = watched;
    if (watched && model_ == nullptr)
        make();
    if (model_ != nullptr)
        model_->setSeen(watched || isVisible());
    if (watched && stale_)
        refresh();
}

void TeacherView::showEvent(QShowEvent* event) {
    QScrollArea::showEvent(event);
    if (model_ == nullptr)
        make();
    model_->setSeen(true);
    if (stale_)
        refresh();
}

void TeacherView::hideEvent(QHideEvent* event) {
    QScrollArea::hideEvent(event);
    if (model_ != nullptr)
        model_->setSeen(watched_);
}

} // namespace stillroom
