#include "widgets/runs_bar.h"

#include "widgets/elided_label.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

namespace stillroom {
namespace {

constexpr int TypingPause = 150; // ms

QToolButton* link(const QString& text, const QString& tip) {
    auto* button = new QToolButton;
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setProperty("role", "link");
    button->setFont(textFont(TextSize::Note));
    button->setCursor(Qt::PointingHandCursor);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

RunsBar::RunsBar(QWidget* parent)
    : QWidget(parent), filter_(new QLineEdit), archived_(new QCheckBox(tr("archived"))),
      columns_(link(tr("columns") + QStringLiteral(" ▾"), tr("Choose the table's columns"))),
      refresh_(link(tr("look again"), tr("Look through the folder again"))),
      choose_(link(tr("choose…"), tr("Choose another folder of runs"))), folder_(new ElidedLabel),
      status_(new ElidedLabel) {
    filter_->setPlaceholderText(tr("Filter: name, tag, or setting=value (Ctrl+F)"));
    filter_->setAccessibleName(tr("Filter the runs"));
    filter_->setToolTip(tr("Words that must stand in a run's name, folder, rule, state, tags or note;\n"
                           "tag=paper, state=failed, rule=llkd, decay=0.99; quotes keep words together"));
    filter_->setClearButtonEnabled(true);
    archived_->setToolTip(tr("List the archived runs too"));
    auto* menu = new QMenu(columns_);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        Q_EMIT columnsWanted(menu);
    });
    columns_->setMenu(menu);
    columns_->setPopupMode(QToolButton::InstantPopup);
    for (auto* label : {folder_, status_}) {
        label->setFont(textFont(TextSize::Note));
        label->setProperty("tone", "muted");
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    folder_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    typed_.setSingleShot(true);
    typed_.setInterval(TypingPause);
    connect(filter_, &QLineEdit::textChanged, &typed_, [this] { typed_.start(); });
    connect(&typed_, &QTimer::timeout, this, [this] { Q_EMIT filterChanged(filter_->text()); });
    connect(filter_, &QLineEdit::returnPressed, this, [this] {
        typed_.stop();
        Q_EMIT filterChanged(filter_->text());
    });
    connect(archived_, &QCheckBox::toggled, this, &RunsBar::archivedWanted);
    connect(choose_, &QToolButton::clicked, this, &RunsBar::folderWanted);
    connect(refresh_, &QToolButton::clicked, this, [this] {
        if (busy_)
            Q_EMIT cancelWanted();
        else
            Q_EMIT refreshWanted();
    });

    auto* controls = new QHBoxLayout;
    controls->setSpacing(Gap);
    controls->addWidget(filter_, 1);
    controls->addWidget(archived_);
    controls->addWidget(columns_);
    auto* below = new QHBoxLayout;
    below->setSpacing(Gap);
    below->addWidget(status_, 2);
    below->addWidget(folder_, 3);
    below->addWidget(choose_);
    below->addWidget(refresh_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(controls);
    column->addLayout(below);
}

void RunsBar::setStatus(const QString& text) {
    status_->say(text);
}

void RunsBar::setFolder(const QString& folder) {
    folder_->say(folder);
}

void RunsBar::setBusy(bool busy) {
    if (busy == busy_)
        return;
    busy_ = busy;
    refresh_->setText(busy ? tr("stop") : tr("look again"));
    refresh_->setToolTip(busy ? tr("Stop reading runs") : tr("Look through the folder again"));
    refresh_->setAccessibleName(refresh_->toolTip());
}

} // namespace stillroom
