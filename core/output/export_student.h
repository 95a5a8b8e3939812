// A run's best student, or one from its file, as a folder for other programs: the model, what makes texts
// into its inputs, and a model card. Whole, verified and in its place, or nothing of it.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/student_export.h"
#include "core/output/measure_student.h"

#include <functional>
#include <optional>
#include <string>

namespace stillroom {

struct StudentExportOrder {
    std::string from; ///< a run's folder, or a student's .safetensors
    ExportFormat format = ExportFormat::TorchScript;
    ExportWeights weights = ExportWeights::Full;
    std::string to; ///< the folder; one that is empty or an earlier export is replaced, nothing else
    std::string licence = {};                 ///< for the card
    std::optional<std::string> dataRoot = {}; ///< where the run's data lie; else where they lay
    /// Tests: what was written and not yet verified lies in this folder.
    std::function<void(const std::string& folder)> written = {};
};

struct StudentExportReport {
    std::string folder;
    StudentExported exported; ///< its files with the card and the code
    std::string textsFrom;    ///< what it was compared on: "the test split", "built-in texts"
    std::string note;         ///< why nothing was measured, where that should be known; else empty
    /// On the test split, else validation. Full weights say what the student does, measured on 2,000 texts at
    /// most for the card; smaller ones are measured on all, before and after.
    std::optional<StudentMeasure> before, after;
};

/// Loads the engine. The run may be going on. `progress` counts the data's bytes, then from 0
/// again texts, about. Any thread but the window's.
/// Errors: no run, no student in it, `to` is something else, what Engine::exportStudent and the disk say;
/// cancelled. What was at `to` is then as it was.
Result<StudentExportReport> exportStudent(const StudentExportOrder& order, Progress& progress);

} // namespace stillroom
