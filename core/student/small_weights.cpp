#include "core/student/small_weights.h"

#include "core/student/encoder_weights.h"
#include "core/student/stored_tensor.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/where.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <set>

namespace stillroom {

namespace {

constexpr float LargestHalf = 65504;
constexpr float LargestInt8 = 127;
constexpr const char* ScaleSuffix = ".scale";
constexpr const char* Buckets = "embedding.buckets";

bool isMatrix(const Safetensors::Tensor& tensor) {
    return tensor.type == TensorType::F32 && tensor.shape.size() == 2;
}

bool allFinite(const at::Tensor& floats) {
    const auto* values = floats.data_ptr<float>();
    return std::all_of(values, values + floats.numel(), [](float value) { return std::isfinite(value); });
}

tl::unexpected<Error> damaged(const std::string& shown, const std::string& what) {
    return fail(fmt::format("{} is not a usable student: {}; take another copy", shown, what));
}

/// Tensors that live as long as the views of them.
struct Views {
    std::vector<NamedTensor> owned;
    std::vector<std::pair<std::string, std::vector<std::uint32_t>>> numbers;
    std::vector<TensorView> views;

    void pass(const std::string& name, const Safetensors::Tensor& tensor) {
        views.push_back({name, tensor.type, tensor.shape, tensor.data});
    }
    void own(const std::string& name, at::Tensor value) {
        owned.push_back({name, std::move(value)});
        views.push_back(viewsOf({owned.back()}).front());
    }
};

} // namespace

SmallMatrix shrink(const at::Tensor& matrix, ExportWeights weights) {
    switch (weights) {
    case ExportWeights::Full:
        break;
    case ExportWeights::Half:
        return {matrix.clamp(-LargestHalf, LargestHalf).to(at::kHalf), {}};
    case ExportWeights::Int8: {
        if (matrix.numel() == 0)
            return {matrix.to(at::kChar), at::empty({matrix.size(0)}, at::kFloat).fill_(1)};
        const at::Tensor largest = matrix.abs().amax(1);
        const at::Tensor scales = at::where(largest.gt(0), largest / LargestInt8, at::ones_like(largest));
        const at::Tensor rounded = (matrix / scales.unsqueeze(1)).round_();
        return {rounded.clamp_(-LargestInt8, LargestInt8).to(at::kChar), scales};
    }
    }
    return {matrix, {}};
}

at::Tensor widen(const SmallMatrix& matrix) {
    const at::Tensor values = matrix.values.to(at::kFloat);
    return matrix.scales.defined() ? values * matrix.scales.unsqueeze(1) : values;
}

Result<void> writeSmallStudent(const std::string& path, const Safetensors& student, ExportWeights weights) {
    Views file;
    for (const auto& [name, tensor] : student.tensors()) {
        if (weights != ExportWeights::Full && isMatrix(tensor)) {
            auto [values, scales] = shrink(toTensor(tensor), weights);
            file.own(name, values.contiguous());
            if (scales.defined())
                file.own(name + ScaleSuffix, scales.contiguous());
        } else if (weights != ExportWeights::Full && name == Buckets) {
            const at::Tensor wide = toTensor(tensor);
            const auto* from = wide.data_ptr<std::int64_t>();
            auto& [_, buckets] = file.numbers.emplace_back(
                name, std::vector<std::uint32_t>(static_cast<std::size_t>(wide.numel())));
            std::transform(from, from + wide.numel(), buckets.begin(),
                           [](std::int64_t bucket) { return static_cast<std::uint32_t>(bucket); });
            file.views.push_back({name, TensorType::U32, tensor.shape, std::as_bytes(std::span(buckets))});
        } else {
            file.pass(name, tensor);
        }
    }
    auto metadata = student.metadata();
    if (weights != ExportWeights::Full)
        metadata["version"] = std::to_string(SmallVersion);
    sortForAlignment(file.views);
    return writeSafetensors(path, file.views, metadata);
}

Result<Safetensors> widened(Safetensors stored, const std::string& shown) {
    const auto& tensors = stored.tensors();
    const auto isSmall = [](const auto& entry) {
        return entry.second.type == TensorType::F16 || entry.second.type == TensorType::I8 ||
               entry.second.type == TensorType::U32;
    };
    if (std::none_of(tensors.begin(), tensors.end(), isSmall))
        return stored;
    Views file;
    std::set<std::string> scalesUsed;
    for (const auto& [name, tensor] : tensors) {
        if (tensor.type == TensorType::F16) {
            file.own(name, toTensor(tensor).to(at::kFloat));
        } else if (tensor.type == TensorType::I8) {
            const auto scale = tensors.find(name + ScaleSuffix);
            if (tensor.shape.size() != 2 || scale == tensors.end() || scale->second.type != TensorType::F32 ||
                scale->second.shape != std::vector<std::int64_t>{tensor.shape[0]})
                return damaged(shown, fmt::format("tensor '{}' has no scale for each row", name));
            const at::Tensor scales = toTensor(scale->second);
            if (!allFinite(scales))
                return damaged(shown, fmt::format("a scale of tensor '{}' is not finite", name));
            scalesUsed.insert(scale->first);
            file.own(name, widen({toTensor(tensor), scales}).contiguous());
        } else if (tensor.type == TensorType::U32) {
            at::Tensor wide = at::empty(tensor.shape, at::kLong);
            auto* to = wide.data_ptr<std::int64_t>();
            for (std::int64_t i = 0; i < wide.numel(); ++i) {
                std::uint32_t number = 0;
                std::memcpy(&number, tensor.data.data() + static_cast<std::size_t>(i) * sizeof number,
                            sizeof number);
                to[i] = number;
            }
            file.own(name, std::move(wide));
        }
    }
    for (const auto& entry : tensors)
        if (!isSmall(entry) && scalesUsed.count(entry.first) == 0)
            file.pass(entry.first, entry.second);
    return Safetensors::of(file.views, stored.metadata());
}

} // namespace stillroom
