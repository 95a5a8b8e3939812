#include "core/output/prediction_place.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <iterator>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

bool isRun(const fs::path& folder) {
    std::error_code ignored;
    return fs::exists(folder / "experiment.yaml", ignored) || fs::exists(folder / "run.sqlite", ignored);
}

/// Of RUN/checkpoints/000123-student/student.safetensors it is RUN; empty: the student lies in none.
fs::path runOf(const fs::path& student) {
    const fs::path checkpoints = student.parent_path().parent_path();
    return checkpoints.filename() == "checkpoints" && isRun(checkpoints.parent_path())
               ? checkpoints.parent_path()
               : fs::path();
}

/// Of `path` below `folder`; empty: it is not.
fs::path below(const fs::path& folder, const fs::path& path) {
    const auto [rest, at] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    fs::path left;
    for (auto part = at; rest == folder.end() && part != path.end(); ++part)
        left /= *part;
    return left;
}

} // namespace

Result<void> outsideRun(const std::string& out, const std::string& from) {
    std::error_code error, ignored;
    const fs::path source = fs::canonical(from, error);
    if (error) // whoever reads it says what is wrong with it
        return {};
    const bool isFolder = fs::is_directory(source, ignored);
    if (!isFolder && fs::equivalent(source, out, ignored))
        return fail(
            fmt::format("{} is the student itself, which would be lost; choose another to write to", out));
    const fs::path run = !isFolder ? runOf(source) : isRun(source) ? source : fs::path();
    const fs::path place = fs::weakly_canonical(fs::absolute(out, error), error);
    if (run.empty() || error)
        return {};
    const fs::path inside = below(run, place);
    const bool amongResults = std::distance(inside.begin(), inside.end()) > 1 && *inside.begin() == "output";
    if ((inside.empty() && place != run) || amongResults)
        return {};
    return fail(fmt::format("{} lies in the run's own folder, whose files are not to be written over; choose "
                            "a place outside it, or below its output folder",
                            out));
}

} // namespace stillroom
