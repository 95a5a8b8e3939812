// The table that everything about settings is driven by: reading, writing, `--set`, suggestions, defaults.
// A new setting is one line in settings_*.cpp. Private to core/experiment.
#pragma once

#include "core/experiment/experiment.h"
#include "core/experiment/yaml_tree.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

struct Setting {
    std::string key; ///< dotted, as in the YAML: "selection.clip"
    /// As YAML; "" when it is optional and not set.
    std::function<std::string(const Experiment&)> write;
    /// The message is without the key: "expected a whole number, found 'ten'". The experiment is as it was
    /// after a problem.
    std::function<YamlResult<void>(Experiment&, const YamlNode&)> read;
    /// Back to "not set"; empty when the setting always has a value.
    std::function<void(Experiment&)> clear = {};
    /// Whether it does anything in this experiment; empty: always. One that does nothing is not written, and
    /// in a file it is an error.
    std::function<bool(const Experiment&)> applies = {};
    std::string needs = {}; ///< the same in words: "student.kind: encoder"
};

/// All of them, in the order of the file. Sections lie together.
[[nodiscard]] const std::vector<Setting>& allSettings();
/// Null when there is none.
[[nodiscard]] const Setting* findSetting(std::string_view key);
/// What may stand below `section` ("" for the top): next parts of keys, in order, each once.
[[nodiscard]] std::vector<std::string_view> keysBelow(std::string_view section);
/// "unknown key 'selction'; did you mean 'selection'?"
[[nodiscard]] std::string unknownKeySentence(std::string_view section, std::string_view key);

/// What parseExperiment reads, from its tree.
[[nodiscard]] YamlResult<Experiment> experimentFrom(const YamlNode& tree);

/// teacher.model, of an encoder or an LLM.
[[nodiscard]] Setting teacherModelSetting();

// The sections, each in a file of its own.
void addDataSettings(std::vector<Setting>& table);
void addTeacherSettings(std::vector<Setting>& table);
void addLlmSettings(std::vector<Setting>& table); ///< of a teacher that is an LLM
void addAskingSettings(std::vector<Setting>& table);
void addStudentSettings(std::vector<Setting>& table);
void addSelectionSettings(std::vector<Setting>& table);
void addTrainingSettings(std::vector<Setting>& table); ///< loss and training

} // namespace stillroom
