#include "core/training/checkpoint.h"

#include "core/files/atomic_file.h"

#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

namespace stillroom {

namespace {

namespace fs = std::filesystem;

Result<void> pointLink(const fs::path& folder, const std::string& link, const std::string& target) {
    const fs::path temporary = folder / fmt::format(".{}.{}.stillroom-tmp", link, getpid());
    std::error_code error;
    fs::remove(temporary, error);
    fs::create_symlink(target, temporary, error);
    if (!error)
        fs::rename(temporary, folder / link, error);
    if (error)
        return fail(
            fmt::format("cannot write {}: {}", (folder / link).string(), describeErrno(error.value())),
            ErrorKind::Training);
    return syncFolder(QString::fromStdString(folder.string()));
}

/// The user is told of the checkpoint, not of the hidden name it was being written under.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    if (const auto at = text.find(from); at != std::string::npos)
        text.replace(at, from.size(), to);
    return text;
}

} // namespace

Result<std::string> writeCheckpoint(const std::string& checkpointFolder, std::int64_t step,
                                    const std::string& link, const Network& network) {
    const fs::path folder = checkpointFolder;
    const std::string name = fmt::format("{:06}", step);
    std::error_code error;
    if (!fs::exists(folder / name, error)) {
        const fs::path temporary = folder / fmt::format(".{}.{}.stillroom-tmp", name, getpid());
        fs::remove_all(temporary, error);
        fs::create_directories(temporary, error);
        if (error)
            return fail(fmt::format("cannot write {}: {}", temporary.string(), describeErrno(error.value())),
                        ErrorKind::Training);
        auto saved = network.save((temporary / "student.safetensors").string());
        if (saved)
            fs::rename(temporary, folder / name, error);
        if (!saved || error) {
            std::error_code ignored;
            fs::remove_all(temporary, ignored);
            return fail(saved ? fmt::format("cannot write {}: {}", (folder / name).string(),
                                            describeErrno(error.value()))
                              : replaced(saved.error().message, temporary.string(), (folder / name).string()),
                        ErrorKind::Training);
        }
    }
    if (auto pointed = pointLink(folder, link, name); !pointed)
        return fail(pointed.error());
    return name;
}

} // namespace stillroom
