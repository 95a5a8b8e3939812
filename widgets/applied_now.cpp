#include "widgets/applied_now.h"

#include "widgets/lab_model.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

namespace stillroom {
namespace {
constexpr int LivePeriod = 200; // ms between counts while a run goes on
} // namespace

AppliedNow::AppliedNow(LabModel* lab, QObject* parent)
    : QObject(parent), lab_(lab), whatIf_(std::make_shared<WhatIf>(1)) {
    soon_.setSingleShot(true);
    soon_.setInterval(LivePeriod);
    connect(&soon_, &QTimer::timeout, this, &AppliedNow::ask);
    connect(lab_, &LabModel::tableChanged, this, &AppliedNow::ask);
    connect(lab_, &LabModel::snapshotChanged, this, &AppliedNow::askSoon);
    // An edit moves it at once, a run that goes on now and then.
    connect(lab_, &LabModel::baselineChanged, this, [this] {
        if (lab_->controller()->state() == RunState::Running)
            askSoon();
        else
            ask();
    });
}

AppliedNow::~AppliedNow() {
    pool_.finish();
}

void AppliedNow::setWatched(bool watched) {
    watched_ = watched;
    if (watched_ && stale_)
        ask();
}

void AppliedNow::askSoon() {
    stale_ = true;
    if (watched_ && !soon_.isActive())
        soon_.start();
}

void AppliedNow::ask() {
    stale_ = true;
    if (!watched_)
        return;
    stale_ = false;
    const auto& table = lab_->table();
    const Thresholds& wanted = lab_->baseline().thresholds;
    // While an earlier epoch is looked at, the thresholds are that epoch's.
    if (!table || !lab_->follows() || (wanted.teacher.empty() && wanted.student.empty())) {
        asking_.forget();
        if (answer_) {
            answer_.reset();
            Q_EMIT changed();
        }
        return;
    }
    const RunController& controller = *lab_->controller();
    const Thresholds& live = controller.live().thresholds();
    const bool compared = controller.live().step() > 0 && !(live.teacher.empty() && live.student.empty()) &&
                          controller.running().selection.rule == lab_->baseline().settings.rule;
    asking_.ask(
        [whatIf = whatIf_, table, snapshot = lab_->snapshot(), asked = lab_->asked(), wanted,
         before = compared ? std::optional(live) : std::nullopt] {
            const bool fits = snapshot && snapshot->traces().size() == table->size();
            Answer answer;
            answer.counts =
                whatIf->compute(*table, fits ? snapshot->traces() : std::span<const SampleTrace>(), wanted,
                                before ? &*before : nullptr);
            answer.compared = before.has_value();
            answer.asked = asked && fits;
            return answer;
        },
        [this](Answer answer) {
            answer_ = std::move(answer);
            Q_EMIT changed();
        });
}

QStringList AppliedNow::words() const {
    if (!answer_)
        return {};
    const WhatIfCounts& all = answer_->counts.all;
    QStringList lines{
        tr("keeps %1 of %2 (%3)")
            .arg(grouped(all.kept), grouped(all.samples),
                 percent(all.samples > 0 ? static_cast<double>(all.kept) / static_cast<double>(all.samples)
                                         : 0.0))};
    if (all.keptWithGold > 0)
        lines << tr("of those the teacher is right on %1")
                     .arg(percent(static_cast<double>(all.keptRight) / static_cast<double>(all.keptWithGold),
                                  0));
    if (answer_->compared && (all.enters > 0 || all.leaves > 0))
        lines << tr("enter %1 · leave %2").arg(grouped(all.enters), grouped(all.leaves));
    const bool studentDecides =
        !lab_->baseline().thresholds.student.empty() || lab_->baseline().settings.rule == RuleKind::Llkd;
    if (!answer_->asked && studentDecides)
        lines << tr("by the teacher alone: the student was not asked yet");
    return lines;
}

QString AppliedNow::thinnest() const {
    if (!answer_)
        return {};
    const auto& classes = answer_->counts.byClass;
    std::size_t found = classes.size();
    for (std::size_t k = 0; k < classes.size(); ++k)
        if (classes[k].samples > 0 && (found == classes.size() || classes[k].kept < classes[found].kept))
            found = k;
    return found == classes.size() ? QString()
                                   : tr("thinnest class: %1, %2 of %3")
                                         .arg(lab_->className(static_cast<int>(found)),
                                              grouped(classes[found].kept), grouped(classes[found].samples));
}

} // namespace stillroom
