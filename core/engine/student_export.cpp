#include "core/engine/student_export.h"

#include <array>

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 4> Formats{"torchscript", "onnx", "huggingface", "safetensors"};
constexpr std::array<std::string_view, 3> Weights{"full", "half", "int8"};

template <class T, std::size_t N>
std::optional<T> numberOf(const std::array<std::string_view, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == name)
            return static_cast<T>(i);
    return {};
}

} // namespace

std::string_view formatName(ExportFormat format) {
    return Formats[static_cast<std::size_t>(format)];
}

std::optional<ExportFormat> formatNamed(std::string_view name) {
    return numberOf<ExportFormat>(Formats, name);
}

std::string_view weightsName(ExportWeights weights) {
    return Weights[static_cast<std::size_t>(weights)];
}

std::optional<ExportWeights> weightsNamed(std::string_view name) {
    return numberOf<ExportWeights>(Weights, name);
}

Result<void> checkWeights(ExportFormat format, ExportWeights weights) {
    if (format == ExportFormat::HuggingFace && weights == ExportWeights::Int8)
        return fail("transformers reads no int8 weights without further packages; take half, or the format "
                    "torchscript or onnx",
                    ErrorKind::Usage);
    return {};
}

double allowedDifference(ExportWeights weights) {
    switch (weights) {
    case ExportWeights::Full:
        return 1e-4;
    case ExportWeights::Half:
        return 0.01;
    case ExportWeights::Int8:
        break;
    }
    return 0.1;
}

} // namespace stillroom
