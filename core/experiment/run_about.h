// The user's own words about a run: tags, a note, whether it is put away. They lie in the run's folder as
// about.json, so that they travel with it; the programs never need them.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

struct RunAbout {
    std::vector<std::string> tags; ///< as given, each once
    std::string note;
    bool archived = false; ///< not listed unless wanted

    [[nodiscard]] bool empty() const { return tags.empty() && note.empty() && !archived; }
    friend bool operator==(const RunAbout&, const RunAbout&) = default;
};

/// No file: nothing was said. Errors: unreadable, no JSON, larger than 1 MiB. Any thread.
Result<RunAbout> readRunAbout(const std::string& runFolder);
/// Whole or not at all; nothing to say takes the file away. Errors: folder gone or not writable, disk full.
Result<void> writeRunAbout(const std::string& runFolder, const RunAbout& about);

/// "seed study,  weak teacher , seed study" → the two of them. A tag is at most 60 characters.
[[nodiscard]] std::vector<std::string> tagsOf(std::string_view text);
/// The other way: "seed study, weak teacher".
[[nodiscard]] std::string writeTags(const std::vector<std::string>& tags);

} // namespace stillroom
