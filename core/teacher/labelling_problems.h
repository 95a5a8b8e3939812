// The list of a labelling's refused and failed rows, each with what was replied. Private to core/teacher.
#pragma once

#include "core/teacher/labelling.h"

#include <cstdint>
#include <string>

namespace stillroom {

/// No more are listed; they are counted all the same.
[[nodiscard]] bool isFull(const LabellingResult& result);

/// Nothing where the list is full. Of a long reply the beginning is kept, cut between characters.
void addProblem(LabellingResult& result, std::uint32_t row, const std::string& reason, std::string reply);

} // namespace stillroom
