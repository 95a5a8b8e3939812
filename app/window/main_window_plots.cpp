// The window's plots as files, all at once.
#include "app/window/main_window.h"

#include "widgets/export_plots_dialog.h"
#include "widgets/plane_view.h"
#include "widgets/plot.h"
#include "widgets/teacher_view.h"

#include <QDir>
#include <QTabWidget>

namespace stillroom {

void MainWindow::exportPlots() {
    // What is behind another tab is counted now.
    plane_->setWatched(true);
    teacher_->setWatched(true);
    QList<Plot*> plots;
    for (int tab = 0; tab < tabs_->count(); ++tab)
        plots << tabs_->widget(tab)->findChildren<Plot*>();
    auto* dialog =
        new ExportPlotsDialog(plots, QDir::home().filePath(tr("%1-plots").arg(document_->name())), this);
    connect(dialog, &ExportPlotsDialog::said, this,
            [this](const QString& text, MessageKind kind) { say(text, kind, {}); });
    connect(dialog, &QDialog::finished, this, [this] {
        plane_->setWatched(false);
        teacher_->setWatched(false);
    });
    dialog->open();
}

} // namespace stillroom
