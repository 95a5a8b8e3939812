// Files and folders that are whole or not there. Unlike QSaveFile, every sync is looked at and the folder
// is synced too, so that what was reported as written survives a power cut.
#pragma once

#include "core/base/result.h"

#include <QString>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace stillroom {

/// Writes to a temporary beside `path`; `commit` syncs it and renames it over `path`. Destroyed without a
/// commit, the temporary is removed and `path` is what it was. Any thread, one at a time.
class AtomicFile {
  public:
    explicit AtomicFile(QString path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Errors: folder missing or not writable.
    Result<void> open();
    /// Errors: disk full, I/O. After one, `commit` refuses.
    Result<void> write(std::span<const std::byte> bytes);
    Result<void> write(std::string_view text);
    Result<void> commit();

  private:
    QString path_;
    QString temporary_;
    int descriptor_ = -1;
    bool failed_ = false;
};

/// A text in one call.
Result<void> writeFileAtomically(const QString& path, std::string_view text);

/// Flushes a folder's entries (names) to the disk.
Result<void> syncFolder(const QString& path);

/// Removes the temporaries that a killed process left in `folder` (not below it). Those of a process that
/// still lives are left alone.
void sweepTemporaries(const QString& folder);

/// "No space left on device" and its like, as the end of a sentence: "the disk is full".
[[nodiscard]] std::string describeErrno(int error);

} // namespace stillroom
