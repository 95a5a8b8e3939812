#include "core/data/file_patterns.h"

#include "core/data/open_records.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <glob.h>
#include <system_error>
#include <unordered_set>

namespace stillroom {

namespace {

std::vector<std::string> matches(const std::string& pattern) {
    std::vector<std::string> found;
    glob_t result{};
    // Unsorted, for glob sorts by the locale.
    if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &result) == 0)
        for (std::size_t i = 0; i < result.gl_pathc; ++i) {
            std::error_code ignored;
            if (!std::filesystem::is_directory(result.gl_pathv[i], ignored))
                found.emplace_back(result.gl_pathv[i]);
        }
    ::globfree(&result);
    std::sort(found.begin(), found.end());
    return found;
}

/// The root is a plain path, whatever characters it has.
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '*' || c == '?' || c == '[' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

} // namespace

Result<std::vector<std::string>> expandPatterns(std::span<const std::string> patterns,
                                                const std::string& root, const std::string& setting) {
    std::vector<std::string> files;
    std::unordered_set<std::string> seen;
    for (const std::string& pattern : patterns) {
        if (pattern.empty())
            return fail(fmt::format("{} contains an empty path; name a file or a pattern", setting));
        const std::string path = pathBelow(root, pattern);
        std::error_code ignored;
        std::vector<std::string> found;
        if (pattern.find_first_of("*?[") == std::string::npos || std::filesystem::exists(path, ignored)) {
            found.push_back(path);
        } else {
            found = matches(pathBelow(escaped(root), pattern));
            if (found.empty())
                return fail(
                    fmt::format("no file matches '{}' ({}); {}", pattern, setting,
                                pattern.starts_with('/')
                                    ? std::string("correct the pattern")
                                    : fmt::format("correct it, or the data folder: it is looked for in {}",
                                                  root.empty() ? "the current folder" : root)));
        }
        for (auto& file : found) {
            const auto canonical = std::filesystem::weakly_canonical(file, ignored);
            if (seen.insert(ignored ? file : canonical.string()).second)
                files.push_back(std::move(file));
        }
    }
    return files;
}

} // namespace stillroom
