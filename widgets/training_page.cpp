#include "widgets/training_page.h"

#include "widgets/budget_outlook.h"
#include "widgets/experiment_document.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <QThread>

namespace stillroom {
namespace {

QString training(const char* name) {
    return QStringLiteral("training.") + QLatin1String(name);
}
QString loss(const char* name) {
    return QStringLiteral("loss.") + QLatin1String(name);
}

} // namespace

TrainingPage::TrainingPage(RunController* controller, QWidget* parent) : Page(controller, parent) {
    addRow(QStringLiteral("name"));
    for (const char* key : {"epochs", "batch", "learning_rate", "packing"})
        addRow(training(key));
    addHeading(tr("Loss"));
    for (const char* key : {"target", "temperature", "mix"})
        addRow(loss(key));
    addHeading(tr("Budget"));
    addNote(tr("The first one that is reached ends the run: so rules are compared at the same cost."));
    for (const char* key : {"stop.gradient_samples", "stop.distinct_samples", "stop.minutes"})
        addRow(training(key));
    addHeading(tr("Machine"));
    for (const char* key : {"seed", "device", "threads"})
        addRow(training(key));
    addStretch();
    connect(document(), &ExperimentDocument::changed, this, [this](const QString& key) {
        if (key.startsWith(QLatin1String("training.")) || key.startsWith(QLatin1String("loss.")) ||
            key.startsWith(QLatin1String("selection.")))
            showRows();
    });
    connect(document(), &ExperimentDocument::replaced, this, &TrainingPage::showRows);
    connect(controller, &RunController::examplesChanged, this, &TrainingPage::showRows);
    connect(controller, &RunController::engineReady, this, &TrainingPage::offerDevices);
    connect(controller, &RunController::drained, this, [this] {
        if (isVisible()) {
            showPlace();
            showLearning();
            showBudgets();
        }
    });
    connect(controller, &RunController::stateChanged, this, &TrainingPage::showRows);
    offerDevices();
}

void TrainingPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    showRows();
}

void TrainingPage::offerDevices() {
    QStringList devices;
    if (const auto& engine = controller()->engine())
        for (const auto& device : engine->devices)
            devices << toQString(device.name);
    row(training("device"))->offer(devices);
    showRows();
}

/// Loss and learning rate reach a run under way; the other settings wait for the next, and say so.
void TrainingPage::say(const QString& key, const QString& consequence) {
    const std::string name = key.toStdString();
    const bool waits = underWay(controller()->state()) &&
                       settingValue(experiment(), name) != settingValue(controller()->running(), name);
    row(key)->setConsequence(waits ? tr("from the next run on") : consequence);
}

void TrainingPage::showRows() {
    const Experiment& e = experiment();
    showRow(loss("temperature"), e.loss.target != LossTarget::Hard);
    showRow(loss("mix"), e.loss.target == LossTarget::Mix);
    row(loss("target"))
        ->setConsequence(e.loss.target == LossTarget::Hard
                             ? tr("the class that the teacher names, as if it were sure")
                         : e.loss.target == LossTarget::Soft
                             ? tr("all that the teacher holds possible, as far as it does")
                             : tr("%1 of the distribution, %2 of the label")
                                   .arg(percent(e.loss.mix, 0), percent(1 - e.loss.mix, 0)));
    row(loss("temperature"))
        ->setConsequence(e.loss.temperature > 1   ? tr("flatter: second choices count for more")
                         : e.loss.temperature < 1 ? tr("steeper: nearer to the label alone")
                                                  : tr("the distribution as it is"));
    const Examples* examples = controller()->examples();
    QString steps;
    if (examples != nullptr && examples->summary.taught > 0 && e.training.batch > 0) {
        const auto perEpoch = (examples->summary.taught + e.training.batch - 1) / e.training.batch;
        steps =
            tr("%1 steps an epoch, %2 in all").arg(grouped(perEpoch), grouped(perEpoch * e.training.epochs));
    }
    say(training("epochs"), {});
    say(training("batch"), steps);
    say(training("device"), {});
    say(training("seed"), tr("same seed, device and number of threads: the same run, bit for bit"));
    const int cores = controller()->engine() ? controller()->engine()->threads : QThread::idealThreadCount();
    say(training("threads"), e.training.threads == 0 ? tr("all %1 cores").arg(cores) : QString());
    say(training("packing"), e.training.packing
                                 ? tr("fewer, fuller updates: what is kept waits for a full batch")
                                 : tr("one update for each candidate batch"));
    showLearning();
    showBudgets();
    showPlace();
}

void TrainingPage::showLearning() {
    const bool running = underWay(controller()->state()) && controller()->live().totalSteps() > 0;
    const double now = experiment().training.learningRate.at(controller()->live().place());
    row(training("learning_rate"))
        ->setConsequence(running ? tr("now %1").arg(fixed(now, now < 0.1 ? 4 : 3)) : QString());
}

void TrainingPage::showBudgets() {
    const Examples* examples = controller()->examples();
    BudgetView view;
    view.experiment = &experiment();
    view.summary = examples != nullptr ? &examples->summary : nullptr;
    view.live = &controller()->live();
    view.ran = controller()->live().step() > 0 ? &controller()->running().selection : nullptr;
    view.underWay = underWay(controller()->state());
    say(training("stop.gradient_samples"), gradientBudgetWords(view));
    say(training("stop.distinct_samples"), distinctBudgetWords(view));
    say(training("stop.minutes"), minutesBudgetWords(view));
}

} // namespace stillroom
