// Vectors of texts from a frozen encoder, kept on disk: a probe computes them once, later runs start at once.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

/// Everything that the vectors follow from. Each a text of any length and content.
struct VectorKey {
    std::string encoder;   ///< `hashEncoderFolder`
    std::string tokenizer; ///< `Tokenizer::contentHash`
    std::string texts;     ///< `hashTexts`: which, and their order
    int maxLength = 0;     ///< tokens of a text
    std::string pooling;   ///< "cls", "mean", and whether the vectors are scaled to length 1
    /// "cpu fp32", "cuda bf16", …: what else changes the numbers. Vectors of another device or number of
    /// threads differ in their last bits; whether that counts is the caller's to decide.
    std::string arithmetic;
};

/// The `rows` × `dimensions` values under this key, row by row, from `folder`/vectors; nothing where they are
/// not, or where what lies there is damaged, cut off or of another size. Not trusted before it was checked,
/// with a checksum against accidents: who can write into the user's cache can put other vectors there. Any
/// thread and any number of processes.
[[nodiscard]] std::optional<std::vector<float>> loadVectors(const std::string& folder, const VectorKey& key,
                                                            std::int64_t rows, std::int64_t dimensions);

/// Puts them there, whole and synced or not at all; `values` holds `rows` × `dimensions`. Then removes what
/// was not used for longest until the folder holds at most 16 GiB. Errors: not writable, disk full, larger
/// than that; all a remark to the user, who loses time alone.
Result<void> storeVectors(const std::string& folder, const VectorKey& key, std::int64_t rows,
                          std::int64_t dimensions, std::span<const float> values);

/// Removes what was not used for longest until the vectors in `folder`/vectors take at most `bytes`.
void trimVectorCache(const std::string& folder, std::int64_t bytes);

/// Of the bytes of a model's config.json, safetensors files and their index: BLAKE2b-256, 64 hex digits.
/// What came of it is kept in `cacheFolder`/vectors under the files' paths, sizes, inodes and times, so that
/// it is computed once; a cache folder that cannot be written costs time, no error. Errors: no config.json,
/// no weights, not readable.
Result<std::string> hashEncoderFolder(const std::string& folder, const std::string& cacheFolder);

} // namespace stillroom
