// What the import wizard knows: which files, how they are written, what their columns are, what their labels
// become. From it the `data:` section (and the teacher's columns) of an experiment. Plain values; GUI thread,
// copies go to workers.
#pragma once

#include "core/data/dataset.h"
#include "core/data/sniff.h"
#include "core/experiment/experiment.h"
#include "widgets/experiment_document.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stillroom {

/// What a column is for.
enum class ColumnRole { Nothing, Text, Id, Gold, Label, Confidence, Probabilities };
inline constexpr int ColumnRoleCount = 7;

struct ImportFile {
    std::string path; ///< absolute
    std::int64_t bytes = 0;
    std::optional<Split> split; ///< none: left out
    Result<SniffedFile> found;  ///< as it was found to be written, with nobody's word for it
};

/// What the user says of how a split's files are written; the rest is found out.
struct WrittenHow {
    std::string format, delimiter, quoting, encoding; ///< as in SplitSettings; empty: find out
    std::optional<bool> header;

    friend bool operator==(const WrittenHow&, const WrittenHow&) = default;
};

/// A split's files as they are read: all alike.
struct SplitReading {
    std::vector<std::string> paths;         ///< of these files …
    WrittenHow said;                        ///< … with this word for it
    SplitSettings settings;                 ///< how: no columns, no files
    std::vector<Result<SniffedFile>> files; ///< as `paths`
    std::vector<std::string> remarks;       ///< a sentence each
};

struct ImportSplit {
    WrittenHow said;
    SplitReading reading;
    std::vector<ColumnRole> roles; ///< of the columns of the first file that can be read
    bool rolesChosen = false;      ///< by the user: they follow nobody any more

    /// The first file that can be read; null: none.
    [[nodiscard]] const SniffedFile* sample() const;
    [[nodiscard]] std::vector<std::string> columnsOf(ColumnRole role) const;
    /// The name of the column with this role; empty: none.
    [[nodiscard]] std::string columnOf(ColumnRole role) const;
};

/// A label of the files and the class that it becomes; several may become one.
struct ImportClass {
    std::string label; ///< empty: added by the user, in no file
    std::string name;
    std::array<std::int64_t, SplitCount> gold{};
    std::int64_t taught = 0; ///< rows of the training files of which the teacher said it
};

struct ImportPlan {
    std::vector<ImportFile> files;
    std::array<ImportSplit, SplitCount> splits;
    double holdoutValidation = 0.1; ///< used where there are no files for it
    double holdoutTest = 0;
    bool unescapeHtml = false;
    std::vector<ImportClass> classes;
    bool ordered = false; ///< the order of `classes` is the user's: it is written down

    [[nodiscard]] ImportSplit& of(Split split) { return splits[static_cast<std::size_t>(split)]; }
    [[nodiscard]] const ImportSplit& of(Split split) const { return splits[static_cast<std::size_t>(split)]; }
    [[nodiscard]] std::vector<std::string> pathsOf(Split split) const;
    /// The prefix that the columns of the teacher's probabilities share, or the name of the only one.
    [[nodiscard]] std::string probabilities() const;
    /// Whether the files say what the teacher said.
    [[nodiscard]] bool hasTeacher() const;
    /// Class names in their order, each once: where there is gold, those that gold has or the user added.
    [[nodiscard]] std::vector<std::string> classNames() const;

    /// The experiment with this plan's data in place of its own. Files below `root` are named from there; an
    /// empty one leaves their paths absolute. The teacher becomes the files' columns where they have any, and
    /// is made from gold where it would else be columns that are not there.
    [[nodiscard]] Experiment applied(const Experiment& before, const std::string& root) const;
};

/// What makes `before` into `after`, among the settings of data and teacher.
[[nodiscard]] QList<SettingChange> changesBetween(const Experiment& before, const Experiment& after);

} // namespace stillroom
