// What is taken away from the main window, and tried in it: a student's labels, bundles, and Try it.
#include "app/window/main_window.h"

#include "core/output/bundle.h"
#include "widgets/bundle_dialog.h"
#include "widgets/predict_dialog.h"
#include "widgets/run_bar.h"
#include "widgets/runs_view.h"
#include "widgets/text.h"
#include "widgets/try_dialog.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QProgressDialog>
#include <QPushButton>
#include <QTabWidget>
#include <QTimer>
#include <memory>

namespace stillroom {

namespace {

/// A bar for a bundle that is unpacked; its button cancels.
QProgressDialog* showUnpacking(const QString& name, const std::shared_ptr<Progress>& progress,
                               QWidget* parent) {
    constexpr int Steps = 1000;
    const QString doing = MainWindow::tr("Unpacking %1").arg(name);
    auto* shown = new QProgressDialog(doing, MainWindow::tr("Cancel"), 0, Steps, parent);
    auto* words = new QLabel(doing);
    words->setTextFormat(Qt::PlainText); // the name is somebody else's
    shown->setLabel(words);
    shown->setWindowTitle(MainWindow::tr("Open a bundle"));
    shown->setAutoClose(false);
    shown->setAutoReset(false);
    shown->setMinimumDuration(500);
    QObject::connect(shown, &QProgressDialog::canceled, shown, [progress] { progress->cancel(); });
    auto* tick = new QTimer(shown);
    QElapsedTimer since;
    since.start();
    QObject::connect(tick, &QTimer::timeout, shown, [shown, progress, doing, since] {
        const auto done = static_cast<double>(progress->done()),
                   total = static_cast<double>(progress->total());
        if (total <= 0 || progress->cancelled())
            return;
        shown->setValue(static_cast<int>(Steps * done / total));
        const double seconds = static_cast<double>(since.elapsed()) / 1000;
        if (seconds > 2 && done > 0 && done < total)
            shown->setLabelText(
                MainWindow::tr("%1, about %2 left").arg(doing, roughly(seconds * (total - done) / done)));
    });
    tick->start(100);
    return shown;
}

} // namespace

void MainWindow::addOutputs(QMenu* file) {
    const auto done = [this](const QString& summary) { say(summary, MessageKind::Info, {}); };
    file->addAction(tr("Open a b&undle…"), this, [this] {
        auto* dialog = new QFileDialog(this, tr("Open a bundle"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilters({tr("Bundles (*.zip)"), tr("All files (*)")});
        connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openBundle);
        dialog->open();
    });
    auto* exporting = file->addMenu(tr("&Export"));
    exporting->addAction(tr("&Student…"), this, &MainWindow::exportStudent);
    exporting->addAction(tr("&Plots…"), this, &MainWindow::exportPlots);
    exporting->addAction(tr("&Bundle…"), this, [this, done] {
        auto* dialog = new BundleDialog(controller_->runFolder(), this);
        connect(dialog, &BundleDialog::exported, this, done);
        dialog->open();
    });
    file->addAction(tr("&Predict a file…"), this, [this, done] {
        auto* dialog = new PredictDialog(controller_->runFolder(), this);
        connect(dialog, &PredictDialog::labelled, this, done);
        dialog->open();
    });
}

void MainWindow::addTryIt(QMenu* view) {
    view->addAction(tr("&Try it…"), this, &MainWindow::showTry)->setShortcut(Qt::CTRL | Qt::Key_T);
}

void MainWindow::showTry() {
    if (try_ == nullptr)
        try_ = new TryDialog(lab_, this);
    try_->show();
    try_->raise();
    try_->activateWindow();
}

void MainWindow::openBundle(const QString& path) {
    if (unpacking_) {
        say(tr("A bundle is being unpacked already; open %1 when that is done.").arg(path),
            MessageKind::Warning, {});
        return;
    }
    const QString name = QFileInfo(path).fileName();
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Open a bundle"),
                                tr("Unpack the run in %1?").arg(name), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        tr("It becomes a run among yours, in a new folder of %1; nothing that is there is replaced.")
            .arg(QDir(controller_->runsFolder()).absolutePath()));
    auto* unpack = box->addButton(tr("Unpack"), QMessageBox::AcceptRole);
    box->setDefaultButton(unpack);
    connect(unpack, &QPushButton::clicked, this, [this, path] {
        if (unpacking_)
            return;
        unpacking_ = std::make_shared<Progress>();
        auto* shown = showUnpacking(QFileInfo(path).fileName(), unpacking_, this);
        unpackingPool_.run(
            [bundle = path.toStdString(), runs = controller_->runsFolder().toStdString(),
             progress = unpacking_] { return stillroom::openBundle(bundle, runs, *progress); },
            [this, shown](const Result<std::string>& run) {
                unpacking_.reset();
                shown->deleteLater();
                if (!run) {
                    const bool wanted = run.error().kind == ErrorKind::Cancelled;
                    say(wanted ? tr("The bundle was not opened.") : toQString(run.error().message),
                        wanted ? MessageKind::Info : MessageKind::Error, {});
                    return;
                }
                const QString folder = toQString(*run);
                say(tr("Unpacked %1. The right button opens its settings, View ▸ Try it tries its student.")
                        .arg(folder),
                    MessageKind::Info, {});
                tabs_->setCurrentWidget(runs_);
                runs_->setFolder(controller_->runsFolder());
                runs_->choose(folder);
                showTry();
                try_->model()->chooseRun(folder);
            });
    });
    box->open();
}

} // namespace stillroom
