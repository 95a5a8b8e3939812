// The main window's guided demos: the Teach menu, the guide beside the window, the outline around what it
// speaks of.
#include "app/window/main_window.h"

#include "widgets/demo.h"
#include "widgets/guide_panel.h"
#include "widgets/live_view.h"
#include "widgets/page_button.h"
#include "widgets/plot.h"
#include "widgets/run_bar.h"
#include "widgets/setting_row.h"
#include "widgets/settings_panel.h"
#include "widgets/spotlight.h"

#include <QBoxLayout>
#include <QMenu>
#include <QMenuBar>
#include <QToolButton>

namespace stillroom {

void MainWindow::makeTeachMenu() {
    auto* teach = menuBar()->addMenu(tr("&Teach"));
    for (const DemoId demo : DemoIds)
        teach->addAction(demoTitle(demo), this, [this, demo] { startDemo(demo); });
}

void MainWindow::makeGuide() {
    if (guide_ != nullptr)
        return;
    demo_ = new Demo(controller_, this);
    guide_ = new GuidePanel(demo_);
    body_->addWidget(guide_);
    spotlight_ = new Spotlight(this);
    connect(demo_, &Demo::stepEntered, this, [this] { pointAt(demo_->step().spot); });
    connect(demo_, &Demo::changed, this, [this] {
        if (!demo_->active())
            spotlight_->point(nullptr);
    });
    connect(demo_, &Demo::failed, this, [this](const QString& why) { say(why, MessageKind::Error, {}); });
    arrange();
}

void MainWindow::startDemo(DemoId demo) {
    whenNothingIsLost(tr("start the demo"), [this, demo] {
        makeGuide();
        demo_->start(demo);
    });
}

QWidget* MainWindow::find(const DemoSpot& spot) const {
    const auto plot = [this](int index) { return live_->plots().value(index); };
    switch (spot.kind) {
    case DemoSpot::Kind::RunButton:
        return bar_->runButton();
    case DemoSpot::Kind::Setting:
        for (auto* row : settings_->findChildren<SettingRow*>())
            if (row->key() == spot.key)
                return row;
        return nullptr;
    case DemoSpot::Kind::Page:
        return settings_->button(spot.page);
    case DemoSpot::Kind::KeptPlot:
        return plot(0);
    case DemoSpot::Kind::ConfidencePlot:
        return plot(1);
    case DemoSpot::Kind::AccuracyPlot:
        return plot(2);
    case DemoSpot::Kind::ThresholdsPlot:
        return plot(3);
    case DemoSpot::Kind::Nothing:
        break;
    }
    return nullptr;
}

void MainWindow::pointAt(const DemoSpot& spot) {
    if (spot.kind == DemoSpot::Kind::Setting)
        settings_->showPage(pageOf(spot.key));
    else if (spot.kind == DemoSpot::Kind::Page)
        settings_->showPage(spot.page);
    QWidget* target = find(spot);
    spotlight_->point(target);
    if (target == nullptr)
        return;
    // A page that has just been made has no sizes yet.
    QMetaObject::invokeMethod(
        target, [target] { Spotlight::reveal(target); }, Qt::QueuedConnection);
    // What a run does is seen on the Live tab.
    if (spot.kind == DemoSpot::Kind::RunButton)
        Spotlight::reveal(live_);
}

} // namespace stillroom
