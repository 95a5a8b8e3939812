// The main window after a crash: what another window has left, and what the user wants done about it.
#include "app/window/main_window.h"

#include "widgets/crash_guard.h"
#include "widgets/left_panel.h"
#include "widgets/text.h"

#include <QDesktopServices>
#include <QUrl>
#include <QVBoxLayout>

namespace stillroom {

void MainWindow::keepThroughCrashes(const QString& folder) {
    guard_ = new CrashGuard(controller_, folder, this);
    left_ = new LeftPanel;
    static_cast<QVBoxLayout*>(centralWidget()->layout())->insertWidget(1, left_); // under the tool bar
    connect(guard_, &CrashGuard::found, left_, &LeftPanel::add);
    connect(guard_, &CrashGuard::said, this, &MainWindow::say);
    connect(guard_, &CrashGuard::restored, left_, &LeftPanel::settleEdits);
    connect(left_, &LeftPanel::resumeWanted, this, [this](const LeftBehind& left) {
        resumeRun(toQString(left.run->folder), [this, left] {
            guard_->settleRun(left.window);
            left_->settleRun(left.window.id);
        });
    });
    connect(left_, &LeftPanel::openWanted, this, [](const LeftBehind& left) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(toQString(left.run->folder)));
    });
    connect(left_, &LeftPanel::leaveWanted, this, [this](const LeftBehind& left) {
        guard_->settleRun(left.window);
        left_->settleRun(left.window.id);
    });
    connect(left_, &LeftPanel::restoreWanted, this, [this](const LeftBehind& left) {
        whenNothingIsLost(tr("restore the changes"), [this, left] { guard_->restore(left.window); });
    });
    connect(left_, &LeftPanel::discardWanted, this, [this](const LeftBehind& left) {
        guard_->discardEdits(left.window);
        left_->settleEdits(left.window.id);
    });
}

} // namespace stillroom
