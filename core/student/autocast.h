// For the time of its life: matrix products of the float32 operators on this device in bfloat16, where that
// is wanted. Weights, sums, norms and losses stay float32 (LibTorch's autocast).
#pragma once

#include "core/engine/training_settings.h"

#include <ATen/autocast_mode.h>
#include <c10/core/Device.h>
#include <torch/version.h>

namespace stillroom {

/// On one thread, not nested. Keep it off around backward(): gradients follow the types of the forward pass.
class Autocast {
  public:
    Autocast(at::Device device, Precision precision)
        : type_(device.type()), on_(precision == Precision::Bf16) {
        if (on_)
            set(true);
    }
    ~Autocast() {
        if (!on_)
            return;
        at::autocast::clear_cache();
        set(false);
    }
    Autocast(const Autocast&) = delete;
    Autocast& operator=(const Autocast&) = delete;

  private:
    void set(bool on) const {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
        at::autocast::set_autocast_enabled(type_, on);
        at::autocast::set_autocast_dtype(type_, at::kBFloat16);
#else
        if (type_ == at::kCPU) {
            at::autocast::set_cpu_enabled(on);
            at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
        } else {
            at::autocast::set_enabled(on);
            at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
        }
#endif
    }

    at::DeviceType type_;
    bool on_;
};

} // namespace stillroom
