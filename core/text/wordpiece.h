// WordPiece: a word is the longest token that begins it, then the longest that continues it, and so on; a
// word that cannot be taken apart so is one unknown token (Schuster & Nakajima 2012; Devlin et al., arXiv
// 1810.04805).
#pragma once

#include "core/text/tokenizer_recipe.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace stillroom {

/// Immutable once made; any thread.
class WordPiece {
  public:
    explicit WordPiece(const TokenizerRecipe& recipe);

    /// Appends the ids of one word, which is not empty and valid UTF-8. `hashes` is the caller's scratch.
    void split(std::string_view word, std::vector<std::int32_t>& ids,
               std::vector<std::uint64_t>& hashes) const;

  private:
    TokenTable words_;         ///< the whole vocabulary: what may begin a word
    TokenTable continuations_; ///< tokens after "##", without it
    std::int32_t unknown_;
    std::size_t longestWord_;
};

} // namespace stillroom
