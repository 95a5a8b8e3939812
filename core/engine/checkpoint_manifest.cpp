#include "core/engine/checkpoint_manifest.h"

#include "core/files/atomic_file.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr qint64 LargestManifest = 1 << 20;

QString fileIn(const std::string& folder, const std::string& name) {
    return QFile::decodeName((folder + "/" + name).c_str());
}

QJsonValue text(const std::string& value) {
    return QString::fromStdString(value);
}

/// False: it cannot be read.
bool measure(const std::string& folder, CheckpointManifest::File& file) {
    QFile read(fileIn(folder, file.name));
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    if (!read.open(QIODevice::ReadOnly) || !hash.addData(&read))
        return false;
    file.bytes = read.size();
    file.blake2b = hash.result().toHex().toStdString();
    return true;
}

tl::unexpected<Error> unusable(const std::string& folder, const std::string& why) {
    return fail(fmt::format("the checkpoint {} cannot be used: {}", folder, why));
}

/// A whole number of the manifest; −1: it is none, or negative.
std::int64_t number(const QJsonObject& object, const char* key) {
    return object[QLatin1String(key)].toInteger(-1);
}

} // namespace

Result<void> writeManifest(const std::string& folder, CheckpointManifest manifest) {
    QJsonArray files;
    for (auto& file : manifest.files) {
        if (!measure(folder, file))
            return fail(fmt::format("cannot read {}/{} again; check the disk", folder, file.name),
                        ErrorKind::Training);
        files.append(QJsonObject{{QStringLiteral("name"), text(file.name)},
                                 {QStringLiteral("bytes"), qint64{file.bytes}},
                                 {QStringLiteral("blake2b"), text(file.blake2b)}});
    }
    const QJsonObject object{{QStringLiteral("format"), CheckpointManifest::Format},
                             {QStringLiteral("version"), text(manifest.version)},
                             {QStringLiteral("step"), qint64{manifest.step}},
                             {QStringLiteral("steps_per_epoch"), qint64{manifest.stepsPerEpoch}},
                             {QStringLiteral("evaluations"), qint64{manifest.evaluations}},
                             {QStringLiteral("open_window"), qint64{manifest.openWindow}},
                             {QStringLiteral("rule"), text(manifest.rule)},
                             {QStringLiteral("data"), text(manifest.data)},
                             {QStringLiteral("best_step"), qint64{manifest.bestStep}},
                             {QStringLiteral("best_folder"), text(manifest.bestFolder)},
                             {QStringLiteral("files"), files}};
    return writeFileAtomically(fileIn(folder, "manifest.json"), QJsonDocument(object).toJson().toStdString());
}

Result<CheckpointManifest> readManifest(const std::string& folder, ManifestCheck check) {
    QFile file(fileIn(folder, "manifest.json"));
    if (!file.open(QIODevice::ReadOnly))
        return unusable(folder, "its manifest.json cannot be read");
    const QJsonObject object = QJsonDocument::fromJson(file.read(LargestManifest)).object();
    const std::int64_t format = number(object, "format");
    if (format > CheckpointManifest::Format)
        return unusable(
            folder,
            fmt::format("it was written by a newer Stillroom (format {}, this one reads up to {}); update it",
                        format, CheckpointManifest::Format));
    CheckpointManifest manifest;
    manifest.version = object[QStringLiteral("version")].toString().toStdString();
    manifest.step = number(object, "step");
    manifest.stepsPerEpoch = number(object, "steps_per_epoch");
    manifest.evaluations = number(object, "evaluations");
    manifest.openWindow = number(object, "open_window");
    manifest.rule = object[QStringLiteral("rule")].toString().toStdString();
    manifest.data = object[QStringLiteral("data")].toString().toStdString();
    manifest.bestStep = number(object, "best_step");
    manifest.bestFolder = object[QStringLiteral("best_folder")].toString().toStdString();
    const QJsonArray files = object[QStringLiteral("files")].toArray();
    if (format < 1 || manifest.step < 1 || manifest.stepsPerEpoch < 1 || manifest.evaluations < 0 ||
        manifest.openWindow < 0 || manifest.openWindow > manifest.step || manifest.bestStep < 0 ||
        manifest.bestStep > manifest.step || manifest.bestFolder.find('/') != std::string::npos ||
        manifest.bestFolder == ".." || files.isEmpty())
        return unusable(folder, "its manifest.json is damaged");
    for (const auto& value : files) {
        const QJsonObject said = value.toObject();
        CheckpointManifest::File is;
        is.name = said[QStringLiteral("name")].toString().toStdString();
        if (is.name.empty() || is.name.find('/') != std::string::npos)
            return unusable(folder, "its manifest.json is damaged");
        const auto bytes = number(said, "bytes");
        const std::string blake2b = said[QStringLiteral("blake2b")].toString().toStdString();
        if (check == ManifestCheck::Files) {
            if (!measure(folder, is))
                return unusable(folder, fmt::format("{} cannot be read", is.name));
            if (is.bytes != bytes)
                return unusable(
                    folder, fmt::format("{} has {} bytes where {} were written", is.name, is.bytes, bytes));
            if (is.blake2b != blake2b)
                return unusable(folder, fmt::format("{} is damaged (its hash is another)", is.name));
        }
        is.bytes = bytes;
        is.blake2b = blake2b;
        manifest.files.push_back(std::move(is));
    }
    return manifest;
}

} // namespace stillroom
