#include "widgets/live_view.h"

#include "widgets/accuracy_plot.h"
#include "widgets/confidence_plot.h"
#include "widgets/figure_card.h"
#include "widgets/kept_plot.h"
#include "widgets/run_controller.h"
#include "widgets/run_hint.h"
#include "widgets/text.h"
#include "widgets/thresholds_plot.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>
#include <cmath>
#include <limits>

namespace stillroom {
namespace {

constexpr int TwoColumnsFrom = 760; // pixels at a desk, as the two heights
constexpr int LeastPlotHeight = 210;
constexpr int ColumnPlotHeight = 300;
constexpr int TickPeriod = 33; // ms

} // namespace

LiveView::LiveView(RunController* controller, QWidget* parent)
    : QScrollArea(parent), controller_(controller), content_(new QWidget), banner_(new QLabel),
      cards_(new QHBoxLayout), grid_(new QGridLayout),
      accuracy_(new FigureCard(tr("Accuracy, validation"),
                               tr("Share of validation texts on which the student is right"))),
      macroF1_(new FigureCard(tr("Macro-F1, validation"),
                              tr("Mean F1 over the classes: rare ones count as much as common ones"))),
      gradient_(new FigureCard(
          tr("Gradient work"),
          tr("Samples that went through a backward pass; keeping all in every epoch is 100 %"))),
      distinct_(
          new FigureCard(tr("Texts used"), tr("Different texts that ever went through a backward pass"))),
      precision_(
          new FigureCard(tr("Kept labels right"), tr("Share of the kept whose teacher label is gold's"))),
      kept_(new KeptPlot(controller->live())), confidence_(new ConfidencePlot(controller->live())),
      accuracyPlot_(new AccuracyPlot(controller->live())),
      thresholds_(new ThresholdsPlot(controller->live())), plots_{kept_, confidence_, accuracyPlot_,
                                                                  thresholds_},
      ticker_(new QTimer(this)) {
    setWidgetResizable(true);
    setFrameShape(NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    banner_->setProperty("tone", "warning");
    banner_->setWordWrap(true);
    banner_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    banner_->hide();
    cards_->setSpacing(Gap);
    for (auto* card : {accuracy_, macroF1_, gradient_, distinct_, precision_})
        cards_->addWidget(card, 1);
    grid_->setSpacing(Gap);
    auto* column = new QVBoxLayout(content_);
    column->setContentsMargins(2 * Gap, Gap, Gap, Gap);
    column->setSpacing(Gap);
    column->addWidget(banner_);
    column->addLayout(cards_);
    column->addLayout(grid_, 1);
    setWidget(content_);
    for (auto* plot : plots_)
        connect(plot, &Plot::said, this, &LiveView::said);

    ticker_->setInterval(TickPeriod);
    connect(ticker_, &QTimer::timeout, this, &LiveView::tick);
    connect(controller_, &RunController::drained, this, [this] {
        if (ticker_->isActive())
            return;
        tick();
        ticker_->start();
    });
    connect(controller_, &RunController::runBegan, this, &LiveView::refreshAll);
    connect(controller_, &RunController::examplesChanged, this, &LiveView::examplesChanged);
    connect(controller_, &RunController::stateChanged, this, [this](RunState state) {
        updateBanner();
        updateHints();
        if (!underWay(state))
            refreshAll();
    });
    arrange();
    examplesChanged();
    updateBanner();
    updateHints();
}

void LiveView::updateHints() {
    const QString hint = runHint(controller_->state());
    for (auto* plot : plots_)
        plot->setHint(hint);
}

void LiveView::tick() {
    if (!isVisible()) {
        ticker_->stop();
        return;
    }
    updateCards();
    // Of the plots that have something new, the one whose turn it is: painting one takes a few milliseconds.
    for (int i = 0; i < plots_.size(); ++i) {
        auto* plot = plots_[(turn_ + i) % static_cast<int>(plots_.size())];
        if (plot->refresh()) {
            turn_ = (turn_ + i + 1) % static_cast<int>(plots_.size());
            return;
        }
    }
    ticker_->stop(); // all are up to date
}

void LiveView::refreshAll() {
    updateCards();
    for (auto* plot : plots_)
        plot->refreshAll();
}

void LiveView::examplesChanged() {
    const Examples* examples = controller_->examples();
    confidence_->setSummary(controller_->summary());
    accuracyPlot_->setTeacherAccuracy(examples == nullptr || examples->quality.rows == 0
                                          ? std::numeric_limits<double>::quiet_NaN()
                                          : examples->quality.accuracy);
    updateCards();
}

void LiveView::updateBanner() {
    const auto& error = controller_->runError();
    banner_->setVisible(error.has_value());
    if (error)
        banner_->setText(toQString(error->message));
}

void LiveView::updateCards() {
    const LiveModel& live = controller_->live();
    const Examples* examples = controller_->examples();
    const bool teacherKnown = examples != nullptr && examples->quality.rows > 0;
    const QString none = QStringLiteral("–");
    const EvaluationPoint* best = live.best();
    const FinishedEvent* end = live.finished();
    const bool tested = end != nullptr && end->test.rows > 0;

    QString accuracyNote = tr("best student so far");
    QString f1Note =
        teacherKnown ? tr("teacher %1").arg(percent(examples->quality.macroF1)) : tr("best student so far");
    if (tested) {
        accuracyNote = tr("on test %1").arg(percent(end->test.accuracy));
        f1Note = tr("on test %1").arg(percent(end->test.macroF1));
    } else if (best == nullptr) {
        accuracyNote =
            teacherKnown ? tr("teacher %1").arg(percent(examples->quality.accuracy)) : tr("not measured yet");
        f1Note = teacherKnown ? f1Note : tr("not measured yet");
    }
    accuracy_->say(best == nullptr ? none : percent(best->accuracy), accuracyNote);
    macroF1_->say(best == nullptr ? none : percent(best->macroF1), f1Note);

    const auto& counts = live.counts();
    const std::int64_t total = counts.total > 0 ? counts.total : live.started().samples;
    const std::int64_t work = total * live.started().epochs;
    const bool running = live.step() > 0 && work > 0;
    gradient_->say(running ? percent(static_cast<double>(counts.gradient) / static_cast<double>(work)) : none,
                   running ? tr("of %1 · all = 100 %").arg(grouped(work)) : tr("all = 100 %"));
    distinct_->say(running ? percent(static_cast<double>(counts.distinct) / static_cast<double>(total))
                           : none,
                   running               ? tr("%1 of %2").arg(grouped(counts.distinct), grouped(total))
                   : examples != nullptr ? tr("of %1").arg(grouped(examples->summary.taught))
                                         : QString());
    precision_->say(running ? percent(live.keptPrecision()) : none,
                    teacherKnown          ? tr("teacher %1").arg(percent(examples->quality.accuracy))
                    : examples != nullptr ? tr("no gold to compare with")
                                          : QString());
}

void LiveView::arrange() {
    const int columns = viewport()->width() >= scaled(TwoColumnsFrom) ? 2 : 1;
    if (columns == columns_)
        return;
    columns_ = columns;
    for (auto* plot : plots_)
        grid_->removeWidget(plot);
    for (int i = 0; i < plots_.size(); ++i) {
        grid_->addWidget(plots_[i], i / columns, i % columns);
        plots_[i]->setMinimumHeight(scaled(columns == 2 ? LeastPlotHeight : ColumnPlotHeight));
    }
    for (int i = 0; i < 4; ++i) {
        grid_->setRowStretch(i, i < 4 / columns ? 1 : 0);
        grid_->setColumnStretch(i, i < columns ? 1 : 0);
    }
}

void LiveView::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    arrange();
}

void LiveView::showEvent(QShowEvent* event) {
    QScrollArea::showEvent(event);
    updateCards();
}

} // namespace stillroom
