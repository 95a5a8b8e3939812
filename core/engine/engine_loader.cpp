// Opens the module with LibTorch in it when it is first needed.
#include "core/engine/engine.h"
#include "core/files/loaded_module.h"

#include <atomic>
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

Error describeFailure(const std::string& reason) {
    return {
        fmt::format("the engine cannot be loaded: {}. It needs {} beside the program's other libraries and "
                    "LibTorch (Debian's package libtorch-dev, or one of your own in LD_LIBRARY_PATH)",
                    reason, moduleName),
        ErrorKind::Training,
        {}};
}

void load() {
    // Exceptions and typeinfo that both sides know live in the shared core libraries, so they are the same on
    // both.
    const auto door = moduleDoor(moduleName, doorName);
    if (!door) {
        loadError = describeFailure(door.error().message);
        return;
    }
    using Door = Engine* (*)();
    try {
        engine = reinterpret_cast<Door>(*door)(); // NOLINT: POSIX says that this works
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
