// How the main window opens, saves, takes what is dropped on it, and closes without losing anything.
#include "app/window/main_window.h"

#include "widgets/export_student_dialog.h"
#include "widgets/import_wizard.h"
#include "widgets/relative_paths.h"
#include "widgets/settings_panel.h"
#include "widgets/text.h"

#include "core/experiment/find_experiment.h"
#include "core/experiment/run_folder.h"

#include <QCloseEvent>
#include <QDir>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QUrl>

namespace stillroom {
namespace {

bool isExperiment(const QString& path) {
    return path.endsWith(QLatin1String(".yaml"), Qt::CaseInsensitive) ||
           path.endsWith(QLatin1String(".yml"), Qt::CaseInsensitive);
}

bool isBundle(const QString& path) {
    return path.endsWith(QLatin1String(".zip"), Qt::CaseInsensitive);
}

QStringList localFiles(const QMimeData* data) {
    QStringList paths;
    for (const auto& url : data->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    return paths;
}

} // namespace

void MainWindow::openExperiment(const QString& nameOrPath) {
    pool_.run([nameOrPath] { return findExperiment(nameOrPath.toStdString()); },
              [this](const Result<std::string>& found) {
                  if (found)
                      document_->open(toQString(*found));
                  else
                      say(toQString(found.error().message), MessageKind::Error, {});
              });
}

void MainWindow::chooseExperiment() {
    whenNothingIsLost(tr("open another experiment"), [this] {
        auto* dialog = new QFileDialog(this, tr("Open an experiment"), document_->folder());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilters({tr("Experiments (*.yaml *.yml)"), tr("All files (*)")});
        connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openExperiment);
        dialog->open();
    });
}

void MainWindow::openRunSettings(const QString& runFolder) {
    whenNothingIsLost(tr("open the settings of a run"), [this, runFolder] {
        pool_.run([runFolder] { return StoredRun::open(runFolder.toStdString()); },
                  [this](const Result<StoredRun>& run) {
                      if (!run) {
                          say(toQString(run.error().message), MessageKind::Error, {});
                          return;
                      }
                      // A run's own record is not to be saved over: the experiment has no file yet, and its
                      // paths name what the run read.
                      Experiment experiment = run->experiment;
                      const QString root =
                          controller_->rootIsGiven() ? controller_->dataRoot() : QDir::currentPath();
                      for (const auto& change : movedPaths(experiment, toQString(run->origin.dataRoot), root))
                          if (auto moved =
                                  setSetting(experiment, change.key.toStdString(), change.yaml.toStdString());
                              !moved)
                              say(toQString(moved.error().message), MessageKind::Warning, {});
                      document_->adopt(std::move(experiment), QString());
                      say(tr("Opened the settings of %1").arg(QFileInfo(toQString(run->path)).fileName()),
                          MessageKind::Info, {});
                  });
    });
}

void MainWindow::save(const std::function<void()>& then) {
    if (document_->path().isEmpty()) {
        saveAs(then);
        return;
    }
    afterSave_ = then;
    document_->saveAs(document_->path());
}

void MainWindow::saveAs(const std::function<void()>& then) {
    auto* dialog = new QFileDialog(this, tr("Save the experiment"), document_->folder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("yaml"));
    dialog->setNameFilter(tr("Experiments (*.yaml)"));
    dialog->selectFile(document_->path().isEmpty() ? document_->name() + QStringLiteral(".yaml")
                                                   : document_->path());
    connect(dialog, &QFileDialog::fileSelected, this, [this, then](const QString& path) {
        // Relative paths begin at the file's folder, unless somebody named another root.
        if (!controller_->rootIsGiven())
            document_->setAll(
                tr("paths follow the file"),
                movedPaths(document_->experiment(), controller_->dataRoot(), QFileInfo(path).absolutePath()));
        afterSave_ = then;
        document_->saveAs(path);
    });
    dialog->open();
}

// ── nothing is lost ─────────────────────────────────────────────────────────────────────────────────────

void MainWindow::whenNothingIsLost(const QString& verb, std::function<void()> action) {
    const auto saved = [this, action = std::move(action)] { askToSave(action); };
    if (underWay(controller_->state()))
        askToStop(verb, saved);
    else
        saved();
}

void MainWindow::askToStop(const QString& verb, std::function<void()> action) {
    auto* box =
        new QMessageBox(QMessageBox::NoIcon, tr("A run is under way"),
                        tr("A run is under way. Stop it and %1?").arg(verb), QMessageBox::NoButton, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(
        tr("It is evaluated, and its student and its figures are kept in the run folder."));
    auto* stop = box->addButton(tr("Stop and %1").arg(verb), QMessageBox::AcceptRole);
    box->addButton(QMessageBox::Cancel);
    connect(box, &QMessageBox::finished, this, [this, box, stop, action = std::move(action)] {
        if (box->clickedButton() != stop) {
            closing_ = false;
            return;
        }
        if (!underWay(controller_->state())) { // it ended while the question stood
            action();
            return;
        }
        afterRun_ = action;
        controller_->stop();
    });
    box->open();
}

void MainWindow::askToSave(std::function<void()> action) {
    if (!document_->dirty()) {
        action();
        return;
    }
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Unsaved changes"),
                                tr("Save the changes to %1?").arg(document_->name()),
                                QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setDefaultButton(QMessageBox::Save);
    connect(box, &QMessageBox::finished, this, [this, action = std::move(action)](int answer) {
        closing_ = false; // the question is answered; a file dialog that is cancelled leaves all as it is
        if (answer == QMessageBox::Save)
            save(action);
        else if (answer == QMessageBox::Discard)
            action();
    });
    box->open();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!underWay(controller_->state()) && !document_->dirty()) {
        event->accept();
        return;
    }
    event->ignore();
    if (closing_) // it was asked already
        return;
    closing_ = true;
    whenNothingIsLost(tr("close"), [this] {
        document_->undoStack()->setClean(); // answered: saved, or not wanted
        closing_ = false;
        close();
    });
}

// ── drag and drop ───────────────────────────────────────────────────────────────────────────────────────

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!localFiles(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QStringList paths = localFiles(event->mimeData());
    if (paths.isEmpty())
        return;
    event->acceptProposedAction();
    if (isExperiment(paths.first()))
        whenNothingIsLost(tr("open %1").arg(QFileInfo(paths.first()).fileName()),
                          [this, path = paths.first()] { openExperiment(path); });
    else if (isBundle(paths.first()))
        openBundle(paths.first());
    else
        importData(paths);
}

void MainWindow::importData(const QStringList& paths) {
    auto* wizard = new ImportWizard(controller_, this);
    connect(wizard, &ImportWizard::imported, this, [this](const QString& summary) {
        say(summary, MessageKind::Info, {});
        settings_->showPage(PageId::Data);
    });
    if (!paths.isEmpty())
        wizard->add(paths);
    wizard->open();
}

void MainWindow::exportStudent() {
    auto* dialog = new ExportStudentDialog(
        underWay(controller_->state()) ? QString() : controller_->runFolder(), controller_->runsFolder(),
        controller_->rootIsGiven() ? controller_->dataRoot() : QString(), this);
    connect(dialog, &ExportStudentDialog::exported, this, [this](const QString& folder) {
        say(tr("Exported the student to %1").arg(folder), MessageKind::Info, {});
    });
    dialog->open();
}

} // namespace stillroom
