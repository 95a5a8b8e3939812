// Vectors of texts from a frozen encoder: computed once, then read from the user's cache.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"

#include <span>
#include <string_view>

namespace stillroom {

/// As Engine::embed. `progress` counts tokens.
Result<TextVectors> textVectors(const EmbedRequest& request, std::span<const std::string_view> texts,
                                Progress* progress);

} // namespace stillroom
