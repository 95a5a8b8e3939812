// Samples that were kept and samples that were refused in one epoch, with the reason in a sentence.
#include "core/output/report_content.h"

#include "core/base/random.h"
#include "core/lab/biography.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <numeric>

namespace stillroom {

namespace {

constexpr std::size_t KeptExamples = 6, RefusedExamples = 8;
constexpr std::size_t TextLength = 280;

/// Samples in an order of chance, always the same for the same run.
std::vector<std::uint32_t> drawnOrder(std::size_t samples, std::int64_t seed) {
    std::vector<std::uint32_t> order(samples);
    std::iota(order.begin(), order.end(), 0U);
    Random random(static_cast<std::uint64_t>(seed), "report examples");
    shuffle(order, random);
    return order;
}

/// Of each verdict, by turns, so many in all; of each class one before there are two of another.
std::vector<std::uint32_t> chosen(const SampleTable& table, std::span<const SampleTrace> traces,
                                  const std::vector<std::uint32_t>& order, bool kept, std::size_t most) {
    std::array<std::vector<std::uint32_t>, VerdictCount> byVerdict;
    std::array<std::vector<std::size_t>, VerdictCount> ofClass;
    for (auto& counts : ofClass)
        counts.resize(static_cast<std::size_t>(table.classCount));
    for (std::size_t again = 0; again < most; ++again)
        for (const auto sample : order) {
            const auto verdict = static_cast<std::size_t>(traces[sample].verdict());
            if (traces[sample].verdict() == Verdict::Unseen || traces[sample].kept() != kept ||
                verdict >= byVerdict.size() || byVerdict[verdict].size() >= most)
                continue;
            auto& count = ofClass[verdict][static_cast<std::size_t>(table.labels[sample])];
            auto& samples = byVerdict[verdict];
            if (count == again && std::find(samples.begin(), samples.end(), sample) == samples.end()) {
                ++count;
                samples.push_back(sample);
            }
        }
    std::vector<std::uint32_t> all;
    for (std::size_t place = 0; place < most; ++place)
        for (const auto& samples : byVerdict)
            if (place < samples.size() && all.size() < most)
                all.push_back(samples[place]);
    return all;
}

} // namespace

void addExamples(const ReportSources& sources, bool texts, ReportContent& content) {
    content.data.flag("texts", texts);
    if (sources.snapshots.empty())
        return;
    const SampleTable& table = *sources.table;
    const Dataset& data = *table.set.data;
    // The middle of the run: thresholds have found their place, and there is still something to learn.
    const std::size_t place = (sources.snapshots.size() - 1) / 2;
    const Snapshot& snapshot = *sources.snapshots[place];
    BiographyInput input;
    input.table = &table;
    input.classes = &sources.run.origin.classes;
    input.snapshots = sources.snapshots;
    input.windows = sources.run.windows;
    input.stepsPerEpoch = sources.run.started.stepsPerEpoch;
    input.batch = sources.run.started.batch;
    input.seed = sources.run.experiment.training.seed;
    input.selection = &sources.run.experiment.selection;
    BiographyMaker maker(input);
    const auto order = drawnOrder(table.size(), input.seed);
    std::int64_t number = 0;
    const auto rowsOf = [&](bool kept, std::size_t most) {
        std::vector<TemplateData> rows;
        for (const auto sample : chosen(table, snapshot.traces(), order, kept, most)) {
            const BiographyEntry entry = maker.entry(place, sample);
            const std::string figure = fmt::format("example.{}", number++);
            TemplateData row;
            if (texts) {
                row.text("text", excerpt(data.text(table.rows[sample]), TextLength));
                row.text("id", data.id(table.rows[sample]));
            }
            row.text("label", data.classes()[static_cast<std::size_t>(table.labels[sample])]);
            if (table.gold[sample] >= 0) {
                TemplateData& gold = row.part("gold");
                gold.text("label", data.classes()[static_cast<std::size_t>(table.gold[sample])]);
                gold.flag("right", table.gold[sample] == table.labels[sample]);
            }
            putReal(row, "confidence", figure + ".confidence", static_cast<double>(table.confidences[sample]),
                    2);
            if (entry.trace.scored())
                putReal(row, "uncertainty", figure + ".uncertainty",
                        static_cast<double>(entry.trace.uncertainty()), 3);
            row.text("reason", entry.sentence);
            rows.push_back(std::move(row));
        }
        return rows;
    };
    TemplateData& examples = content.data.part("examples");
    putCount(examples, "epoch", "example.epoch", snapshot.info().epoch);
    auto kept = rowsOf(true, KeptExamples), refused = rowsOf(false, RefusedExamples);
    examples.flag("has_kept", !kept.empty());
    examples.flag("has_refused", !refused.empty());
    examples.flag("with_gold", table.hasGold());
    examples.list("kept", std::move(kept));
    examples.list("refused", std::move(refused));
}

} // namespace stillroom
