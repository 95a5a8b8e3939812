// How the main window makes reports: of the runs that are chosen in the Runs tab, else of the run that is
// shown.
#include "app/window/main_window.h"

#include "widgets/message_panel.h"
#include "widgets/report_dialog.h"
#include "widgets/run_actions.h"
#include "widgets/runs_view.h"

#include <QMenu>
#include <QTabWidget>

namespace stillroom {

void MainWindow::addReport(QMenu* file) {
    file->addAction(tr("Repor&t…"), this, [this] {
        QStringList runs;
        if (tabs_->currentWidget() == runs_)
            runs = runs_->chosenFolders();
        if (runs.isEmpty() && !controller_->runFolder().isEmpty())
            runs << controller_->runFolder();
        askForReport(runs);
    });
    connect(runs_->actions(), &RunActions::reportWanted, this, &MainWindow::askForReport);
}

void MainWindow::askForReport(const QStringList& runFolders) {
    auto* dialog = new ReportDialog(runFolders, controller_->runsFolder(), this);
    connect(dialog, &ReportDialog::written, this,
            [this](const QString& path) { say(tr("Report written: %1").arg(path), MessageKind::Info, {}); });
    dialog->open();
}

} // namespace stillroom
