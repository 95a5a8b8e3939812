#include "widgets/training_page.h"

#include "core/base/number.h"
#include "widgets/budget_outlook.h"
#include "widgets/experiment_document.h"
#include "widgets/fold.h"
#include "widgets/run_controller.h"
#include "widgets/setting_control.h"
#include "widgets/text.h"

#include <QThread>
#include <cmath>

namespace stillroom {
namespace {

QString training(const char* name) {
    return QStringLiteral("training.") + QLatin1String(name);
}
QString loss(const char* name) {
    return QStringLiteral("loss.") + QLatin1String(name);
}

constexpr const char* Further[] = {"score_every", "weight_decay", "layer_decay", "clip_norm", "accumulate"};

/// With two digits: 0.000027 as the box beside it writes it.
QString rateWords(double rate) {
    return toQString(writeNumber(rate == 0 ? 0 : QString::number(rate, 'g', 2).toDouble()));
}

QString whatSuits(StudentKind kind) {
    return kind == StudentKind::Ngram     ? TrainingPage::tr("n-grams")
           : kind == StudentKind::Encoder ? TrainingPage::tr("an encoder")
                                          : TrainingPage::tr("a probe");
}

} // namespace

TrainingPage::TrainingPage(RunController* controller, QWidget* parent)
    : Page(controller, parent), further_(new Fold(tr("further settings"))) {
    addRow(QStringLiteral("name"));
    for (const char* key : {"epochs", "batch", "learning_rate", "packing"})
        addRow(training(key));
    addWidget(further_);
    setColumn(further_->column());
    QStringList furtherKeys;
    for (const char* key : Further) {
        addRow(training(key));
        furtherKeys << training(key);
    }
    setColumn(nullptr);
    further_->setOpen(document()->changedCount(furtherKeys) > 0);
    addHeading(tr("Loss"));
    for (const char* key : {"target", "temperature", "mix"})
        addRow(loss(key));
    addHeading(tr("Budget"));
    addNote(tr("The first one that is reached ends the run: so rules are compared at the same cost."));
    for (const char* key : {"stop.gradient_samples", "stop.distinct_samples", "stop.minutes"})
        addRow(training(key));
    addHeading(tr("Checkpoints"));
    addNote(tr("Where the run can go on from: at a pause, at its end, and while it trains."));
    for (const char* key : {"checkpoint.every_steps", "checkpoint.every_minutes", "checkpoint.keep"})
        addRow(training(key));
    addHeading(tr("Machine"));
    for (const char* key : {"seed", "device", "threads", "precision", "scoring", "micro_batch"})
        addRow(training(key));
    addStretch();
    connect(document(), &ExperimentDocument::changed, this, [this](const QString& key) {
        if (key.startsWith(QLatin1String("training.")) || key.startsWith(QLatin1String("loss.")) ||
            key.startsWith(QLatin1String("selection.")) || key == QLatin1String("student.kind"))
            showRows();
        // Another student has another learning rate by default.
        if (key == QLatin1String("student.kind"))
            row(training("learning_rate"))
                ->control()
                ->show(document()->effectiveValue(training("learning_rate")));
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
    for (const auto& key : settingKeys())
        if (key.starts_with("training.") && row(toQString(key)) != nullptr)
            showRow(toQString(key), settingApplies(experiment(), key));
    const Experiment& e = experiment();
    const Examples* examples = controller()->examples();
    QString steps;
    if (examples != nullptr && examples->summary.taught > 0 && e.training.batch > 0) {
        const auto perEpoch = (examples->summary.taught + e.training.batch - 1) / e.training.batch;
        steps =
            tr("%1 steps an epoch, %2 in all").arg(grouped(perEpoch), grouped(perEpoch * e.training.epochs));
    }
    say(training("epochs"), {});
    say(training("batch"), steps);
    say(training("packing"), e.training.packing
                                 ? tr("fewer, fuller updates: what is kept waits for a full batch")
                                 : tr("one update for each candidate batch"));
    showLoss();
    showOptimizer();
    showMachine();
    showLearning();
    showBudgets();
    showPlace();
}

void TrainingPage::showLoss() {
    const LossSettings& l = experiment().loss;
    showRow(loss("temperature"), l.target != LossTarget::Hard);
    showRow(loss("mix"), l.target == LossTarget::Mix);
    row(loss("target"))
        ->setConsequence(
            l.target == LossTarget::Hard   ? tr("the class that the teacher names, as if it were sure")
            : l.target == LossTarget::Soft ? tr("all that the teacher holds possible, as far as it does")
                                           : tr("%1 of the distribution, %2 of the label")
                                                 .arg(percent(l.mix, 0), percent(1 - l.mix, 0)));
    row(loss("temperature"))
        ->setConsequence(l.temperature > 1   ? tr("flatter: second choices count for more")
                         : l.temperature < 1 ? tr("steeper: nearer to the label alone")
                                             : tr("the distribution as it is"));
}

void TrainingPage::showOptimizer() {
    const TrainingSettings& t = experiment().training;
    const OptimizerSettings& o = t.optimizer;
    say(training("score_every"), t.scoreEvery <= 1
                                     ? tr("1: each text is scored whenever it comes up")
                                     : tr("1/%1 of the scoring; between, a text is known by its last score")
                                           .arg(grouped(t.scoreEvery)));
    say(training("weight_decay"), o.weightDecay > 0
                                      ? tr("matrices are pulled towards 0, biases and norms are not")
                                      : tr("nothing is pulled towards 0"));
    say(training("layer_decay"),
        o.layerDecay < 1
            ? tr("each layer learns at %1 of the rate of the one above it").arg(percent(o.layerDecay, 0))
            : tr("all layers learn at the same rate"));
    say(training("clip_norm"), o.clipNorm > 0 ? tr("one odd batch cannot throw the weights far")
                                              : tr("gradients are taken as they are"));
    say(training("accumulate"), o.accumulate <= 1
                                    ? tr("each update batch is a step")
                                    : tr("a step learns from up to %1 texts, in the memory of %2")
                                          .arg(grouped(o.accumulate * t.batch), grouped(t.batch)));
}

void TrainingPage::showMachine() {
    const TrainingSettings& t = experiment().training;
    say(training("device"), {});
    say(training("seed"), tr("same seed, device and number of threads: the same run, bit for bit"));
    const int cores = controller()->engine() ? controller()->engine()->threads : QThread::idealThreadCount();
    say(training("threads"), t.threads == 0 ? tr("all %1 cores").arg(cores) : QString());
    say(training("precision"), t.precision == Precision::Bf16
                                   ? tr("faster where the processor has bf16; weights stay fp32")
                                   : tr("exact to seven digits"));
    say(training("scoring"),
        t.scoring == Precision::Bf16
            ? tr("faster where the processor has bf16; what is near a bar may fall on its "
                 "other side")
            : tr("exact to seven digits"));
    say(training("micro_batch"), tr("lower it where memory runs out: results change by rounding alone"));
}

void TrainingPage::showLearning() {
    const RunController& c = *controller();
    if (underWay(c.state()) && c.live().totalSteps() > 0) {
        const Experiment& running = c.running();
        const double now = learningRateOf(running.training, running.student.kind).at(c.live().place());
        row(training("learning_rate"))->setConsequence(tr("now %1").arg(rateWords(now)));
        return;
    }
    const Experiment& e = experiment();
    const Schedule set = learningRateOf(e.training, e.student.kind);
    const double usual = learningRateOf(TrainingSettings(), e.student.kind).from;
    const double most = std::max(set.from, set.shape == ScheduleShape::Constant ? set.from : set.to);
    const QString suits = tr("%1 suits %2").arg(rateWords(usual), whatSuits(e.student.kind));
    row(training("learning_rate"))
        ->setConsequence(!e.training.learningRate ? tr("what suits %1").arg(whatSuits(e.student.kind))
                         : most > 9.9 * usual     ? tr("%1; so much more may ruin it").arg(suits)
                         : most < usual / 9.9     ? tr("%1; with so much less it hardly learns").arg(suits)
                                                  : QString());
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
