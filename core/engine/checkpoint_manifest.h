// What a checkpoint says of itself: manifest.json in its folder, beside the files it answers for.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

struct CheckpointManifest {
    /// Another one when older programs cannot go on from a checkpoint of this one.
    static constexpr int Format = 1;

    struct File {
        std::string name; ///< below the checkpoint's folder
        std::int64_t bytes = 0;
        std::string blake2b; ///< BLAKE2b-256 of its bytes, hexadecimal
    };

    std::string version;            ///< of the Stillroom that wrote it
    std::int64_t step = 0;          ///< candidate batches done
    std::int64_t stepsPerEpoch = 0; ///< of the data and batch it was trained with
    std::int64_t evaluations =
        0; ///< recorded up to here; later ones are taken back when a run goes on from it
    std::int64_t openWindow = 0; ///< first step of the window (WindowRecord) that was open; 0: none was
    std::string rule;            ///< "llkd": whose memory it holds
    std::string data;            ///< which samples, pseudo-labels and confidences (samplesPrint), hexadecimal
    std::int64_t bestStep = 0;   ///< 0: no student was the best yet
    std::string bestFolder;      ///< of that student, below the run's checkpoints folder; empty: none
    std::vector<File> files;     ///< all but the manifest itself
};

/// Measures the files named in `manifest.files` and writes manifest.json, atomically and synced. Errors:
/// disk.
Result<void> writeManifest(const std::string& folder, CheckpointManifest manifest);

/// Words: what the manifest says is enough. Files: every file is read and held against it.
enum class ManifestCheck { Words, Files };
/// Errors, one sentence each: there is none, it is damaged, of a newer Stillroom, or a file is missing, of
/// another size or other bytes.
Result<CheckpointManifest> readManifest(const std::string& folder, ManifestCheck check);

} // namespace stillroom
