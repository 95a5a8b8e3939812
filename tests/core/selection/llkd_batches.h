// Batches and populations that own their numbers, for the tests of llkd.
#pragma once

#include "core/base/random.h"
#include "core/selection/rule.h"

#include <cmath>
#include <cstdint>
#include <vector>

namespace stillroom {

/// A batch that owns what it shows.
struct Given {
    std::int64_t step = 0;
    double progress = 0;
    std::vector<std::uint32_t> samples;
    std::vector<std::int32_t> labels;
    std::vector<float> confidences;
    std::vector<float> uncertainties;

    [[nodiscard]] Batch batch() const {
        Batch batch;
        batch.step = step;
        batch.progress = progress;
        batch.samples = samples;
        batch.labels = labels;
        batch.confidences = confidences;
        batch.uncertainties = uncertainties;
        return batch;
    }
};

inline Given given(std::vector<std::int32_t> labels, std::vector<float> confidences,
                   std::vector<float> uncertainties) {
    Given given;
    given.samples.resize(labels.size());
    given.labels = std::move(labels);
    given.confidences = std::move(confidences);
    given.uncertainties = std::move(uncertainties);
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

struct People {
    std::vector<std::int32_t> labels;
    std::vector<float> confidences;
    [[nodiscard]] Population population(int classes) const {
        Population population;
        population.classCount = classes;
        population.labels = labels;
        population.confidences = confidences;
        return population;
    }
};

inline bool near(double a, double b, double slack = 1e-12) {
    return std::abs(a - b) <= slack;
}

} // namespace stillroom
