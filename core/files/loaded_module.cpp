#include "core/files/loaded_module.h"

#include <dlfcn.h>
#include <filesystem>

namespace stillroom {

namespace {

/// The module beside this library; else its name alone.
std::string pathOf(const std::string& name) {
    Dl_info about{};
    if (dladdr(reinterpret_cast<const void*>(&moduleDoor), &about) == 0 || about.dli_fname == nullptr)
        return name;
    std::error_code ignored;
    const auto module = std::filesystem::absolute(about.dli_fname, ignored).parent_path() / name;
    return std::filesystem::exists(module, ignored) ? module.string() : name;
}

/// "libtorch.so.1.13: cannot open shared object file: No such file or directory" names what is missing.
tl::unexpected<Error> whatTheSystemSays() {
    const char* text = dlerror();
    return fail(text == nullptr ? "unknown reason" : text, ErrorKind::Training);
}

} // namespace

Result<void*> moduleDoor(const std::string& name, const char* door) {
    void* module = dlopen(pathOf(name).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr)
        return whatTheSystemSays();
    dlerror();
    void* function = dlsym(module, door);
    if (function == nullptr)
        return whatTheSystemSays();
    return function;
}

} // namespace stillroom
