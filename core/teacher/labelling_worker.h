// Asks an LLM about many rows: which next, how many at once, what again and when, what to store, when to end.
// Lives in the thread of a Labelling. Private to core/teacher.
#pragma once

#include "core/teacher/answer_store.h"
#include "core/teacher/labelling.h"
#include "core/teacher/labelling_account.h"
#include "core/teacher/labelling_ask.h"
#include "core/teacher/llm_client.h"
#include "core/teacher/llm_prompt.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

namespace stillroom {

class LabellingWorker : public QObject {
  public:
    using Show = std::function<void(const LabellingState&)>;

    LabellingWorker(const LabellingRequest& request, LlmPrompt prompt, std::shared_ptr<const Dataset> data,
                    const std::atomic<bool>& cancelled, Show show);
    ~LabellingWorker() override;

    /// From the event loop. `over` is called once, when there is nothing left to do.
    void begin(std::function<void()> over);
    void cancel();

    LabellingResult result; ///< once it is over
    std::optional<Error> error;

  private:
    using AskPointer = std::shared_ptr<LabellingAsk>;

    Result<void> lookAtAll();
    void next();
    bool takeRow();
    void send(const AskPointer& ask);
    void heard(const AskPointer& ask, LlmOutcome outcome);
    /// What is wrong with the request itself is mended, and it is sent once more. False: it is not that.
    bool askedOtherwise(const AskPointer& ask, const LlmOutcome& outcome);
    void answered(const AskPointer& ask, LlmOutcome&& outcome);
    void whole(const AskPointer& ask);
    void again(const AskPointer& ask, const LlmOutcome& outcome);
    void rowFailed(const AskPointer& ask, const std::string& sentence, const std::string& body);
    void storeSoon();
    void store();
    void end(std::string why);
    void end(Error problem);
    void finish();
    void publish();

    [[nodiscard]] std::int64_t failuresInARow() const; ///< that end the whole
    [[nodiscard]] std::int64_t stillToSend() const;
    [[nodiscard]] std::string spent() const; ///< see LabellingAccount
    [[nodiscard]] double secondsToWait() const;

    LabellingRequest request_;
    LlmPrompt prompt_;
    std::shared_ptr<const Dataset> data_;
    const std::atomic<bool>& cancelled_;
    Show show_;
    std::function<void()> over_;
    AnswerStore answers_;
    std::unique_ptr<LlmClient> client_;
    std::deque<std::uint32_t> rows_;                   ///< not looked at yet
    std::deque<AskPointer> ready_;                     ///< to be sent, before any other
    std::unordered_map<std::string, AskPointer> open_; ///< by key: sent, waiting or to be stored
    std::vector<AskPointer> toStore_;
    std::vector<StoredVotes> votesToStore_;
    LabellingState state_;
    LabellingAccount account_;
    QTimer tick_;
    QElapsedTimer clock_;
    qint64 pausedUntil_ = 0; ///< on the clock, milliseconds
    double outside_ = 0;     ///< sum over the answers of this time
    std::int64_t newRows_ = 0, newAnswers_ = 0, newRefused_ = 0, inARow_ = 0;
    LlmDialect dialect_;    ///< what the server answered to last
    bool oneByOne_ = false; ///< the server ignores n
    bool unsent_ = false;   ///< a row that was begun waits for a budget that is spent
    bool ending_ = false;
};

} // namespace stillroom
