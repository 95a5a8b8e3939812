#include "core/output/report_drawer.h"

#include "core/files/loaded_module.h"

#include <fmt/format.h>
#include <mutex>

namespace stillroom {

namespace {

constexpr const char* moduleName = "libstillroom_report.so";
constexpr const char* doorName = "stillroom_report_drawer";

std::once_flag loadOnce;        // NOLINT: one module a process
ReportDrawer* drawer = nullptr; // NOLINT: written once, under loadOnce
std::string reason;             // NOLINT: likewise

void load() {
    using Door = ReportDrawer* (*)();
    if (const auto door = moduleDoor(moduleName, doorName))
        drawer = reinterpret_cast<Door>(*door)(); // NOLINT: POSIX says that this works
    else
        reason = door.error().message;
    if (drawer == nullptr && reason.empty())
        reason = "it gave no drawer";
}

} // namespace

Result<ReportDrawer*> loadReportDrawer() {
    std::call_once(loadOnce, load);
    if (drawer == nullptr)
        return fail(
            fmt::format("what draws reports cannot be loaded: {}. It needs {} beside the program's other "
                        "libraries, and Qt Gui and Qt Svg",
                        reason, moduleName),
            ErrorKind::Training);
    return drawer;
}

} // namespace stillroom
