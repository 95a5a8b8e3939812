// The selection lab at a million samples and 26 classes: how long the window waits for it, and what it costs
// in memory. Usage: lab [--samples N] [--leeway FACTOR]. Exits 1 when something is over its limit (issue 3,
// row 4) times the leeway.
#include "core/base/random.h"
#include "core/lab/biography.h"
#include "core/lab/density_map.h"
#include "core/lab/sample_filter.h"
#include "core/lab/what_if.h"

#include <QFile>
#include <QTemporaryDir>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <numeric>

using namespace stillroom;

namespace {

constexpr int Classes = 26;

class Stopwatch {
  public:
    [[nodiscard]] double milliseconds() const {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin_).count();
    }

  private:
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Words that look like words, the frequent ones short.
std::vector<std::string> makeWords(std::size_t count, Random& random) {
    static constexpr std::string_view Consonants = "bcdfghjklmnprstvwz";
    static constexpr std::string_view Vowels = "aeiou";
    std::vector<std::string> words;
    while (words.size() < count) {
        std::string word;
        const std::uint32_t syllables = 1 + random.below(words.size() < count / 20 ? 2 : 4);
        for (std::uint32_t i = 0; i < syllables; ++i) {
            word += Consonants[random.below(static_cast<std::uint32_t>(Consonants.size()))];
            word += Vowels[random.below(static_cast<std::uint32_t>(Vowels.size()))];
        }
        if (random.uniform() < 0.5)
            word += Consonants[random.below(static_cast<std::uint32_t>(Consonants.size()))];
        words.push_back(word);
    }
    return words;
}

SampleTable makeTable(std::size_t samples) {
    Random random(1, "lab");
    const auto words = makeWords(30'000, random);
    DatasetBuilder builder;
    builder.reserve(samples, samples * 150, samples * 8);
    TeacherOutputs teacher(samples, Classes);
    std::vector<std::string> names;
    for (int k = 0; k < Classes; ++k)
        names.push_back(fmt::format("class {}", k));
    std::string text;
    for (std::size_t i = 0; i < samples; ++i) {
        text.clear();
        while (text.size() < 140) { // the product of two uniforms: few words make most of a text
            const double place = random.uniform() * random.uniform() * random.uniform();
            text += words[static_cast<std::size_t>(place * static_cast<double>(words.size()))];
            text += ' ';
        }
        if (i % 10'007 == 0)
            text += "Zyxquat";
        const auto label = static_cast<int>(random.below(Classes));
        const float confidence = static_cast<float>(std::max(random.uniform(), random.uniform()));
        const double kind = random.uniform();
        const int gold = kind < 0.6 ? label : kind < 0.9 ? static_cast<int>(random.below(Classes)) : -1;
        builder.add(fmt::format("{}", 700'000'000 + random.below(200'000'000)), text, gold, Split::Train);
        teacher.set(i, label, confidence, TeacherOrigin::Stated);
    }
    return SampleTable({std::make_shared<const Dataset>(builder.finish(names)),
                        std::make_shared<const TeacherOutputs>(std::move(teacher))});
}

std::vector<SampleTrace> makeTraces(std::size_t samples) {
    Random random(2, "lab");
    std::vector<SampleTrace> traces;
    traces.reserve(samples);
    for (std::size_t i = 0; i < samples; ++i)
        traces.emplace_back(random.uniform() < 0.2 ? Verdict::Kept : Verdict::StudentSure,
                            static_cast<float>(random.uniform() * random.uniform()),
                            static_cast<std::int32_t>(random.below(Classes)));
    return traces;
}

class Report {
  public:
    explicit Report(double leeway) : leeway_(leeway) {}

    void line(const std::string& what, double value, double limit, const char* unit = "ms") {
        const bool good = value <= limit * leeway_;
        good_ = good_ && good;
        fmt::print("{:<76} {:>9.2f} {:<5} limit {:>6.0f}  {}\n", what, value, unit, limit,
                   good ? "ok" : "OVER");
        std::fflush(stdout);
    }
    /// Without a limit of its own.
    static void note(const std::string& what, double value, const char* unit = "ms") {
        fmt::print("{:<76} {:>9.2f} {}\n", what, value, unit);
        std::fflush(stdout);
    }
    [[nodiscard]] bool good() const { return good_; }

  private:
    double leeway_;
    bool good_ = true;
};

double at(std::vector<double> times, double share) {
    std::sort(times.begin(), times.end());
    return times[std::min(times.size() - 1,
                          static_cast<std::size_t>(share * static_cast<double>(times.size())))];
}

/// The second of two: the first makes room.
template <class Work>
double time(Work&& work) {
    work();
    const Stopwatch watch;
    work();
    return watch.milliseconds();
}

std::size_t bytes(const auto& vector) {
    return vector.capacity() * sizeof(vector[0]);
}

void whatIfs(const SampleTable& table, std::span<const SampleTrace> traces, Report& report,
             std::vector<std::uint8_t>& keep, std::vector<std::uint8_t>& keepBefore) {
    Random random(3, "lab");
    const auto draw = [&] {
        Thresholds thresholds;
        for (int k = 0; k < Classes; ++k) {
            thresholds.teacher.push_back(random.uniform());
            thresholds.student.push_back(random.uniform() * 0.5);
        }
        return thresholds;
    };
    const Thresholds baseline = draw();
    for (const int threads : {1, 2}) {
        WhatIf whatIf(threads);
        whatIf.compute(table, traces, baseline, &baseline, &keep, &keepBefore);
        std::vector<double> times;
        for (int i = 0; i < 200; ++i) {
            const Thresholds thresholds = draw();
            const Stopwatch watch;
            whatIf.compute(table, traces, thresholds, &baseline, &keep);
            times.push_back(watch.milliseconds());
        }
        Report::note(fmt::format("what-if, {} thread{}, median", threads, threads > 1 ? "s" : ""),
                     at(times, 0.5));
        const std::string p95 =
            fmt::format("what-if, {} thread{}, 95th percentile", threads, threads > 1 ? "s" : "");
        if (threads == 2)
            report.line(p95, at(times, 0.95), 16);
        else
            Report::note(p95, at(times, 0.95));
    }
}

void searches(const SampleTable& table, const std::vector<std::uint32_t>& all, Report& report) {
    for (const auto& [what, text] : {std::pair("a rare word", "zyxQUAT"),
                                     {"a frequent word", "ba"},
                                     {"a word in no text", "quisquiliae"},
                                     {"a frequent letter and no word", "aeaea"}}) {
        std::size_t found = 0;
        double first = 0;
        const double took = time([&] {
            found = 0;
            Progress progress;
            const Stopwatch watch;
            searchTexts(table, all, text, progress, [&](std::span<const std::uint32_t> piece) {
                if (found == 0)
                    first = watch.milliseconds();
                found += piece.size();
                return true;
            });
        });
        report.line(fmt::format("text search, {} ({} found, first after {:.1f} ms)", what, found, first),
                    took, 1000);
    }
}

void sorts(const FilterInput& input, const std::vector<std::uint32_t>& all, Report& report) {
    for (const auto& [what, column] : {std::pair("confidence", SampleColumn::Confidence),
                                       {"uncertainty", SampleColumn::Uncertainty},
                                       {"kept how often", SampleColumn::KeptTimes},
                                       {"id", SampleColumn::Id},
                                       {"text", SampleColumn::Text}}) {
        std::vector<std::uint32_t> samples = all;
        const Stopwatch watch;
        sortSamples(column, false, input, samples);
        report.line(fmt::format("sort by {}", what), watch.milliseconds(), 1000);
    }
}

} // namespace

int main(int argc, char** argv) {
    std::size_t samples = 1'000'000;
    double leeway = 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        if (option == "--samples")
            samples = static_cast<std::size_t>(std::atoll(argv[i + 1]));
        else if (option == "--leeway")
            leeway = std::atof(argv[i + 1]);
    }
    const Stopwatch making;
    const SampleTable table = makeTable(samples);
    const auto traces = makeTraces(samples);
    fmt::print("{} samples, {} classes, {:.0f} MB of text, made in {:.1f} s; limits times {}\n", samples,
               Classes, static_cast<double>(table.set.data->textBytes()) / 1e6, making.milliseconds() / 1000,
               leeway);
    Report report(leeway);

    std::vector<std::uint8_t> keepNow;
    std::vector<std::uint8_t> keepThen;
    whatIfs(table, traces, report, keepThen, keepNow);

    DensityMap map;
    report.line("density map, all classes, 240 × 160",
                time([&] { densityOf(table, traces, -1, 240, 160, map); }), 50);
    report.line("density map, one class", time([&] { densityOf(table, traces, 3, 240, 160, map); }), 50);

    SampleHistory history(samples);
    const double adding = time([&, epoch = std::int64_t{0}]() mutable { history.add(++epoch, traces); });
    Report::note("history, another epoch", adding);
    const FilterInput input{&table, traces, &history, keepNow, keepThen};
    std::vector<std::uint32_t> shown;
    SampleFilter filter;
    filter.show = SampleFilter::Show::TeacherWrong;
    filter.confidenceLow = 0.5F;
    filter.uncertaintyHigh = 0.5F;
    report.line("column filter, wrong and confident", time([&] { filterColumns(filter, input, shown); }),
                100);
    filter = {};
    filter.show = SampleFilter::Show::Enters;
    filter.label = 4;
    report.line("column filter, enters, one class", time([&] { filterColumns(filter, input, shown); }), 100);
    report.line("column filter, everything", time([&] { filterColumns({}, input, shown); }), 100);

    std::vector<std::uint32_t> all(samples);
    std::iota(all.begin(), all.end(), 0U);
    searches(table, all, report);
    sorts(input, all, report);

    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("epoch-0001.traces")).toStdString();
    if (!writeSnapshot(path, {1, 1, true, Classes}, traces))
        return 1;
    double opening = 0;
    std::shared_ptr<const Snapshot> snapshot;
    opening = time([&] { snapshot = Snapshot::open(path, samples).value_or(nullptr); });
    Report::note("snapshot opened and checked", opening);
    report.line("snapshot's size",
                static_cast<double>(QFile(QString::fromStdString(path)).size() - 64) /
                    static_cast<double>(samples),
                4, "B");
    const Stopwatch story;
    const std::vector<std::string>& classes = table.set.data->classes();
    const std::vector<std::shared_ptr<const Snapshot>> epochs(10, snapshot);
    BiographyInput life;
    life.table = &table;
    life.classes = &classes;
    life.snapshots = epochs;
    life.stepsPerEpoch = static_cast<std::int64_t>(samples + 63) / 64;
    life.batch = 64;
    if (biographyOf(life, static_cast<std::uint32_t>(samples / 2)).size() != epochs.size())
        return 1;
    Report::note("biography over 10 epochs", story.milliseconds());

    // What lives as long as the lab is open: the table, the history, both masks, the rows shown and sorted.
    const std::size_t lab = bytes(table.rows) + bytes(table.labels) + bytes(table.confidences) +
                            bytes(table.gold) + history.size() * 8 + bytes(keepNow) + bytes(keepThen) +
                            bytes(shown) + bytes(all) + bytes(map.all) + bytes(map.right) + bytes(map.wrong);
    constexpr std::size_t Sorting = 16; // while a sort is under way (sample_filter.h)
    report.line("memory a sample, while it sorts",
                static_cast<double>(lab) / static_cast<double>(samples) + Sorting, 64, "B");
    return report.good() ? 0 : 1;
}
