// `predict`.
#pragma once

#include "app/cli/options.h"
#include "app/cli/predict_options.h"

namespace stillroom::cli {

int predictCommand(const Options& options, const PredictOptions& predict);

} // namespace stillroom::cli
