#include "core/output/tensorboard.h"

#include "core/experiment/run_folder.h"
#include "core/files/atomic_file.h"
#include "core/output/event_record.h"
#include "core/output/output_folder.h"
#include "core/output/run_clock.h"

#include <QFile>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <vector>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

// TensorBoard takes files with "tfevents" in their names; the ending says who wrote it.
constexpr std::string_view FilePrefix = "events.out.tfevents.";
constexpr std::string_view FileSuffix = ".stillroom";
constexpr std::size_t WriteBytes = 1 << 20;

/// What is written, by step.
class Scalars {
  public:
    using Tag = std::uint32_t;
    struct Entry {
        std::int64_t step;
        Tag tag;
        float value;
    };

    Tag tag(std::string name) {
        const auto [found, isNew] = numbers_.try_emplace(std::move(name), static_cast<Tag>(names_.size()));
        if (isNew)
            names_.push_back(found->first);
        return found->second;
    }
    [[nodiscard]] const std::string& name(Tag tag) const { return names_[tag]; }
    /// Numbers that do not exist are left out: they are NULL in run.sqlite.
    void add(Tag tag, std::int64_t step, double value) {
        if (std::isfinite(value))
            entries_.push_back({step, tag, static_cast<float>(value)});
    }
    /// In the order of the steps; within one in the order in which they came.
    void sort() {
        std::stable_sort(entries_.begin(), entries_.end(),
                         [](const Entry& a, const Entry& b) { return a.step < b.step; });
    }
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  private:
    std::vector<Entry> entries_;
    std::vector<std::string> names_;
    std::map<std::string, Tag> numbers_;
};

double share(std::int32_t part, std::int32_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole)
                     : std::numeric_limits<double>::quiet_NaN();
}

void addSteps(Scalars& scalars, const StoredRun& run) {
    const auto loss = scalars.tag("train/loss"), learningRate = scalars.tag("train/learning_rate");
    const auto keptShare = scalars.tag("train/kept_share"), precision = scalars.tag("train/kept_precision");
    for (const auto& step : run.steps) {
        scalars.add(loss, step.step, static_cast<double>(step.loss));
        scalars.add(learningRate, step.step, static_cast<double>(step.learningRate));
        scalars.add(keptShare, step.step, share(step.kept, step.candidates));
        scalars.add(precision, step.step, share(step.keptRight, step.keptWithGold));
    }
}

void addEvaluations(Scalars& scalars, const StoredRun& run) {
    for (const auto& evaluation : run.evaluations) {
        const std::string split(splitName(evaluation.split));
        const auto add = [&](const char* name, double value) {
            scalars.add(scalars.tag(split + '/' + name), evaluation.step, value);
        };
        add("accuracy", evaluation.metrics.accuracy);
        add("macro_f1", evaluation.metrics.macroF1);
        add("loss", evaluation.metrics.loss);
        add("mean_uncertainty", evaluation.meanUncertainty);
    }
}

void addThresholds(Scalars& scalars, const StoredRun& run) {
    const auto& classes = run.origin.classes;
    for (const auto& window : run.windows)
        for (const auto& [side, values] :
             {std::pair("teacher", &window.thresholds.teacher),
              std::pair("student", &window.thresholds.student),
              std::pair("student_confidence", &window.thresholds.studentConfidence)})
            for (std::size_t label = 0; label < std::min(values->size(), classes.size()); ++label)
                scalars.add(scalars.tag(fmt::format("threshold/{}/{}", side, classes[label])),
                            window.lastStep, (*values)[label]);
}

void addProgress(Scalars& scalars, const RunClock& clock) {
    const auto seen = scalars.tag("progress/seen"), gradient = scalars.tag("progress/gradient");
    const auto distinct = scalars.tag("progress/distinct");
    const auto speed = scalars.tag("progress/samples_per_second");
    const auto seconds = scalars.tag("progress/seconds_trained");
    for (const auto& row : clock.progress()) {
        scalars.add(seen, row.step, static_cast<double>(row.seen));
        scalars.add(gradient, row.step, static_cast<double>(row.gradient));
        scalars.add(distinct, row.step, static_cast<double>(row.distinct));
        scalars.add(speed, row.step, row.samplesPerSecond);
        scalars.add(seconds, row.step, row.seconds);
    }
}

Scalars scalarsOf(const StoredRun& run, const RunClock& clock) {
    Scalars scalars;
    addSteps(scalars, run);
    addEvaluations(scalars, run);
    addThresholds(scalars, run);
    addProgress(scalars, clock);
    scalars.sort();
    return scalars;
}

/// The file whole, one event a step.
Result<void> writeEvents(const std::string& path, const Scalars& scalars, const RunClock& clock,
                         Progress& progress) {
    AtomicFile file(QFile::decodeName(path.c_str()));
    if (auto opened = file.open(); !opened)
        return opened;
    std::string bytes = firstEventRecord(clock.at(0));
    std::vector<TaggedScalar> together;
    const auto& entries = scalars.entries();
    for (auto entry = entries.begin(); entry != entries.end();) {
        const auto first = entry;
        together.clear();
        for (; entry != entries.end() && entry->step == first->step; ++entry)
            together.push_back({scalars.name(entry->tag), entry->value});
        bytes += eventRecord(clock.at(first->step), first->step, together);
        if (bytes.size() < WriteBytes)
            continue;
        if (auto written = file.write(bytes); !written)
            return written;
        bytes.clear();
        progress.advance(entry - entries.begin() - progress.done());
        if (progress.cancelled())
            return fail("the export was cancelled; nothing was written", ErrorKind::Cancelled);
    }
    if (auto written = file.write(bytes); !written)
        return written;
    return file.commit();
}

/// Nothing is in it but what this wrote.
bool isEarlierExport(const fs::path& folder) {
    std::error_code error;
    std::size_t files = 0;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (!name.starts_with(FilePrefix) || !name.ends_with(FileSuffix))
            return false;
        ++files;
    }
    return !error && files > 0;
}

} // namespace

Result<TensorboardExport> exportTensorboard(const std::string& runFolder, const std::string& out,
                                            Progress& progress) {
    const auto run = StoredRun::open(runFolder);
    if (!run)
        return fail(run.error());
    const auto clock = RunClock::read(runFolder);
    if (!clock)
        return fail(clock.error());
    const fs::path target = fs::path(out) / folderName(runFolder);
    OutputFolder folder(target.string());
    if (auto made = folder.create(); !made)
        return fail(std::move(made.error()));

    const Scalars scalars = scalarsOf(*run, *clock);
    const auto count = static_cast<std::int64_t>(scalars.entries().size());
    progress.expect(count);
    const std::string file = fmt::format("{}/{}{:010}{}", folder.temporary(), FilePrefix,
                                         static_cast<std::int64_t>(clock->at(0)), FileSuffix);
    if (auto written = writeEvents(file, scalars, *clock, progress); !written)
        return fail(folder.inItsPlace(std::move(written.error())));
    if (auto committed = folder.commit(isEarlierExport(target)); !committed)
        return fail(std::move(committed.error()));
    return TensorboardExport{target.string(), static_cast<std::int64_t>(run->steps.size()), count};
}

} // namespace stillroom
