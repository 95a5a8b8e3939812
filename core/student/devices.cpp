#include "core/student/devices.h"

#include "core/base/number.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <QFile>
#include <algorithm>
#include <array>
#include <dlfcn.h>
#include <fmt/format.h>
#include <string_view>
#include <thread>
#include <torch/version.h>
#include <unistd.h>
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 9)
#include <c10/core/CachingDeviceAllocator.h>
#define STILLROOM_DEVICE_ALLOCATOR
#endif

namespace stillroom {

namespace {

std::string processorName() {
    QFile file(QStringLiteral("/proc/cpuinfo"));
    if (file.open(QIODevice::ReadOnly))
        for (const QByteArray& line : file.readAll().split('\n'))
            if (line.startsWith("model name"))
                return line.mid(line.indexOf(':') + 1).trimmed().toStdString();
    return "processor";
}

int coreCount() {
    return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

/// Which processor's kernels OpenBLAS has chosen, "Haswell"; empty with another BLAS.
std::string blasKernels() {
    using Name = const char* (*)();
    auto* name = reinterpret_cast<Name>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
    return name != nullptr ? name() : "";
}

/// OpenBLAS says so itself; MKL is known to LibTorch; anything else behind libblas.so.3 is the reference
/// BLAS, unless LibTorch was built with its own.
std::string blasName() {
    using Config = const char* (*)();
    if (auto* config = reinterpret_cast<Config>(dlsym(RTLD_DEFAULT, "openblas_get_config"))) {
        const std::string text = config();
        return text.substr(0, text.find(' ', text.find(' ') + 1));
    }
    if (at::hasMKL())
        return "MKL";
    const std::string build = at::get_parallel_info() + at::show_config();
    return build.find("BLAS_INFO=open") != std::string::npos ? "OpenBLAS" : "generic reference BLAS";
}

} // namespace

std::string slowKernelsAdvice(const std::string& blas, const std::string& kernels, bool avx2, bool avx512) {
    // Those of OpenBLAS (TargetList.txt) that know no vectors longer than SSE's.
    constexpr std::array<std::string_view, 16> Old{
        "Katmai",  "Coppermine", "Northwood", "Prescott", "Banias",       "Core2",     "Penryn", "Dunnington",
        "Nehalem", "Atom",       "Athlon",    "Opteron",  "Opteron_SSE3", "Barcelona", "Bobcat", "Nano"};
    if (!avx2 || std::find(Old.begin(), Old.end(), kernels) == Old.end())
        return {};
    return fmt::format(
        "{} takes this processor for a {} and is about {} times slower than it can be: start Stillroom "
        "with OPENBLAS_CORETYPE={} in its environment",
        blas, kernels, avx512 ? "four" : "two", avx512 ? "SkylakeX" : "Haswell");
}

std::string slowKernelsAdvice() {
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return slowKernelsAdvice(blasName(), blasKernels(), avx2, avx512);
#else
    return {};
#endif
}

EngineInfo describeEngine() {
    EngineInfo info;
    info.torchVersion = TORCH_VERSION;
    info.blas = blasName();
    if (info.blas.starts_with("generic"))
        info.blasWarning =
            "LibTorch runs on the reference BLAS, which is about 35 times slower than OpenBLAS; "
            "install libopenblas0-openmp";
    info.blasKernels = blasKernels();
    info.kernelsWarning = slowKernelsAdvice();
    info.threads = coreCount();
    info.devices.push_back({"cpu", fmt::format("{}, {} cores", processorName(), coreCount())});
    const auto gpus = static_cast<int>(at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0);
    for (int i = 0; i < gpus; ++i)
        info.devices.push_back({fmt::format("cuda:{}", i), fmt::format("GPU {}", i)});
    return info;
}

Result<std::string> resolveDevice(const std::string& wanted, StudentKind kind) {
    const auto gpus = static_cast<long long>(at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0);
    if (wanted == "cpu" || (wanted == "auto" && (kind == StudentKind::Ngram || gpus == 0)))
        return "cpu";
    if (wanted == "auto" || wanted == "cuda")
        return gpus > 0 ? Result<std::string>("cuda:0")
                        : fail("training.device is cuda, but LibTorch finds no GPU here; use cpu or auto");
    if (wanted.starts_with("cuda:")) {
        const auto number = readInteger(std::string_view(wanted).substr(5));
        if (number && *number >= 0 && *number < gpus)
            return wanted;
        return fail(fmt::format("training.device {} does not exist here: {}; use cpu or auto", wanted,
                                gpus == 0 ? "LibTorch finds no GPU"
                                          : fmt::format("there are cuda:0 to cuda:{}", gpus - 1)));
    }
    return fail(fmt::format("training.device '{}' is not auto, cpu or cuda:N", wanted));
}

std::int64_t memoryInUse(const std::string& device) {
    if (device == "cpu") {
        // Pages in use are the second number (man 5 proc).
        QFile file(QStringLiteral("/proc/self/statm"));
        if (!file.open(QIODevice::ReadOnly))
            return 0;
        const auto numbers = file.readAll().split(' ');
        return numbers.size() > 1 ? numbers[1].toLongLong() * sysconf(_SC_PAGESIZE) : 0;
    }
#ifdef STILLROOM_DEVICE_ALLOCATOR
    const at::Device where(device);
    const auto stats = at::getDeviceAllocator(where.type())->getDeviceStats(where.index());
    return stats.allocated_bytes[0].current; // [0]: of all kinds together
#else
    return 0;
#endif
}

int resolveThreads(std::int64_t wanted) {
    return wanted > 0 ? static_cast<int>(std::min<std::int64_t>(wanted, 1024)) : coreCount();
}

} // namespace stillroom
