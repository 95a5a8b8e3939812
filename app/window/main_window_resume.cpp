// How the main window goes on with runs: to their end, for more epochs, or on another way.
#include "app/window/main_window.h"

#include "widgets/go_on_dialog.h"
#include "widgets/run_actions.h"
#include "widgets/runs_view.h"
#include "widgets/text.h"

#include <QMenu>

namespace stillroom {

void MainWindow::addGoingOn(QMenu* run) {
    const std::pair<QString, GoOn> ways[] = {{tr("Resu&me a run…"), GoOn::Resume},
                                             {tr("&Extend…"), GoOn::Extend},
                                             {tr("&Branch from checkpoint…"), GoOn::Branch}};
    for (const auto& [text, way] : ways)
        run->addAction(text, this, [this, how = way] {
            askHowToGoOn(how, underWay(controller_->state()) ? QString() : controller_->runFolder());
        });
    // And for a run of the table.
    connect(runs_->actions(), &RunActions::resumeWanted, this,
            [this](const QString& folder) { resumeRun(folder); });
    connect(runs_->actions(), &RunActions::extendWanted, this,
            [this](const QString& folder) { askHowToGoOn(GoOn::Extend, folder); });
    connect(runs_->actions(), &RunActions::branchWanted, this,
            [this](const QString& folder) { askHowToGoOn(GoOn::Branch, folder); });
}

void MainWindow::askHowToGoOn(GoOn how, const QString& runFolder) {
    auto* dialog = new GoOnDialog(how, runFolder, controller_->runsFolder(), document_->experiment(), this);
    connect(dialog, &GoOnDialog::planned, this, [this](const ResumePlan& plan) {
        whenNothingIsLost(tr("go on with another run"), [this, plan] { controller_->resume(plan); });
    });
    dialog->open();
}

void MainWindow::resumeRun(const QString& folder, const std::function<void()>& begun) {
    whenNothingIsLost(tr("resume another run"), [this, folder, begun] {
        pool_.run([folder] { return planResume(folder.toStdString(), {}); },
                  [this, begun](const Result<ResumePlan>& plan) {
                      if (!plan) {
                          say(toQString(plan.error().message), MessageKind::Error, {});
                          return;
                      }
                      controller_->resume(*plan);
                      if (begun)
                          begun();
                  });
    });
}

} // namespace stillroom
