#include "core/experiment/run_about.h"

#include "core/files/atomic_file.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>

namespace stillroom {

namespace {

constexpr qint64 LargestFile = 1 << 20;
constexpr int LongestTag = 60;

std::string fileOf(const std::string& runFolder) {
    return runFolder + "/about.json";
}

} // namespace

Result<RunAbout> readRunAbout(const std::string& runFolder) {
    const std::string path = fileOf(runFolder);
    QFile file(QFile::decodeName(path.c_str()));
    RunAbout about;
    if (::access(path.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return about;
    const auto wrong = [&](const std::string& why) {
        return fail(fmt::format("{} cannot be read: {}; mend it or take it away", path, why));
    };
    if (!file.open(QIODevice::ReadOnly))
        return wrong(file.errorString().toStdString());
    if (file.size() > LargestFile)
        return wrong("it is larger than 1 MiB");
    QJsonParseError problem{};
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &problem);
    if (!document.isObject())
        return wrong(problem.error == QJsonParseError::NoError ? "it holds no JSON object"
                                                               : problem.errorString().toStdString());
    const QJsonObject object = document.object();
    for (const auto& tag : object.value(QStringLiteral("tags")).toArray())
        if (const std::string text = tag.toString().trimmed().toStdString();
            !text.empty() && std::find(about.tags.begin(), about.tags.end(), text) == about.tags.end())
            about.tags.push_back(text);
    about.note = object.value(QStringLiteral("note")).toString().toStdString();
    about.archived = object.value(QStringLiteral("archived")).toBool();
    return about;
}

Result<void> writeRunAbout(const std::string& runFolder, const RunAbout& about) {
    const std::string path = fileOf(runFolder);
    if (about.empty()) {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT)
            return fail(fmt::format("{} cannot be taken away: {}", path, describeErrno(errno)));
        return {};
    }
    QJsonArray tags;
    for (const auto& tag : about.tags)
        tags.append(QString::fromStdString(tag));
    const QJsonObject object{{QStringLiteral("tags"), tags},
                             {QStringLiteral("note"), QString::fromStdString(about.note)},
                             {QStringLiteral("archived"), about.archived}};
    return writeFileAtomically(QFile::decodeName(path.c_str()), QJsonDocument(object).toJson().toStdString());
}

std::vector<std::string> tagsOf(std::string_view text) {
    std::vector<std::string> tags;
    const QString whole = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    for (const auto& part : whole.split(u','))
        if (const std::string tag = part.simplified().left(LongestTag).toStdString();
            !tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end())
            tags.push_back(tag);
    return tags;
}

std::string writeTags(const std::vector<std::string>& tags) {
    std::string text;
    for (const auto& tag : tags)
        text += text.empty() ? tag : ", " + tag;
    return text;
}

} // namespace stillroom
