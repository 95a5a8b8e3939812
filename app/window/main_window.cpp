#include "app/window/main_window.h"

#include "widgets/batch_view.h"
#include "widgets/crash_guard.h"
#include "widgets/elided_label.h"
#include "widgets/guide_panel.h"
#include "widgets/lab_model.h"
#include "widgets/live_view.h"
#include "widgets/message_panel.h"
#include "widgets/plane_view.h"
#include "widgets/run_actions.h"
#include "widgets/run_bar.h"
#include "widgets/runs_view.h"
#include "widgets/samples_view.h"
#include "widgets/settings_panel.h"
#include "widgets/spotlight.h"
#include "widgets/teacher_view.h"
#include "widgets/text.h"
#include "widgets/theme.h"
#include "widgets/try_dialog.h"

#include <QAction>
#include <QCloseEvent>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QStatusBar>
#include <QStyle>
#include <QTabWidget>
#include <QVBoxLayout>

namespace stillroom {
namespace {

constexpr int SideWidth = 360, NarrowSideWidth = 332;
constexpr int NarrowWindow = 1180, LowWindow = 780;

} // namespace

MainWindow::MainWindow(const RunPlaces& places, QWidget* parent)
    : QMainWindow(parent), document_(new ExperimentDocument(this)),
      controller_(new RunController(document_, places, this)), lab_(new LabModel(controller_, this)),
      bar_(new RunBar(controller_)), settings_(new SettingsPanel(controller_, lab_)), tabs_(new QTabWidget),
      live_(new LiveView(controller_)), plane_(new PlaneView(lab_)), samples_(new SamplesView(lab_)),
      batch_(new BatchView(controller_, lab_)), teacher_(new TeacherView(controller_)),
      runs_(new RunsView(controller_, places.runsFolder)), messages_(new MessagePanel),
      status_(new ElidedLabel), runFolder_(new QLabel), versions_(new QLabel) {
    setAcceptDrops(true);
    setMinimumSize(800, 560);

    auto* right = new QWidget;
    auto* rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(0, Gap, 0, 0);
    rightColumn->setSpacing(0);
    rightColumn->addWidget(tabs_, 1);
    auto* messagesMargin = new QVBoxLayout;
    messagesMargin->setContentsMargins(2 * Gap, 0, Gap, Gap);
    messagesMargin->addWidget(messages_);
    rightColumn->addLayout(messagesMargin);
    messages_->setFixedHeight(150);
    messages_->hide();

    auto* body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(settings_);
    body->addWidget(right, 1);
    auto* central = new QWidget;
    auto* column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar_);
    body_ = new QBoxLayout(QBoxLayout::LeftToRight);
    body_->setSpacing(0);
    body_->addLayout(body, 1);
    column->addLayout(body_, 1);
    setCentralWidget(central);
    // Nothing has the focus at first, and a click beside the controls takes it away.
    central->setFocusPolicy(Qt::ClickFocus);
    central->setFocus();
    makeTabs();
    makeMenus();
    makeStatusBar();
    resize(1440, 900);

    connect(controller_, &RunController::said, this, &MainWindow::say);
    const auto tell = [this](const QString& text, MessageKind kind) { say(text, kind, {}); };
    connect(live_, &LiveView::said, this, tell);
    connect(plane_, &PlaneView::said, this, tell);
    connect(samples_, &SamplesView::said, this, tell);
    connect(teacher_, &TeacherView::said, this, tell);
    connect(runs_, &RunsView::said, this, tell);
    connect(runs_->actions(), &RunActions::openWanted, this, &MainWindow::openRunSettings);
    connect(lab_, &LabModel::said, this, tell);
    connect(messages_, &MessagePanel::closed, this, [this] { showMessages_->setChecked(false); });
    connect(status_, &ElidedLabel::clicked, this, [this] { showMessages_->toggle(); });
    connect(controller_, &RunController::stateChanged, this, [this](RunState state) {
        updateRunFolder();
        if (state == RunState::Broken) // the error is shown where its cause is
            settings_->showPage(pageOf(RunController::forTheWindow(controller_->loadError()->message)));
        if (!underWay(state) && afterRun_)
            QMetaObject::invokeMethod(
                this, [then = std::exchange(afterRun_, {})] { then(); }, Qt::QueuedConnection);
    });
    connect(controller_, &RunController::drained, this, &MainWindow::showPreparing);
    connect(controller_, &RunController::engineReady, this, &MainWindow::updateVersions);
    connect(document_, &ExperimentDocument::replaced, this, [this] {
        updateTitle();
        if (!document_->path().isEmpty())
            rememberRecent(document_->path());
        if (std::exchange(runWanted_, false))
            controller_->run();
    });
    connect(document_, &ExperimentDocument::dirtyChanged, this, &MainWindow::updateTitle);
    connect(document_, &ExperimentDocument::changed, this, [this](const QString& key) {
        if (key == QLatin1String("name"))
            updateTitle();
    });
    connect(document_, &ExperimentDocument::saved, this, [this](const QString& path) {
        updateTitle();
        rememberRecent(path);
        say(tr("Saved %1").arg(path), MessageKind::Info, {});
        if (afterSave_)
            std::exchange(afterSave_, {})();
    });
    connect(document_, &ExperimentDocument::failed, this, [this](const Error& error) {
        afterSave_ = {};
        closing_ = false;
        QStringList details;
        for (const auto& line : error.details)
            details << toQString(line);
        say(toQString(error.message), MessageKind::Error, details);
    });
    updateTitle();
}

MainWindow::~MainWindow() {
    // Workers post to the children below; they end first.
    delete guard_;
    delete try_;
    if (unpacking_)
        unpacking_->cancel();
    unpackingPool_.finish();
    pool_.finish();
    disconnect(controller_, nullptr, this, nullptr);
}

void MainWindow::makeTabs() {
    tabs_->setDocumentMode(true);

    tabs_->setAccessibleName(tr("What happens"));
    tabs_->addTab(live_, tr("Live"));
    tabs_->addTab(plane_, tr("Plane"));
    tabs_->addTab(samples_, tr("Samples"));
    tabs_->addTab(batch_, tr("Batch"));
    tabs_->addTab(teacher_, tr("Teacher"));
    tabs_->addTab(runs_, tr("Runs"));
    connect(batch_, &BatchView::arrived, this, [this] { tabs_->setCurrentWidget(batch_); });
    // What is pointed at in the plane, or in the teacher's confusion, is listed.
    const auto list = [this](const SampleFilter& filter) {
        tabs_->setCurrentWidget(samples_);
        samples_->list(filter);
    };
    connect(plane_, &PlaneView::samplesWanted, this, list);
    connect(teacher_, &TeacherView::samplesWanted, this, list);
}

void MainWindow::makeStatusBar() {
    auto* bar = statusBar();
    bar->setSizeGripEnabled(false);
    bar->setContentsMargins(Gap, 2, Gap, 2);
    status_->setFont(textFont(TextSize::Note));
    status_->setTextInteractionFlags(Qt::NoTextInteraction);
    status_->setCursor(Qt::PointingHandCursor);
    bar->addWidget(status_, 1);
    for (auto* label : {runFolder_, versions_}) {
        label->setFont(textFont(TextSize::Note));
        label->setProperty("tone", "muted");
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setContentsMargins(Gap, 0, 0, 0);
        bar->addPermanentWidget(label);
    }
    updateVersions();
}

void MainWindow::say(const QString& text, MessageKind kind, const QStringList& details) {
    messages_->add(text, kind, details);
    showStatus(text, kind);
}

void MainWindow::showStatus(const QString& text, MessageKind kind) {
    const QString tone = kind == MessageKind::Info ? QString() : QStringLiteral("warning");
    if (status_->property("tone").toString() != tone) {
        status_->setProperty("tone", tone);
        status_->style()->unpolish(status_);
        status_->style()->polish(status_);
    }
    status_->say(text);
}

void MainWindow::showPreparing() {
    const auto& preparing = controller_->preparing();
    if (controller_->state() != RunState::Starting || !preparing)
        return;
    // It passes: the messages that stay keep what came of it.
    QString text = tr("%1 · %2").arg(toQString(preparing->doing), percent(preparing->done, 0));
    if (preparing->secondsLeft > 0)
        text = tr("%1 · about %2 left").arg(text, roughly(preparing->secondsLeft));
    showStatus(text, MessageKind::Info);
}

void MainWindow::updateTitle() {
    setWindowTitle(tr("%1[*] – Stillroom").arg(document_->name()));
    setWindowModified(document_->dirty());
    setWindowFilePath(document_->path());
}

void MainWindow::updateVersions() {
    const auto& engine = controller_->engine();
    if (!engine) {
        versions_->setText(tr("Stillroom %1").arg(QStringLiteral(STILLROOM_VERSION)));
        return;
    }
    versions_->setText(tr("%1 · LibTorch %2").arg(toQString(engine->blas), toQString(engine->torchVersion)));
    const std::string& warning = engine->blasWarning.empty() ? engine->kernelsWarning : engine->blasWarning;
    const bool slow = !warning.empty();
    versions_->setToolTip(toQString(warning));
    versions_->setProperty("tone", slow ? "warning" : "muted");
    versions_->style()->unpolish(versions_);
    versions_->style()->polish(versions_);
}

void MainWindow::updateRunFolder() {
    const QString folder = controller_->runFolder();
    runFolder_->setText(folder.isEmpty() ? QString() : tr("run %1").arg(QFileInfo(folder).fileName()));
    runFolder_->setToolTip(folder);
}

void MainWindow::runWhenReady() {
    if (document_->experiment().data.train.files.empty())
        runWanted_ = true; // the experiment is still being read
    else
        controller_->run();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    arrange();
}

void MainWindow::arrange() {
    settings_->setFixedWidth(scaled(width() < scaled(NarrowWindow) ? NarrowSideWidth : SideWidth));
    settings_->setCompact(height() < scaled(LowWindow));
    if (guide_ == nullptr)
        return;
    // Where there is no room beside the tabs the guide lies under them.
    const bool strip = width() < scaled(NarrowWindow);
    body_->setDirection(strip ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    guide_->setStrip(strip);
    // What is spoken of stays in sight, wherever it is now.
    QMetaObject::invokeMethod(
        spotlight_, [this] { spotlight_->revealAgain(); }, Qt::QueuedConnection);
}

} // namespace stillroom
