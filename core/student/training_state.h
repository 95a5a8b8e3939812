// Where training stands, exactly: named tensors that go to a checkpoint's state.safetensors and come back
// from it bit by bit. The networks put theirs in, and so do the trainer and the session.
#pragma once

#include "core/base/result.h"

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

class TrainingState {
  public:
    /// Detached and on the CPU: copied only where it is not there yet, so the state must be written before
    /// the tensor changes.
    void put(const std::string& name, const at::Tensor& value);
    /// Copied. T: float, double, std::int64_t, std::int32_t, std::uint8_t.
    template <class T>
    void putNumbers(const std::string& name, std::span<const T> values);

    /// Null: there is none.
    [[nodiscard]] const at::Tensor* find(const std::string& name) const;
    /// Nothing: there are none, of another type, or not `count` of them.
    template <class T>
    [[nodiscard]] std::optional<std::vector<T>> numbers(const std::string& name,
                                                        std::optional<std::size_t> count = {}) const;
    /// Those whose names begin with `prefix`, under what follows it.
    [[nodiscard]] std::map<std::string, at::Tensor> below(std::string_view prefix) const;

    /// As a safetensors file, atomically and synced. Errors: disk.
    [[nodiscard]] Result<void> write(const std::string& path) const;
    /// Errors: those of Safetensors::read; a type that a state does not have.
    static Result<TrainingState> read(const std::string& path);

  private:
    std::map<std::string, at::Tensor> tensors_;
};

} // namespace stillroom
