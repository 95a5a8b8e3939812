// How the window goes on with a run that was cut off, has ended or is another's beginning.
#include "widgets/run_controller.h"

#include "widgets/relative_paths.h"
#include "widgets/run_past.h"
#include "widgets/text.h"

#include <QDir>
#include <QFileInfo>

namespace stillroom {

void RunController::resume(ResumePlan plan) {
    Q_ASSERT(!underWay(state_));
    // What is in force at the checkpoint, to the end that the plan says; its files by paths that are right
    // here.
    Experiment shown = plan.inForce;
    const auto learningRate = shown.training.learningRate;
    shown.training = plan.experiment.training;
    shown.training.learningRate = learningRate;
    const QString root = rootIsGiven() ? places_.dataRoot : QDir::currentPath(); // of what has no file yet
    for (const auto& [key, yaml] : movedPaths(shown, toQString(plan.origin.dataRoot), root))
        static_cast<void>(setSetting(shown, key.toStdString(), yaml.toStdString()));
    document_->adopt(shown, QString()); // reads its data
    plan_ = std::move(plan);
    planned_ = std::move(shown);
    wanted_ = Wanted::Run;
}

void RunController::startPlanned() {
    const auto plan = std::make_shared<const ResumePlan>(*std::exchange(plan_, std::nullopt));
    beginLive(*planned_);
    RunOptions options;
    options.runsFolder = QFileInfo(toQString(plan->parent)).absolutePath().toStdString();
    options.niceness = places_.niceness;
    struct Resumed {
        std::vector<Event> past;
        Result<std::unique_ptr<Run>> run;
    };
    pool_.run(
        [plan, set = examples_->set, options, engine = places_.engine]() -> Resumed {
            const auto stored = StoredRun::open(plan->parent);
            if (!stored)
                return {{}, fail(stored.error())};
            auto past = pastEvents(*stored, plan->point.step);
            return {std::move(past), engine != nullptr ? Run::resume(*engine, *plan, set, options)
                                                       : Run::resume(*plan, set, options)};
        },
        [this](Resumed resumed) {
            if (resumed.run)
                for (const auto& event : resumed.past)
                    live_.apply(event);
            started(std::move(resumed.run));
        });
}

} // namespace stillroom
