#include "widgets/selection_page.h"

#include "core/base/check_schedule.h"
#include "widgets/applied_now.h"
#include "widgets/experiment_document.h"
#include "widgets/rule_choice.h"
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
#include <cmath>

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

/// The bar on the student's own probability as it stands: "0.42 to 0.91 by class now".
QString ownBar(const LiveModel& live, const SelectionSettings* running, RuleKind rule) {
    if (running == nullptr || running->rule != rule)
        return {};
    const auto& bars = live.thresholds().studentConfidence;
    if (bars.empty())
        return {};
    const auto [low, high] = std::minmax_element(bars.begin(), bars.end());
    return *high - *low < 0.005
               ? QCoreApplication::translate("stillroom::SelectionPage", "%1 now").arg(fixed(*low, 2))
               : QCoreApplication::translate("stillroom::SelectionPage", "%1 to %2 by class now")
                     .arg(fixed(*low, 2), fixed(*high, 2));
}

constexpr const char* Further[] = {"warm_start", "statistic", "clip", "teacher_class_scales",
                                   "student_class_scales"};

} // namespace

SelectionPage::SelectionPage(RunController* controller, LabModel* lab, QWidget* parent)
    : Page(controller, parent) {
    addRow(key("rule"))->setCompanions([this](const QString& rule) {
        return companionsOf(rule, experiment().selection);
    });
    cutOrRatio_ = addChoice(tr("Cut by"), {tr("a fixed number"), tr("a share")}, cutBy_);
    connect(cutBy_, &QComboBox::activated, this, [this](int index) { chooseCutOrRatio(index == 0); });
    for (const char* name : {"cut", "ratio", "resample"})
        addRow(key(name));
    moving_ = addChoice(tr("Thresholds"),
                        {tr("follow the batches"), tr("fixed numbers"), tr("none: a share")}, movingBy_);
    connect(movingBy_, &QComboBox::activated, this, &SelectionPage::chooseMoving);
    for (const char* name : {"fixed_thresholds", "fixed_ratio", "uncertainty", "decay", "teacher_scale",
                             "student_scale", "class_scaling", "soft_weights", "weight", "alpha", "beta"})
        addRow(key(name));
    row(key("fixed_thresholds"))
        ->setConsequence(tr("[confidence at least, uncertainty at least], for all classes"));
    addFurther();
    appliedSaid_ = addSaid(tr("If applied now"));
    recentSaid_ = addSaid(tr("In the last 100 steps"));
    addStretch();
    if (lab != nullptr) {
        applied_ = new AppliedNow(lab, this);
        connect(applied_, &AppliedNow::changed, this, &SelectionPage::showApplied);
    }

    connect(document(), &ExperimentDocument::changed, this, [this](const QString& changed) {
        if (changed == QLatin1String("training.epochs") || changed == QLatin1String("training.batch"))
            showPlace();
        if (!changed.startsWith(QLatin1String("selection.")))
            return;
        showRows();
        showConsequences();
    });
    connect(document(), &ExperimentDocument::replaced, this, [this] {
        showRows();
        showConsequences();
        showPlace();
    });
    connect(controller, &RunController::examplesChanged, this, &SelectionPage::showConsequences);
    connect(controller, &RunController::examplesChanged, this, &SelectionPage::showPlace);
    connect(controller, &RunController::drained, this, [this] {
        if (isVisible()) {
            showConsequences();
            showPlace();
        }
    });
    connect(controller, &RunController::runBegan, this, &SelectionPage::showConsequences);
    connect(controller, &RunController::stateChanged, this, &SelectionPage::lockRule);
    appliedSaid_.say({}, {});
    showRows();
    showConsequences();
    lockRule();
}

QWidget* SelectionPage::addChoice(const QString& name, const QStringList& choices, QComboBox*& box) {
    auto* made = new QWidget;
    box = new QComboBox;
    box->addItems(choices);
    box->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    box->setAccessibleName(name);
    auto* line = new QHBoxLayout(made);
    line->setContentsMargins(10, 0, 0, 0);
    line->setSpacing(Gap);
    auto* label = new QLabel(name);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    line->addWidget(label, LabelShare);
    line->addWidget(box, ControlShare);
    addWidget(made);
    return made;
}

void SelectionPage::addFurther() {
    furtherButton_ = new QToolButton;
    furtherButton_->setText(tr("further settings"));
    furtherButton_->setCheckable(true);
    furtherButton_->setProperty("role", "link");
    furtherButton_->setFont(textFont(TextSize::Note));
    furtherButton_->setCursor(Qt::PointingHandCursor);
    furtherLink_ = new QWidget;
    auto* line = new QHBoxLayout(furtherLink_);
    line->setContentsMargins(8, 0, 0, 0);
    line->addWidget(furtherButton_);
    line->addStretch(1);
    addWidget(furtherLink_);
    further_ = new QWidget;
    auto* rows = new QVBoxLayout(further_);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Gap);
    setColumn(rows);
    QStringList keys;
    for (const char* name : Further) {
        addRow(key(name));
        keys << key(name);
    }
    setColumn(nullptr);
    addWidget(further_);
    connect(furtherButton_, &QToolButton::toggled, this, &SelectionPage::showRows);
    furtherButton_->setChecked(document()->changedCount(keys) > 0);
}

SelectionPage::Said SelectionPage::addSaid(const QString& heading) {
    Said said{addHeading(heading), new QFrame, new QLabel, new QLabel};
    said.panel->setProperty("role", "panel");
    said.warning->setProperty("tone", "warning");
    said.warning->setFont(textFont(TextSize::Note));
    auto* words = new QVBoxLayout(said.panel);
    words->setContentsMargins(12, 8, 12, 8);
    words->setSpacing(4);
    for (auto* label : {said.words, said.warning}) {
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setWordWrap(true);
        words->addWidget(label);
    }
    addIndented(said.panel);
    return said;
}

void SelectionPage::Said::say(const QString& text, const QString& thinnest) const {
    heading->setVisible(!text.isEmpty());
    panel->setVisible(!text.isEmpty());
    if (words->text() != text)
        words->setText(text);
    if (warning->text() != thinnest)
        warning->setText(thinnest);
    warning->setVisible(!thinnest.isEmpty());
}

void SelectionPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    showConsequences();
    showPlace();
    if (applied_ != nullptr)
        applied_->setWatched(true);
}

void SelectionPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    if (applied_ != nullptr)
        applied_->setWatched(false);
}

void SelectionPage::showApplied() {
    appliedSaid_.say(applied_->words().join(u'\n'), applied_->thinnest());
}

void SelectionPage::lockRule() {
    const bool locked = underWay(controller()->state());
    row(key("rule"))
        ->setLocked(locked ? tr("The rule stays what it is while a run is under way; stop the run to choose "
                                "another.")
                           : QString());
    showPlace();
}

void SelectionPage::chooseCutOrRatio(bool cut) {
    const bool teacher = experiment().selection.rule == RuleKind::Teacher;
    const QString number = teacher ? QStringLiteral("0.95") : QStringLiteral("0.5");
    const QString share = teacher ? QStringLiteral("0.5") : QStringLiteral("0.2");
    document()->setAll(cut ? tr("cut by a number") : tr("cut by a share"),
                       {{key("cut"), cut ? number : QString()}, {key("ratio"), cut ? QString() : share}});
}

void SelectionPage::chooseMoving(int which) {
    document()->setAll(movingBy_->itemText(which),
                       {{key("fixed_thresholds"), which == 1 ? QStringLiteral("[0.9, 0.3]") : QString()},
                        {key("fixed_ratio"), which == 2 ? QStringLiteral("0.16") : QString()}});
}

void SelectionPage::showRows() {
    const SelectionSettings& s = experiment().selection;
    for (const char* name :
         {"cut", "ratio", "resample", "fixed_thresholds", "fixed_ratio", "uncertainty", "decay",
          "teacher_scale", "student_scale", "class_scaling", "soft_weights", "alpha", "beta"})
        showRow(key(name), ruleUses(s, QLatin1String(name)));
    bool more = false;
    for (const char* name : Further) {
        const bool used = ruleUses(s, QLatin1String(name));
        showRow(key(name), used);
        more = more || used;
    }
    furtherLink_->setVisible(more);
    further_->setVisible(more && furtherButton_->isChecked());
    const bool either = s.rule == RuleKind::Teacher || s.rule == RuleKind::Student;
    cutOrRatio_->setVisible(either);
    cutBy_->setCurrentIndex(s.ratio.has_value() ? 1 : 0);
    const bool teacher = s.rule == RuleKind::Teacher;
    cutBy_->setItemText(0, teacher ? tr("a fixed confidence") : tr("a fixed doubt"));
    cutBy_->setItemText(1, teacher ? tr("the surest share") : tr("the most doubtful share"));
    moving_->setVisible(s.rule == RuleKind::Llkd);
    movingBy_->setCurrentIndex(s.fixedThresholds ? 1 : s.fixedRatio ? 2 : 0);
    showRule();
}

void SelectionPage::showRule() {
    const SelectionSettings& s = experiment().selection;
    const bool llkd = s.rule == RuleKind::Llkd;
    row(key("rule"))->setConsequence(ruleWords(s.rule));
    row(key("cut"))->setLabel(cutLabel(s.rule));
    row(key("student_scale"))->setLabel(llkd ? tr("Student at least") : tr("Student sure to"));
    row(key("class_scaling"))
        ->setConsequence(s.classScaling ? tr("each class has its own bar; off: one bar for all")
                                        : tr("one bar for all; on: each class has its own"));
    row(key("warm_start"))
        ->setConsequence(s.warmStart ? tr("the first batch meets bars made of all that the teacher said")
                                     : tr("the bars begin at 1/K and rise: at first nearly all is kept"));
    row(key("weight"))
        ->setConsequence(s.weight == Weighting::Uniform ? QString()
                                                        : tr("of mean 1 over what is kept of a batch"));
    row(key("soft_weights"))
        ->setConsequence(s.softWeights ? tr("less than usual sure of it: it counts less, never nothing")
                                       : tr("without them it is as the rule all"));
}

void SelectionPage::showConsequences() {
    const SelectionSettings& s = experiment().selection;
    const LiveModel& live = controller()->live();
    const Examples* examples = controller()->examples();
    const DataSummary* summary = examples == nullptr ? nullptr : &examples->summary;
    const bool ran = live.step() > 0;
    const SelectionSettings* running = ran ? &controller()->running().selection : nullptr;

    const Schedule decay = decayOf(s);
    const QString followers =
        s.rule == RuleKind::SoftMatch ? tr("mean and spread follow") : tr("thresholds follow");
    row(key("decay"))
        ->setConsequence(
            decay.shape == ScheduleShape::Constant
                ? tr("%1 about the last %2 batches").arg(followers, memory(decay.from))
                : tr("%1 %2, in the end %3 batches").arg(followers, memory(decay.from), memory(decay.to)));
    const QString teacher = describe(teacherOutlook(s, running, live, summary), tr("refuses %1"));
    row(key("teacher_scale"))
        ->setConsequence(alwaysZero(s.teacherScale) ? tr("off: the teacher's confidence refuses nothing")
                         : s.fixedRatio             ? tr("on: confidence counts in the order")
                                                    : teacher);
    const QString student = describe(studentOutlook(s, running, live, summary), tr("refuses %1 of the rest"));
    row(key("student_scale"))
        ->setConsequence(alwaysZero(s.studentScale)
                             ? (s.rule == RuleKind::Llkd ? tr("off: the student's certainty refuses nothing")
                                                         : tr("off: nothing is refused"))
                         : s.rule != RuleKind::Llkd ? ownBar(live, running, s.rule)
                         : s.fixedRatio             ? tr("on: uncertainty counts in the order")
                         : student.isEmpty()        ? tr("begins at the uncertainty of the first batch")
                                                    : student);
    showCutAndRatio();
    showRecent();
}

void SelectionPage::showCutAndRatio() {
    const SelectionSettings& s = experiment().selection;
    const LiveModel& live = controller()->live();
    const Examples* examples = controller()->examples();
    const bool known = examples != nullptr && examples->summary.taught > 0;
    QString cut;
    if (s.rule == RuleKind::Teacher && s.cut && known)
        cut = tr("refuses %1 of the texts").arg(percent(examples->summary.refusedBelow(s.cut->at(0)), 0));
    else if (s.rule == RuleKind::Student)
        cut = tr("0: sure of one class. 1: all are alike to it");
    else if (s.rule == RuleKind::FixMatch)
        cut = tr("of the student's largest probability; at first it is sure of nothing");
    else if (s.rule == RuleKind::FlexMatch)
        cut = ownBar(live, live.step() > 0 ? &controller()->running().selection : nullptr, s.rule);
    if (s.rule == RuleKind::FlexMatch && cut.isEmpty())
        cut = tr("for the class that it has learned best; others lower");
    row(key("cut"))->setConsequence(cut);
    if (s.ratio && known) {
        const double ratio = s.ratio->at(0);
        const std::int64_t taught = examples->summary.taught, batch = experiment().training.batch;
        const QString rows = grouped(std::llround(ratio * static_cast<double>(taught)));
        const QString ofBatch =
            tr("%1 of each batch of %2")
                .arg(grouped(std::llround(std::ceil(ratio * static_cast<double>(batch) - 1e-6))),
                     grouped(batch));
        row(key("ratio"))
            ->setConsequence(s.rule == RuleKind::Teacher
                                 ? tr("%1 texts: those of confidence %2 and above")
                                       .arg(rows, fixed(examples->summary.cutOfTop(ratio), 2))
                             : s.rule == RuleKind::Student   ? tr("%1, the most doubtful").arg(ofBatch)
                             : s.rule == RuleKind::SmallLoss ? tr("%1, the smallest losses").arg(ofBatch)
                             : s.resample ? tr("about %1 texts, others in each epoch").arg(rows)
                                          : tr("the same %1 texts throughout").arg(rows));
    }
    if (s.fixedRatio) {
        const std::int64_t batch = experiment().training.batch;
        row(key("fixed_ratio"))
            ->setConsequence(tr("%1 of each batch of %2: the largest confidence × doubt")
                                 .arg(grouped(std::llround(std::ceil(
                                          s.fixedRatio->at(0) * static_cast<double>(batch) - 1e-6))),
                                      grouped(batch)));
    }
}

void SelectionPage::showRecent() {
    const LiveModel& live = controller()->live();
    const auto& recent = live.recent();
    if (live.step() == 0 || recent.candidates == 0) {
        recentSaid_.say({}, {});
        return;
    }
    recentSaid_.heading->setText(recent.lastStep - recent.firstStep + 1 >= LiveModel::RecentSteps
                                     ? tr("In the last 100 steps")
                                     : tr("So far"));
    QString text =
        tr("kept %1 of %2 (%3)")
            .arg(grouped(recent.kept), grouped(recent.candidates),
                 percent(static_cast<double>(recent.kept) / static_cast<double>(recent.candidates)));
    if (recent.keptWithGold > 0)
        text += tr("\nof those the teacher is right on %1")
                    .arg(percent(
                        static_cast<double>(recent.keptRight) / static_cast<double>(recent.keptWithGold), 0));
    // Of the classes that came up, the one of which least was kept.
    QString thinnest;
    std::int64_t least = -1;
    for (std::size_t k = 0; k < recent.keptByClass.size() && k < live.classes().size(); ++k)
        if (recent.candidatesByClass[k] > 0 && (least < 0 || recent.keptByClass[k] < least)) {
            least = recent.keptByClass[k];
            thinnest = tr("thinnest class: %1, %2 kept").arg(toQString(live.classes()[k]), grouped(least));
        }
    recentSaid_.say(text, thinnest);
}

} // namespace stillroom
