// Requests to an OpenAI-compatible server, many at a time, and what became of each. It tries nothing again:
// that is for who asks (labelling_worker.h), by the verdict.
#pragma once

#include "core/teacher/llm_reply.h"
#include "core/teacher/llm_settings.h"

#include <QByteArray>
#include <QObject>
#include <QUrl>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QNetworkAccessManager;
class QNetworkReply;

namespace stillroom {

struct LlmOutcome {
    enum class Verdict {
        Answered,
        /// May be another next time: no connection, a connection that was closed, no whole answer in time,
        /// 408, 409, 425, 429, 5xx, a reply that is no JSON or of another shape.
        Again,
        /// Will be the same next time, of this row: a redirect (never followed), a reply over 1 MiB, 400,
        /// 413, 422 and every 4xx that is not named here.
        RowFailed,
        /// Will be the same for every row: 401, 402, 403, 404, 405, 410, a 429 that says that the quota is
        /// spent, a certificate that is not trusted.
        End,
    };
    Verdict verdict = Verdict::Again;
    int status = 0;       ///< of HTTP; 0: there was none
    std::string sentence; ///< what went wrong; the key is never in it
    std::string body;     ///< as it came, the key aside
    LlmReply reply;       ///< Answered
    double wait = -1;     ///< seconds that the server asks all to wait (Retry-After); −1: it does not
};

/// Lives in a thread with an event loop; one thread.
class LlmClient : public QObject {
  public:
    using Done = std::function<void(LlmOutcome)>;

    /// `key` may be empty. Settings that checkLlm accepts.
    LlmClient(const LlmSettings& settings, std::string key);
    ~LlmClient() override;

    /// `done` is called once, from the event loop, unless `drop` comes first.
    void post(const QByteArray& body, Done done);
    /// Ends everything under way; nobody is told.
    void drop();

  private:
    struct Call;
    /// One with room for a request: Qt has six connections to a server at most from each.
    QNetworkAccessManager& manager();
    void finished(Call& call);

    LlmSettings settings_;
    std::string key_;
    QUrl address_;
    std::vector<std::unique_ptr<QNetworkAccessManager>> managers_;
    std::vector<std::unique_ptr<Call>> calls_;
};

/// Seconds of a Retry-After header (a number, or a date of HTTP's), at most a day; −1: it cannot be read.
[[nodiscard]] double readRetryAfter(const QByteArray& value);

} // namespace stillroom
