#include "core/experiment/find_experiment.h"

#include "core/base/number.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view ending = ".yaml";

std::vector<fs::path> folders() {
    std::error_code ignored;
    std::vector<fs::path> found{"experiments"};
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    if (!program.empty())
        found.push_back((program.parent_path() / "../share/stillroom/experiments").lexically_normal());
    found.emplace_back(STILLROOM_EXPERIMENTS_DIR);
    return found;
}

bool isFile(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored) && !fs::is_directory(path, ignored);
}

} // namespace

std::vector<std::string> experimentNames() {
    std::vector<std::string> names;
    for (const auto& folder : folders()) {
        std::error_code error;
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
            if (entry->path().extension() == ending && isFile(entry->path()))
                names.push_back(entry->path().stem().string());
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Result<std::string> findExperiment(const std::string& nameOrPath) {
    if (nameOrPath.empty())
        return fail("the experiment's name is empty");
    if (isFile(nameOrPath))
        return nameOrPath;
    if (nameOrPath.find('/') != std::string::npos) {
        std::error_code ignored;
        return fail(fs::is_directory(nameOrPath, ignored)
                        ? fmt::format("{} is a folder, not an experiment's file", nameOrPath)
                        : fmt::format("{}: there is no such file", nameOrPath));
    }
    std::string name = nameOrPath;
    if (name.size() > ending.size() && name.compare(name.size() - ending.size(), ending.size(), ending) == 0)
        name.resize(name.size() - ending.size());
    for (const auto& folder : folders())
        if (const fs::path path = folder / (name + std::string(ending)); isFile(path))
            return path.string();

    if (std::error_code ignored; fs::is_directory(nameOrPath, ignored))
        return fail(fmt::format("{} is a folder, not an experiment's file", nameOrPath));
    const auto names = experimentNames();
    if (names.empty())
        return fail(
            fmt::format("there is no file or experiment '{}'; give the path of a .yaml file", nameOrPath));
    const std::vector<std::string_view> known(names.begin(), names.end());
    const std::string nearest = nearestWord(name, known);
    return fail(fmt::format("there is no file or experiment '{}'{}; by name there are {}", nameOrPath,
                            nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest),
                            fmt::join(names, ", ")));
}

std::string dataRootFor(const std::string& option, const std::string& experimentPath) {
    if (!option.empty())
        return option;
    if (const char* root = std::getenv("STILLROOM_DATA"); root != nullptr && *root != '\0')
        return root;
    const fs::path folder = fs::path(experimentPath).parent_path();
    return folder.empty() ? "." : folder.string();
}

} // namespace stillroom
