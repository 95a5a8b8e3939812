#include "core/data/labels.h"

namespace stillroom {

int Labels::number(std::string_view name) {
    if (const int known = find(name); known >= 0)
        return known;
    const int number = static_cast<int>(names_.size());
    names_.emplace_back(name);
    numbers_.emplace(names_.back(), number);
    return number;
}

int Labels::find(std::string_view name) const {
    const auto known = numbers_.find(name);
    return known == numbers_.end() ? -1 : known->second;
}

} // namespace stillroom
