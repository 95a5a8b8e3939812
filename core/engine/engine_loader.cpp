// Opens the module with LibTorch in it when it is first needed.
#include "core/engine/engine.h"

#include <atomic>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>

namespace stillroom {

namespace {

constexpr const char* moduleName = "libstillroom_torch.so";
constexpr const char* doorName = "stillroom_engine";

std::once_flag loadOnce;          // NOLINT: one module a process
Engine* engine = nullptr;         // NOLINT: written once, under loadOnce
Error loadError;                  // NOLINT: likewise
std::atomic<bool> loaded = false; // NOLINT

/// The module beside this library; empty when it is not there.
std::string besideUs() {
    Dl_info about{};
    if (dladdr(reinterpret_cast<const void*>(&loadEngine), &about) == 0 || about.dli_fname == nullptr)
        return {};
    std::error_code ignored;
    const auto here = std::filesystem::absolute(about.dli_fname, ignored);
    const auto module = here.parent_path() / moduleName;
    return std::filesystem::exists(module, ignored) ? module.string() : std::string();
}

std::string dynamicError() {
    const char* text = dlerror();
    return text == nullptr ? "unknown reason" : text;
}

/// "libtorch.so.1.13: cannot open shared object file: No such file or directory" names what is missing.
Error describeFailure(const std::string& reason) {
    return {
        fmt::format("the engine cannot be loaded: {}. It needs {} beside the program's other libraries and "
                    "LibTorch (Debian's package libtorch-dev, or one of your own in LD_LIBRARY_PATH)",
                    reason, moduleName),
        ErrorKind::Training,
        {}};
}

void load() {
    // RTLD_LOCAL keeps LibTorch's many libraries from answering for symbols of ours. Exceptions and typeinfo
    // that both sides know live in the shared core libraries, so they are the same on both.
    const std::string beside = besideUs();
    void* module = dlopen(beside.empty() ? moduleName : beside.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
        loadError = describeFailure(dynamicError());
        return;
    }
    using Door = Engine* (*)();
    dlerror();
    const auto door = reinterpret_cast<Door>(dlsym(module, doorName)); // NOLINT: POSIX says that this works
    if (door == nullptr) {
        loadError = describeFailure(dynamicError());
        return;
    }
    try {
        engine = door();
    } catch (const std::exception& error) {
        loadError = describeFailure(error.what());
        return;
    }
    if (engine == nullptr)
        loadError = describeFailure(fmt::format("{} opened, but gave no engine", moduleName));
    else
        loaded.store(true, std::memory_order_release);
}

} // namespace

Result<Engine*> loadEngine() {
    std::call_once(loadOnce, load);
    if (engine == nullptr)
        return fail(loadError);
    return engine;
}

bool engineLoaded() {
    return loaded.load(std::memory_order_acquire);
}

} // namespace stillroom
