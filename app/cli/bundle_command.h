// A run as one file, and back: `export --format bundle`, and `unpack`.
#pragma once

#include "app/cli/options.h"

namespace stillroom::cli {

struct BundleOptions {
    bool checkpoint = false; ///< export: the newest one too

    /// What `export` has for bundles alone.
    void addExportTo(CLI::App& command);
    /// All that `unpack` has: the bundle is `options.target`.
    static void addUnpackTo(CLI::App& command, Options& options);
};

int bundleCommand(const Options& options, const BundleOptions& bundle);
int unpackCommand(const Options& options);

} // namespace stillroom::cli
