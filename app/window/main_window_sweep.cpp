// Sweeps in windows of their own: one that is begun from a YAML, or one that goes on somewhere.
#include "app/window/main_window.h"

#include "widgets/sweep_view.h"
#include "widgets/sweep_watch.h"
#include "widgets/theme.h"

#include <QDialog>
#include <QFileDialog>
#include <QVBoxLayout>

namespace stillroom {

SweepView* MainWindow::showSweep() {
    auto* dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Sweep"));
    auto* watch = new SweepWatch(dialog);
    auto* view = new SweepView(watch);
    connect(watch, &SweepWatch::changed, dialog, [dialog, watch] {
        if (!watch->name().isEmpty())
            dialog->setWindowTitle(tr("Sweep %1").arg(watch->name()));
    });
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(view);
    dialog->resize(scaled(860), scaled(520));
    dialog->show();
    return view;
}

void MainWindow::openSweep() {
    auto* dialog = new QFileDialog(this, tr("Open a sweep's folder"), controller_->runsFolder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& folder) { showSweep()->watch()->open(folder); });
    dialog->open();
}

void MainWindow::startSweep() {
    auto* dialog = new QFileDialog(this, tr("Start a sweep"), document_->folder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Experiments with `sweep:` (*.yaml *.yml)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        showSweep()->watch()->begin(path, controller_->runsFolder(),
                                    controller_->rootIsGiven() ? controller_->dataRoot() : QString());
    });
    dialog->open();
}

} // namespace stillroom
