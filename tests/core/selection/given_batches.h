// Batches and populations that own their numbers, for the tests of rules.
#pragma once

#include "core/base/random.h"
#include "core/selection/rule.h"
#include "core/selection/uncertainty.h"

#include <QtGlobal>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace stillroom {

/// A batch that owns what it shows.
struct Given {
    std::int64_t step = 0;
    std::int64_t epoch = 0;
    RunPlace place;
    std::vector<std::uint32_t> samples;
    std::vector<std::int32_t> labels;
    std::vector<float> confidences;
    std::vector<float> probabilities;
    std::vector<float> uncertainties;
    std::vector<float> losses;
    std::vector<std::int32_t> gold;

    [[nodiscard]] Batch batch() const {
        Batch batch;
        batch.step = step;
        batch.epoch = epoch;
        batch.place = place;
        batch.samples = samples;
        batch.labels = labels;
        batch.confidences = confidences;
        batch.probabilities = probabilities;
        batch.uncertainties = uncertainties;
        batch.losses = losses;
        batch.gold = gold;
        return batch;
    }
};

/// What llkd looks at. Samples are 0, 1, ….
inline Given given(std::vector<std::int32_t> labels, std::vector<float> confidences,
                   std::vector<float> uncertainties) {
    Given given;
    for (std::size_t i = 0; i < labels.size(); ++i)
        given.samples.push_back(static_cast<std::uint32_t>(i));
    given.labels = std::move(labels);
    given.confidences = std::move(confidences);
    given.uncertainties = std::move(uncertainties);
    return given;
}

/// What FixMatch and its kin look at: the student's rows. The teacher says class 0 of all, surely.
inline Given givenRows(std::vector<std::uint32_t> samples, std::vector<float> probabilities) {
    Given given;
    given.samples = std::move(samples);
    given.labels.assign(given.samples.size(), 0);
    given.confidences.assign(given.samples.size(), 1.0F);
    given.probabilities = std::move(probabilities);
    return given;
}

inline Given randomBatch(Random& random, int classes, std::size_t size, bool tied) {
    Given made;
    for (std::size_t i = 0; i < size; ++i) {
        made.samples.push_back(static_cast<std::uint32_t>(i));
        // Squared: some classes are rare, and absent from many batches.
        const double u = random.uniform();
        made.labels.push_back(static_cast<std::int32_t>(u * u * classes));
        // Eight stated confidences, as of a real teacher, or any number.
        const double c = tied ? 0.6 + 0.05 * random.below(8) : random.uniform();
        made.confidences.push_back(static_cast<float>(c));
        made.uncertainties.push_back(static_cast<float>(random.uniform()));
    }
    return made;
}

/// With everything that any rule looks at. `samples` different ones of `population`; the student is the surer
/// the larger `sharpness` (0: it knows nothing; 10: nearly always at one class).
inline Given fullBatch(Random& random, int classes, std::size_t size, std::uint32_t population,
                       double sharpness) {
    Given made = randomBatch(random, classes, size, random.below(2) == 0);
    const auto k = static_cast<std::size_t>(classes);
    const std::uint32_t first = random.below(population);
    for (std::size_t i = 0; i < size; ++i) {
        made.samples[i] = (first + static_cast<std::uint32_t>(i)) % population;
        const std::size_t leaning =
            std::min(static_cast<std::size_t>(random.uniform() * random.uniform() * classes), k - 1);
        double sum = 0;
        std::vector<double> row(k);
        for (std::size_t y = 0; y < k; ++y) {
            row[y] = std::exp(sharpness * random.uniform() * (y == leaning ? 1.0 : 0.5));
            sum += row[y];
        }
        for (const double p : row)
            made.probabilities.push_back(static_cast<float>(p / sum));
        const float p = made.probabilities[i * k + static_cast<std::size_t>(made.labels[i])];
        made.losses.push_back(-std::log(p));
        made.gold.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(classes) + 1)) -
                            1);
    }
    uncertainties(Uncertainty::Entropy, made.probabilities, classes, made.labels, made.uncertainties);
    return made;
}

struct People {
    std::vector<std::int32_t> labels;
    std::vector<float> confidences;
    std::vector<std::int32_t> gold = {};
    std::vector<std::string> names = {};

    [[nodiscard]] Population population(int classes, std::uint64_t seed = 0) const {
        Population population;
        population.classCount = classes;
        population.labels = labels;
        population.confidences = confidences;
        population.gold = gold;
        population.seed = seed;
        population.classNames = names;
        return population;
    }
};

inline People somePeople(Random& random, int classes, std::size_t size) {
    const Given made = fullBatch(random, classes, size, static_cast<std::uint32_t>(size), 1);
    return {made.labels, made.confidences, made.gold};
}

inline SelectionSettings settingsOf(RuleKind rule) {
    SelectionSettings settings;
    settings.rule = rule;
    return settings;
}

/// The rule, with what it cannot do without.
inline SelectionSettings workingSettings(RuleKind rule) {
    SelectionSettings settings = settingsOf(rule);
    if (rule == RuleKind::Random || rule == RuleKind::SmallLoss)
        settings.ratio = 0.4;
    if (rule == RuleKind::Teacher || rule == RuleKind::Student)
        settings.cut = 0.7;
    if (rule == RuleKind::FixMatch || rule == RuleKind::FlexMatch)
        settings.cut = 0.5;
    return settings;
}

inline std::unique_ptr<Rule> made(const SelectionSettings& settings, const Population& population) {
    auto rule = makeRule(settings, population);
    if (!rule)
        qFatal("%s", rule.error().message.c_str());
    return std::move(*rule);
}

/// The entry of a rule's state, which shows its statistics.
inline std::vector<double> statisticsOf(const Rule& rule, const std::string& name) {
    for (const auto& entry : rule.state().entries)
        if (entry.name == name)
            return entry.values;
    qFatal("no entry %s", name.c_str());
}

inline bool near(double a, double b, double slack = 1e-12) {
    return std::abs(a - b) <= slack;
}

} // namespace stillroom
