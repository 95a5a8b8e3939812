#include "widgets/message_panel.h"

#include "widgets/theme.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QTime>
#include <QToolButton>
#include <QVBoxLayout>

namespace stillroom {

MessagePanel::MessagePanel(QWidget* parent) : QFrame(parent), list_(new QListWidget) {
    setProperty("role", "panel");
    auto* title = new QLabel(tr("Messages"));
    title->setFont(textFont(TextSize::Title));
    auto* close = new QToolButton;
    close->setText(tr("close"));
    close->setProperty("role", "link");
    close->setFont(textFont(TextSize::Note));
    connect(close, &QToolButton::clicked, this, &MessagePanel::closed);
    auto* head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch(1);
    head->addWidget(close);
    list_->setFrameShape(NoFrame);
    list_->setFont(textFont(TextSize::Note));
    list_->setWordWrap(true);
    list_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    list_->setAccessibleName(tr("Messages"));
    auto* copyAction = new QAction(tr("Copy"), list_);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetShortcut);
    connect(copyAction, &QAction::triggered, this, &MessagePanel::copy);
    list_->addAction(copyAction);
    list_->setContextMenuPolicy(Qt::ActionsContextMenu);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 8, 8, 8);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(list_, 1);
}

void MessagePanel::add(const QString& text, MessageKind kind, const QStringList& details) {
    const QString time = QTime::currentTime().toString(QStringLiteral("HH:mm:ss"));
    QString line = time + QStringLiteral("  ") + text;
    if (!details.isEmpty())
        line += u'\n' + details.join(u'\n');
    auto* item = new QListWidgetItem(line, list_);
    if (kind != MessageKind::Info)
        item->setForeground(theme().warning);
    while (list_->count() > Most)
        delete list_->takeItem(0);
    list_->scrollToBottom();
}

void MessagePanel::copy() {
    QStringList lines;
    for (int i = 0; i < list_->count(); ++i)
        if (list_->item(i)->isSelected())
            lines << list_->item(i)->text();
    QApplication::clipboard()->setText(lines.join(u'\n'));
}

} // namespace stillroom
