#include "widgets/selection_page.h"

#include "widgets/experiment_document.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme.h"
#include "widgets/threshold_outlook.h"

#include <QComboBox>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace stillroom {
namespace {

QString key(const char* name) {
    return QStringLiteral("selection.") + QLatin1String(name);
}

QString memory(double decay) {
    return grouped(std::llround(1 / std::max(1e-6, 1 - decay)));
}

QString describe(const std::optional<ThresholdOutlook>& outlook, const QString& refuses) {
    if (!outlook)
        return {};
    QString text = outlook->high - outlook->low < 0.005
                       ? fixed(outlook->low, 2)
                       : QCoreApplication::translate("stillroom::SelectionPage", "%1 to %2 by class")
                             .arg(fixed(outlook->low, 2), fixed(outlook->high, 2));
    if (outlook->atStart)
        text += QCoreApplication::translate("stillroom::SelectionPage", " at the start");
    if (outlook->refused)
        text += QStringLiteral(" · ") + refuses.arg(percent(*outlook->refused, 0));
    return text;
}

} // namespace

SelectionPage::SelectionPage(RunController* controller, QWidget* parent)
    : Page(controller, parent), cutOrRatio_(new QWidget), cutBy_(new QComboBox) {
    // A rule that cannot do without a number comes with one.
    addRow(key("rule"))->setCompanions([this](const QString& rule) {
        const SelectionSettings& s = experiment().selection;
        if (rule == QLatin1String("random") && !s.ratio)
            return QList<SettingChange>{{key("ratio"), QStringLiteral("0.16")}};
        if (rule == QLatin1String("teacher") && !s.cut && !s.ratio)
            return QList<SettingChange>{{key("cut"), QStringLiteral("0.95")}};
        return QList<SettingChange>();
    });
    auto* line = new QHBoxLayout(cutOrRatio_);
    line->setContentsMargins(10, 0, 0, 0);
    line->setSpacing(Gap);
    cutBy_->addItems({tr("a fixed confidence"), tr("the surest share")});
    cutBy_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    line->addWidget(new QLabel(tr("Cut by")), LabelShare);
    line->addWidget(cutBy_, ControlShare);
    addWidget(cutOrRatio_);
    connect(cutBy_, &QComboBox::activated, this, [this](int index) { chooseCutOrRatio(index == 0); });
    for (const char* name : {"cut", "ratio", "resample", "uncertainty", "decay", "teacher_scale",
                             "student_scale", "class_scaling", "weight", "alpha", "beta"})
        addRow(key(name));
    row(key("class_scaling"))->setConsequence(tr("each class has its own bar; off: one bar for all"));
    addFurther();

    recentHeading_ = addHeading(tr("In the last 100 steps"));
    recentBox_ = new QFrame;
    recentBox_->setProperty("role", "panel");
    recentBox_->setContentsMargins(0, 0, 0, 0);
    recent_ = new QLabel;
    thinnest_ = new QLabel;
    thinnest_->setProperty("tone", "warning");
    thinnest_->setFont(textFont(TextSize::Note));
    auto* words = new QVBoxLayout(recentBox_);
    words->setContentsMargins(12, 8, 12, 8);
    words->setSpacing(4);
    for (auto* label : {recent_, thinnest_}) {
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setWordWrap(true);
        words->addWidget(label);
    }
    addIndented(recentBox_);
    addStretch();

    connect(document(), &ExperimentDocument::changed, this, [this](const QString& changed) {
        if (!changed.startsWith(QLatin1String("selection.")))
            return;
        showRows();
        showConsequences();
    });
    connect(document(), &ExperimentDocument::replaced, this, [this] {
        showRows();
        showConsequences();
    });
    connect(controller, &RunController::examplesChanged, this, &SelectionPage::showConsequences);
    connect(controller, &RunController::drained, this, [this] {
        if (isVisible())
            showConsequences();
    });
    connect(controller, &RunController::runBegan, this, &SelectionPage::showConsequences);
    connect(controller, &RunController::stateChanged, this, &SelectionPage::lockRule);
    showRows();
    showConsequences();
    lockRule();
}

void SelectionPage::addFurther() {
    auto* link = new QToolButton;
    link->setText(tr("further settings"));
    link->setCheckable(true);
    link->setProperty("role", "link");
    link->setFont(textFont(TextSize::Note));
    link->setCursor(Qt::PointingHandCursor);
    furtherLink_ = new QWidget;
    auto* line = new QHBoxLayout(furtherLink_);
    line->setContentsMargins(8, 0, 0, 0);
    line->addWidget(link);
    line->addStretch(1);
    addWidget(furtherLink_);
    further_ = new QWidget;
    auto* rows = new QVBoxLayout(further_);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Gap);
    setColumn(rows);
    QStringList keys;
    for (const char* name : {"warm_start", "statistic", "clip"}) {
        addRow(key(name));
        keys << key(name);
    }
    setColumn(nullptr);
    addWidget(further_);
    connect(link, &QToolButton::toggled, further_, [this](bool shown) { further_->setVisible(shown); });
    const bool changed = document()->changedCount(keys) > 0;
    link->setChecked(changed);
    further_->setVisible(changed);
}

void SelectionPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    showConsequences();
}

void SelectionPage::lockRule() {
    const bool locked = underWay(controller()->state());
    row(key("rule"))
        ->setLocked(locked ? tr("The rule stays what it is while a run is under way; stop the run to choose "
                                "another.")
                           : QString());
}

void SelectionPage::chooseCutOrRatio(bool cut) {
    document()->setAll(cut ? tr("cut by confidence") : tr("cut by share"),
                       {{key("cut"), cut ? QStringLiteral("0.95") : QString()},
                        {key("ratio"), cut ? QString() : QStringLiteral("0.5")}});
}

void SelectionPage::showRows() {
    const SelectionSettings& s = experiment().selection;
    const bool llkd = s.rule == RuleKind::Llkd;
    const bool random = s.rule == RuleKind::Random;
    const bool teacher = s.rule == RuleKind::Teacher;
    for (const char* name : {"decay", "teacher_scale", "student_scale", "class_scaling"})
        showRow(key(name), llkd);
    const bool doubt = llkd || s.weight != Weighting::Uniform;
    showRow(key("uncertainty"), doubt);
    furtherLink_->setVisible(llkd);
    if (!llkd)
        further_->hide();
    cutOrRatio_->setVisible(teacher);
    showRow(key("cut"), teacher && s.cut.has_value());
    showRow(key("ratio"), random || (teacher && s.ratio.has_value() && !s.cut.has_value()));
    showRow(key("resample"), random);
    showRow(key("alpha"), s.weight != Weighting::Uniform);
    showRow(key("beta"), s.weight != Weighting::Uniform);
    cutBy_->setCurrentIndex(s.cut.has_value() || !s.ratio.has_value() ? 0 : 1);

    switch (s.rule) {
    case RuleKind::All:
        row(key("rule"))->setConsequence(tr("every sample of every batch"));
        break;
    case RuleKind::Random:
        row(key("rule"))->setConsequence(tr("a share by chance: what any rule must beat"));
        break;
    case RuleKind::Teacher:
        row(key("rule"))->setConsequence(tr("what the teacher is sure of, whatever the student knows"));
        break;
    case RuleKind::Oracle:
        row(key("rule"))->setConsequence(tr("what the teacher got right: needs gold, an upper bound"));
        break;
    case RuleKind::Llkd:
        row(key("rule"))->setConsequence(tr("where the teacher is sure and the student is not"));
        break;
    }
}

void SelectionPage::showConsequences() {
    const SelectionSettings& s = experiment().selection;
    const LiveModel& live = controller()->live();
    const Examples* examples = controller()->examples();
    const DataSummary* summary = examples == nullptr ? nullptr : &examples->summary;
    const bool ran = live.step() > 0;
    const SelectionSettings* running = ran ? &controller()->running().selection : nullptr;

    row(key("decay"))
        ->setConsequence(s.decay.shape == ScheduleShape::Constant
                             ? tr("thresholds follow about the last %1 batches").arg(memory(s.decay.from))
                             : tr("thresholds follow %1, in the end %2 batches")
                                   .arg(memory(s.decay.from), memory(s.decay.to)));
    const QString teacher = describe(teacherOutlook(s, running, live, summary), tr("refuses %1"));
    row(key("teacher_scale"))
        ->setConsequence(s.teacherScale.at(0) <= 0 && s.teacherScale.at(1) <= 0
                             ? tr("off: the teacher's confidence refuses nothing")
                             : teacher);
    const QString student = describe(studentOutlook(s, running, live, summary), tr("refuses %1 of the rest"));
    row(key("student_scale"))
        ->setConsequence(s.studentScale.at(0) <= 0 && s.studentScale.at(1) <= 0
                             ? tr("off: the student's certainty refuses nothing")
                         : student.isEmpty() ? tr("begins at the doubt of the first batch")
                                             : student);
    if (s.cut && summary != nullptr && summary->taught > 0)
        row(key("cut"))
            ->setConsequence(
                tr("refuses %1 of the texts").arg(percent(summary->refusedBelow(s.cut->at(0)), 0)));
    if (s.ratio && summary != nullptr && summary->taught > 0) {
        const double ratio = s.ratio->at(0);
        const QString rows = grouped(std::llround(ratio * static_cast<double>(summary->taught)));
        row(key("ratio"))
            ->setConsequence(s.rule == RuleKind::Teacher ? tr("%1 texts: those of confidence %2 and above")
                                                               .arg(rows, fixed(summary->cutOfTop(ratio), 2))
                             : s.resample ? tr("about %1 texts, others in each epoch").arg(rows)
                                          : tr("the same %1 texts throughout").arg(rows));
    }
    showRecent();
}

void SelectionPage::showRecent() {
    const LiveModel& live = controller()->live();
    const auto& recent = live.recent();
    const bool known = live.step() > 0 && recent.candidates > 0;
    recentHeading_->setVisible(known);
    recentBox_->setVisible(known);
    if (!known)
        return;
    recentHeading_->setText(recent.lastStep - recent.firstStep + 1 >= LiveModel::RecentSteps
                                ? tr("In the last 100 steps")
                                : tr("So far"));
    QString text =
        tr("keeps %1 of %2 (%3)")
            .arg(grouped(recent.kept), grouped(recent.candidates),
                 percent(static_cast<double>(recent.kept) / static_cast<double>(recent.candidates)));
    if (recent.keptWithGold > 0)
        text += tr("\nof those the teacher is right on %1")
                    .arg(percent(
                        static_cast<double>(recent.keptRight) / static_cast<double>(recent.keptWithGold), 0));
    if (recent_->text() != text)
        recent_->setText(text);
    // Of the classes that came up, the one of which least was kept.
    QString thinnest;
    std::int64_t least = -1;
    for (std::size_t k = 0; k < recent.keptByClass.size() && k < live.classes().size(); ++k)
        if (recent.candidatesByClass[k] > 0 && (least < 0 || recent.keptByClass[k] < least)) {
            least = recent.keptByClass[k];
            thinnest = tr("thinnest class: %1, %2 kept").arg(toQString(live.classes()[k]), grouped(least));
        }
    if (thinnest_->text() != thinnest)
        thinnest_->setText(thinnest);
    thinnest_->setVisible(!thinnest.isEmpty());
}

} // namespace stillroom
