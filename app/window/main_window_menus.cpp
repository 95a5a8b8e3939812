// The main window's menus.
#include "app/window/main_window.h"

#include "widgets/live_view.h"
#include "widgets/message_panel.h"
#include "widgets/projector.h"
#include "widgets/run_bar.h"
#include "widgets/settings_panel.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include "core/experiment/find_experiment.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QUrl>

namespace stillroom {
namespace {
constexpr int MostRecent = 8;
const QString RecentKey = QStringLiteral("recentFiles");
} // namespace

void MainWindow::makeMenus() {
    makeFileMenu();

    auto* edit = menuBar()->addMenu(tr("&Edit"));
    auto* undo = document_->undoStack()->createUndoAction(this, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    auto* redo = document_->undoStack()->createRedoAction(this, tr("&Redo"));
    redo->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Y), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)});
    edit->addAction(undo);
    edit->addAction(redo);
    edit->addSeparator();
    edit->addAction(tr("&Copy experiment as YAML"), this, &MainWindow::copyYaml);

    auto* run = menuBar()->addMenu(tr("&Run"));
    run->addActions({bar_->runAction(), bar_->pauseAction(), bar_->stepAction(), bar_->stopAction()});
    run->addAction(tr("Start s&weep…"), this, &MainWindow::startSweep);
    run->addSeparator();
    addGoingOn(run);
    run->addSeparator();
    run->addAction(tr("&Read the data again"), controller_, &RunController::reload);
    auto* folder = run->addAction(tr("&Open the run folder"), this, [this] {
        QDesktopServices::openUrl(
            QUrl::fromLocalFile(QFileInfo(controller_->runFolder()).absoluteFilePath()));
    });
    folder->setEnabled(false);
    connect(controller_, &RunController::stateChanged, this,
            [this, folder] { folder->setEnabled(!controller_->runFolder().isEmpty()); });

    makeViewMenu();
    makeTeachMenu();

    auto* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About Stillroom"), this, &MainWindow::about);
}

void MainWindow::makeFileMenu() {
    auto* file = menuBar()->addMenu(tr("&File"));
    const auto add = [&](const QString& text, QKeySequence::StandardKey key, auto slot) {
        auto* action = file->addAction(text, this, slot);
        action->setShortcut(key);
        return action;
    };
    add(tr("&New"), QKeySequence::New,
        [this] { whenNothingIsLost(tr("begin a new experiment"), [this] { document_->startNew(); }); });
    add(tr("&Open…"), QKeySequence::Open, [this] { chooseExperiment(); });
    recent_ = file->addMenu(tr("Open &recent"));
    recent_->setEnabled(false);
    examples_ = file->addMenu(tr("Open &example"));
    examples_->setEnabled(false);
    file->addAction(tr("Open s&weep…"), this, &MainWindow::openSweep);
    file->addSeparator();
    file->addAction(tr("&Import…"), this, [this] { importData({}); })->setShortcut(Qt::CTRL | Qt::Key_I);
    file->addSeparator();
    add(tr("&Save"), QKeySequence::Save, [this] { save(); });
    auto* saveAsAction = file->addAction(tr("Save &as…"), this, [this] { saveAs(); });
    saveAsAction->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_S);
    file->addSeparator();
    addOutputs(file);
    addReport(file);
    file->addSeparator();
    auto* quit = file->addAction(tr("&Quit"), this, [this] { close(); });
    quit->setShortcut(Qt::CTRL | Qt::Key_Q);
}

void MainWindow::makeViewMenu() {
    auto* view = menuBar()->addMenu(tr("&View"));
    auto* colours = view->addMenu(tr("&Colours"));
    auto* group = new QActionGroup(this);
    const std::pair<ThemeMode, QString> modes[] = {{ThemeMode::System, tr("as the &system")},
                                                   {ThemeMode::Light, tr("&light")},
                                                   {ThemeMode::Dark, tr("&dark")}};
    for (const auto& [mode, name] : modes) {
        auto* action = colours->addAction(name, this, [chosen = mode] {
            applyTheme(chosen);
            QSettings().setValue(QStringLiteral("theme"), themeModeName(chosen));
        });
        action->setCheckable(true);
        action->setChecked(mode == themeMode());
        group->addAction(action);
    }
    projector_ = view->addAction(tr("&Projector"));
    projector_->setCheckable(true);
    projector_->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_P);
    projector_->setToolTip(tr("Text, lines and rows half as large again, for a lecture hall"));
    connect(projector_, &QAction::toggled, this, [this](bool on) {
        setProjector(on);
        arrange();
        QSettings().setValue(QStringLiteral("projector"), on);
    });
    view->addSeparator();
    int number = 1;
    for (const PageId page : PageIds) {
        auto* action = view->addAction(pageTitle(page), this, [this, page] { settings_->showPage(page); });
        action->setShortcut(QKeySequence(QStringLiteral("Ctrl+%1").arg(number++)));
    }
    view->addSeparator();
    addTryIt(view);
    view->addSeparator();
    auto* side = view->addAction(tr("&Settings"));
    side->setCheckable(true);
    side->setChecked(true);
    side->setShortcut(Qt::Key_F9);
    connect(side, &QAction::toggled, settings_, &QWidget::setVisible);
    showMessages_ = view->addAction(tr("&Messages"));
    showMessages_->setCheckable(true);
    showMessages_->setShortcut(Qt::Key_F8);
    connect(showMessages_, &QAction::toggled, messages_, &QWidget::setVisible);
}

void MainWindow::showProjector(bool on) {
    projector_->setChecked(on);
}

void MainWindow::loadTheRest() {
    controller_->loadEngineSoon();
    pool_.run(
        [] {
            QStringList names;
            for (const auto& name : experimentNames()) // a sweep is many runs: Run ▸ Start sweep…
                if (const auto path = findExperiment(name); path && readExperiment(*path))
                    names << toQString(name);
            return names;
        },
        [this](const QStringList& names) { fillExamples(names); });
    pool_.run([] { return QSettings().value(RecentKey).toStringList(); },
              [this](const QStringList& paths) {
                  recent_->setProperty("paths", paths);
                  fillRecent();
              });
}

void MainWindow::fillExamples(const QStringList& names) {
    examples_->clear();
    for (const auto& name : names)
        examples_->addAction(name, this, [this, name] {
            whenNothingIsLost(tr("open %1").arg(name), [this, name] { openExperiment(name); });
        });
    examples_->setEnabled(!names.isEmpty());
}

void MainWindow::fillRecent() {
    const QStringList paths = recent_->property("paths").toStringList();
    recent_->clear();
    for (const auto& path : paths)
        recent_->addAction(path, this, [this, path] {
            whenNothingIsLost(tr("open %1").arg(QFileInfo(path).fileName()),
                              [this, path] { openExperiment(path); });
        });
    recent_->setEnabled(!paths.isEmpty());
}

void MainWindow::rememberRecent(const QString& path) {
    QStringList paths = recent_->property("paths").toStringList();
    paths.removeAll(path);
    paths.prepend(path);
    while (paths.size() > MostRecent)
        paths.removeLast();
    recent_->setProperty("paths", paths);
    fillRecent();
    pool_.run([path] {
        // The file's own list, which may be longer than ours when nobody has looked at it yet.
        QSettings settings;
        QStringList stored = settings.value(RecentKey).toStringList();
        stored.removeAll(path);
        stored.prepend(path);
        while (stored.size() > MostRecent)
            stored.removeLast();
        settings.setValue(RecentKey, stored);
    });
}

void MainWindow::copyYaml() const {
    QApplication::clipboard()->setText(document_->yaml());
}

void MainWindow::about() {
    auto* box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About Stillroom"));
    box->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QString text =
        tr("<b>Stillroom %1</b><p>A workbench for distilling an LLM classifier into a small one.</p>"
           "<p>Qt %2")
            .arg(QStringLiteral(STILLROOM_VERSION), QString::fromLatin1(qVersion()));
    if (const auto& engine = controller_->engine())
        text += tr(" · LibTorch %1 · %2").arg(toQString(engine->torchVersion), toQString(engine->blas));
    text += tr("</p><p>GNU General Public License, version 3 or later. LLKD is reconstructed from its "
               "paper's abstract "
               "and summaries (arXiv 2411.08028).</p>");
    box->setText(text);
    box->open();
}

} // namespace stillroom
