#include "widgets/guide_panel.h"

#include "widgets/demo.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStyle>

namespace stillroom {
namespace {

constexpr int Width = 292, StripHeight = 218; // at a desk

void sayIfNew(QLabel* label, const QString& text) {
    if (label->text() != text)
        label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace

GuidePanel::GuidePanel(Demo* demo, QWidget* parent)
    : QFrame(parent), demo_(demo), column_(new QBoxLayout(QBoxLayout::TopToBottom, this)),
      demoTitle_(new QLabel), which_(new QLabel), title_(new QLabel), words_(new QLabel),
      scroll_(new QScrollArea), task_(new QLabel), status_(new QLabel), back_(new QPushButton(tr("&Back"))),
      show_(new QPushButton(tr("&Show me"))), next_(new QPushButton(tr("&Next"))),
      close_(new QPushButton(tr("close"))) {
    setProperty("role", "guide");
    setAccessibleName(tr("Guided demo"));
    demoTitle_->setFont(textFont(TextSize::Note));
    demoTitle_->setProperty("tone", "muted");
    demoTitle_->setWordWrap(true);
    which_->setFont(textFont(TextSize::Note));
    which_->setProperty("tone", "muted");
    title_->setFont(textFont(TextSize::Heading));
    title_->setWordWrap(true);
    words_->setWordWrap(true);
    words_->setTextFormat(Qt::RichText);
    words_->setAlignment(Qt::AlignTop);
    task_->setFont(textFont(TextSize::Title));
    task_->setProperty("tone", "accent");
    status_->setFont(textFont(TextSize::Note));
    status_->setProperty("tone", "muted");
    for (auto* label : {words_, task_, status_}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    scroll_->setWidgetResizable(true);
    scroll_->setFrameShape(NoFrame);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->setWidget(words_);
    close_->setProperty("role", "link");
    close_->setFont(textFont(TextSize::Note));
    close_->setCursor(Qt::PointingHandCursor);
    close_->setToolTip(tr("End the demo; the window stays as it is"));

    auto* head = new QHBoxLayout;
    head->addWidget(demoTitle_, 1);
    head->addWidget(close_, 0, Qt::AlignTop);
    column_->setContentsMargins(2 * Gap, 10, 2 * Gap, 2 * Gap);
    column_->setSpacing(6);
    column_->addLayout(head);
    column_->addWidget(title_);
    column_->addWidget(scroll_, 1);
    column_->addWidget(task_);
    column_->addWidget(status_);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Gap);
    buttons->addWidget(back_);
    buttons->addWidget(show_);
    buttons->addStretch(1);
    buttons->addWidget(which_);
    buttons->addWidget(next_);
    column_->addLayout(buttons);
    connect(back_, &QPushButton::clicked, demo_, &Demo::back);
    connect(show_, &QPushButton::clicked, demo_, &Demo::showMe);
    connect(next_, &QPushButton::clicked, demo_, &Demo::next);
    connect(close_, &QPushButton::clicked, demo_, &Demo::close);
    connect(demo_, &Demo::changed, this, &GuidePanel::refresh);
    setStrip(false);
    refresh();
}

void GuidePanel::setStrip(bool strip) {
    strip_ = strip;
    setMinimumWidth(strip ? 0 : scaled(Width));
    setMaximumWidth(strip ? QWIDGETSIZE_MAX : scaled(Width));
    setMinimumHeight(strip ? scaled(StripHeight) : 0);
    setMaximumHeight(strip ? scaled(StripHeight) : QWIDGETSIZE_MAX);
    setProperty("strip", strip);
    style()->unpolish(this);
    style()->polish(this);
}

QString GuidePanel::words() const {
    return words_->text();
}

void GuidePanel::refresh() {
    setVisible(demo_->active());
    if (!demo_->active())
        return;
    const bool done = demo_->done();
    const bool asks = demo_->step().asks != DemoStep::Asks::Nothing;
    sayIfNew(demoTitle_, demo_->title());
    sayIfNew(which_, tr("%1 of %2").arg(demo_->place() + 1).arg(demo_->count()));
    sayIfNew(title_, demo_->step().title);
    sayIfNew(words_, demo_->words());
    sayIfNew(task_, !asks ? QString() : done ? tr("Done: go on with Next.") : demo_->step().task);
    const char* tone = done ? "good" : "accent";
    if (task_->property("tone").toString() != QLatin1String(tone)) {
        task_->setProperty("tone", tone);
        task_->style()->unpolish(task_);
        task_->style()->polish(task_);
    }
    sayIfNew(status_, done ? QString() : demo_->status());
    back_->setEnabled(!demo_->first());
    show_->setVisible(asks && !done);
    show_->setEnabled(demo_->canShow());
    show_->setToolTip(tr("Does for you what is asked for"));
    next_->setEnabled(done);
    next_->setText(demo_->last() ? tr("&Finish") : tr("&Next"));
    next_->setDefault(done);
    if (shown_ != demo_->place()) {
        shown_ = demo_->place();
        scroll_->verticalScrollBar()->setValue(0);
    }
}

} // namespace stillroom
