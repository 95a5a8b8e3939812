#include "widgets/import_reading.h"

#include "widgets/import_page.h"
#include "widgets/text.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <algorithm>
#include <fmt/format.h>

namespace stillroom {
namespace {

constexpr int MostFiles = 1000;

std::optional<Split> splitOfWord(const QString& word) {
    static const QStringList train = {"train", "training", "trn"};
    static const QStringList validation = {"dev", "devel", "val", "valid", "validation", "eval"};
    static const QStringList test = {"test", "testing", "tst"};
    if (train.contains(word))
        return Split::Train;
    if (validation.contains(word))
        return Split::Validation;
    return test.contains(word) ? std::optional(Split::Test) : std::nullopt;
}

/// Words apart at everything that is no letter, and "trainset", "test2" by their beginning.
std::optional<Split> splitOfName(const QString& name) {
    QString word;
    for (const QChar c : name.toLower() + u' ') {
        if (c.isLetter()) {
            word += c;
            continue;
        }
        if (word.endsWith(QLatin1String("set")) && word.size() > 3)
            word.chop(3);
        if (const auto split = splitOfWord(word))
            return split;
        word.clear();
    }
    return std::nullopt;
}

QStringList filesIn(const QString& folder) {
    static const QStringList patterns = {"*.csv",    "*.tsv",  "*.tab", "*.jsonl",
                                         "*.ndjson", "*.json", "*.txt", "*.noun"};
    QStringList found;
    const auto add = [&](const QString& where) {
        QDirIterator files(where, patterns, QDir::Files | QDir::Readable);
        while (files.hasNext() && found.size() < MostFiles)
            found << files.next();
    };
    add(folder);
    QDirIterator folders(folder, QDir::Dirs | QDir::NoDotAndDotDot);
    while (folders.hasNext() && found.size() < MostFiles)
        add(folders.next());
    found.sort();
    return found;
}

/// Errors are of the file: which setting names it is not known to who drops it.
Result<SniffedFile> sniffAs(const std::string& path, const WrittenHow& said) {
    SplitSettings given;
    given.format = said.format;
    given.delimiter = said.delimiter;
    given.quoting = said.quoting;
    given.encoding = said.encoding;
    auto found = sniffFile(path, fileName(path).toStdString(), given, said.header);
    if (!found) {
        static const std::string setting = " (data.train.files)";
        std::string& message = found.error().message;
        if (const auto at = message.find(setting); at != std::string::npos)
            message.erase(at, setting.size());
    }
    return found;
}

/// The same in every respect but what stands in the file.
WrittenHow howOf(const SplitSettings& settings) {
    return {settings.format, settings.delimiter, settings.quoting, settings.encoding, settings.header};
}

std::int64_t badRowsOf(const std::vector<Result<SniffedFile>>& files) {
    std::int64_t count = 0;
    for (const auto& file : files)
        count += file ? file->badRows : 1000;
    return count;
}

} // namespace

std::optional<Split> splitByName(const std::string& path) {
    const QFileInfo file(toQString(path));
    if (const auto split = splitOfName(file.completeBaseName()))
        return split;
    return splitOfWord(file.absoluteDir().dirName().toLower());
}

std::vector<ImportFile> lookAtFiles(const std::vector<std::string>& paths) {
    std::vector<ImportFile> files;
    const auto add = [&](const QString& path, std::optional<Split> split) {
        const QFileInfo file(path);
        const std::string name = file.absoluteFilePath().toStdString();
        files.push_back({name, file.size(), split, sniffAs(name, {})});
    };
    for (const auto& path : paths) {
        const QFileInfo info(toQString(path));
        if (info.isDir()) {
            for (const auto& file : filesIn(info.absoluteFilePath()))
                add(file, splitByName(file.toStdString()));
        } else {
            add(info.absoluteFilePath(), splitByName(path));
        }
    }
    for (auto& file : files)
        if (!file.split)
            file.split = Split::Train;
    const bool any = std::any_of(files.begin(), files.end(),
                                 [](const ImportFile& file) { return file.split == Split::Train; });
    if (!any && files.size() == 1)
        files.front().split = Split::Train;
    return files;
}

SplitReading readAlike(const std::vector<std::string>& paths, const WrittenHow& said) {
    SplitReading reading;
    reading.paths = paths;
    reading.said = said;
    for (const auto& path : paths)
        reading.files.push_back(sniffAs(path, said));

    std::vector<WrittenHow> ways;
    for (const auto& file : reading.files)
        if (file)
            if (const WrittenHow way = howOf(file->settings);
                std::find(ways.begin(), ways.end(), way) == ways.end())
                ways.push_back(way);
    if (ways.size() > 1) {
        // What was found in one of the files holds for all, if it can: a quote that is only a quote shows in
        // one file and not in its neighbour.
        std::stable_partition(ways.begin(), ways.end(),
                              [](const WrittenHow& way) { return way.quoting == "none"; });
        std::vector<Result<SniffedFile>> best;
        for (std::size_t i = 0; i < ways.size() && i < 6; ++i) {
            std::vector<Result<SniffedFile>> files;
            for (const auto& path : paths)
                files.push_back(sniffAs(path, ways[i]));
            if (best.empty() || badRowsOf(files) < badRowsOf(best))
                best = std::move(files);
        }
        reading.files = std::move(best);
    }
    const SniffedFile* first = nullptr;
    for (std::size_t i = 0; i < reading.files.size(); ++i) {
        const auto& file = reading.files[i];
        if (!file)
            continue;
        if (first == nullptr) {
            first = &*file;
            reading.settings = file->settings;
            reading.settings.files.clear();
        }
        for (const auto& remark : file->remarks)
            if (std::find(reading.remarks.begin(), reading.remarks.end(), remark) == reading.remarks.end())
                reading.remarks.push_back(remark);
        if (file->columns != first->columns && file->columns.size() != first->columns.size())
            reading.remarks.push_back(
                fmt::format("{} has other columns than {}: the files of one split are read alike",
                            fileName(paths[i]).toStdString(), fileName(paths.front()).toStdString()));
    }
    return reading;
}

} // namespace stillroom
