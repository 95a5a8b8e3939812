// What `compare` understands besides --json and --quiet.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace stillroom::cli {

struct CompareOptions {
    std::vector<std::string> paths;    ///< runs, and folders that hold some
    std::vector<std::string> baseline; ///< key=value
    std::string metric = "accuracy";
    std::string format = "text";
    double level = 0.95;

    void addTo(CLI::App& command);
};

} // namespace stillroom::cli
