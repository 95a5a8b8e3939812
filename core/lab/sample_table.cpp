#include "core/lab/sample_table.h"

#include <utility>

namespace stillroom {

SampleTable::SampleTable(DistillationSet source)
    : set(std::move(source)), classCount(set.data->classCount()), rows(set.trainingRows()) {
    rows.shrink_to_fit(); // it was reserved for texts without a teacher row too
    labels.reserve(rows.size());
    confidences.reserve(rows.size());
    gold.reserve(rows.size());
    for (const auto row : rows) {
        labels.push_back(set.teacher->label(row));
        confidences.push_back(set.teacher->confidence(row));
        gold.push_back(set.data->gold(row));
        withGold += gold.back() >= 0 ? 1 : 0;
    }
}

} // namespace stillroom
