#include "widgets/budget_outlook.h"

#include "widgets/text.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::budget", text);
}

double stepsPerEpoch(const BudgetView& view) {
    const auto batch = static_cast<double>(std::max<std::int64_t>(1, view.experiment->training.batch));
    return std::ceil(static_cast<double>(view.summary->taught) / batch);
}

double totalSteps(const BudgetView& view) {
    return stepsPerEpoch(view) * static_cast<double>(view.experiment->training.epochs);
}

/// What the run that there was says of one with these settings.
bool ranAlike(const BudgetView& view) {
    return view.ran != nullptr && view.live != nullptr && view.live->step() > 0 &&
           *view.ran == view.experiment->selection;
}

QString endsAt(double step, const BudgetView& view) {
    const double total = totalSteps(view);
    if (step > total)
        return tr("not reached: the epochs end it before, at step %1").arg(grouped(std::llround(total)));
    return tr("ends at about step %1, in epoch %2")
        .arg(grouped(std::llround(std::ceil(step))),
             grouped(1 + std::llround(std::floor((step - 1e-9) / stepsPerEpoch(view)))));
}

} // namespace

std::optional<double> keptPerStep(const BudgetView& view) {
    if (ranAlike(view))
        return static_cast<double>(view.live->keptSoFar()) / static_cast<double>(view.live->step());
    const SelectionSettings& s = view.experiment->selection;
    const auto batch = static_cast<double>(view.experiment->training.batch);
    switch (s.rule) {
    case RuleKind::All:
    case RuleKind::SoftMatch:
        return batch;
    case RuleKind::Random:
        return s.ratio ? std::optional(s.ratio->at(0) * batch) : std::nullopt;
    case RuleKind::SmallLoss:
        return s.ratio ? std::optional(std::ceil(s.ratio->at(0) * batch - 1e-6)) : std::nullopt;
    case RuleKind::Student:
        return s.ratio ? std::optional(std::ceil(s.ratio->at(0) * batch - 1e-6)) : std::nullopt;
    case RuleKind::Teacher:
        if (s.ratio)
            return s.ratio->at(0) * batch;
        return s.cut && view.summary != nullptr
                   ? std::optional((1 - view.summary->refusedBelow(s.cut->at(0))) * batch)
                   : std::nullopt;
    case RuleKind::Llkd:
        return s.fixedRatio ? std::optional(std::ceil(s.fixedRatio->at(0) * batch - 1e-6)) : std::nullopt;
    default:
        return std::nullopt;
    }
}

QString gradientBudgetWords(const BudgetView& view) {
    const auto& budget = view.experiment->training.stop.gradientSamples;
    if (!budget || view.summary == nullptr || view.summary->taught == 0)
        return {};
    const auto samples = static_cast<double>(*budget);
    if (view.underWay && view.live->step() > 0) {
        const auto& recent = view.live->recent();
        const auto steps = static_cast<double>(recent.lastStep - recent.firstStep + 1);
        const double rate = steps > 0 ? static_cast<double>(recent.kept) / steps : 0;
        const double left = samples - static_cast<double>(view.live->counts().gradient);
        return rate > 0 ? endsAt(static_cast<double>(view.live->step()) + std::max(0.0, left) / rate, view)
                        : tr("nothing is being kept: not reached like this");
    }
    const auto rate = keptPerStep(view);
    if (rate && *rate > 0)
        return endsAt(samples / *rate, view);
    return tr("the work of %1 of learning from everything; when, depends on what is kept")
        .arg(percent(samples / (static_cast<double>(view.summary->taught) *
                                static_cast<double>(view.experiment->training.epochs))));
}

QString distinctBudgetWords(const BudgetView& view) {
    const auto& budget = view.experiment->training.stop.distinctSamples;
    if (!budget || view.summary == nullptr || view.summary->taught == 0)
        return {};
    const auto taught = view.summary->taught;
    if (*budget > taught)
        return tr("not reached: there are %1 texts").arg(grouped(taught));
    if (view.underWay && view.live->step() > 0)
        return tr("so far %1").arg(grouped(view.live->counts().distinct));
    // In the first epoch every text comes up once: what is kept is new.
    const auto rate = keptPerStep(view);
    if (rate && *rate > 0 && static_cast<double>(*budget) <= *rate * stepsPerEpoch(view) * 1.0000001)
        return endsAt(static_cast<double>(*budget) / *rate, view);
    return tr("%1 of the texts; when, depends on how many new ones are kept")
        .arg(percent(static_cast<double>(*budget) / static_cast<double>(taught)));
}

QString minutesBudgetWords(const BudgetView& view) {
    const auto& budget = view.experiment->training.stop.minutes;
    if (!budget || view.summary == nullptr || view.summary->taught == 0)
        return {};
    if (view.live == nullptr || view.live->step() == 0 || view.live->secondsTrained() <= 0)
        return tr("how far that comes is known when something has run");
    const double pace = static_cast<double>(view.live->step()) / view.live->secondsTrained();
    return endsAt(*budget * 60 * pace, view);
}

} // namespace stillroom
