// A student as a folder that transformers' AutoModelForSequenceClassification reads.
#pragma once

#include "core/student/export_parts.h"

namespace stillroom {

/// config.json, model.safetensors, tokenizer_config.json and the tokenizer's files. Where an architecture of
/// transformers' own computes exactly what the student does, it is that one and needs no code:
///
///   BERT, RoBERTa    pooling cls, linear head. Their dense layer and tanh become h ↦ tanh(h/s), s = 2¹³, and
///                    the head s·W: tanh(x) = x − x³/3 …, so what is lost is 1e-8 of h³.
///   DistilBERT       pooling cls. Its dense layer and ReLU hold the hidden layer, padded with zeros; for a
///                    linear head z and −z of each class, of which the head takes ReLU(z) − ReLU(−z) = z.
///
/// Everything else (pooling mean, n-grams) needs `trust_remote_code=True` and the Python file that `code`
/// names. Int8 is refused: transformers reads none without further packages. Weights of half are stored as
/// float16 and computed with in float32.
Result<void> writeHuggingFace(const std::string& folder, const ExportParts& parts, const ExportFacts& facts);

/// Python files of resources/export that belong into the folder.
[[nodiscard]] std::vector<std::string> huggingFaceCode(const ExportParts& parts);

/// Reads config.json and model.safetensors back and computes what the architecture that they name computes.
/// Errors: damaged.
Result<ExportedForward> openHuggingFace(const std::string& folder);

} // namespace stillroom
