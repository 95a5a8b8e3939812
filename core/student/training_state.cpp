#include "core/student/training_state.h"

#include "core/student/encoder_weights.h"

#include <ATen/ops/empty.h>
#include <cstring>
#include <fmt/format.h>

namespace stillroom {

namespace {

template <class T>
constexpr at::ScalarType TypeOf = at::ScalarType::Undefined;
template <>
constexpr at::ScalarType TypeOf<float> = at::kFloat;
template <>
constexpr at::ScalarType TypeOf<double> = at::kDouble;
template <>
constexpr at::ScalarType TypeOf<std::int64_t> = at::kLong;
template <>
constexpr at::ScalarType TypeOf<std::int32_t> = at::kInt;
template <>
constexpr at::ScalarType TypeOf<std::uint8_t> = at::kByte;

std::optional<at::ScalarType> typeOf(TensorType type) {
    switch (type) {
    case TensorType::F64:
        return at::kDouble;
    case TensorType::F32:
        return at::kFloat;
    case TensorType::I64:
        return at::kLong;
    case TensorType::I32:
        return at::kInt;
    case TensorType::U8:
        return at::kByte;
    default:
        return std::nullopt;
    }
}

} // namespace

void TrainingState::put(const std::string& name, const at::Tensor& value) {
    tensors_[name] = value.detach().cpu().contiguous();
}

template <class T>
void TrainingState::putNumbers(const std::string& name, std::span<const T> values) {
    at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, TypeOf<T>);
    if (!values.empty())
        std::memcpy(tensor.data_ptr(), values.data(), values.size_bytes());
    tensors_[name] = std::move(tensor);
}

template <class T>
std::optional<std::vector<T>> TrainingState::numbers(const std::string& name,
                                                     std::optional<std::size_t> count) const {
    const at::Tensor* found = find(name);
    if (found == nullptr || found->scalar_type() != TypeOf<T> || found->dim() != 1 ||
        (count && static_cast<std::size_t>(found->numel()) != *count))
        return std::nullopt;
    std::vector<T> values(static_cast<std::size_t>(found->numel()));
    if (!values.empty())
        std::memcpy(values.data(), found->data_ptr(), values.size() * sizeof(T));
    return values;
}

const at::Tensor* TrainingState::find(const std::string& name) const {
    const auto found = tensors_.find(name);
    return found == tensors_.end() ? nullptr : &found->second;
}

std::map<std::string, at::Tensor> TrainingState::below(std::string_view prefix) const {
    std::map<std::string, at::Tensor> found;
    for (const auto& [name, tensor] : tensors_)
        if (name.starts_with(prefix))
            found.emplace(name.substr(prefix.size()), tensor);
    return found;
}

Result<void> TrainingState::write(const std::string& path) const {
    std::vector<NamedTensor> tensors;
    tensors.reserve(tensors_.size());
    for (const auto& [name, value] : tensors_)
        tensors.push_back({name, value});
    return writeSafetensors(path, viewsOf(tensors), {{"stillroom", "training state"}});
}

Result<TrainingState> TrainingState::read(const std::string& path) {
    const auto stored = Safetensors::read(path);
    if (!stored)
        return fail(stored.error());
    TrainingState state;
    for (const auto& [name, tensor] : stored->tensors()) {
        const auto type = typeOf(tensor.type);
        if (!type)
            return fail(fmt::format("{}: '{}' is {}, which no state of training holds", path, name,
                                    nameOf(tensor.type)));
        at::Tensor value = at::empty(tensor.shape, *type);
        if (!tensor.data.empty())
            std::memcpy(value.data_ptr(), tensor.data.data(), tensor.data.size());
        state.tensors_[name] = std::move(value);
    }
    return state;
}

// What states hold.
#define STILLROOM_STATE_OF(T)                                                                                \
    template void TrainingState::putNumbers(const std::string&, std::span<const T>);                         \
    template std::optional<std::vector<T>> TrainingState::numbers(const std::string&,                        \
                                                                  std::optional<std::size_t>) const;
STILLROOM_STATE_OF(float)
STILLROOM_STATE_OF(double)
STILLROOM_STATE_OF(std::int64_t)
STILLROOM_STATE_OF(std::int32_t)
STILLROOM_STATE_OF(std::uint8_t)
#undef STILLROOM_STATE_OF

} // namespace stillroom
