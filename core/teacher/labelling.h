// An LLM asked for what it says of many texts: resumably, within a budget, many at a time. Every answer is on
// disk before it counts.
//
// Rows whose answer is in the store are not asked; rows with the same prompt are asked once. What may be
// another next time is tried again `retries` times, after 0.5, 1, 2, … seconds (at most 60, with jitter): no
// connection, a connection closed midway, no whole answer in time, 408, 409, 425, 429, 5xx, a reply that is
// no JSON or of another shape. Retry-After holds back all requests. A 400 that asks for
// max_completion_tokens, or one to a request for several votes, is asked otherwise at once. A redirect, a
// reply over 1 MiB, 400 and the like fail the row at once; 401, 402, 403, 404, 405, 410, a spent quota and an
// untrusted certificate end the whole, as do twenty (or twice `concurrency`) rows in a row that failed, and
// as many refused ones before the first answer. A row that failed is asked again the next time; one that was
// refused (its answer names no class) is stored, and asked again with `askAgain` alone. Votes that come one
// by one are stored as they come, and a row counts once it has all.
#pragma once

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/teacher/llm_settings.h"
#include "core/teacher/teacher_outputs.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

/// Where a labelling is. Plain data.
struct LabellingState {
    std::int64_t rows = 0;  ///< wanted
    std::int64_t known = 0; ///< of them in the store, those of earlier times included
    std::int64_t asked = 0; ///< requests sent this time, retries included
    std::int64_t retried = 0;
    std::int64_t refused =
        0; ///< rows whose answer named no class (a refusal, or not to be read): kept raw, listed
    std::int64_t failed = 0; ///< rows given up after the last retry
    std::int64_t underWay = 0;
    std::int64_t promptTokens = 0, answerTokens = 0; ///< this time, as the server counts them
    double money = 0;                                ///< this time, by the prices of the settings
    double outside = 0;     ///< mean share of the probability or votes, of this time's answers, for no class
    double secondsLeft = 0; ///< 0: not known yet
    double waiting = 0;     ///< seconds that the server asked us to wait (Retry-After); 0: none
    std::string problem;    ///< the latest, one sentence; empty: none
    bool finished = false;
};

struct LabellingProblem {
    std::uint32_t row;
    std::string reason; ///< one sentence
    std::string reply;  ///< the raw one, at most 2,000 bytes
};

struct LabellingResult {
    LabellingState state;
    std::vector<LabellingProblem> problems; ///< the first fifty of refused and failed rows
    std::string
        ended; ///< empty: all rows done; else why it ended before ("the budget of 2,000 calls is spent")
};

struct LabellingRequest {
    LlmSettings settings;
    std::vector<std::uint32_t> rows; ///< of the dataset, in the order of asking
    std::string folder;              ///< where relative paths of prompt and store begin
    bool askAgain = false;           ///< those again that were refused
};

/// Owns a thread with its own event loop. All calls return at once but `wait` and the destructor, which
/// cancels and waits for what is under way to be dropped. Any thread.
class Labelling {
  public:
    /// Reads the prompt's template, a page. Errors: settings (address, model), prompt.
    static Result<std::unique_ptr<Labelling>> start(LabellingRequest request,
                                                    std::shared_ptr<const Dataset> data);
    ~Labelling();
    Labelling(const Labelling&) = delete;
    Labelling& operator=(const Labelling&) = delete;

    [[nodiscard]] LabellingState state() const;
    void cancel();
    /// Errors: there is no key; what ends the whole (above); the store could not be opened, read or written.
    /// What was answered before is stored. Cancelled is none: `ended` says it. One thread, once.
    Result<LabellingResult> wait();
    /// True: it is over. Waits at most so long.
    [[nodiscard]] bool wait(int milliseconds);

  private:
    struct Private;
    explicit Labelling(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d_;
};

/// What an LLM was asked before and answered, from the store alone: nobody is asked. Rows without an answer
/// have none.
Result<TeacherOutputs> storedAnswers(const LlmSettings& settings, const std::string& folder,
                                     const Dataset& data);

/// What asking all of `rows` would cost, from prompts of 20 of them: tokens estimated from bytes (4 a token)
/// until answers in the store say how many a server counts. Nobody is asked.
struct LabellingEstimate {
    std::int64_t rows = 0, known = 0;
    double promptTokens = 0, answerTokens = 0; ///< of all that are not known
    double money = 0;
    std::string firstPrompt; ///< as it would be sent
};
Result<LabellingEstimate> estimateLabelling(const LabellingRequest& request, const Dataset& data);

} // namespace stillroom
