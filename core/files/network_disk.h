// Whether a folder is shared with other machines.
#pragma once

#include <string>

namespace stillroom {

/// True when `folder` lies on a file system that other machines may share (NFS, SMB, FUSE, …): there SQLite's
/// write-ahead log, which needs shared memory, must not be used. False when it cannot be told.
[[nodiscard]] bool isOnNetworkDisk(const std::string& folder);

} // namespace stillroom
