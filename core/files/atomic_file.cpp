#include "core/files/atomic_file.h"

#include "core/files/process_tag.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <fmt/format.h>
#include <random>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace stillroom {

namespace {

constexpr auto Suffix = ".stillroom-tmp";
constexpr std::time_t ForeignPatience = 24 * 60 * 60;

/// ".<name>.<pid>.<random>.stillroom-tmp" beside the target; the random part begins with the host's tag.
QString temporaryFor(const QString& path) {
    static thread_local std::random_device device;
    const QFileInfo target(path);
    // A name may have 255 bytes; what we add takes about 45 of them.
    QByteArray name = target.fileName().toUtf8().left(200);
    while (!name.isEmpty() && !QString::fromUtf8(name).toUtf8().startsWith(name))
        name.chop(1); // it was cut within a character
    return QStringLiteral("%1/.%2.%3.%4%5%6")
        .arg(target.absolutePath(), QString::fromUtf8(name))
        .arg(::getpid())
        .arg(QString::fromStdString(hostTag()), QString::asprintf("%08x", device()), QLatin1String(Suffix));
}

/// What the user can do about it.
std::string_view advice(int error) {
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return "free some space and try again";
    case EACCES:
    case EPERM:
    case EROFS:
        return "choose another folder, or have this one made writable";
    case ENOENT:
    case ENOTDIR:
        return "create the folder first, or choose another";
    case EISDIR:
        return "choose another name";
    case ENAMETOOLONG:
        return "choose a shorter name";
    case EMFILE:
    case ENFILE:
        return "close other programs and try again";
    case EFBIG:
        return "raise the limit (ulimit -f), or choose another disk";
    default:
        return "check the disk and try again";
    }
}

tl::unexpected<Error> cannotWrite(const QString& path, int error) {
    return fail(
        fmt::format("cannot write {}: {}; {}", path.toStdString(), describeErrno(error), advice(error)));
}

/// 0 or errno. A folder of a file system that knows no sync of folders counts as synced.
int syncFolderEntries(const QString& folder) {
    const int descriptor = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    int error = ::fsync(descriptor) == 0 ? 0 : errno;
    if (error == EINVAL || error == ENOTSUP)
        error = 0;
    if (::close(descriptor) != 0 && error == 0)
        error = errno;
    return error;
}

} // namespace

std::string describeErrno(int error) {
    switch (error) {
    case ENOSPC:
        return "the disk is full";
    case EDQUOT:
        return "the disk quota is used up";
    case EACCES:
    case EPERM:
        return "permission is denied";
    case EROFS:
        return "the file system is read-only";
    case ENOENT:
        return "there is no such file or folder";
    case ENOTDIR:
        return "a part of the path is not a folder";
    case EISDIR:
        return "there is a folder of that name";
    case ENAMETOOLONG:
        return "the name is too long";
    case ELOOP:
        return "the path goes through too many links";
    case EMFILE:
    case ENFILE:
        return "too many files are open";
    case EFBIG:
        return "the file would be larger than is allowed";
    case EIO:
        return "the disk reports an error";
    case EBADF:
        return "it is closed";
    default:
        return std::generic_category().message(error);
    }
}

AtomicFile::AtomicFile(QString path) : path_(std::move(path)) {
    // The file that a link leads to is replaced, not the link.
    if (const QFileInfo info(path_); info.isSymLink() && info.exists())
        path_ = info.canonicalFilePath();
}

AtomicFile::~AtomicFile() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
    if (!temporary_.isEmpty())
        ::unlink(QFile::encodeName(temporary_).constData());
}

Result<void> AtomicFile::open() {
    Q_ASSERT(descriptor_ < 0 && temporary_.isEmpty());
    const QByteArray target = QFile::encodeName(path_);
    struct stat status {};
    const bool exists = ::stat(target.constData(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        return cannotWrite(path_, EISDIR);
    if (exists && !S_ISREG(status.st_mode)) // a file would take the place of /dev/null
        return fail(fmt::format("cannot write {}: it is a device or a pipe; choose another name",
                                path_.toStdString()));
    const QString temporary = temporaryFor(path_);
    descriptor_ =
        ::open(QFile::encodeName(temporary).constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0)
        return cannotWrite(path_, errno);
    temporary_ = temporary;
    // Who may read the file stays as it was. It is a courtesy: on some file systems nobody can.
    if (exists) [[maybe_unused]]
        const int ignored = ::fchmod(descriptor_, status.st_mode & 07777);
    return {};
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes) {
    Q_ASSERT(descriptor_ >= 0);
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR)
                continue;
            const int error = errno;
            failed_ = true;
            return cannotWrite(path_, error);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> AtomicFile::write(std::string_view text) {
    return write(std::as_bytes(std::span(text)));
}

Result<void> AtomicFile::commit() {
    Q_ASSERT(descriptor_ >= 0);
    if (failed_)
        return fail(fmt::format("cannot write {}: an earlier write failed; try again", path_.toStdString()));
    // Whatever goes wrong from here on, a second commit must not succeed on half a file.
    failed_ = true;
    if (::fsync(descriptor_) != 0)
        return cannotWrite(path_, errno);
    // Linux closes the descriptor even when close reports an error: it is never closed twice.
    if (::close(std::exchange(descriptor_, -1)) != 0)
        return cannotWrite(path_, errno);
    if (::rename(QFile::encodeName(temporary_).constData(), QFile::encodeName(path_).constData()) != 0)
        return cannotWrite(path_, errno);
    temporary_.clear();
    return syncFolder(QFileInfo(path_).absolutePath());
}

Result<void> writeFileAtomically(const QString& path, std::string_view text) {
    AtomicFile file(path);
    if (auto opened = file.open(); !opened)
        return opened;
    if (auto written = file.write(text); !written)
        return written;
    return file.commit();
}

Result<void> syncFolder(const QString& path) {
    if (const int error = syncFolderEntries(path); error != 0)
        return fail(fmt::format("cannot write the folder {} to the disk: {}; {}", path.toStdString(),
                                describeErrno(error), advice(error)));
    return {};
}

void sweepTemporaries(const QString& folder) {
    const auto entries = QDir(folder).entryInfoList({QStringLiteral(".*%1").arg(QLatin1String(Suffix))},
                                                    QDir::Files | QDir::Hidden | QDir::System);
    const QString ours = QString::fromStdString(hostTag());
    for (const QFileInfo& entry : entries) {
        // From the end, for the target's name may have dots: <name>.<pid>.<random>.stillroom-tmp
        const QStringList parts = entry.fileName().split(QLatin1Char('.'));
        if (parts.size() < 5)
            continue;
        bool isNumber = false;
        const int pid = parts[parts.size() - 3].toInt(&isNumber);
        if (!isNumber || pid <= 0)
            continue;
        const bool foreign = !parts[parts.size() - 2].startsWith(ours);
        const bool lives =
            foreign ? entry.lastModified().toSecsSinceEpoch() > std::time(nullptr) - ForeignPatience
                    : isProcessAlive(pid);
        if (!lives)
            QFile::remove(entry.filePath());
    }
}

} // namespace stillroom
