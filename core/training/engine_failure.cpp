#include "core/training/engine_failure.h"

#include <fmt/format.h>
#include <new>
#include <string_view>

namespace stillroom {

std::string engineFailure(const std::exception& error, const std::string& doing, const std::string& lower) {
    // LibTorch's messages carry a C++ stack below their first line.
    const std::string_view what = error.what();
    const std::string_view first = what.substr(0, what.find('\n'));
    const bool bare = dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
    if (bare || what.find("not enough memory") != std::string_view::npos ||
        what.find("out of memory") != std::string_view::npos)
        return fmt::format("{} ran out of memory{}; lower {}", doing, bare ? "" : fmt::format(" ({})", first),
                           lower);
    return fmt::format("{} failed: {}", doing, first);
}

const char* memorySettings(StudentKind kind) {
    switch (kind) {
    case StudentKind::Ngram:
        return "student.buckets, student.dimensions or training.batch";
    case StudentKind::Encoder:
        return "training.micro_batch or student.length";
    case StudentKind::Probe:
        break;
    }
    return "student.hidden or training.batch";
}

} // namespace stillroom
