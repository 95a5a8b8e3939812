#include "core/output/export_resources.h"

#include "core/files/read_text_file.h"

#include <filesystem>
#include <fmt/format.h>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t LargestResource = 1 << 20;

} // namespace

Result<std::string> readExportResource(const std::string& name) {
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    const fs::path installed = program.parent_path() / "../share/stillroom/export" / name;
    const fs::path path =
        fs::exists(installed, ignored) ? installed.lexically_normal() : fs::path(STILLROOM_EXPORT_DIR) / name;
    return readTextFile(path.string(), LargestResource, "it is a page that comes with Stillroom");
}

Result<std::string> fillIn(std::string_view text, const std::map<std::string, std::string>& values,
                           const std::string& shown) {
    std::string filled;
    while (true) {
        const auto begin = text.find("{{");
        filled += text.substr(0, begin);
        if (begin == std::string_view::npos)
            return filled;
        const auto end = text.find("}}", begin);
        if (end == std::string_view::npos)
            return fail(fmt::format("{}: a {{{{ has no }}}} behind it", shown));
        const std::string name(text.substr(begin + 2, end - begin - 2));
        const auto value = values.find(name);
        if (value == values.end())
            return fail(fmt::format("{}: there is no {{{{{}}}}} to be filled in", shown, name));
        filled += value->second;
        text.remove_prefix(end + 2);
    }
}

} // namespace stillroom
