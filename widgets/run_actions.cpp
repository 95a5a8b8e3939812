#include "widgets/run_actions.h"

#include "widgets/text.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFile>
#include <QFileInfo>
#include <QInputDialog>
#include <QMenu>
#include <QMessageBox>
#include <QMetaMethod>
#include <QPushButton>
#include <QUrl>
#include <algorithm>

namespace stillroom {
namespace {

constexpr int DialogWidth = 440; // pixels at a desk

bool goesOn(const SharedRun& run) {
    return run->summary.state == RunSummary::State::Running;
}

QString folderOf(const SharedRun& run) {
    return toQString(run->summary.folder);
}

/// "humaid-llkd (seed 3)", or how many.
QString nameOf(const std::vector<SharedRun>& runs) {
    if (runs.size() > 1)
        return RunActions::tr("%1 runs").arg(runs.size());
    const RunSummary& run = runs.front()->summary;
    return run.name.empty() ? QFileInfo(folderOf(runs.front())).fileName()
                            : RunActions::tr("%1 (seed %2)").arg(toQString(run.name)).arg(run.seed);
}

struct Thrown {
    int gone = 0, running = 0;
    QString problem; ///< of the first that could not be
};

Thrown throwAway(const QStringList& folders) {
    Thrown thrown;
    for (const auto& folder : folders) {
        // Looked at now, not when the table was read.
        const auto run = summarizeRun(folder.toStdString());
        if (run && run->state == RunSummary::State::Running) {
            ++thrown.running;
            continue;
        }
        if (QFile file(folder); file.moveToTrash())
            ++thrown.gone;
        else if (thrown.problem.isEmpty())
            thrown.problem =
                RunActions::tr("%1 could not be moved to the trash: %2; delete it with a file manager")
                    .arg(folder, file.errorString());
    }
    return thrown;
}

} // namespace

RunActions::RunActions(QWidget* window) : QObject(window), window_(window) {}

RunActions::~RunActions() {
    pool_.finish();
}

void RunActions::fillMenu(QMenu* menu, const std::vector<SharedRun>& runs) {
    if (runs.empty())
        return;
    const bool one = runs.size() == 1;
    const SharedRun& first = runs.front();
    const bool readable = !first->summary.name.empty();
    const auto add = [&](const QString& text, bool enabled, auto action) {
        auto* made = menu->addAction(text, this, action);
        made->setEnabled(enabled);
        return made;
    };
    add(tr("Open its settings"), one && readable, [this, first] { open(first); });
    add(tr("Show its folder"), one, [first] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(folderOf(first)).absoluteFilePath()));
    });
    add(tr("Copy its settings as YAML"), one && readable, [this, first] { copySettings(first); });
    // Only what somebody does.
    const auto offer = [&](const QString& text, bool enabled, void (RunActions::*wanted)(const QString&)) {
        if (isSignalConnected(QMetaMethod::fromSignal(wanted)))
            add(text, enabled, [this, first, wanted] { Q_EMIT(this->*wanted)(folderOf(first)); });
    };
    using State = RunSummary::State;
    const State state = first->summary.state;
    menu->addSeparator();
    offer(tr("Resume"), one && readable && state != State::Running && state != State::Completed,
          &RunActions::resumeWanted);
    offer(tr("Train further…"), one && readable && state == State::Completed, &RunActions::extendWanted);
    offer(tr("Branch with other settings…"), one && readable && state != State::Running,
          &RunActions::branchWanted);
    if (isSignalConnected(QMetaMethod::fromSignal(&RunActions::reportWanted))) {
        menu->addSeparator();
        add(tr("Report…"), true, [this, runs] {
            QStringList folders;
            for (const auto& run : runs)
                folders << folderOf(run);
            Q_EMIT reportWanted(folders);
        });
    }
    menu->addSeparator();
    add(tr("Tags…"), true, [this, runs] { askForTags(runs); });
    add(tr("Note…"), one, [this, first] { askForNote(first); });
    const bool archived =
        std::all_of(runs.begin(), runs.end(), [](const SharedRun& run) { return run->about.archived; });
    add(archived ? tr("Take out of the archive") : tr("Archive"), true,
        [this, runs, archived] { archive(runs, !archived); });
    menu->addSeparator();
    add(tr("Move to the trash…"), !std::all_of(runs.begin(), runs.end(), goesOn), [this, runs] {
        askToDelete(runs);
    })->setShortcut(QKeySequence::Delete);
}

void RunActions::open(const SharedRun& run) {
    Q_EMIT openWanted(folderOf(run));
}

void RunActions::copySettings(const SharedRun& run) {
    pool_.run(
        [path = folderOf(run) + QStringLiteral("/experiment.yaml")]() -> Result<QString> {
            QFile file(path);
            if (!file.open(QIODevice::ReadOnly))
                return fail(tr("%1 cannot be read: %2").arg(path, file.errorString()).toStdString());
            return QString::fromUtf8(file.readAll());
        },
        [this](const Result<QString>& text) {
            if (!text) {
                Q_EMIT said(toQString(text.error().message), MessageKind::Error);
                return;
            }
            QApplication::clipboard()->setText(*text);
            Q_EMIT said(tr("Copied the run's settings as YAML."), MessageKind::Info);
        });
}

void RunActions::write(const std::vector<SharedRun>& runs, std::function<void(RunAbout&)> change) {
    QStringList folders;
    for (const auto& run : runs)
        folders << folderOf(run);
    pool_.run(
        [folders, change = std::move(change)]() -> Result<void> {
            for (const auto& folder : folders) {
                auto about = readRunAbout(folder.toStdString());
                if (!about)
                    return fail(std::move(about.error()));
                change(*about);
                if (auto written = writeRunAbout(folder.toStdString(), *about); !written)
                    return written;
            }
            return {};
        },
        [this](const Result<void>& written) {
            if (!written)
                Q_EMIT said(toQString(written.error().message), MessageKind::Error);
            Q_EMIT changed();
        });
}

void RunActions::askForTags(const std::vector<SharedRun>& runs) {
    // Those that all have are edited; others stay.
    std::vector<std::string> common = runs.front()->about.tags;
    for (const auto& run : runs)
        std::erase_if(common, [&](const std::string& tag) {
            const auto& tags = run->about.tags;
            return std::find(tags.begin(), tags.end(), tag) == tags.end();
        });
    auto* dialog = new QInputDialog(window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Tags of %1").arg(nameOf(runs)));
    dialog->setLabelText(runs.size() == 1 ? tr("Tags, with commas between them:")
                                          : tr("Tags that all of them have, with commas between them:"));
    dialog->setTextValue(toQString(writeTags(common)));
    dialog->resize(scaled(DialogWidth), dialog->sizeHint().height());
    connect(dialog, &QInputDialog::textValueSelected, this, [this, runs, common](const QString& text) {
        write(runs, [common, wanted = tagsOf(text.toStdString())](RunAbout& about) {
            std::erase_if(about.tags, [&](const std::string& tag) {
                return std::find(common.begin(), common.end(), tag) != common.end();
            });
            for (const auto& tag : wanted)
                if (std::find(about.tags.begin(), about.tags.end(), tag) == about.tags.end())
                    about.tags.push_back(tag);
        });
    });
    dialog->open();
}

void RunActions::askForNote(const SharedRun& run) {
    auto* dialog = new QInputDialog(window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QInputDialog::UsePlainTextEditForTextInput);
    dialog->setWindowTitle(tr("Note on %1").arg(nameOf({run})));
    dialog->setLabelText(tr("What should be remembered of this run:"));
    dialog->setTextValue(toQString(run->about.note));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, run](const QString& text) {
        write({run}, [note = text.trimmed().toStdString()](RunAbout& about) { about.note = note; });
    });
    dialog->open();
}

void RunActions::archive(const std::vector<SharedRun>& runs, bool archived) {
    write(runs, [archived](RunAbout& about) { about.archived = archived; });
}

void RunActions::askToDelete(const std::vector<SharedRun>& runs) {
    std::vector<SharedRun> over;
    for (const auto& run : runs)
        if (!goesOn(run))
            over.push_back(run);
    if (over.empty()) {
        if (!runs.empty())
            Q_EMIT said(tr("A run that is going on cannot be deleted; stop it first."), MessageKind::Warning);
        return;
    }
    auto* box =
        new QMessageBox(QMessageBox::NoIcon, tr("Move to the trash"),
                        tr("Move %1 to the trash?").arg(nameOf(over)), QMessageBox::NoButton, window_);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QString more = tr("The whole folder goes there, its students too.");
    if (over.size() < runs.size())
        more += u' ' + tr("%1 of the chosen are going on and stay.").arg(runs.size() - over.size());
    box->setInformativeText(more);
    auto* move = box->addButton(tr("Move to the trash"), QMessageBox::AcceptRole);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(box, &QMessageBox::finished, this, [this, box, move, over] {
        if (box->clickedButton() == move)
            moveToTrash(over);
    });
    box->open();
}

void RunActions::moveToTrash(const std::vector<SharedRun>& runs) {
    QStringList folders;
    for (const auto& run : runs)
        folders << folderOf(run);
    pool_.run([folders] { return throwAway(folders); },
              [this](const Thrown& thrown) {
                  if (!thrown.problem.isEmpty())
                      Q_EMIT said(thrown.problem, MessageKind::Error);
                  else if (thrown.running > 0)
                      Q_EMIT said(tr("A run that is going on cannot be deleted; stop it first."),
                                  MessageKind::Warning);
                  else
                      Q_EMIT said(thrown.gone == 1 ? tr("Moved a run to the trash.")
                                                   : tr("Moved %1 runs to the trash.").arg(thrown.gone),
                                  MessageKind::Info);
                  Q_EMIT changed();
              });
}

} // namespace stillroom
