#include "core/engine/distillation_set.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace stillroom {

std::vector<std::uint32_t> DistillationSet::trainingRows() const {
    assert(data && teacher && data->size() == teacher->size());
    const auto rows = data->rows(Split::Train);
    std::vector<std::uint32_t> taught;
    taught.reserve(rows.size());
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(taught),
                 [this](std::uint32_t row) { return teacher->has(row); });
    return taught;
}

} // namespace stillroom
