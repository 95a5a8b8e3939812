// How the main window goes on with runs: to their end, for more epochs, or on another way.
#include "app/window/main_window.h"

#include "widgets/go_on_dialog.h"
#include "widgets/text.h"

#include <QMenu>

namespace stillroom {

void MainWindow::addGoingOn(QMenu* run) {
    const std::pair<QString, GoOn> ways[] = {{tr("Resu&me a run…"), GoOn::Resume},
                                             {tr("&Extend…"), GoOn::Extend},
                                             {tr("&Branch from checkpoint…"), GoOn::Branch}};
    for (const auto& [text, way] : ways)
        run->addAction(text, this, [this, how = way] { askHowToGoOn(how); });
}

void MainWindow::askHowToGoOn(GoOn how) {
    const QString last = underWay(controller_->state()) ? QString() : controller_->runFolder();
    auto* dialog = new GoOnDialog(how, last, controller_->runsFolder(), document_->experiment(), this);
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
