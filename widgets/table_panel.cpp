#include "widgets/table_panel.h"

#include "widgets/number_table.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace stillroom {

TablePanel::TablePanel(const QString& title, QWidget* parent)
    : QFrame(parent), title_(new QLabel(title)), copy_(new QToolButton), stack_(new QStackedLayout),
      table_(new NumberTable), empty_(new QLabel) {
    setProperty("role", "panel");
    setAccessibleName(title);
    title_->setFont(textFont(TextSize::Title));
    copy_->setText(tr("copy"));
    copy_->setToolTip(tr("Copy the table, with tabs"));
    copy_->setProperty("role", "link");
    copy_->setFont(textFont(TextSize::Note));
    copy_->setCursor(Qt::PointingHandCursor);
    title_->setMinimumHeight(copy_->sizeHint().height()); // the link comes and goes
    connect(copy_, &QToolButton::clicked, this,
            [this] { QApplication::clipboard()->setText(shown_.text(u'\t')); });
    table_->setAccessibleName(title);
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setWordWrap(true);
    empty_->setProperty("tone", "muted");
    empty_->setMargin(3 * Gap);
    auto* head = new QHBoxLayout;
    head->addWidget(title_);
    head->addStretch(1);
    head->addWidget(copy_);
    stack_->addWidget(empty_);
    stack_->addWidget(table_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(4);
    column->addLayout(head);
    column->addLayout(stack_, 1);
    show(PlotTable{}, {});
}

void TablePanel::setTitle(const QString& title) {
    title_->setText(title);
    setAccessibleName(title);
    table_->setAccessibleName(title);
}

void TablePanel::show(const PlotTable& shown, const QString& empty) {
    shown_ = shown;
    empty_->setText(empty);
    table_->show(shown.columns, shown.rows);
    stack_->setCurrentWidget(shown.rows.isEmpty() ? static_cast<QWidget*>(empty_) : table_);
    copy_->setVisible(!shown.rows.isEmpty());
}

} // namespace stillroom
