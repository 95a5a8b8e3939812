#include "core/files/network_disk.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <sys/vfs.h>

namespace stillroom {

bool isOnNetworkDisk(const std::string& folder) {
    // statfs(2) and linux/magic.h. FUSE may be local as well (NTFS); the rollback journal is right there too.
    static constexpr std::array<std::uint32_t, 15> kinds{
        0x00006969, // NFS
        0x0000517B, // SMB
        0xFF534D42, // CIFS
        0xFE534D42, // SMB2
        0x65735546, // FUSE: sshfs, s3fs, …
        0x01021997, // 9p: virtual machines, WSL
        0x6A656A63, // virtio-fs as some kernels report it
        0x5346414F, // AFS
        0x73757245, // Coda
        0x0000564C, // NCP
        0x00C36400, // Ceph
        0x0BD00BD0, // Lustre
        0x47504653, // GPFS
        0x19830326, // BeeGFS
        0x7461636F, // OCFS2
    };
    struct statfs about {};
    if (statfs(folder.c_str(), &about) != 0)
        return false;
    return std::find(kinds.begin(), kinds.end(), static_cast<std::uint32_t>(about.f_type)) != kinds.end();
}

} // namespace stillroom
