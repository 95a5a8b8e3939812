#include "core/experiment/find_encoder.h"

#include "core/text/token_cache.h"

#include <filesystem>
#include <fmt/format.h>

namespace stillroom {

namespace fs = std::filesystem;

Result<std::string> findEncoder(const std::string& model, const std::string& dataRoot) {
    const auto isFolder = [](const fs::path& path) {
        std::error_code ignored;
        return fs::is_directory(path, ignored);
    };
    const fs::path path = model;
    for (const fs::path& root : {fs::path(dataRoot), fs::path()})
        if (isFolder(root / path)) // an absolute path stays what it is
            return fs::absolute(root / path).lexically_normal().string();
    const fs::path cached = fs::path(defaultCacheFolder()) / "encoders" / path;
    const bool name = model.find('/') == std::string::npos && model != "." && model != "..";
    if (name && isFolder(cached))
        return cached.string();
    if (!name)
        return fail(fmt::format("{}: there is no such folder{}; name a Hugging Face folder with config.json, "
                                "model.safetensors and the tokenizer's files",
                                model, dataRoot.empty() ? "" : fmt::format(" (nor below {})", dataRoot)));
    return fail(
        fmt::format("the encoder '{}' is neither a folder nor in {}; fetch it with packaging/get-encoder "
                    "{}, or name a Hugging Face folder",
                    model, cached.parent_path().string(), model == "minilm" ? model : "minilm"));
}

} // namespace stillroom
