// What an LLM answered, on disk: one SQLite file that several processes may use at once. It can be opened
// from Python or R; its table `answers` says what each column is.
#pragma once

#include "core/files/sqlite.h"
#include "core/teacher/llm_settings.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

struct StoredAnswer {
    std::string key; ///< answerKey
    std::string model;
    std::string replies; ///< a JSON list of the server's replies as they came; see readReplies
    std::string refused; ///< empty: it named a class; else why not
    std::int64_t promptTokens = 0, answerTokens = 0;
};

/// Some of the votes of an answer that has not all of them yet.
struct StoredVotes {
    std::string key;   ///< answerKey
    std::string reply; ///< the server's, as it came
};

/// The store of these settings: `answers`, relative to `folder`; else <model>.sqlite in $STILLROOM_ANSWERS or
/// in stillroom/answers of the user's data (~/.local/share): answers cost money, so that they are no cache.
[[nodiscard]] std::string answersPath(const LlmSettings& settings, const std::string& folder);

/// One thread at a time. A killed process loses no answer that was put, and leaves a store that opens.
class AnswerStore {
  public:
    enum class Mode { Read, Write };
    /// Write makes file and folder where there are none. Errors: cannot be made, opened or read; no store of
    /// answers; made by a newer Stillroom; damaged (the sentence says what to do).
    Result<void> open(const std::string& path, Mode mode);
    /// To read. False: there is no file, or one without tables, whose maker was killed before it had any;
    /// there is nothing to find then. Errors: as above.
    Result<bool> openIfThere(const std::string& path);

    Result<std::optional<StoredAnswer>> find(const std::string& key);
    struct Known {
        bool stored = false, refused = false;
    };
    Result<Known> look(const std::string& key);
    /// The replies with votes for an answer that was begun, in the order of their coming. Of a store that is
    /// written.
    Result<std::vector<std::string>> begun(const std::string& key);
    /// All in one transaction, on the disk before this returns; votes first, and those of an answer go with
    /// its coming. An answer that is there already stays, unless it was refused: then it moves to the table
    /// `earlier`. Errors: the disk is full or cannot be written; another program holds the store locked.
    /// Nothing is changed then.
    Result<void> put(std::span<const StoredAnswer> answers, std::span<const StoredVotes> votes = {});

  private:
    Result<void> create(const std::string& path);
    /// Without tables, and of no other program.
    Result<bool> isEmpty();
    Result<void> checkFormat(const std::string& path);
    Result<void> prepare(Mode mode);
    Result<void> putOne(const StoredAnswer& answer);

    Database database_;
    Statement find_, look_, insert_, move_, remove_, begun_, vote_, forget_;
};

} // namespace stillroom
