// The door to LibTorch: what it does for us, said without it. The module behind is loaded by name when it is
// first needed (about a second; with CUDA more), so the programs start without it.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/session.h"
#include "core/engine/student_export.h"

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
    std::string blasKernels = {}; ///< the processor that OpenBLAS takes this one for, "Haswell"; else empty
    /// A sentence when those are of a processor of long ago, else empty. Of no matter to n-gram students.
    std::string kernelsWarning = {};
};

/// Texts → vectors by a frozen encoder.
struct EmbedRequest {
    std::string folder; ///< of a Hugging Face model
    std::int64_t length = 128;
    Pooling pooling = Pooling::Mean;
    bool unitLength = false; ///< each vector scaled to length 1, for cosines
    std::string device = "auto";
    int threads = 1;
    std::int64_t together = 32; ///< texts computed at once
};

struct TextVectors {
    std::vector<float> values; ///< rows × dimensions
    std::int64_t rows = 0, dimensions = 0;
    bool fromCache = false;
    double seconds = 0;
    std::string remark; ///< a sentence when they could not be kept; else empty
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
    /// Computed once for the same texts, encoder and settings, then read from the user's cache; `progress`
    /// counts tokens, and may cancel. Errors: the model's files, the device, out of memory, cancelled.
    virtual Result<TextVectors> embed(const EmbedRequest& request, std::span<const std::string_view> texts,
                                      Progress* progress) = 0;
    /// `path`: a student's .safetensors. Errors: not one of ours, damaged, newer than this program.
    virtual Result<std::unique_ptr<Student>> openStudent(const std::string& path) = 0;
    /// Writes a student for other programs into `request.folder`, reads it back from there and compares it
    /// with the student; `progress` is advanced by 1,000 in all, and may cancel. Errors: the student's; what
    /// its format or these weights cannot hold; disk; what was read back says something else. What is in the
    /// folder is then of no use.
    virtual Result<StudentExported> exportStudent(const StudentExport& request, Progress* progress) = 0;
    /// What exportStudent has written, as the file there says it and not as the student did: to be measured.
    /// Errors: no export, damaged.
    virtual Result<std::unique_ptr<Student>> openExport(const std::string& folder) = 0;
};

/// Loads the module once; later calls return at once. Any thread. Errors: the module or its libraries are
/// missing (says which and how to install them).
Result<Engine*> loadEngine();
[[nodiscard]] bool engineLoaded();

/// Evaluates a student on the gold of a split.
Result<Metrics> evaluateStudent(const Student& student, const Dataset& data, Split split);

} // namespace stillroom
