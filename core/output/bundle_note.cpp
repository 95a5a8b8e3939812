#include "core/output/bundle_note.h"

#include "core/engine/checkpoint_folder.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::size_t MostNoteBytes = 64 << 10;
constexpr const char* Links[] = {"best", "last"};

/// A whole number that is not negative; -1: it is none.
std::int64_t numberOf(const QJsonValue& value) {
    constexpr double Most = 1LL << 53;
    const double number = value.toDouble(-1);
    const bool whole = number >= 0 && number <= Most && number == static_cast<double>(value.toInteger(-1));
    return whole ? value.toInteger() : -1;
}

Result<QJsonObject> readObject(const ZipFile& zip, const BundlePlan& plan) {
    const auto refuse = [&zip](std::string_view why) { return fail(zip.refusal(BundleNote, why)); };
    const auto file = std::find_if(plan.files.begin(), plan.files.end(),
                                   [](const BundlePlan::File& one) { return one.path == BundleNote; });
    if (file == plan.files.end())
        return refuse("is not there, in which every bundle says what it holds");
    const ZipEntry& entry = zip.entries()[file->entry];
    if (entry.size > MostNoteBytes)
        return refuse("is larger than any that a bundle has");
    QByteArray text;
    auto read = zip.read(entry, [&text](std::string_view bytes) -> Result<void> {
        text.append(bytes.data(), static_cast<qsizetype>(bytes.size()));
        return {};
    });
    if (!read)
        return fail(std::move(read.error()));
    const auto json = QJsonDocument::fromJson(text);
    if (!json.isObject())
        return refuse("is damaged");
    const std::int64_t format = numberOf(json[QLatin1String("format")]);
    if (format < 1)
        return refuse("does not say its format");
    if (format > BundleContents::Format)
        return fail(fmt::format("{} was written by a newer Stillroom (format {} of bundles, and this one "
                                "knows {}); open it with that one",
                                zip.path(), format, BundleContents::Format));
    return json.object();
}

} // namespace

std::string bundleNoteOf(const BundleContents& contents) {
    QJsonObject note{{QStringLiteral("format"), BundleContents::Format}}, files;
    if (!contents.best.empty())
        note.insert(QStringLiteral("best"), QString::fromStdString(contents.best));
    if (!contents.last.empty())
        note.insert(QStringLiteral("last"), QString::fromStdString(contents.last));
    for (const auto& [path, bytes] : contents.bytes)
        files.insert(QString::fromStdString(path), static_cast<qint64>(bytes));
    note.insert(QStringLiteral("files"), files);
    return QJsonDocument(note).toJson(QJsonDocument::Indented).toStdString();
}

Result<BundleContents> readBundleNote(const ZipFile& zip, const BundlePlan& plan) {
    const auto note = readObject(zip, plan);
    if (!note)
        return fail(note.error());
    std::map<std::string_view, std::uint64_t> sizes;
    for (const auto& file : plan.files)
        sizes.emplace(file.path, zip.entries()[file.entry].size);
    const auto isAnyBelow = [&sizes](const std::string& folder) {
        const auto first = sizes.lower_bound(folder + '/');
        return first != sizes.end() && first->first.starts_with(folder + '/');
    };

    BundleContents contents;
    for (const char* link : Links) {
        const QJsonValue value = note->value(QLatin1String(link));
        if (value.isUndefined())
            continue;
        const std::string name = value.toString().toStdString(), folder = "checkpoints/" + name;
        const bool isLink = std::find(std::begin(Links), std::end(Links), name) != std::end(Links);
        if (name.empty() || !isRunFolder(folder) || (isLink && name != link))
            return fail(zip.refusal(
                BundleNote, fmt::format("says of its {} checkpoint what no checkpoint is called", link)));
        const bool isBest = link == Links[0];
        if (isBest ? !sizes.contains(folder + '/' + StudentFile) : !isAnyBelow(folder))
            return fail(zip.refusal(folder, fmt::format("is not there{}, though its {} names it",
                                                        isBest ? " with a student in it" : "", BundleNote)));
        if (!isLink && isAnyBelow(std::string("checkpoints/") + link))
            return fail(zip.refusal(
                BundleNote, fmt::format("says that checkpoints/{} is a link, and it is a folder", link)));
        (isBest ? contents.best : contents.last) = name;
    }

    const QJsonValue files = note->value(QLatin1String("files"));
    if (!files.isUndefined() && !files.isObject())
        return fail(zip.refusal(BundleNote, "is damaged"));
    const QJsonObject named = files.toObject();
    for (auto file = named.begin(); file != named.end(); ++file) {
        const std::string path = file.key().toStdString();
        const std::int64_t bytes = numberOf(file.value());
        const auto found = sizes.find(path);
        if (found == sizes.end())
            return fail(zip.refusal(path, fmt::format("is not there, though its {} names it", BundleNote)));
        if (bytes < 0 || found->second != static_cast<std::uint64_t>(bytes))
            return fail(zip.refusal(
                path, fmt::format("has {} bytes and not as many as {} says", found->second, BundleNote)));
        contents.bytes.emplace(path, bytes);
    }
    return contents;
}

} // namespace stillroom
