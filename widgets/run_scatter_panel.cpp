#include "widgets/run_scatter_panel.h"

#include "widgets/run_columns.h"
#include "widgets/run_scatter_plot.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include "core/experiment/setting_difference.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace stillroom {

RunScatterPanel::RunScatterPanel(const LiveModel& model, QWidget* parent)
    : QWidget(parent), plot_(new RunScatterPlot(model)), x_(new QComboBox), y_(new QComboBox),
      whose_(new QLabel) {
    y_->setAccessibleName(tr("What is drawn upwards"));
    x_->setAccessibleName(tr("What it is drawn against"));
    for (const auto& column : runColumns())
        if (column.outcome)
            y_->addItem(column.axisName(), column.id);
    for (qsizetype i = 0, item = 0; i < runColumns().size(); ++i)
        if (runColumns()[i].outcome)
            y_->setItemData(static_cast<int>(item++), runColumns()[i].tip, Qt::ToolTipRole);
    for (auto* box : {x_, y_})
        box->setMinimumContentsLength(16);
    whose_->setProperty("tone", "muted");
    whose_->setFont(textFont(TextSize::Note));
    auto* against = new QLabel(tr("against"));
    against->setProperty("tone", "muted");
    auto* controls = new QHBoxLayout;
    controls->setSpacing(Gap);
    controls->addWidget(y_);
    controls->addWidget(against);
    controls->addWidget(x_);
    controls->addStretch(1);
    controls->addWidget(whose_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, Gap, 0, 0);
    column->setSpacing(Gap);
    column->addLayout(controls);
    column->addWidget(plot_, 1);
    connect(x_, &QComboBox::currentIndexChanged, this, &RunScatterPanel::draw);
    connect(y_, &QComboBox::currentIndexChanged, this, &RunScatterPanel::draw);
    connect(plot_, &Plot::said, this, &RunScatterPanel::said);
    fillX();
    setAxes(QStringLiteral("gradient_share"), QStringLiteral("test_macro_f1"));
}

void RunScatterPanel::setRuns(const std::vector<SharedRun>& chosen, const std::vector<SharedRun>& listed) {
    all_ = chosen.size() < 2;
    const auto& runs = all_ ? listed : chosen;
    if (runs == runs_ && !stale_)
        return;
    runs_ = runs;
    refresh();
}

void RunScatterPanel::setAxes(const QString& x, const QString& y) {
    if (const int place = x_->findData(x); place >= 0)
        x_->setCurrentIndex(place);
    if (const int place = y_->findData(y); place >= 0)
        y_->setCurrentIndex(place);
}

void RunScatterPanel::fillX() {
    const QString before = x_->currentData().toString();
    std::vector<const RunSummary*> summaries;
    for (const auto& run : runs_)
        if (!run->summary.name.empty())
            summaries.push_back(&run->summary);
    QStringList settings{QStringLiteral("rule"), QStringLiteral("seed")};
    for (const auto& key : differingSettings(summaries))
        if (const QString id = toQString(key); runColumn(id) >= 0)
            settings << id;
    const QSignalBlocker quiet(x_);
    x_->clear();
    for (const auto& id : settings)
        x_->addItem(runColumns()[runColumn(id)].axisName(), id);
    x_->insertSeparator(x_->count());
    for (const auto& column : runColumns())
        if (column.outcome)
            x_->addItem(column.axisName(), column.id);
    const int place = x_->findData(before);
    x_->setCurrentIndex(place >= 0 ? place : x_->findData(QStringLiteral("gradient_share")));
}

void RunScatterPanel::refresh() {
    stale_ = !isVisible();
    if (stale_)
        return;
    fillX();
    draw();
}

void RunScatterPanel::draw() {
    const auto count = static_cast<int>(runs_.size());
    whose_->setText(all_ ? tr("all %1 listed runs").arg(count) : tr("%1 chosen runs").arg(count));
    plot_->setRuns(runs_, runColumn(x_->currentData().toString()), runColumn(y_->currentData().toString()),
                   runs_.empty()
                       ? tr("Each run as a point: one of its results against another, or a setting.")
                       : tr("None of these runs has both numbers yet."));
}

void RunScatterPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (stale_)
        refresh();
}

} // namespace stillroom
