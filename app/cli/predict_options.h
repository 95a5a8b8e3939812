// What `predict` understands.
#pragma once

#include "core/output/predictions.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace stillroom::cli {

struct PredictOptions {
    std::string student; ///< a run's folder, or a student's .safetensors
    PredictionSource source;
    PredictionSettings settings;
    std::optional<std::string> out, outFormat;

    void addTo(CLI::App& command);
};

} // namespace stillroom::cli
