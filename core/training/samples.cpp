#include "core/training/samples.h"

namespace stillroom {

Samples::Samples(const DistillationSet& set)
    : classCount(set.data->classCount()), rows(set.trainingRows()), classNames(set.data->classes()) {
    labels.reserve(rows.size());
    confidences.reserve(rows.size());
    gold.reserve(rows.size());
    for (const auto row : rows) {
        labels.push_back(set.teacher->label(row));
        confidences.push_back(set.teacher->confidence(row));
        gold.push_back(set.data->gold(row));
    }
}

Population Samples::population(std::uint64_t seed) const {
    return {classCount, labels, confidences, gold, seed, classNames};
}

} // namespace stillroom
