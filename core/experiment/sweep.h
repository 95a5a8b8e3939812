// A sweep: one experiment done over several settings, as `sweep:` in its YAML says.
//
//   sweep:
//     over:
//       selection.rule: [all, llkd]        # a setting, and its values
//       seed: 1..5                         # short for training.seed; whole numbers from 1 to 5
//     how: grid                            # every combination (the default)
//     workers: 2                           # runs at once; else as many as their threads leave room for
//
// A section is a setting too (student: [{kind: ngram}, {kind: probe, model: minilm}]). Where settings change
// together, `variant` names what they are: variant: [{name: half, selection.rule: random, selection.ratio:
// 0.5}]. `how: random` draws `samples` combinations; there a number may also be {from: 0.1, to: 10, scale:
// log}. `how: list` does just the maps of settings that are listed: over: [{selection.rule: all, seed: 7}].
#pragma once

#include "core/experiment/experiment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// One setting by its dotted key, its value as in YAML; "": taken away.
struct SweepSetting {
    std::string key, value;
    friend bool operator==(const SweepSetting&, const SweepSetting&) = default;
};

/// One of the values of an axis: a setting, or several that change together.
struct SweepValue {
    std::string name; ///< for people: "llkd", "rule random, ratio 0.5"
    std::vector<SweepSetting> settings;
    friend bool operator==(const SweepValue&, const SweepValue&) = default;
};

/// Numbers that are drawn from, evenly or evenly in their logarithm.
struct SweepSpan {
    double from = 0, to = 1; ///< from < to; above 0 when logarithmic
    bool logarithmic = false;
    friend bool operator==(const SweepSpan&, const SweepSpan&) = default;
};

struct SweepAxis {
    std::string key;                ///< a setting, a section, "variant"; "" for the maps of a list
    std::vector<SweepValue> values; ///< empty with a span
    std::optional<SweepSpan> span;
    friend bool operator==(const SweepAxis&, const SweepAxis&) = default;
};

enum class SweepHow { Grid, Random, List };

struct Sweep {
    Experiment base;
    SweepHow how = SweepHow::Grid;
    std::vector<SweepAxis> axes; ///< in the order of the file; the last one changes fastest
    std::int64_t samples = 0;    ///< of Random
    std::int64_t seed = 1;       ///< of what is drawn
    std::int64_t workers = 0;    ///< runs at once; 0: as many as their threads leave room for
    friend bool operator==(const Sweep&, const Sweep&) = default;
};

inline constexpr std::int64_t MostSweepTasks = 10'000;

/// Strict as parseExperiment. Errors also: no `sweep:`.
Result<Sweep> parseSweep(std::string_view yaml, const std::string& where);
Result<Sweep> readSweep(const std::string& path);
/// Reads back as the same sweep. What the experiment leaves to defaults is left to them, because a default
/// may depend on what the sweep is over.
[[nodiscard]] std::string writeSweep(const Sweep& sweep);

} // namespace stillroom
