#include "core/experiment/run_index.h"

#include "core/base/random.h"
#include "core/experiment/run_index_file.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <fmt/format.h>

namespace stillroom {

namespace {

/// Who writes it may be killed without a file being touched: of a run that has no end, the state is asked
/// anew.
bool isOver(const RunSummary& run) {
    return run.state != RunSummary::State::Running && run.state != RunSummary::State::CutOff;
}

} // namespace

RunIndex::RunIndex(std::string runsFolder, std::string cacheFile)
    : runsFolder_(std::move(runsFolder)), cacheFile_(std::move(cacheFile)) {}

Result<std::vector<FoundRun>> RunIndex::find(const Progress& progress) {
    bool load = false;
    {
        const std::lock_guard lock(mutex_);
        load = !std::exchange(loaded_, true) && !cacheFile_.empty();
    }
    std::vector<RememberedRun> remembered;
    if (load)
        remembered = readRunIndexFile(cacheFile_); // damaged, or another version's: nothing is remembered
    auto found = findRuns(runsFolder_, progress);
    const std::lock_guard lock(mutex_);
    for (auto& run : remembered) {
        auto indexed = std::make_shared<IndexedRun>();
        indexed->summary = std::move(run.summary);
        const std::string folder = run.found.folder;
        entries_[folder] = {std::move(run.found), std::move(indexed)};
    }
    if (found)
        found_ = *found;
    return found;
}

std::shared_ptr<const IndexedRun> RunIndex::read(const FoundRun& found) {
    std::shared_ptr<const IndexedRun> known;
    {
        const std::lock_guard lock(mutex_);
        const auto entry = entries_.find(found.folder);
        if (entry != entries_.end() && entry->second.found == found)
            known = entry->second.run;
    }
    auto about = readRunAbout(found.folder);
    const std::string problem = about ? std::string() : about.error().message;
    if (known && isOver(known->summary)) {
        if (about && known->about == *about && known->problem.empty())
            return known;
        auto run = std::make_shared<IndexedRun>(*known);
        run->about = about.value_or(RunAbout{});
        run->problem = problem;
        const std::lock_guard lock(mutex_);
        entries_[found.folder] = {found, run};
        return run;
    }
    auto run = std::make_shared<IndexedRun>();
    run->about = about.value_or(RunAbout{});
    run->problem = problem;
    auto summary = summarizeRun(found.folder);
    if (!summary) {
        run->summary.folder = found.folder;
        run->problem = summary.error().message;
        return run;
    }
    run->summary = std::move(*summary);
    const std::lock_guard lock(mutex_);
    changed_ = changed_ || isOver(run->summary);
    entries_[found.folder] = {found, run};
    return run;
}

Result<void> RunIndex::save() {
    if (cacheFile_.empty())
        return {};
    std::vector<RememberedRun> remembered;
    {
        const std::lock_guard lock(mutex_);
        std::unordered_map<std::string, Entry> kept;
        for (const auto& run : found_)
            if (const auto entry = entries_.find(run.folder); entry != entries_.end())
                kept.insert(*entry);
        changed_ = changed_ || kept.size() != entries_.size();
        entries_ = std::move(kept);
        if (!std::exchange(changed_, false))
            return {};
        for (const auto& [folder, entry] : entries_)
            if (isOver(entry.run->summary))
                remembered.push_back({entry.found, entry.run->summary});
    }
    return writeRunIndexFile(cacheFile_, remembered);
}

std::string runIndexFile(const std::string& runsFolder) {
    const QString cache = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
    if (cache.isEmpty())
        return {};
    const QString path = QDir::cleanPath(QDir(QFile::decodeName(runsFolder.c_str())).absolutePath());
    const std::string absolute = QFile::encodeName(path).toStdString();
    return QFile::encodeName(cache).toStdString() +
           fmt::format("/stillroom/runs/{:016x}.cache", fnv1a(absolute));
}

} // namespace stillroom
