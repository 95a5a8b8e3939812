#include "widgets/training_page.h"

#include "widgets/experiment_document.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <QThread>

namespace stillroom {

TrainingPage::TrainingPage(RunController* controller, QWidget* parent) : Page(controller, parent) {
    addRow(QStringLiteral("name"));
    for (const char* key : {"epochs", "batch", "learning_rate", "packing"})
        addRow(QStringLiteral("training.") + QLatin1String(key));
    addHeading(tr("Loss"));
    for (const char* key : {"target", "temperature", "mix"})
        addRow(QStringLiteral("loss.") + QLatin1String(key));
    addHeading(tr("Machine"));
    for (const char* key : {"seed", "device", "threads"})
        addRow(QStringLiteral("training.") + QLatin1String(key));
    addStretch();
    row(QStringLiteral("training.seed"))
        ->setConsequence(tr("same seed, device and number of threads: the same run, bit for bit"));
    connect(document(), &ExperimentDocument::changed, this, [this](const QString& key) {
        if (key.startsWith(QLatin1String("training.")) || key.startsWith(QLatin1String("loss.")))
            showRows();
    });
    connect(document(), &ExperimentDocument::replaced, this, &TrainingPage::showRows);
    connect(controller, &RunController::examplesChanged, this, &TrainingPage::showRows);
    connect(controller, &RunController::engineReady, this, &TrainingPage::offerDevices);
    offerDevices();
}

void TrainingPage::offerDevices() {
    QStringList devices;
    if (const auto& engine = controller()->engine())
        for (const auto& device : engine->devices)
            devices << toQString(device.name);
    row(QStringLiteral("training.device"))->offer(devices);
    showRows();
}

void TrainingPage::showRows() {
    const Experiment& e = experiment();
    showRow(QStringLiteral("loss.temperature"), e.loss.target != LossTarget::Hard);
    showRow(QStringLiteral("loss.mix"), e.loss.target == LossTarget::Mix);
    const Examples* examples = controller()->examples();
    QString steps;
    if (examples != nullptr && examples->summary.taught > 0 && e.training.batch > 0) {
        const auto perEpoch = (examples->summary.taught + e.training.batch - 1) / e.training.batch;
        steps =
            tr("%1 steps an epoch, %2 in all").arg(grouped(perEpoch), grouped(perEpoch * e.training.epochs));
    }
    row(QStringLiteral("training.batch"))->setConsequence(steps);
    const int cores = controller()->engine() ? controller()->engine()->threads : QThread::idealThreadCount();
    row(QStringLiteral("training.threads"))
        ->setConsequence(e.training.threads == 0 ? tr("all %1 cores").arg(cores) : QString());
    row(QStringLiteral("training.packing"))
        ->setConsequence(e.training.packing ? tr("fewer, fuller updates: what is kept waits for a full batch")
                                            : tr("one update for each candidate batch"));
}

} // namespace stillroom
