#include "core/output/bundle.h"

#include "core/engine/checkpoint_folder.h"
#include "core/engine/checkpoint_manifest.h"
#include "core/experiment/open_run.h"
#include "core/files/atomic_file.h"
#include "core/output/bundle_names.h"
#include "core/output/bundle_note.h"
#include "core/output/output_folder.h"
#include "core/output/prediction_place.h"
#include "core/output/zip_writer.h"

#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <vector>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

struct Part {
    std::string path; ///< on disk
    std::string name; ///< below the run's folder
};

/// What goes into a bundle; what could not be unpacked elsewhere is counted and stays at home.
struct Parts {
    std::vector<Part> files;
    BundleNames names;
    std::int64_t leftOut = 0;

    void add(std::string path, std::string name) {
        if (names.add(name, false).empty())
            files.push_back({std::move(path), std::move(name)});
        else
            ++leftOut;
    }
};

/// The ordinary files below `folder`/`below` that a bundle may hold, in the order of their names; never
/// `out`, which may lie there from the last time.
Result<void> addFiles(const fs::path& folder, const std::string& below, const std::string& out,
                      Parts& parts) {
    std::error_code error, ignored;
    if (!fs::exists(folder / below, ignored))
        return {};
    std::vector<Part> found;
    for (fs::recursive_directory_iterator entry(folder / below, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string last = entry->path().filename().string();
        if (last.starts_with('.') || entry->is_symlink(ignored)) { // hidden: half-written
            entry.disable_recursion_pending();
            continue;
        }
        std::string name = entry->path().lexically_relative(folder).generic_string();
        const bool file = entry->is_regular_file(ignored);
        if (!wrongInName(last).empty() || (file && !isRunFile(name))) {
            entry.disable_recursion_pending();
            ++parts.leftOut;
        } else if (file && !fs::equivalent(entry->path(), out, ignored)) {
            found.push_back({entry->path().string(), std::move(name)});
        }
    }
    if (error)
        return fail(
            fmt::format("{} cannot be read: {}", (folder / below).string(), describeErrno(error.value())));
    std::sort(found.begin(), found.end(), [](const Part& a, const Part& b) { return a.name < b.name; });
    for (auto& part : found)
        parts.add(std::move(part.path), std::move(part.name));
    return {};
}

/// The folder in checkpoints/ that a link there leads to, or that it is, where somebody's archive had it so;
/// empty: none.
std::string leadsTo(const fs::path& run, const char* link) {
    std::error_code error;
    if (fs::is_directory(fs::symlink_status(run / "checkpoints" / link, error)))
        return link;
    const fs::path target = fs::read_symlink(run / "checkpoints" / link, error);
    const std::string name = target.filename().string();
    return !error && isRunFolder("checkpoints/" + name) && fs::is_directory(run / "checkpoints" / name, error)
               ? name
               : std::string();
}

/// Where else in the run's folder its files lie. The newest checkpoint goes on from the student that was the
/// best when it was written, which need not be the best now.
std::set<std::string> foldersOf(const fs::path& run, const std::string& best, const std::string& last) {
    std::set<std::string> folders{"snapshots", "output"};
    const auto add = [&](const std::string& name) {
        if (!name.empty() && isRunFolder("checkpoints/" + name))
            folders.insert("checkpoints/" + name);
    };
    add(best);
    add(last);
    if (!last.empty())
        if (const auto manifest = readManifest((run / "checkpoints" / last).string(), ManifestCheck::Words))
            add(manifest->bestFolder);
    return folders;
}

/// A copy of the database as it is at one moment, whoever is writing it.
Result<void> copyDatabase(const std::string& run, const std::string& to) {
    Database database;
    if (auto opened = openRun(database, run); !opened)
        return fail(std::move(opened.error()));
    if (auto ended = database.execute("ROLLBACK"); !ended) // VACUUM begins its own
        return ended;
    std::string quoted;
    for (const char c : fs::absolute(to).string())
        quoted.append(c == '\'' ? 2 : 1, c);
    return database.execute(("VACUUM INTO '" + quoted + '\'').c_str());
}

/// What will be in it: a student's or checkpoint's folder may have held nothing that a bundle takes.
BundleContents contentsOf(const std::vector<Part>& parts, const std::string& best, const std::string& last) {
    BundleContents contents;
    std::error_code ignored;
    for (const auto& part : parts) {
        if (!part.name.starts_with("checkpoints/"))
            continue;
        const auto bytes = static_cast<std::int64_t>(fs::file_size(part.path, ignored));
        contents.bytes.emplace(part.name, bytes);
        const std::string folder = fs::path(part.name).parent_path().filename().string();
        if (folder == best && fs::path(part.name).filename() == StudentFile)
            contents.best = best;
        if (folder == last)
            contents.last = last;
    }
    return contents;
}

} // namespace

Result<BundleExport> exportBundle(const std::string& runFolder, const std::string& out,
                                  const BundleSettings& settings, Progress& progress) {
    const fs::path run(runFolder);
    if (auto outside = outsideRun(out, runFolder); !outside)
        return fail(std::move(outside.error()));
    OutputFolder scratch(out); // its hidden neighbour until the end, and never in its place
    if (auto made = scratch.create(); !made)
        return fail(std::move(made.error()));
    sweepTemporaries(
        QFileInfo(QFile::decodeName(out.c_str())).absolutePath()); // of a process that was killed
    const std::string database = scratch.temporary() + "/run.sqlite";
    if (auto copied = copyDatabase(runFolder, database); !copied)
        return fail(scratch.inItsPlace(std::move(copied.error())));

    const std::string best = leadsTo(run, "best");
    const std::string last = settings.checkpoint ? leadsTo(run, "last") : std::string();
    Parts parts;
    parts.add((run / "experiment.yaml").string(), "experiment.yaml");
    parts.add(database, "run.sqlite");
    std::error_code ignored;
    if (fs::is_regular_file(run / "about.json", ignored))
        parts.add((run / "about.json").string(), "about.json");
    for (const auto& below : foldersOf(run, best, last))
        if (auto added = addFiles(run, below, out, parts); !added)
            return fail(std::move(added.error()));
    if (parts.files.size() >= ZipFile::MostEntries)
        return fail(
            fmt::format("{} has {} files, more than a bundle holds; take some out of its output folder",
                        runFolder, parts.files.size()));

    BundleExport done{out, static_cast<std::int64_t>(parts.files.size()), parts.leftOut, 0, 0};
    for (const auto& part : parts.files)
        if (const auto size = fs::file_size(part.path, ignored); !ignored)
            done.unpacked += static_cast<std::int64_t>(size);
    progress.expect(done.unpacked);
    AtomicFile file(QFile::decodeName(out.c_str()));
    if (auto opened = file.open(); !opened)
        return fail(std::move(opened.error()));
    ZipWriter zip(file);
    const std::string called = folderName(runFolder);
    const std::string folder =
        wrongInName(called).empty() && !called.starts_with('.') ? called + '/' : "run/";
    if (auto added =
            zip.addText(folder + std::string(BundleNote), bundleNoteOf(contentsOf(parts.files, best, last)));
        !added)
        return fail(std::move(added.error()));
    for (const auto& part : parts.files)
        if (auto added = zip.add(folder + part.name, part.path, progress); !added)
            return fail(std::move(added.error()));
    if (auto finished = zip.finish(); !finished)
        return fail(std::move(finished.error()));
    if (isBomb(static_cast<std::uint64_t>(done.unpacked), zip.written()))
        return fail(
            fmt::format("{} would pack to under a hundredth of its size, and no Stillroom opens such a "
                        "bundle; take what is so empty out of its output folder",
                        runFolder));
    if (auto committed = file.commit(); !committed)
        return fail(std::move(committed.error()));
    done.bytes = static_cast<std::int64_t>(fs::file_size(out, ignored));
    return done;
}

} // namespace stillroom
