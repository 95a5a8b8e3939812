#include "widgets/settings_panel.h"

#include "widgets/data_page.h"
#include "widgets/page_button.h"
#include "widgets/run_controller.h"
#include "widgets/selection_page.h"
#include "widgets/student_page.h"
#include "widgets/teacher_page.h"
#include "widgets/theme.h"
#include "widgets/training_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace stillroom {

SettingsPanel::SettingsPanel(RunController* controller, LabModel* lab, QWidget* parent)
    : QFrame(parent), controller_(controller), lab_(lab), stack_(new QStackedWidget), title_(new QLabel),
      reset_(new QToolButton), problem_(new QLabel) {
    setProperty("role", "side");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Gap, Gap, 1, 0);
    column->setSpacing(0);
    auto* list = new QVBoxLayout;
    list->setContentsMargins(0, 0, Gap, 0);
    list->setSpacing(2);
    for (std::size_t i = 0; i < PageIds.size(); ++i) {
        buttons_[i] = new PageButton(PageIds[i]);
        connect(buttons_[i], &PageButton::clicked, this, [this, page = PageIds[i]] { showPage(page); });
        list->addWidget(buttons_[i]);
    }
    column->addLayout(list);

    auto* line = new QFrame;
    line->setProperty("role", "line");
    auto* lineMargin = new QHBoxLayout;
    lineMargin->setContentsMargins(Gap, Gap, 2 * Gap, Gap);
    lineMargin->addWidget(line);
    column->addLayout(lineMargin);

    title_->setFont(textFont(TextSize::Heading));
    reset_->setText(tr("reset to defaults"));
    reset_->setProperty("role", "link");
    reset_->setFont(textFont(TextSize::Note));
    reset_->setCursor(Qt::PointingHandCursor);
    connect(reset_, &QToolButton::clicked, this, [this] {
        controller_->document()->reset(pageKeys(page_), tr("defaults of %1").arg(pageTitle(page_)));
    });
    auto* head = new QHBoxLayout;
    head->setContentsMargins(2 * Gap + 2, 0, 2 * Gap, Gap);
    head->addWidget(title_);
    head->addStretch(1);
    head->addWidget(reset_);
    column->addLayout(head);
    problem_->setProperty("tone", "warning");
    problem_->setFont(textFont(TextSize::Note));
    problem_->setWordWrap(true);
    problem_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    problem_->setContentsMargins(2 * Gap + 2, 0, 2 * Gap, Gap);
    problem_->hide();
    column->addWidget(problem_);
    column->addWidget(stack_, 1);

    connect(controller_->document(), &ExperimentDocument::changed, this, &SettingsPanel::updateAnswers);
    connect(controller_->document(), &ExperimentDocument::replaced, this, &SettingsPanel::updateAnswers);
    connect(controller_, &RunController::stateChanged, this, &SettingsPanel::updateAnswers);
    connect(controller_, &RunController::examplesChanged, this, &SettingsPanel::updateAnswers);
    connect(controller_, &RunController::problemChanged, this, &SettingsPanel::updateAnswers);
    showPage(PageId::Data);
}

QWidget* SettingsPanel::makePage(PageId page) {
    switch (page) {
    case PageId::Data:
        return new DataPage(controller_);
    case PageId::Teacher:
        return new TeacherPage(controller_);
    case PageId::Student:
        return new StudentPage(controller_);
    case PageId::Selection:
        return new SelectionPage(controller_, lab_);
    case PageId::Training:
        break;
    }
    return new TrainingPage(controller_);
}

void SettingsPanel::showPage(PageId page) {
    const auto index = static_cast<std::size_t>(page);
    page_ = page;
    if (pages_[index] == nullptr) {
        auto* scroll = new QScrollArea;
        scroll->setWidgetResizable(true);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        scroll->setFocusPolicy(Qt::NoFocus);
        scroll->setWidget(makePage(page));
        pages_[index] = scroll;
        stack_->addWidget(scroll);
    }
    stack_->setCurrentWidget(pages_[index]);
    buttons_[index]->setChecked(true);
    title_->setText(pageTitle(page));
    updateAnswers();
    Q_EMIT pageShown(page);
}

void SettingsPanel::setCompact(bool compact) {
    for (auto* button : buttons_)
        button->setCompact(compact);
}

void SettingsPanel::updateAnswers() {
    for (std::size_t i = 0; i < PageIds.size(); ++i)
        buttons_[i]->say(pageAnswer(PageIds[i], *controller_));
    const QString problem = pageProblem(page_, *controller_);
    problem_->setText(problem);
    problem_->setVisible(!problem.isEmpty());
    reset_->setEnabled(controller_->document()->changedCount(pageKeys(page_)) > 0);
}

} // namespace stillroom
