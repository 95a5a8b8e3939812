// An experiment: everything a run is decided by. Read from YAML, edited in the window, stored in the run.
#pragma once

#include "core/base/result.h"
#include "core/data/data_settings.h"
#include "core/engine/training_settings.h"
#include "core/experiment/asking_settings.h"
#include "core/selection/selection_settings.h"
#include "core/teacher/teacher_settings.h"

#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

struct Experiment {
    std::string name = "untitled";
    DataSettings data;
    TeacherSettings teacher;
    AskingSettings asking;
    StudentSettings student;
    SelectionSettings selection;
    LossSettings loss;
    TrainingSettings training;

    friend bool operator==(const Experiment&, const Experiment&) = default;
};

/// Strict: an unknown key or a wrong type is an error with line, column and the nearest known key; aliases,
/// anchors, tabs, a second document and more than 1 MiB are refused. `where` names the source in errors.
Result<Experiment> parseExperiment(std::string_view yaml, const std::string& where);
Result<Experiment> readExperiment(const std::string& path);

/// Only what differs from the defaults (what a user's file needs) or everything (what a run records: also
/// what a rule takes of itself where an optional setting is not set).
enum class YamlDetail { Changed, Everything };
[[nodiscard]] std::string writeExperiment(const Experiment& experiment, YamlDetail detail);

// One setting at a time, by its dotted key: `--set`, the window's controls, undo, marks on plots.

/// Every key there is, in the order of the file.
[[nodiscard]] const std::vector<std::string>& settingKeys();
/// As YAML ("0.99", "{from: 1, to: 0, shape: linear}"); "" for an optional setting that is not set.
[[nodiscard]] std::string settingValue(const Experiment& experiment, std::string_view key);
/// The same, but of an optional setting that is not set what the rule takes in its place ("0.99" for llkd's
/// selection.decay): what a control shows and a mark on a plot says.
[[nodiscard]] std::string effectiveValue(const Experiment& experiment, std::string_view key);
/// `value` as YAML; "" takes an optional setting away. `key` may also be a section, `value` then a map of
/// what changes below it. Errors as in parseExperiment; the experiment is then as it was.
Result<void> setSetting(Experiment& experiment, std::string_view key, std::string_view value);
/// Whether it does anything in this experiment: an n-gram student has no `student.model`.
[[nodiscard]] bool settingApplies(const Experiment& experiment, std::string_view key);
/// True when the value is the default's.
[[nodiscard]] bool isDefault(const Experiment& experiment, std::string_view key);

/// What setSetting needs for a text that was typed: in quotes where YAML would read something else; "" for an
/// empty one.
[[nodiscard]] std::string textAsYaml(std::string_view text);

/// What can be known without reading data: ranges, settings the rule or teacher needs, contradictions.
/// One sentence for the first thing wrong.
Result<void> checkExperiment(const Experiment& experiment);

} // namespace stillroom
