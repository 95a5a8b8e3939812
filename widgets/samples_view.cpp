#include "widgets/samples_view.h"

#include "widgets/biography_panel.h"
#include "widgets/epoch_bar.h"
#include "widgets/lab_model.h"
#include "widgets/run_controller.h"
#include "widgets/run_hint.h"
#include "widgets/sample_filter_bar.h"
#include "widgets/samples_table.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace stillroom {
namespace {
constexpr int LivePeriod = 1000, DragPeriod = 200, ProgressPeriod = 100; // ms
} // namespace

SamplesView::SamplesView(LabModel* lab, QWidget* parent)
    : QWidget(parent), lab_(lab), model_(new SamplesModel(this)), query_(new SampleQuery(lab, this)),
      bar_(new SampleFilterBar), table_(new SamplesTable(model_)), stack_(new QStackedLayout),
      empty_(new QLabel), biography_(new BiographyPanel(lab)), epochs_(new EpochBar(lab)) {
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setWordWrap(true);
    empty_->setProperty("tone", "muted");
    empty_->setMargin(3 * Gap);
    auto* panel = new QFrame;
    panel->setProperty("role", "panel");
    auto* inside = new QVBoxLayout(panel);
    inside->setContentsMargins(6, 4, 2, 2);
    inside->addLayout(stack_);
    stack_->addWidget(empty_);
    stack_->addWidget(table_);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(Gap);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(panel);
    splitter->addWidget(biography_);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({scaled(340), scaled(270)}); // in proportion
    panel->setMinimumHeight(120);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, Gap, Gap, Gap);
    column->setSpacing(Gap);
    column->addWidget(bar_);
    column->addWidget(splitter, 1);
    column->addWidget(epochs_);

    soon_.setSingleShot(true);
    connect(&soon_, &QTimer::timeout, this, &SamplesView::ask);
    searching_.setInterval(ProgressPeriod);
    connect(&searching_, &QTimer::timeout, this, &SamplesView::updateStatus);
    connect(bar_, &SampleFilterBar::changed, this, &SamplesView::ask);
    connect(table_, &SamplesTable::orderChanged, this, &SamplesView::ask);
    connect(table_, &SamplesTable::said, this, &SamplesView::said);
    connect(table_, &SamplesTable::typed, this, [this](const QString& text) {
        bar_->search()->setFocus();
        bar_->search()->insert(text);
    });
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (const auto sample = table_->current()) {
            kept_ = sample;
            biography_->setSample(sample);
        }
    });
    connect(biography_, &BiographyPanel::said, this, &SamplesView::said);
    auto* find = new QShortcut(QKeySequence::Find, this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, [this] {
        bar_->search()->setFocus();
        bar_->search()->selectAll();
    });
    connect(lab_, &LabModel::tableChanged, this, &SamplesView::tableChanged);
    connect(lab_, &LabModel::snapshotChanged, this, &SamplesView::snapshotChanged);
    connect(lab_, &LabModel::hypothesisChanged, this, &SamplesView::hypothesisChanged);
    connect(lab_->controller(), &RunController::stateChanged, this, &SamplesView::updateStatus);
    connectQuery();
    tableChanged();
}

void SamplesView::connectQuery() {
    connect(query_, &SampleQuery::began, this, [this] {
        searching_.start();
        updateStatus();
    });
    connect(query_, &SampleQuery::listed, this, &SamplesView::setRows);
    connect(query_, &SampleQuery::found, this, [this](const std::vector<std::uint32_t>& rows) {
        model_->append(rows);
        updateStatus();
    });
    connect(query_, &SampleQuery::finished, this, [this] {
        searching_.stop();
        updateStatus();
    });
}

void SamplesView::list(const SampleFilter& filter) {
    const bool same = filter == bar_->filter();
    bar_->setFilter(filter);
    if (same)
        ask(); // what it lets through may be others by now
}

bool SamplesView::asksOfRun() const {
    const SampleFilter& filter = bar_->filter();
    const auto column = table_->order().column;
    return (filter.show != SampleFilter::Show::All && filter.show != SampleFilter::Show::TeacherWrong) ||
           filter.uncertaintyLow > 0 || filter.uncertaintyHigh < 1 || column >= SampleCells::Student;
}

void SamplesView::askSoon(int milliseconds) {
    stale_ = true;
    if (isVisible() && !soon_.isActive())
        soon_.start(milliseconds);
}

void SamplesView::ask() {
    stale_ = true;
    if (!isVisible())
        return;
    stale_ = false;
    soon_.stop();
    if (!lab_->table()) {
        query_->cancel();
        searching_.stop();
        updateStatus();
        return;
    }
    query_->ask(bar_->filter(), table_->order());
}

void SamplesView::tableChanged() {
    kept_.reset();
    bar_->setClasses(lab_->classes());
    model_->setCells({lab_->table(), lab_->snapshot(), lab_->history()});
    updateAvailable();
    ask();
    updateStatus();
}

void SamplesView::snapshotChanged() {
    model_->setCells({lab_->table(), lab_->snapshot(), lab_->history()});
    updateAvailable();
    if (asksOfRun())
        askSoon(underWay(lab_->controller()->state()) && lab_->follows() ? LivePeriod : 0);
}

void SamplesView::hypothesisChanged() {
    updateAvailable();
    const auto show = bar_->filter().show;
    if (show != SampleFilter::Show::Enters && show != SampleFilter::Show::Leaves)
        return;
    if (lab_->hypothesis().any()) {
        askSoon(DragPeriod);
        return;
    }
    SampleFilter filter = bar_->filter(); // nothing is supposed any more: nobody enters or leaves
    filter.show = SampleFilter::Show::All;
    bar_->setFilter(filter);
}

void SamplesView::updateAvailable() {
    bar_->setAvailable(lab_->table() && lab_->table()->hasGold(), lab_->snapshot() != nullptr,
                       lab_->hypothesis().any());
}

void SamplesView::setRows(const std::vector<std::uint32_t>& rows) {
    const int offset = table_->verticalScrollBar()->value();
    const auto stays = kept_;
    model_->setRows(rows);
    if (stays) {
        if (const int row = model_->rowOf(*stays); row >= 0) {
            table_->setCurrentIndex(model_->index(row, SampleCells::Text));
            biography_->setSample(stays);
        }
        kept_ = stays; // it may come back with the next rows
    }
    table_->verticalScrollBar()->setValue(offset);
    updateStatus();
}

void SamplesView::updateStatus() {
    const auto& samples = lab_->table();
    const auto count = static_cast<std::int64_t>(model_->rowCount());
    const auto all = samples ? static_cast<std::int64_t>(samples->size()) : 0;
    QString status = samples ? tr("%1 of %2 samples").arg(grouped(count), grouped(all)) : QString();
    if (query_->busy()) {
        if (const double progress = query_->progress(); progress >= 0)
            status += tr(" · searching, %1").arg(percent(progress, 0));
        else if (searching_.isActive() && count > 0)
            status += tr(" · being listed");
    }
    bar_->setStatus(status);
    const bool nothing = !query_->busy() && count == 0;
    if (!samples)
        empty_->setText(tr("Every training text, with what the teacher and the student say of it.\n%1")
                            .arg(runHint(lab_->controller()->state())));
    else
        empty_->setText(tr("No sample is like this.\nTake a filter away, or search for other words."));
    stack_->setCurrentWidget(!samples || nothing ? static_cast<QWidget*>(empty_) : table_);
    bar_->setEnabled(samples != nullptr);
}

void SamplesView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (stale_)
        ask();
}

} // namespace stillroom
