#include "core/output/bundle_names.h"

#include "core/data/utf8.h"

#include <QString>
#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

// An archive of ours is a third to nine tenths of what it holds; the tightest database of a run was an
// eighth. 42.zip is 42 kB for 4.5 PB, one of its innermost files 1:1000, which is the most that deflate does.
constexpr std::uint64_t MostTimes = 100;
constexpr std::uint64_t AlwaysBytes = std::uint64_t{64} << 20;
constexpr std::size_t DeepestFile = 8, LongestPart = 200;

std::vector<std::string_view> partsOf(std::string_view path) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0;;) {
        const auto slash = path.find('/', at);
        parts.push_back(path.substr(at, slash == std::string_view::npos ? slash : slash - at));
        if (slash == std::string_view::npos)
            return parts;
        at = slash + 1;
    }
}

bool digits(std::string_view text, std::size_t least) {
    return text.size() >= least && text.size() <= 19 &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// CON, COM1.txt: what Windows takes for a device wherever it stands.
bool isDevice(std::string_view part) {
    std::string stem(part.substr(0, part.find('.')));
    std::transform(stem.begin(), stem.end(), stem.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c; });
    if (stem.size() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")))
        return stem[3] >= '0' && stem[3] <= '9';
    return stem == "CON" || stem == "PRN" || stem == "AUX" || stem == "NUL";
}

bool isCheckpoint(std::string_view name) {
    constexpr std::string_view Student = "-student";
    if (name == "best" || name == "last") // packed by somebody whose program followed the links
        return true;
    if (name.ends_with(Student))
        name.remove_suffix(Student.size());
    return digits(name, 6);
}

bool isSnapshot(std::string_view name) {
    constexpr std::string_view Before = "epoch-", After = ".traces";
    return name.starts_with(Before) && name.ends_with(After) && name.size() > Before.size() + After.size() &&
           digits(name.substr(Before.size(), name.size() - Before.size() - After.size()), 4);
}

/// What is one name to one file system or another.
std::string folded(const std::string& path) {
    return QString::fromStdString(path)
        .normalized(QString::NormalizationForm_KC)
        .toCaseFolded()
        .normalized(QString::NormalizationForm_KC)
        .toStdString();
}

Result<void> checkParts(const ZipFile& zip, const ZipEntry& entry) {
    const auto refuse = [&](std::string_view why) { return fail(zip.refusal(entry.name, why)); };
    if (entry.name.starts_with('/'))
        return refuse("has an absolute path");
    for (const auto part : partsOf(entry.name))
        if (const auto why = wrongInName(part); !why.empty())
            return refuse(why);
    return {};
}

/// The folder that everything lies in; empty: experiment.yaml is at the top.
Result<std::string> commonFolder(const ZipFile& zip) {
    const auto atTop = [](const ZipEntry& entry) { return !entry.folder && entry.name == "experiment.yaml"; };
    const auto& entries = zip.entries();
    if (entries.empty() || std::any_of(entries.begin(), entries.end(), atTop))
        return std::string();
    const std::string name = entries.front().name.substr(0, entries.front().name.find('/'));
    for (const auto& entry : entries)
        if (entry.name.substr(0, entry.name.find('/')) != name)
            return fail(fmt::format("{} is not the bundle of one run: its entries lie in several folders, "
                                    "and there is no experiment.yaml at its top",
                                    zip.path()));
    return name;
}

} // namespace

std::string_view BundleNames::add(const std::string& path, bool folder) {
    std::string so;
    for (const auto part : partsOf(path)) {
        if (!so.empty()) {
            if (files_.contains(so))
                return "lies in a file";
            folders_.insert(so);
            so += '/';
        }
        so += folded(std::string(part));
    }
    if (folder) {
        folders_.insert(so);
        return files_.contains(so) ? "is a file and a folder" : "";
    }
    if (folders_.contains(so))
        return "is a file and a folder";
    return files_.insert(so).second
               ? ""
               : "is there twice, or differs from another only in the case of its letters";
}

std::string_view wrongInName(std::string_view part) {
    if (part.empty())
        return "has an empty part in its path";
    if (part.find('\0') != std::string_view::npos)
        return "has a NUL in its name";
    if (!isUtf8(part))
        return "has a name that is not UTF-8";
    if (part.find('\\') != std::string_view::npos)
        return "has a backslash in its name";
    if (part == "." || part == "..")
        return "leads out of its folder";
    if (part.size() > LongestPart)
        return "has a name that is too long";
    for (const char c : part)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            return "has a control character in its name";
    if (part.find_first_of("<>:\"|?*") != std::string_view::npos)
        return "has a character in its name that not every system allows";
    if (part.ends_with('.') || part.ends_with(' ') || part.starts_with(' '))
        return "has a name with a blank or a dot at its end";
    if (isDevice(part))
        return "has the name of a device";
    return {};
}

bool isBomb(std::uint64_t unpacked, std::uint64_t archive) {
    return unpacked > AlwaysBytes && unpacked / MostTimes > archive;
}

bool isRunFile(std::string_view path) {
    const auto parts = partsOf(path);
    if (parts.size() == 1)
        return path == "experiment.yaml" || path == "run.sqlite" || path == "about.json" ||
               path == BundleNote;
    if (parts[0] == "snapshots")
        return parts.size() == 2 && isSnapshot(parts[1]);
    if (parts[0] == "checkpoints")
        return parts.size() == 3 && isCheckpoint(parts[1]) &&
               (parts[2] == "manifest.json" || parts[2] == "state.safetensors" ||
                parts[2] == "student.safetensors");
    return parts[0] == "output" && parts.size() <= DeepestFile;
}

bool isRunFolder(std::string_view path) {
    const auto parts = partsOf(path);
    if (parts.size() == 1)
        return path == "snapshots" || path == "checkpoints" || path == "output";
    if (parts[0] == "checkpoints")
        return parts.size() == 2 && isCheckpoint(parts[1]);
    return parts[0] == "output" && parts.size() < DeepestFile;
}

Result<BundlePlan> planUnpacking(const ZipFile& zip) {
    BundlePlan plan;
    for (const auto& entry : zip.entries())
        if (auto checked = checkParts(zip, entry); !checked)
            return fail(std::move(checked.error()));
    const auto name = commonFolder(zip);
    if (!name)
        return fail(name.error());
    plan.name = *name;
    if (plan.name.starts_with('.'))
        return fail(zip.refusal(plan.name, "is a hidden folder"));

    BundleNames names;
    bool experiment = false, database = false;
    for (std::size_t i = 0; i < zip.entries().size(); ++i) {
        const ZipEntry& entry = zip.entries()[i];
        const auto refuse = [&](std::string_view why) { return fail(zip.refusal(entry.name, why)); };
        if (!plan.name.empty() && entry.name == plan.name) {
            if (!entry.folder)
                return refuse("is a file, and should be the run's folder");
            continue;
        }
        std::string path = plan.name.empty() ? entry.name : entry.name.substr(plan.name.size() + 1);
        if (entry.folder ? !isRunFolder(path) : !isRunFile(path))
            return refuse("is nothing that a run's folder has");
        if (const auto why = names.add(path, entry.folder); !why.empty())
            return refuse(why);
        if (entry.folder)
            continue;
        experiment = experiment || path == "experiment.yaml";
        database = database || path == "run.sqlite";
        if (entry.size > UINT64_MAX - plan.bytes)
            return refuse("is larger than any disk");
        plan.bytes += entry.size;
        plan.files.push_back({i, std::move(path)});
    }
    if (!experiment || !database)
        return fail(fmt::format("{} is not the bundle of a run: there is no {} in it", zip.path(),
                                experiment ? "run.sqlite" : "experiment.yaml"));
    if (isBomb(plan.bytes, zip.bytes()))
        return fail(fmt::format("{} would unpack to {} bytes, over {} times its own size, which no run's "
                                "bundle does; ask for another copy of it",
                                zip.path(), plan.bytes, MostTimes));
    return plan;
}

} // namespace stillroom
