// The door to LibTorch: what it does for us, said without it. The module behind is loaded by name when it is
// first needed (about a second; with CUDA more), so the programs start without it.
#pragma once

#include "core/base/result.h"
#include "core/engine/session.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

struct DeviceInfo {
    std::string name;        ///< "cpu", "cuda:0"
    std::string description; ///< processor or GPU, memory
};

struct EngineInfo {
    std::string torchVersion; ///< "1.13.1"
    std::string blas;         ///< "OpenBLAS 0.3.21"; warns by `blasWarning`
    std::string blasWarning;  ///< a sentence when the BLAS is the slow reference one, else empty
    int threads = 0;          ///< cores that `threads: 0` uses
    std::vector<DeviceInfo> devices;
};

/// A trained student, read from its file. Any thread, one call at a time.
class Student {
  public:
    virtual ~Student() = default;
    [[nodiscard]] virtual const std::vector<std::string>& classes() const = 0;
    [[nodiscard]] virtual std::string describe() const = 0; ///< "n-gram, 64 dimensions, 412,345 n-grams"
    /// Row by row into `out`, N×K.
    virtual Result<void> predict(std::span<const std::string_view> texts, std::span<float> out) const = 0;
};

class Engine {
  public:
    virtual ~Engine() = default;
    [[nodiscard]] virtual EngineInfo info() const = 0;
    /// Checks what can be checked (rule, device, samples) before it returns; all else arrives as events.
    virtual Result<std::unique_ptr<Session>> start(SessionSpec spec, EventSink sink) = 0;
    /// `path`: a student's .safetensors. Errors: not one of ours, damaged, newer than this program.
    virtual Result<std::unique_ptr<Student>> openStudent(const std::string& path) = 0;
};

/// Loads the module once; later calls return at once. Any thread. Errors: the module or its libraries are
/// missing (says which and how to install them).
Result<Engine*> loadEngine();
[[nodiscard]] bool engineLoaded();

/// Evaluates a student on the gold of a split.
Result<Metrics> evaluateStudent(const Student& student, const Dataset& data, Split split);

} // namespace stillroom
