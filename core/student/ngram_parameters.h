// The weights of the `ngram` student, on any device, and their file.
#pragma once

#include "core/base/result.h"
#include "core/student/safetensors.h"
#include "core/text/ngrams.h"

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

/// z = head · h + bias with h = Σ embedding rows of a text's n-grams / √(number of its n-grams): fastText's
/// shape (Joulin et al., arXiv 1607.01759) but for the root, which keeps h of one size whatever the length
/// where a mean makes long texts faint: on HumAID 0.6 points of accuracy. The embedding starts at zero and
/// the head at random, so a row that was never trained adds nothing and need not be stored.
struct NgramParameters {
    at::Tensor embedding; ///< U×D float
    at::Tensor head;      ///< K×D
    at::Tensor bias;      ///< K

    static NgramParameters initial(std::int64_t rows, int dimensions, int classCount, std::uint64_t seed);
    [[nodiscard]] NgramParameters clone() const;
    void copyFrom(const NgramParameters& other); ///< same shapes
};

/// Rows of an embedding that ever learned: the others are all zero and need not be stored.
struct NgramRows {
    std::vector<std::int64_t> numbers; ///< ascending
    at::Tensor values;                 ///< those rows, R×D
};
/// `embedding`: U×D float on the CPU. A row of zeros of either sign is in use when a zero is negative.
[[nodiscard]] NgramRows rowsInUse(const at::Tensor& embedding);
/// Into an embedding of zeros. False: they are not its rows, and it is as it was.
[[nodiscard]] bool putRows(const NgramRows& rows, at::Tensor& embedding);

/// What a student's file holds.
struct NgramFile {
    NgramRecipe recipe;
    std::vector<std::string> classes;
    std::vector<std::uint32_t> buckets; ///< of each embedding row
    NgramParameters parameters;         ///< on the CPU
};

/// Rows that are all zero are left out. Errors: disk.
Result<void> writeNgramFile(const std::string& path, const NgramFile& file);
/// Errors: not a student of ours, damaged, of a newer version.
Result<NgramFile> readNgramFile(const std::string& path);
/// The same of what readStudentFile read.
Result<NgramFile> parseNgramFile(const Safetensors& stored, const std::string& path);

} // namespace stillroom
