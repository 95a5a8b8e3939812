// Token ids kept on disk: a data set is tokenized once, later runs read what came of it.
#pragma once

#include "core/text/tokenizer.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stillroom {

/// $STILLROOM_CACHE, else "stillroom" below the user's cache folder ($XDG_CACHE_HOME, ~/.cache).
[[nodiscard]] std::string defaultCacheFolder();

/// Of the texts, their order and their lengths: BLAKE2b-256, 64 hex digits.
[[nodiscard]] std::string hashTexts(std::span<const std::string_view> texts);

struct CachedTexts {
    TokenizedTexts texts;
    bool fromCache = false;
    std::string remark; ///< a sentence when what was made could not be kept; else empty
};

/// What `encodeAll` gives, from `folder`/tokens where it lies under the hash of these texts, these tokenizer
/// files and this `maxLength`, else made and put there. A file there is somebody else's until it is checked:
/// one that is damaged, cut off or of other contents is made anew. A folder that cannot be written costs
/// time, no error. Errors: those of `encodeAll`. Any thread and any number of processes.
Result<CachedTexts> tokenizeCached(const Tokenizer& tokenizer, std::span<const std::string_view> texts,
                                   const TokenizeOptions& options, const std::string& folder,
                                   Progress* progress = nullptr);

/// Removes what was not used for longest until `folder`/tokens holds at most `bytes`. `tokenizeCached` does
/// so with 4 GiB after it has put something there.
void trimTokenCache(const std::string& folder, std::int64_t bytes);

} // namespace stillroom
