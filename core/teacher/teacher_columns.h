// Reads what the teacher said out of the columns of records: a label with a confidence, or a probability for
// each class. Used for the training files while they pass (teacher: {kind: columns}) and for a file of the
// teacher's own (teacher_file.h).
#pragma once

#include "core/data/dataset.h"
#include "core/data/labels.h"
#include "core/data/load_report.h"
#include "core/data/record.h"
#include "core/teacher/probabilities.h"
#include "core/teacher/teacher_outputs.h"
#include "core/teacher/teacher_settings.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// Which labels are classes is known only when everything is read, so labels are kept by their number in
/// `labels` until `outputs` translates them: 16 bytes a row with label and confidence, 16 + 8·K with
/// probabilities. One thread.
class TeacherColumns final : public RecordObserver {
  public:
    static constexpr std::uint32_t NoRow = 0xffffffff;

    /// `classes`: those listed in data.classes, for arrays; may be empty. `section`: whose files these are
    /// ("data.train", "teacher"). `labels` outlives this.
    TeacherColumns(const TeacherSettings& settings, std::vector<std::string> classes, std::string section,
                   Labels& labels);

    /// Errors: no such column; neither or both of label and probabilities; files whose probability columns
    /// differ.
    Result<void> begin(const std::string& file, const std::vector<std::string>& columns) override;
    /// Refuses: a confidence or probability that is no number, not finite, out of range; probabilities that
    /// do not sum to 1 within 1e-3; broken JSON. An empty label, and probabilities that are all empty, are no
    /// answer: the record is good, and its text has no teacher row.
    Refusal look(const Record& record) override;
    /// `row` is the Dataset's, or a number of the caller's that `join` translates.
    void accepted(std::uint32_t row) override;

    /// Whether the record last looked at holds an answer.
    [[nodiscard]] bool answered() const { return answered_; }
    /// Answers accepted so far; they are numbered from 0.
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] std::uint32_t row(std::size_t answer) const { return rows_[answer]; }
    void join(std::size_t answer, std::uint32_t row) { rows_[answer] = row; }
    /// A bad row that points at the answer's place in its file.
    [[nodiscard]] BadRow badRow(std::size_t answer, std::string column, std::string reason) const;

    /// By the dataset's rows; an answer joined to NoRow is left out. Answers that name no class become bad
    /// rows, and their texts have no teacher row. Errors: probability columns and classes do not match.
    Result<TeacherOutputs> outputs(const Dataset& dataset, std::span<const std::int32_t> classOfLabel,
                                   BadRows& bad) const;

  private:
    enum class Form { Unknown, Label, Columns, Json };
    struct Slot {
        std::size_t field;
        std::int32_t label; ///< number in `labels_`; two labels that become one class share it
        std::string name;   ///< of the column
    };
    struct File {
        std::string name;
        std::size_t firstAnswer;
    };

    Result<void> beginLabel(const std::string& file, const std::vector<std::string>& columns);
    Result<void> beginProbabilities(const std::string& file, const std::vector<std::string>& columns);
    Refusal lookLabel(const Record& record);
    Refusal lookColumns(const Record& record);
    Refusal lookJson(const Record& record);
    Refusal complete();
    [[nodiscard]] Result<void> checkColumns(const Dataset& dataset,
                                            std::span<const std::int32_t> classOfLabel) const;
    void giveLabels(std::span<const std::int32_t> classOfLabel, const Dataset& dataset, BadRows& bad,
                    TeacherOutputs& outputs) const;
    void giveVectors(std::span<const std::int32_t> classOfLabel, const Dataset& dataset, BadRows& bad,
                     TeacherOutputs& outputs) const;

    const TeacherSettings settings_;
    const std::string section_;
    Labels& labels_;
    JsonProbabilities json_;
    Form form_ = Form::Unknown;

    // Of the file and record under way.
    std::size_t labelField_ = 0, confidenceField_ = 0, jsonField_ = 0;
    std::vector<Slot> slots_; ///< by label number, so that files may order their columns differently
    std::vector<Probability> vector_;
    bool answered_ = false;
    std::int32_t label_ = -1;
    float confidence_ = 0;
    std::int64_t line_ = 0;

    // By answer.
    std::vector<std::uint32_t> rows_, lines_;
    std::vector<std::int32_t> answerLabels_;
    std::vector<float> confidences_;
    std::vector<Probability> probabilities_;
    std::vector<std::size_t> ends_; ///< in `probabilities_`
    std::vector<File> files_;
};

} // namespace stillroom
