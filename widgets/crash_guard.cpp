#include "widgets/crash_guard.h"

#include "widgets/relative_paths.h"
#include "widgets/text.h"

#include <QFileInfo>

namespace stillroom {
namespace {

constexpr int Patience = 1000; // ms

/// A run that somebody may want to go on with.
std::optional<RunSummary> cutOffRun(const QString& folder) {
    if (folder.isEmpty())
        return std::nullopt;
    auto summary = summarizeRun(folder.toStdString());
    if (!summary || summary->state != RunSummary::State::CutOff)
        return std::nullopt;
    return *std::move(summary);
}

QList<LeftBehind> leftBehind(const LeftWindows& files) {
    QList<LeftBehind> all;
    for (const auto& window : files.left()) {
        LeftBehind left{window, cutOffRun(window.open.run)};
        if (!left.run && !window.open.run.isEmpty())
            files.settleRun(window.id); // it has ended, or is somewhere else now
        if (left.run || !window.edits.isEmpty())
            all.append(std::move(left));
    }
    return all;
}

} // namespace

CrashGuard::CrashGuard(RunController* controller, QString folder, QObject* parent)
    : QObject(parent), controller_(controller), document_(controller->document()), files_(std::move(folder)) {
    soon_.setSingleShot(true);
    soon_.setInterval(Patience);
    connect(&soon_, &QTimer::timeout, this, [this] { note(); });
    const auto now = [this] { note(); };
    connect(document_, &ExperimentDocument::changed, this, [this] {
        if (!soon_.isActive()) // not begun anew: a hand that goes on turning is written down too
            soon_.start();
    });
    connect(document_, &ExperimentDocument::dirtyChanged, this, [this](bool dirty) {
        if (!dirty)
            note();
    });
    connect(document_, &ExperimentDocument::replaced, this, now);
    connect(document_, &ExperimentDocument::saved, this, now);
    connect(controller_, &RunController::stateChanged, this, now);
    // Its folder is there before the run says that it has begun.
    connect(controller_, &RunController::drained, this, [this] {
        if (written_.run.isEmpty())
            note();
    });
    pool_.run([files = files_] { return leftBehind(files); },
              [this](const QList<LeftBehind>& left) {
                  if (!left.isEmpty())
                      Q_EMIT found(left);
              });
    note();
}

CrashGuard::~CrashGuard() {
    pool_.run([files = files_, id = id_] { files.remove(id); });
    pool_.finish();
}

OpenInWindow CrashGuard::whatIsOpen() const {
    OpenInWindow open;
    open.experiment = document_->path();
    open.name = document_->name();
    open.dataRoot = QFileInfo(controller_->dataRoot()).absoluteFilePath();
    if (underWay(controller_->state()) && !controller_->runFolder().isEmpty())
        open.run = QFileInfo(controller_->runFolder()).absoluteFilePath();
    return open;
}

void CrashGuard::note(const QString& takenOver) {
    soon_.stop();
    const OpenInWindow open = whatIsOpen();
    const bool dirty = document_->dirty();
    const bool others =
        open.experiment != written_.experiment; // the changes that are there are another file's
    const bool changed = !(open == written_);
    if (!changed && !dirty && !anyEdits_ && takenOver.isEmpty())
        return;
    const bool remove = anyEdits_ && (others || !dirty);
    written_ = open;
    anyEdits_ = dirty;
    pool_.run(
        [files = files_, id = id_, open, changed, remove, takenOver,
         edited = dirty ? std::optional(document_->experiment()) : std::nullopt]() -> Result<void> {
            if (remove)
                files.removeEdits(id);
            if (changed)
                if (auto written = files.write(id, open); !written)
                    return written;
            if (edited)
                if (auto written = files.writeEdits(id, writeExperiment(*edited, YamlDetail::Changed));
                    !written)
                    return written;
            if (!takenOver.isEmpty())
                files.settleEdits(takenOver);
            return {};
        },
        [this](const Result<void>& written) {
            if (written)
                return;
            written_ = {}; // all of it is tried again with the next change
            if (std::exchange(failed_, true))
                return;
            Q_EMIT said(
                tr("Unsaved changes would be lost in a crash: %1").arg(toQString(written.error().message)),
                MessageKind::Warning, {});
        });
}

void CrashGuard::restore(const LeftWindow& window) {
    struct Read {
        Result<Experiment> edited, original;
        bool newerFile;
    };
    pool_.run(
        [window] {
            const QString& file = window.open.experiment;
            return Read{readExperiment(window.edits.toStdString()),
                        file.isEmpty() ? Result<Experiment>(Experiment{})
                                       : readExperiment(file.toStdString()),
                        QFileInfo(file).lastModified() > QFileInfo(window.edits).lastModified()};
        },
        [this, window](Read read) {
            restoreRead(window, std::move(read.edited), std::move(read.original), read.newerFile);
        });
}

void CrashGuard::restoreRead(const LeftWindow& window, Result<Experiment> edited, Result<Experiment> original,
                             bool newerFile) {
    if (!edited) {
        Q_EMIT said(tr("The unsaved changes cannot be restored: %1").arg(toQString(edited.error().message)),
                    MessageKind::Error, {});
        return;
    }
    const QString& file = window.open.experiment;
    document_->restore(original ? *original : Experiment{}, original ? file : QString(), *edited);
    if (document_->path().isEmpty() && !window.open.dataRoot.isEmpty())
        static_cast<void>(
            document_->setAll(tr("paths follow the folder"),
                              movedPaths(*edited, window.open.dataRoot, controller_->dataRoot())));
    if (!original)
        Q_EMIT said(tr("%1 cannot be read any more; its changes are restored without it: save them under "
                       "another name")
                        .arg(file),
                    MessageKind::Warning, {toQString(original.error().message)});
    else if (newerFile)
        Q_EMIT said(
            tr("%1 was written after these changes were made: saving replaces what it says now").arg(file),
            MessageKind::Warning, {});
    note(window.id);
    Q_EMIT restored(window.id);
}

void CrashGuard::discardEdits(const LeftWindow& window) {
    pool_.run([files = files_, id = window.id] { files.settleEdits(id); });
}

void CrashGuard::settleRun(const LeftWindow& window) {
    pool_.run([files = files_, id = window.id] { files.settleRun(id); });
}

} // namespace stillroom
