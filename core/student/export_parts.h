// What every format is made of and read back with: a student's parts, and the facts that lie beside the
// model.
#pragma once

#include "core/engine/student_export.h"
#include "core/student/damaged_export.h"
#include "core/student/encoder_file.h"
#include "core/student/ngram_parameters.h"

#include <ATen/core/Tensor.h>
#include <QJsonObject>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace stillroom {

/// A student, taken apart. Of an n-gram student the rows are in the order of their buckets, and there is at
/// least one, of zeros where it kept none.
struct ExportParts {
    std::variant<NgramFile, OpenedEncoderFile> student;
    std::int64_t padId = 0; ///< of an encoder: what short texts are filled up with

    /// `stored`: what readStudentFile has read. Errors: those of the student's file.
    static Result<ExportParts> of(const Safetensors& stored, const std::string& path);

    [[nodiscard]] const NgramFile* ngram() const { return std::get_if<NgramFile>(&student); }
    [[nodiscard]] const OpenedEncoderFile* encoder() const {
        return std::get_if<OpenedEncoderFile>(&student);
    }
    [[nodiscard]] const std::vector<std::string>& classes() const;
    /// An encoder's, bytes by name; else empty.
    [[nodiscard]] const std::map<std::string, std::string>& tokenizer() const;
};

/// What an export says of itself: how texts become its inputs, and what its outputs are.
struct ExportFacts {
    ExportFormat format = ExportFormat::TorchScript;
    ExportWeights weights = ExportWeights::Full;
    std::vector<std::string> classes;
    std::optional<NgramRecipe> recipe;    ///< of an n-gram student
    int length = 0;                       ///< of an encoder: tokens of a text at most
    std::int64_t padId = 0;               ///< of an encoder
    std::vector<std::string> tokenizer;   ///< of an encoder: names of the files beside the model
    Pooling pooling = Pooling::Mean;      ///< of an encoder
    std::vector<std::string> inputs = {}; ///< of the model

    [[nodiscard]] QJsonObject toJson() const;
    /// Errors: damaged, newer; in words for `shown`.
    static Result<ExportFacts> fromJson(const std::string& json, const std::string& shown);
    static Result<ExportFacts> read(const std::string& folder);
};
[[nodiscard]] ExportFacts factsOf(const ExportParts& parts, ExportFormat format, ExportWeights weights);

/// The names of a model's inputs. n-gram: int64 N×L, each row a text's n-gram buckets, filled up with −1.
/// Encoder: two int64 N×L, token ids and 1 where there is a token, 0 where it is filled up.
inline constexpr const char* NgramInput = "ngrams";
inline constexpr const char* IdsInput = "input_ids";
inline constexpr const char* MaskInput = "attention_mask";
inline constexpr const char* Output = "probabilities"; ///< float32 N×K

/// What was read back of an export: inputs as above (the mask undefined of an n-gram student) → N×K.
using ExportedForward = std::function<at::Tensor(const at::Tensor& ids, const at::Tensor& mask)>;

} // namespace stillroom
