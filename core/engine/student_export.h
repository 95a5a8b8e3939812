// A trained student for other people's programs: what is asked of the engine, and what came of it.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

enum class ExportFormat {
    TorchScript, ///< model.pt: torch.jit.load
    Onnx,        ///< model.onnx, opset 13: onnxruntime and others
    HuggingFace, ///< a folder for transformers' AutoModelForSequenceClassification
    Safetensors, ///< student.safetensors: our own, for this program
};

/// How matrices are stored; biases and norms stay float32, and so does all arithmetic.
enum class ExportWeights {
    Full, ///< float32
    Half, ///< float16
    Int8, ///< q · scale with one float32 scale a row, q = round(w / scale), scale = max |w| / 127
};

/// "torchscript", "onnx", "huggingface", "safetensors".
[[nodiscard]] std::string_view formatName(ExportFormat format);
[[nodiscard]] std::optional<ExportFormat> formatNamed(std::string_view name);
/// "full", "half", "int8".
[[nodiscard]] std::string_view weightsName(ExportWeights weights);
[[nodiscard]] std::optional<ExportWeights> weightsNamed(std::string_view name);
/// Usage: this format takes no such weights.
Result<void> checkWeights(ExportFormat format, ExportWeights weights);

/// The most that a probability of an export may differ from the student's: 1e-4; of half 0.01, of int8 0.1.
[[nodiscard]] double allowedDifference(ExportWeights weights);

/// What says in every export what it is, beside the model: JSON.
inline constexpr const char* ExportFactsFile = "stillroom.json";

struct StudentExport {
    std::string student; ///< its .safetensors
    ExportFormat format = ExportFormat::TorchScript;
    ExportWeights weights = ExportWeights::Full;
    std::string folder;             ///< is there, and is the caller's to put into place or to remove
    std::vector<std::string> texts; ///< that the export is compared with the student on
    /// Tests damage here what was written, before it is read back.
    std::function<void(const std::string& folder)> written = {};
};

struct ExportedFile {
    std::string name; ///< below the folder
    std::int64_t bytes = 0;
};

struct StudentExported {
    std::string kind;        ///< "ngram", "encoder"
    std::string description; ///< Student::describe
    std::vector<std::string> classes;
    std::vector<ExportedFile> files; ///< the model's first
    /// Python files that a Hugging Face folder needs beside them (resources/export); may be empty.
    std::vector<std::string> code;
    std::int64_t compared = 0;      ///< texts
    std::int64_t sameLabels = 0;    ///< of them
    double largestDifference = 0;   ///< of a probability
    std::int64_t studentBytes = 0;  ///< of the student's own file
    std::int64_t unprunedBytes = 0; ///< of an n-gram student with a float32 row for every bucket; else 0
};

} // namespace stillroom
