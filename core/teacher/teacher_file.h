// A file of the teacher's own (teacher: {kind: file}), read before the texts, because where there is no gold
// its labels are the classes, and joined to them afterwards.
#pragma once

#include "core/base/result.h"
#include "core/data/data_settings.h"
#include "core/data/loader.h"
#include "core/teacher/teacher_columns.h"

#include <memory>
#include <span>

namespace stillroom {

/// Costs 20 bytes and its id an answer while it lives. One thread.
class TeacherFile {
  public:
    /// `labels` outlives the result. Errors: those of openRecords and TeacherColumns::begin; no such id
    /// column; the reader's; cancelled. Bad rows are collected.
    static Result<TeacherFile> read(const TeacherSettings& settings, const DataSettings& data,
                                    const LoadContext& context, Labels& labels);

    /// Finds each answer's text. `trainingRows`: the dataset's rows that came from the training files, in
    /// their order, those held out for validation and test included.
    ///
    /// By id: a training text's, else a validation or test text's where those have an id column too (a file
    /// in which the teacher answered everything is welcome). Bad rows: an empty id; an id that occurs twice;
    /// an id of no text. By row: the n-th record belongs to the n-th training text. Bad rows: records past
    /// the last text. Error: rows of the training files were skipped, so that the n-th is no longer the n-th.
    Result<void> join(const Dataset& dataset, std::span<const std::uint32_t> trainingRows,
                      const LoadReport& report);

    [[nodiscard]] const TeacherColumns& columns() const { return *columns_; }
    [[nodiscard]] BadRows& badRows() { return bad_; }

  private:
    TeacherFile(const TeacherSettings& settings, const DataSettings& data)
        : settings_(settings), data_(data) {}
    Result<void> readRecords(RecordReader& reader, const std::string& shown, const LoadContext& context);
    void joinById(const Dataset& dataset, std::span<const std::uint32_t> trainingRows);
    Result<void> joinByRow(std::span<const std::uint32_t> trainingRows, const LoadReport& report);

    TeacherSettings settings_;
    DataSettings data_;
    std::unique_ptr<TeacherColumns>
        columns_; ///< joined by id: its rows are numbers in `ids_`, else of the record
    StringColumn ids_;
    BadRows bad_;
};

} // namespace stillroom
