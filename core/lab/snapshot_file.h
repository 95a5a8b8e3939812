// An epoch's traces on disk: snapshots/epoch-0001.traces in a run folder. A header of 64 bytes, then N 32-bit
// words as in core/selection/sample_trace.h. Written whole or not at all, read by mapping it into memory.
// Everything is little-endian:
//
//   0   8 bytes  "STILLTRC"
//   8   u32      format, 1
//   12  u32      number of classes
//   16  u64      N, number of samples
//   24  i64      epoch, from 1
//   32  i64      steps done at its end
//   40  u32      1: the epoch is complete; 0: the run was stopped within it
//   44  12 bytes 0
//   56  u64      checksum (traceChecksum) of the words, started with that of bytes 0 … 55
#pragma once

#include "core/base/result.h"
#include "core/selection/sample_trace.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

struct SnapshotInfo {
    std::int64_t epoch = 0; ///< from 1
    std::int64_t step = 0;  ///< steps done at its end
    bool complete = true;   ///< false: the run was stopped within this epoch
    int classCount = 0;
};

/// Of 32-bit words; a change of a single one changes it for certain. Eight words
/// (32 bytes) at a time, the last ones filled up with 0: four 64-bit lanes h ← rotl((h ⊕ word) · odd, 29),
/// which are then mixed into one with the number of words. Several GB a second.
[[nodiscard]] std::uint64_t traceChecksum(std::span<const std::uint32_t> words, std::uint64_t start = 0);

/// Makes the folder when it is missing. Errors: disk. What was there stays.
Result<void> writeSnapshot(const std::string& path, const SnapshotInfo& info,
                           std::span<const SampleTrace> traces);

/// A mapped snapshot. Any thread may read it; it is unmapped with its last owner. Whoever cuts the file while
/// it is mapped ends the program: run folders are not to be written to.
class Snapshot {
  public:
    /// Reads all of it once, to check it (a few ms a million). Errors: not there, not a snapshot, cut off,
    /// damaged (wrong checksum; verdicts, labels or uncertainties that cannot be), newer format, other than
    /// `expectedSamples` (0: any number).
    static Result<std::shared_ptr<const Snapshot>> open(const std::string& path,
                                                        std::size_t expectedSamples = 0);
    /// Of traces in memory: of the epoch under way.
    static std::shared_ptr<const Snapshot> of(const SnapshotInfo& info,
                                              std::shared_ptr<const std::vector<SampleTrace>> traces);
    virtual ~Snapshot() = default;
    [[nodiscard]] virtual const SnapshotInfo& info() const = 0;
    [[nodiscard]] virtual std::span<const SampleTrace> traces() const = 0;
};

/// "snapshots/epoch-0001.traces" below a run folder.
[[nodiscard]] std::string snapshotPath(const std::string& runFolder, std::int64_t epoch);
/// The epochs there are, ascending; empty when the folder is missing.
[[nodiscard]] std::vector<std::int64_t> snapshotEpochs(const std::string& runFolder);

} // namespace stillroom
