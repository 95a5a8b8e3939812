#include "widgets/relative_paths.h"

#include "widgets/text.h"

#include <QDir>

namespace stillroom {
namespace {

std::string moved(const std::string& path, const QDir& from, const QDir& to) {
    const QString name = toQString(path);
    if (name.isEmpty() || QDir::isAbsolutePath(name))
        return path;
    const QString whole = QDir::cleanPath(from.absoluteFilePath(name));
    const QString relative = to.relativeFilePath(whole);
    return (relative.startsWith(QLatin1String("..")) ? whole : relative).toStdString();
}

} // namespace

QList<SettingChange> movedPaths(const Experiment& experiment, const QString& from, const QString& to) {
    const QDir here(from), there(to);
    QList<SettingChange> changes;
    if (here == there)
        return changes;
    const std::pair<const char*, const SplitSettings*> splits[] = {
        {"data.train", &experiment.data.train},
        {"data.validation", &experiment.data.validation},
        {"data.test", &experiment.data.test}};
    for (const auto& [section, split] : splits) {
        QStringList files;
        bool differ = false;
        for (const auto& file : split->files) {
            const std::string now = moved(file, here, there);
            differ = differ || now != file;
            files << toQString(textAsYaml(now));
        }
        if (differ)
            changes.append({QLatin1String(section) + QStringLiteral(".files"),
                            u'[' + files.join(QStringLiteral(", ")) + u']'});
    }
    if (const std::string now = moved(experiment.teacher.file, here, there); now != experiment.teacher.file)
        changes.append({QStringLiteral("teacher.file"), toQString(textAsYaml(now))});
    return changes;
}

} // namespace stillroom
