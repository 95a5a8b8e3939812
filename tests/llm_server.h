// An LLM's server for tests: OpenAI's chat completions on 127.0.0.1, in a thread of its own. It counts what
// it is asked, answers by a hash of the row's number — the same whenever it is asked — and misbehaves as
// told.
//
// A row is known by the last "row-<number>" in the last message, so texts of such tests carry one.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <functional>
#include <memory>
#include <vector>

namespace stillroom::test {

enum class Fault {
    None,
    Status,      ///< the status of `Behaviour::status`, with `headers`; `body` as it stands
    Hang,        ///< takes the request, answers nothing
    Drip,        ///< a good head, then a byte of the body every 100 ms and never the last
    CloseMidway, ///< half of a good answer, or `body` as the beginning of one; then the connection ends
    CloseAtOnce, ///< the connection ends without an answer
    WrongJson,   ///< 200, and no JSON
    WrongSchema, ///< 200, JSON that is no chat completion
    Huge,        ///< 200, JSON of `bytes` bytes
    Reply,       ///< 200, a good completion whose content is `body`, without log-probabilities
    NotHttp,     ///< a line that is no HTTP at all
};

struct Behaviour {
    Fault fault = Fault::None;
    int status = 200;
    QByteArray headers = {}; ///< whole lines, each with its \r\n
    QByteArray body = {};    ///< "$AUTHORIZATION" in it becomes what the request's header of that name said
    qint64 bytes = 10'000'000;
};

/// One request, as it came in.
struct Asked {
    int row;   ///< −1: no row was found in it
    qint64 at; ///< milliseconds since the server's start
    QByteArray authorization;
};

class LlmServer {
  public:
    /// What to do with the `time`-th request for `row`, counted from 0. Called in the server's thread.
    using Rule = std::function<Behaviour(int row, int time)>;

    /// `classes` in the order of the experiment's. Files of a certificate and its key: https.
    explicit LlmServer(QStringList classes, Rule rule = {}, const QString& certificate = {},
                       const QString& key = {});
    ~LlmServer();
    LlmServer(const LlmServer&) = delete;
    LlmServer& operator=(const LlmServer&) = delete;

    /// "http://127.0.0.1:40123/v1"; empty: it could not be started.
    [[nodiscard]] QString baseUrl() const;
    void setRule(Rule rule);
    /// Every answer waits that long.
    void setDelay(int milliseconds);

    /// How many answers one request (`n`) can have; with more it gets `most`, or is refused with 400.
    void setMostAnswers(int most, bool refuseMore);

    /// As OpenAI's newer models: max_tokens is refused with 400, max_completion_tokens is not.
    void refuseMaxTokens();

    // Any thread, at any time.
    [[nodiscard]] std::vector<Asked> asked() const;
    [[nodiscard]] std::vector<int> timesAsked(int rows) const; ///< by row
    [[nodiscard]] qint64 requests() const;
    [[nodiscard]] qint64 answered() const;     ///< good answers that were written in full
    [[nodiscard]] int connections() const;     ///< open now
    [[nodiscard]] int mostConnections() const; ///< open at once
    [[nodiscard]] QByteArray lastBody() const;
    /// Of a client that is gone: until what it had sent is taken in. False: it took longer than 10 s.
    [[nodiscard]] bool waitUntilAlone() const;

    /// What the teacher truly says of a row: shape K, sums to 1, no two entries near each other.
    static std::vector<double> distribution(int row, int classes);
    /// The share of its log-probabilities that falls on tokens that are no choice.
    static constexpr double Outside = 0.04;

    struct Private;

  private:
    std::unique_ptr<Private> d_;
};

} // namespace stillroom::test
