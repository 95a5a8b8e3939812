#include "widgets/what_if_panel.h"

#include "widgets/class_counts.h"
#include "widgets/elided_label.h"
#include "widgets/row_copy.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <limits>

namespace stillroom {
namespace {

double shareOf(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(part) / static_cast<double>(whole);
}

void setIfNew(QLabel* label, const QString& text) {
    if (label->text() != text)
        label->setText(text);
}

} // namespace

WhatIfPanel::WhatIfPanel(LabModel* lab, WhatIfModel* whatIf, QWidget* parent)
    : QFrame(parent), lab_(lab), whatIf_(whatIf), reset_(new QToolButton), kept_(new QLabel),
      share_(new QLabel), rows_(new QWidget), rightName_(new QLabel(tr("labels right"))), right_(new QLabel),
      lost_(new QLabel), counts_(new ClassCountsModel(this)), classes_(new ClassCountsView(counts_)),
      why_(new QLabel), apply_(new QPushButton(tr("Apply"))), what_(new ElidedLabel) {
    setProperty("role", "panel");
    setAccessibleName(tr("What if"));

    auto* title = new QLabel(tr("What if"));
    title->setFont(textFont(TextSize::Title));
    reset_->setText(tr("reset"));
    reset_->setToolTip(tr("Back to the thresholds as they are (Esc in the plane)"));
    reset_->setProperty("role", "link");
    reset_->setFont(textFont(TextSize::Note));
    reset_->setCursor(Qt::PointingHandCursor);
    connect(reset_, &QToolButton::clicked, lab_, &LabModel::forget);
    title->setMinimumHeight(reset_->sizeHint().height()); // the link comes and goes
    auto* head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch(1);
    head->addWidget(reset_);

    kept_->setFont(textFont(TextSize::Figure));
    auto* rows = new QGridLayout(rows_);
    rows->setContentsMargins(0, 4, 0, 0);
    rows->setHorizontalSpacing(Gap);
    rows->setVerticalSpacing(3);
    rows->setColumnStretch(1, 1);
    rightName_->setProperty("tone", "muted");
    rows->addWidget(rightName_, 0, 0);
    rows->addWidget(right_, 0, 1, Qt::AlignRight);
    enters_ = addLink(rows, 1, tr("enter"), tr("Show the samples that would be kept and are not now"),
                      SampleFilter::Show::Enters);
    leaves_ = addLink(rows, 2, tr("leave"), tr("Show the samples that are kept now and would not be"),
                      SampleFilter::Show::Leaves);
    lost_->setProperty("tone", "warning");
    what_->setFont(textFont(TextSize::Note));
    what_->setProperty("tone", "muted");
    apply_->setToolTip(tr("Make these thresholds settings; one step of undo. A run under way goes on with "
                          "them from its next batch."));
    connect(apply_, &QPushButton::clicked, lab_, &LabModel::apply);
    for (auto* label : {kept_, share_, right_, lost_, why_}) {
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setTextFormat(Qt::PlainText);
        if (label != kept_ && label != right_) {
            label->setFont(textFont(TextSize::Note));
            label->setWordWrap(true);
        }
    }
    right_->setContentsMargins(0, 0, 5, 0); // as the links under it
    share_->setProperty("tone", "muted");
    why_->setProperty("tone", "muted");

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Gap);
    buttons->addWidget(apply_);
    buttons->addWidget(what_, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 12);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(kept_);
    column->addWidget(share_);
    column->addWidget(rows_);
    column->addWidget(lost_);
    column->addWidget(why_);
    column->addSpacing(4);
    auto* place = new QWidget; // it stays while the table is hidden, so that the title stays where it is
    auto* inPlace = new QVBoxLayout(place);
    inPlace->setContentsMargins(0, 0, 0, 0);
    inPlace->addWidget(classes_);
    column->addWidget(place, 1);
    column->addSpacing(4);
    column->addLayout(buttons);

    connect(classes_, &QTableView::clicked, this, [this](const QModelIndex& index) {
        lab_->chooseClass(index.row() == lab_->chosenClass() ? LabModel::AllClasses : index.row());
        showChosenClass();
    });
    connect(classes_, &QTableView::activated, this,
            [this](const QModelIndex& index) { lab_->chooseClass(index.row()); });
    connect(whatIf_, &WhatIfModel::changed, this, &WhatIfPanel::showAnswer);
    connect(lab_, &LabModel::tableChanged, this, [this] {
        counts_->setClasses(lab_->classes());
        showAnswer();
    });
    connect(lab_, &LabModel::hypothesisChanged, this, &WhatIfPanel::showWords);
    connect(lab_, &LabModel::baselineChanged, this, &WhatIfPanel::showWords);
    connect(lab_, &LabModel::classChosen, this, [this] {
        showChosenClass();
        showAnswer();
    });
    counts_->setClasses(lab_->classes());
    showAnswer();
}

QToolButton* WhatIfPanel::addLink(QGridLayout* rows, int row, const QString& name, const QString& tip,
                                  SampleFilter::Show show) {
    auto* label = new QLabel(name);
    label->setProperty("tone", "muted");
    auto* link = new QToolButton;
    link->setProperty("role", "link");
    link->setToolTip(tip);
    link->setAccessibleName(tip);
    link->setCursor(Qt::PointingHandCursor);
    connect(link, &QToolButton::clicked, this, [this, show] { Q_EMIT samplesWanted(show); });
    rows->addWidget(label, row, 0);
    rows->addWidget(link, row, 1, Qt::AlignRight);
    return link;
}

void WhatIfPanel::showAnswer() {
    const auto& answer = whatIf_->answer();
    counts_->setAnswer(answer);
    for (auto* widget : {static_cast<QWidget*>(kept_), static_cast<QWidget*>(share_), rows_,
                         static_cast<QWidget*>(classes_)})
        widget->setVisible(answer.has_value());
    if (answer)
        showCounts(*answer);
    else
        lost_->hide();
    showWords();
}

void WhatIfPanel::showCounts(const WhatIfModel::Answer& answer) {
    // Of the class that is chosen, or of all.
    const int label = lab_->chosenClass();
    const auto of = [label](const WhatIfResult& result) -> const WhatIfCounts& {
        return label >= 0 && label < static_cast<int>(result.byClass.size())
                   ? result.byClass[static_cast<std::size_t>(label)]
                   : result.all;
    };
    const WhatIfCounts& now = of(answer.now);
    const WhatIfCounts& then = of(answer.then);
    setIfNew(kept_, tr("%1 kept").arg(grouped(then.kept)));
    QString share = tr("%1 of %2").arg(percent(shareOf(then.kept, then.samples)), grouped(then.samples));
    if (label >= 0)
        share += tr(" in %1").arg(lab_->className(label));
    if (answer.supposed)
        share += tr(" · now %1").arg(grouped(now.kept));
    if (!answer.asked)
        share += tr("\nby the teacher alone: the student has not been asked");
    setIfNew(share_, share);
    const bool gold = then.withGold > 0;
    rightName_->setVisible(gold);
    right_->setVisible(gold);
    QString right = percent(shareOf(then.keptRight, then.keptWithGold));
    if (answer.supposed)
        right += tr(" (now %1)").arg(percent(shareOf(now.keptRight, now.keptWithGold)));
    setIfNew(right_, right);
    for (auto [link, count] : {std::pair{enters_, then.enters}, {leaves_, then.leaves}}) {
        link->setText(answer.supposed ? grouped(count) : QStringLiteral("–"));
        link->setEnabled(answer.supposed && count > 0);
    }
    QStringList lost;
    for (std::size_t k = 0; k < answer.then.byClass.size(); ++k)
        if (answer.then.byClass[k].kept == 0 && answer.now.byClass[k].kept > 0)
            lost << lab_->className(static_cast<int>(k));
    lost_->setVisible(!lost.isEmpty());
    if (!lost.isEmpty())
        setIfNew(lost_, lost.size() == 1 ? tr("Nothing would be left of %1.").arg(lost.first())
                                         : tr("Nothing would be left of %1 classes.").arg(lost.size()));
}

void WhatIfPanel::showWords() {
    const Baseline& baseline = lab_->baseline();
    const bool any = lab_->hypothesis().any();
    reset_->setVisible(any);
    apply_->setEnabled(any);
    apply_->setVisible(whatIf_->answer().has_value());
    what_->say(any ? describe(lab_->hypothesis(), baseline, lab_->classes()) : QString());
    what_->setToolTip(asTip(what_->text()));
    QStringList words;
    if (!lab_->table()) {
        words << tr("What other thresholds would keep is shown here once there are data.");
    } else if (const QString none = whyNoThresholds(baseline); !none.isEmpty()) {
        words << none;
    } else if (!any) {
        const Handle teacher = handleOf(ThresholdSide::Teacher, baseline),
                     student = handleOf(ThresholdSide::Student, baseline);
        if (teacher.together || student.together)
            words << (lab_->chosenClass() >= 0
                          ? tr("Drag a line in the plane to move this class's threshold.")
                          : tr("Drag a line in the plane to move the thresholds of all classes; choose a "
                               "class to move its own."));
        if (!teacher.why.isEmpty())
            words << teacher.why;
        if (!student.why.isEmpty())
            words << student.why;
    }
    why_->setVisible(!words.isEmpty());
    setIfNew(why_, words.join(u'\n'));
}

void WhatIfPanel::showChosenClass() {
    const QSignalBlocker quiet(classes_->selectionModel());
    if (const int label = lab_->chosenClass(); label >= 0)
        classes_->selectRow(label);
    else
        classes_->clearSelection();
    classes_->viewport()->update();
}

void WhatIfPanel::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        classes_->viewport()->update();
}

} // namespace stillroom
