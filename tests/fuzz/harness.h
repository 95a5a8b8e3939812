// What the fuzzers share: a claim that must hold, a folder in memory, the parts of an input.
#pragma once

#include "core/base/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace stillroom::fuzz {

inline void require(bool holds, const char* what) {
    if (holds)
        return;
    std::fprintf(stderr, "not so: %s\n", what);
    std::abort();
}

inline void requireSentence(const Error& error) {
    require(!error.message.empty() && error.message.size() < 2000 &&
                error.message.find('\n') == std::string::npos,
            "an error is one sentence");
}

/// The first byte, which says what the rest is; 0 where there is none.
inline char takeKind(std::string_view& rest) {
    const char kind = rest.empty() ? '\0' : rest.front();
    rest.remove_prefix(rest.empty() ? 0 : 1);
    return kind;
}

/// Up to the next 0x1E, which JSON may not hold; `rest` begins behind it.
inline std::string_view nextPart(std::string_view& rest) {
    const auto end = std::min(rest.find('\x1E'), rest.size());
    const auto part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

} // namespace stillroom::fuzz
