// Text → hashed n-grams: the `ngram` student's tokens. The recipe, complete, so that others can repeat it:
//
//   1. The text is cut into words: maximal runs of letters, digits, underscores and apostrophes; every byte
//   of a
//      non-ASCII character counts as a letter. `@` in front of a word belongs to it. Everything else
//      separates,
//      `#` too: a hashtag is the word that it is made of. ASCII letters are lower-cased; other characters by
//      Unicode's simple lower case.
//   2. A word's hash is FNV-1a (64 bit) of its bytes. Word n-grams of two and more: h ← h·116049371 + hash of
//   the
//      next word, all modulo 2^64.
//   3. Character n-grams, when asked for: of "<word>", in code points, FNV-1a of their bytes with a leading
//   0x01.
//   4. bucket = mix64(hash) mod buckets.
//
// Order: words; for each word the longer word n-grams that begin there; character n-grams. A text without a
// word has none.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace stillroom {

/// What the sum of a text's `count` n-gram vectors is multiplied with: 1/√count.
[[nodiscard]] inline float ngramScale(std::size_t count) {
    return count == 0 ? 1.0F : 1.0F / std::sqrt(static_cast<float>(count));
}

struct NgramRecipe {
    std::int64_t buckets = 1 << 20; ///< below 2^32
    int wordNgrams = 2;
    int charNgramsMin = 0; ///< 0: none
    int charNgramsMax = 0;

    friend bool operator==(const NgramRecipe&, const NgramRecipe&) = default;
};

/// Appends the buckets of one text. Pure; reuse one NgramReader a thread, its buffers are kept.
class NgramReader {
  public:
    explicit NgramReader(const NgramRecipe& recipe)
        : recipe_(recipe), buckets_(static_cast<std::uint64_t>(recipe.buckets)),
          mask_(std::has_single_bit(buckets_) ? buckets_ - 1 : 0) {}
    void read(std::string_view text, std::vector<std::uint32_t>& buckets);

  private:
    void addCharNgrams(std::vector<std::uint32_t>& buckets) const;
    [[nodiscard]] std::uint32_t bucketOf(std::uint64_t hash) const;

    NgramRecipe recipe_;
    std::uint64_t buckets_, mask_;      ///< mask_: 0 where the number of buckets is no power of two
    std::vector<char> lowered_;         // words one after the other; longer than they are
    std::vector<std::size_t> wordEnds_; // into lowered_
    std::vector<std::uint64_t> hashes_;
};

} // namespace stillroom
