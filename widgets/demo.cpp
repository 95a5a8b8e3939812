#include "widgets/demo.h"

#include "core/base/number.h"
#include "core/experiment/find_experiment.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <algorithm>

namespace stillroom {

Demo::Demo(RunController* controller, QObject* parent) : QObject(parent), controller_(controller) {
    connect(controller_, &RunController::stateChanged, this, &Demo::stateChanged);
    connect(controller_, &RunController::examplesChanged, this, &Demo::examplesChanged);
    connect(controller_, &RunController::drained, this, [this] {
        if (active() && step().asks == DemoStep::Asks::Run)
            Q_EMIT changed();
    });
    connect(controller_->document(), &ExperimentDocument::changed, this, &Demo::settingChanged);
    // Another experiment: what is said of this one would be said of that.
    connect(controller_->document(), &ExperimentDocument::replaced, this, [this] {
        if (active() && !showing_)
            close();
    });
}

Demo::~Demo() {
    pool_.finish();
}

void Demo::start(DemoId demo) {
    pool_.run(
        []() -> Result<Experiment> {
            const auto path = findExperiment("demo");
            if (!path)
                return fail(path.error());
            return readExperiment(*path);
        },
        [this, demo, number = ++starting_](Result<Experiment> read) {
            if (number != starting_)
                return;
            if (read)
                begin(demoScript(demo), std::move(*read));
            else
                Q_EMIT failed(toQString(read.error().message));
        });
}

void Demo::begin(DemoScript script, Experiment experiment) {
    for (const auto& change : script.setup) {
        const auto set = setSetting(experiment, change.key.toStdString(), change.yaml.toStdString());
        Q_ASSERT(set);
    }
    script_ = std::move(script);
    notes_ = {};
    foreign_.clear();
    refused_.clear();
    place_ = 0;
    showing_ = true;
    controller_->document()->adopt(std::move(experiment), QString());
    showing_ = false;
    enter(0);
}

void Demo::close() {
    ++starting_;
    if (!active())
        return;
    settle();
    script_.reset();
    Q_EMIT changed();
}

void Demo::enter(int place) {
    place_ = std::clamp(place, 0, count() - 1);
    refused_.clear();
    Q_EMIT changed();
    Q_EMIT stepEntered();
}

void Demo::next() {
    if (!active() || !done())
        return;
    settle();
    if (last())
        close();
    else
        enter(place_ + 1);
}

void Demo::back() {
    if (active() && !first())
        enter(place_ - 1);
}

/// What a demo asks for is the demo's: nobody is asked to save it. Anything else is the user's own.
void Demo::settle() {
    if (foreign_.isEmpty())
        controller_->document()->undoStack()->setClean();
}

// ── what was asked for ──────────────────────────────────────────────────────────────────────────────────

bool Demo::fulfilled(const DemoStep& step, const Experiment& experiment) const {
    const std::string key = step.key.toStdString();
    const std::string value = settingValue(experiment, key);
    if (step.enough) {
        const auto number = readNumber(value);
        return number && step.enough(*number);
    }
    Experiment wanted = experiment;
    return setSetting(wanted, key, step.value.toStdString()) && settingValue(wanted, key) == value;
}

const DemoStep* Demo::missing(int place, const Experiment& experiment) const {
    // Of several steps that ask for the same setting the last one before the run counts.
    QSet<QString> seen;
    for (int i = place - 1; i >= 0; --i) {
        const DemoStep& step = script_->steps[i];
        if (step.asks != DemoStep::Asks::Setting || seen.contains(step.key))
            continue;
        seen.insert(step.key);
        if (!fulfilled(step, experiment))
            return &step;
    }
    return nullptr;
}

bool Demo::done() const {
    if (!active())
        return false;
    switch (step().asks) {
    case DemoStep::Asks::Setting:
        // Later steps may have asked for another value of it: who went back need not set it again.
        return fulfilled(step(), controller_->document()->experiment()) ||
               std::any_of(script_->steps.begin() + place_, script_->steps.end(),
                           [this](const DemoStep& later) {
                               return later.asks == DemoStep::Asks::Run && notes_.has(later.remember);
                           });
    case DemoStep::Asks::Run:
        return notes_.has(step().remember);
    case DemoStep::Asks::Nothing:
        break;
    }
    // The first step quotes the data: they have to be there.
    return notes_.taught > 0;
}

QString Demo::words() const {
    if (!active())
        return {};
    if (notes_.taught == 0)
        return paragraph(
            controller_->state() == RunState::Broken
                ? tr("The demo's data could not be read. They are WordNet's nouns, in Debian's package "
                     "<b>wordnet-base</b>: install it and choose <i>Run ▸ Read the data again</i>.")
                : tr("The demo's data are being read."));
    return step().words(notes_);
}

QString Demo::status() const {
    if (!active())
        return {};
    const RunState state = controller_->state();
    if (state == RunState::Loading)
        return tr("The data are being read.");
    if (step().asks != DemoStep::Asks::Run)
        return {};
    if (state == RunState::Starting)
        return tr("The run is being started.");
    if (state == RunState::Running)
        return tr("It trains: %1.").arg(percent(controller_->live().done(), 0));
    if (state == RunState::Paused)
        return tr("The run is paused. Press Go on (F5).");
    return refused_;
}

bool Demo::canShow() const {
    if (!active() || step().asks == DemoStep::Asks::Nothing || done())
        return false;
    const RunState state = controller_->state();
    if (step().asks == DemoStep::Asks::Run)
        return state == RunState::Ready || state == RunState::Finished || state == RunState::Failed ||
               state == RunState::Paused || state == RunState::Loading;
    return !underWay(state);
}

void Demo::showMe() {
    if (!canShow())
        return;
    auto* document = controller_->document();
    showing_ = true;
    if (step().asks == DemoStep::Asks::Setting) {
        const auto set = document->set(step().key, step().value);
        Q_ASSERT(set);
    } else {
        // With what was asked for, whatever it has become in the meantime.
        while (const DemoStep* wanted = missing(place_, document->experiment()))
            if (!document->set(wanted->key, wanted->value))
                break;
        controller_->run();
    }
    showing_ = false;
    Q_EMIT changed();
}

// ── what happens ────────────────────────────────────────────────────────────────────────────────────────

void Demo::examplesChanged() {
    const Examples* examples = controller_->examples();
    if (!active())
        return;
    if (examples != nullptr) {
        notes_.classes = examples->summary.classes;
        notes_.taught = examples->summary.taught;
        notes_.teacherAccuracy = examples->quality.accuracy;
        notes_.calibrationError = examples->quality.eceEqualWidth;
    }
    Q_EMIT changed();
}

void Demo::settingChanged(const QString& key) {
    if (!active())
        return;
    const bool asked = showing_ || std::any_of(script_->steps.begin(), script_->steps.end(),
                                               [&](const DemoStep& step) { return step.key == key; });
    if (!asked)
        foreign_.insert(key);
    Q_EMIT changed();
}

void Demo::stateChanged(RunState state) {
    if (!active())
        return;
    if (state == RunState::Finished)
        takeFigures();
    else if (state == RunState::Starting)
        refused_.clear();
    Q_EMIT changed();
}

void Demo::takeFigures() {
    const FinishedEvent* end = controller_->live().finished();
    if (end == nullptr)
        return;
    // Who was quick and ran before the step that asks for it has done it too.
    int asking = place_;
    while (asking < count() && script_->steps[asking].asks != DemoStep::Asks::Run)
        ++asking;
    if (asking == count() || asking > place_ + 2)
        return;
    const DemoStep& step = script_->steps[asking];
    if (end->outcome != Outcome::Completed) {
        refused_ = tr("This run was stopped before its end. Run it once more.");
        return;
    }
    if (const DemoStep* wanted = missing(asking, controller_->running())) {
        if (asking == place_)
            refused_ = tr("This run went with another setting. It needs: %1").arg(wanted->task);
        return;
    }
    notes_.runs.insert(step.remember, DemoFigures::of(*controller_));
}

} // namespace stillroom
