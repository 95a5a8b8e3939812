#include "widgets/left_windows.h"

#include "core/files/atomic_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QSysInfo>
#include <algorithm>
#include <optional>

namespace stillroom {
namespace {

/// When a process began, in ticks after boot; 0: there is none of that number. With the number it tells it
/// from a later one that was given the same.
qint64 startOf(qint64 pid) {
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray line = file.readAll();
    // From field 3 on; the name, field 2, may hold spaces and brackets. 3 is how it is: a zombie is gone too.
    // 22 is when it began.
    const auto fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    return fields.size() > 19 && fields[0] != "Z" ? fields[19].toLongLong() : 0;
}

QString thisBoot() {
    return QString::fromLatin1(QSysInfo::bootUniqueId());
}

/// What is written of the process; in a record that is read the one that wrote it.
struct Owner {
    qint64 pid = 0;
    qint64 started = 0;
    QString host, boot;

    static Owner self() {
        const qint64 pid = QCoreApplication::applicationPid();
        return {pid, startOf(pid), QSysInfo::machineHostName(), thisBoot()};
    }
    [[nodiscard]] bool lives() const {
        if (host != QSysInfo::machineHostName())
            return true; // nobody here can say
        return boot == thisBoot() && startOf(pid) == started;
    }
};

struct Stored {
    Owner owner;
    OpenInWindow open;
};

QByteArray asJson(const Stored& stored) {
    return QJsonDocument(QJsonObject{{QStringLiteral("pid"), stored.owner.pid},
                                     {QStringLiteral("started"), stored.owner.started},
                                     {QStringLiteral("host"), stored.owner.host},
                                     {QStringLiteral("boot"), stored.owner.boot},
                                     {QStringLiteral("experiment"), stored.open.experiment},
                                     {QStringLiteral("name"), stored.open.name},
                                     {QStringLiteral("data_root"), stored.open.dataRoot},
                                     {QStringLiteral("run"), stored.open.run}})
        .toJson();
}

std::optional<Stored> readStored(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    const auto text = [&](const char* key) { return object.value(QLatin1String(key)).toString(); };
    if (!object.contains(QLatin1String("pid")))
        return std::nullopt;
    return Stored{{object.value(QLatin1String("pid")).toInteger(),
                   object.value(QLatin1String("started")).toInteger(), text("host"), text("boot")},
                  {text("experiment"), text("name"), text("data_root"), text("run")}};
}

Result<void> writeStored(const QString& path, const Stored& stored) {
    return writeFileAtomically(path, asJson(stored).toStdString());
}

Result<void> makeFolder(const QString& folder) {
    if (QDir().mkpath(folder))
        return {};
    return fail("the folder " + folder.toStdString() +
                " cannot be made; see whether its disk is full or read-only");
}

} // namespace

QString LeftWindows::newId() {
    return QStringLiteral("%1-%2")
        .arg(QCoreApplication::applicationPid())
        .arg(QRandomGenerator::system()->generate(), 8, 16, QLatin1Char('0'));
}

QString LeftWindows::stateFile(const QString& id) const {
    return folder_ + u'/' + id + QStringLiteral(".json");
}

QString LeftWindows::editsFile(const QString& id) const {
    return folder_ + u'/' + id + QStringLiteral(".yaml");
}

Result<void> LeftWindows::write(const QString& id, const OpenInWindow& open) const {
    if (auto made = makeFolder(folder_); !made)
        return made;
    return writeStored(stateFile(id), {Owner::self(), open});
}

Result<void> LeftWindows::writeEdits(const QString& id, const std::string& yaml) const {
    if (auto made = makeFolder(folder_); !made)
        return made;
    return writeFileAtomically(editsFile(id), yaml);
}

void LeftWindows::removeEdits(const QString& id) const {
    QFile::remove(editsFile(id));
}

void LeftWindows::remove(const QString& id) const {
    // In this order: changes that nothing tells of would never be found.
    QFile::remove(editsFile(id));
    QFile::remove(stateFile(id));
}

QList<LeftWindow> LeftWindows::left() const {
    sweepTemporaries(folder_);
    QList<LeftWindow> found;
    for (const QFileInfo& file : QDir(folder_).entryInfoList({QStringLiteral("*.json")}, QDir::Files)) {
        const auto stored = readStored(file.filePath());
        if (stored && stored->owner.lives())
            continue;
        LeftWindow window;
        window.id = file.completeBaseName();
        if (stored)
            window.open = stored->open;
        window.when = file.lastModified();
        if (const QFileInfo edits(editsFile(window.id)); edits.exists()) {
            window.edits = edits.filePath();
            window.when = edits.lastModified();
        }
        if (window.open.run.isEmpty() && window.edits.isEmpty())
            remove(window.id);
        else
            found.append(window);
    }
    std::sort(found.begin(), found.end(),
              [](const LeftWindow& a, const LeftWindow& b) { return a.when > b.when; });
    return found;
}

void LeftWindows::settleRun(const QString& id) const {
    auto stored = readStored(stateFile(id));
    if (!stored)
        return;
    stored->open.run.clear();
    if (QFile::exists(editsFile(id)))
        static_cast<void>(writeStored(stateFile(id), *stored)); // where that fails it is told of once more
    else
        remove(id);
}

void LeftWindows::settleEdits(const QString& id) const {
    removeEdits(id);
    if (const auto stored = readStored(stateFile(id)); !stored || stored->open.run.isEmpty())
        remove(id);
}

} // namespace stillroom
