#include "core/output/bundle_unpack.h"

#include "core/base/number.h"
#include "core/files/atomic_file.h"

#include <QFile>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> cannotWrite(const std::string& path, int error) {
    return fail(fmt::format("{} cannot be written: {}; make room, or choose another runs folder", path,
                            describeErrno(error)));
}

/// Written to the end, synced and closed, with every error looked at.
class NewFile {
  public:
    explicit NewFile(std::string path)
        : path_(std::move(path)),
          descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666)),
          error_(descriptor_ < 0 ? errno : 0) {}
    ~NewFile() {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    Result<void> write(std::string_view bytes) {
        while (error_ == 0 && !bytes.empty()) {
            const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                error_ = errno;
            else
                bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return error_ == 0 ? Result<void>() : cannotWrite(path_, error_);
    }
    Result<void> finish() {
        if (error_ == 0 && ::fsync(descriptor_) != 0)
            error_ = errno;
        if (error_ == 0 && ::close(std::exchange(descriptor_, -1)) != 0)
            error_ = errno;
        return error_ == 0 ? Result<void>() : cannotWrite(path_, error_);
    }

  private:
    std::string path_;
    int descriptor_;
    int error_;
};

} // namespace

Result<void> unpackBundle(const ZipFile& zip, const BundlePlan& plan, const std::string& folder,
                          Progress& progress) {
    std::error_code unknown;
    const auto space = fs::space(folder, unknown);
    if (!unknown && space.available < plan.bytes)
        return fail(fmt::format("{} unpacks to {} bytes, and its disk has {}; make room, or choose another "
                                "runs folder",
                                zip.path(), groupThousands(static_cast<long long>(plan.bytes)),
                                groupThousands(static_cast<long long>(space.available))));
    progress.expect(static_cast<std::int64_t>(plan.bytes));
    std::set<std::string> folders;
    for (const auto& file : plan.files) {
        const fs::path path = fs::path(folder) / file.path;
        for (auto slash = file.path.find('/'); slash != std::string::npos;
             slash = file.path.find('/', slash + 1)) {
            const std::string below = folder + '/' + file.path.substr(0, slash);
            if (folders.insert(below).second && ::mkdir(below.c_str(), 0777) != 0)
                return cannotWrite(below, errno);
        }
        NewFile out(path.string());
        auto read = zip.read(zip.entries()[file.entry], [&](std::string_view bytes) -> Result<void> {
            if (progress.cancelled())
                return fail("unpacking was cancelled; nothing is left of it", ErrorKind::Cancelled);
            progress.advance(static_cast<std::int64_t>(bytes.size()));
            return out.write(bytes);
        });
        if (!read)
            return read;
        if (auto finished = out.finish(); !finished)
            return finished;
    }
    for (const auto& below : folders)
        if (auto synced = syncFolder(QFile::decodeName(below.c_str())); !synced)
            return synced;
    return {};
}

} // namespace stillroom
