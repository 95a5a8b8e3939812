#include "widgets/sweep_view.h"

#include "core/experiment/sweep_rows.h"
#include "widgets/progress_pill.h"
#include "widgets/row_copy.h"
#include "widgets/run_bar.h"
#include "widgets/sweep_model.h"
#include "widgets/sweep_watch.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QAction>
#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace stillroom {
namespace {

/// A bar behind the words of the column that has a share.
class ShareDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const QVariant share = index.data(SweepModel::Share);
        if (share.isValid()) {
            const QRectF cell = QRectF(option.rect).adjusted(2, 3, -6, -3);
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme().hairline);
            painter->drawRoundedRect(cell, 3, 3);
            if (share.toDouble() > 0) {
                painter->setBrush(theme().keptMedium);
                painter->drawRoundedRect(
                    QRectF(cell.topLeft(), QSizeF(cell.width() * share.toDouble(), cell.height())), 3, 3);
            }
            painter->restore();
        }
        QStyledItemDelegate::paint(painter, option, index);
    }
};

QLabel* makeLabel(TextSize size, const char* tone) {
    auto* label = new QLabel;
    label->setFont(textFont(size));
    label->setProperty("tone", tone);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

SweepView::SweepView(SweepWatch* watch, QWidget* parent)
    : QWidget(parent), watch_(watch), model_(new SweepModel(this)), title_(makeLabel(TextSize::Title, "")),
      note_(makeLabel(TextSize::Note, "muted")), problem_(makeLabel(TextSize::Note, "warning")),
      pill_(new ProgressPill), table_(new QTableView), cancel_(new QPushButton(tr("Cancel the run"))),
      goOn_(new QPushButton(tr("Go on"))), stop_(new QPushButton(tr("Stop"))) {
    pill_->setAccessibleName(tr("Runs that are over"));
    table_->setModel(model_);
    table_->setItemDelegateForColumn(SweepModel::Progress, new ShareDelegate(table_));
    table_->setAccessibleName(tr("Runs of the sweep"));
    table_->setFrameShape(QFrame::NoFrame);
    table_->setShowGrid(false);
    table_->setFont(textFont(TextSize::Note));
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table_->setTabKeyNavigation(false);
    table_->verticalHeader()->hide();
    table_->horizontalHeader()->setFont(textFont(TextSize::Note));
    table_->horizontalHeader()->setHighlightSections(false);
    auto* copy = new QAction(tr("Copy"), table_);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, table_, [this] { copyRows(*table_); });
    auto* cancelAction = new QAction(tr("Cancel the run"), table_);
    cancelAction->setShortcut(QKeySequence::Delete);
    cancelAction->setShortcutContext(Qt::WidgetShortcut);
    connect(cancelAction, &QAction::triggered, this, &SweepView::cancelChosen);
    table_->addActions({copy, cancelAction});
    table_->setContextMenuPolicy(Qt::ActionsContextMenu);
    cancel_->setToolTip(
        tr("The chosen runs, begun or not; the others go on. --again, or Go on, does them again"));
    goOn_->setToolTip(tr("Do on this machine what is left; what is completed is not done again"));
    stop_->setToolTip(tr("What runs is cut off and can be gone on with"));
    connect(cancel_, &QPushButton::clicked, this, &SweepView::cancelChosen);
    connect(goOn_, &QPushButton::clicked, this, [this] {
        const SweepCounts counts = countStates(watch_->rows());
        watch_->goOn(counts.waiting + counts.cutOff == 0);
    });
    connect(stop_, &QPushButton::clicked, watch_, &SweepWatch::stop);

    auto* panel = new QFrame;
    panel->setProperty("role", "panel");
    auto* inside = new QVBoxLayout(panel);
    inside->setContentsMargins(6, 4, 2, 2);
    inside->addWidget(table_);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Gap);
    buttons->addWidget(pill_, 1);
    for (auto* button : {cancel_, stop_, goOn_})
        buttons->addWidget(button);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, 2 * Gap, 2 * Gap, 2 * Gap);
    column->setSpacing(Gap);
    column->addWidget(title_);
    column->addWidget(note_);
    column->addWidget(panel, 1);
    column->addWidget(problem_);
    column->addLayout(buttons);
    connect(watch_, &SweepWatch::changed, this, &SweepView::refresh);
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &SweepView::updateButtons);
    refresh();
}

void SweepView::refresh() {
    const auto& rows = watch_->rows();
    const bool first = model_->rowCount() == 0 && !rows.empty();
    model_->show(rows);
    if (first)
        arrange();
    const SweepCounts counts = countStates(rows);
    title_->setText(watch_->name().isEmpty() ? tr("A sweep") : tr("Sweep %1").arg(watch_->name()));
    note_->setText(watch_->folder());
    problem_->setText(watch_->problem());
    problem_->setVisible(!watch_->problem().isEmpty());
    double done = 0;
    for (const auto& row : rows)
        done += row.status.over() ? 1 : row.shareDone();
    QStringList words;
    if (rows.empty()) {
        words << (watch_->problem().isEmpty() ? tr("reading …") : QString());
    } else {
        words << tr("%1 of %2 over").arg(grouped(counts.over()), grouped(counts.all()));
        if (counts.failed > 0)
            words << tr("%1 failed").arg(grouped(counts.failed));
        if (const auto left = secondsLeft(rows, watch_->workers()); left && counts.running > 0)
            words << tr("about %1 left").arg(roughly(*left));
    }
    pill_->say(rows.empty() ? -1 : done / static_cast<double>(rows.size()),
               words.join(QStringLiteral(" · ")));
    updateButtons();
}

void SweepView::updateButtons() {
    bool any = false;
    for (const auto& index : table_->selectionModel()->selectedRows())
        any = any || (!model_->row(index.row()).status.over() && !model_->row(index.row()).cancelRequested);
    cancel_->setEnabled(any);
    const SweepCounts counts = countStates(watch_->rows());
    const int left = counts.waiting + counts.cutOff;
    const bool again = left == 0 && counts.failed + counts.cancelled > 0;
    goOn_->setText(again ? tr("Try again") : tr("Go on"));
    goOn_->setEnabled(!watch_->busy() && (left > 0 || again));
    stop_->setEnabled(watch_->working());
}

void SweepView::cancelChosen() {
    std::vector<int> numbers;
    for (const auto& index : table_->selectionModel()->selectedRows())
        if (const SweepRow& row = model_->row(index.row()); !row.status.over())
            numbers.push_back(row.task.number);
    if (!numbers.empty())
        watch_->cancel(numbers);
}

void SweepView::arrange() {
    auto* header = table_->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(SweepModel::Label, QHeaderView::Stretch);
    const std::pair<int, int> widths[] = {{SweepModel::Number, 32},   {SweepModel::State, 84},
                                          {SweepModel::Progress, 96}, {SweepModel::Accuracy, 68},
                                          {SweepModel::MacroF1, 68},  {SweepModel::Gradient, 90},
                                          {SweepModel::Time, 76}};
    for (const auto& [section, width] : widths)
        header->resizeSection(section, scaled(width));
    table_->verticalHeader()->setDefaultSectionSize(scaled(22));
}

} // namespace stillroom
