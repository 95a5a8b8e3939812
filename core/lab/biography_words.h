// The sentences of a biography. A verdict is what training recorded, and always true. The bar is known at the
// ends of a window of steps only, and an uncertainty to three digits: where these numbers would not show what
// happened, they are left out. Internal to core/lab.
#pragma once

#include "core/lab/biography.h"

#include <string>

namespace stillroom {

/// Where a value stood against its bar: "confidence 0.92, bar 0.81". `passes`: what happened. Prints as few
/// digits as show it, at most `digits`. `ofClass`: the classes have bars of their own.
[[nodiscard]] std::string barWords(std::string_view name, double value, const BiographyEntry::Bar& bar,
                                   bool passes, int digits, bool ofClass);

struct SentenceInput {
    const BiographyEntry* entry = nullptr; ///< everything but the sentence
    double confidence = 0;                 ///< the teacher's
    std::string_view label, gold;          ///< names; gold empty: unknown
    std::string_view studentLabel;         ///< empty: unknown
    bool classBars = false;                ///< the classes have bars of their own
    const SelectionSettings* selection = nullptr;
};
[[nodiscard]] std::string sentenceOf(const SentenceInput& input);

} // namespace stillroom
