#include "core/teacher/labelling_worker.h"

#include "core/teacher/api_key.h"
#include "core/teacher/labelling_problems.h"
#include "core/teacher/probabilities.h"

#include <QRandomGenerator>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr double FirstPause = 0.5, LongestPause = 60; // seconds

using Verdict = LlmOutcome::Verdict;

/// "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'…"
bool namesOtherLimit(const LlmOutcome& outcome) {
    return (outcome.status == 400 || outcome.status == 422) &&
           readErrorMessage(outcome.body).find("max_completion_tokens") != std::string::npos;
}

/// "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model", or just
/// 400.
bool refusesSchema(const LlmOutcome& outcome) {
    return outcome.status == 400 || outcome.status == 422 || outcome.status == 501;
}

/// Some servers refuse n instead of ignoring it.
bool refusesMany(const LlmOutcome& outcome) {
    return outcome.status == 400 || outcome.status == 422 ||
           (outcome.status >= 500 && outcome.sentence.find("choice") != std::string::npos);
}

} // namespace

LabellingWorker::LabellingWorker(const LabellingRequest& request, LlmPrompt prompt,
                                 std::shared_ptr<const Dataset> data, const std::atomic<bool>& cancelled,
                                 Show show)
    : request_(request), prompt_(std::move(prompt)), data_(std::move(data)), cancelled_(cancelled),
      show_(std::move(show)), account_(request.settings) {}

LabellingWorker::~LabellingWorker() = default;

void LabellingWorker::begin(std::function<void()> over) {
    over_ = std::move(over);
    clock_.start();
    state_.rows = static_cast<std::int64_t>(request_.rows.size());
    const std::string path = answersPath(request_.settings, request_.folder);
    if (auto opened = answers_.open(path, AnswerStore::Mode::Write); !opened)
        return end(std::move(opened.error()));
    if (auto looked = lookAtAll(); !looked)
        return end(std::move(looked.error()));
    if (cancelled_)
        return end("it was cancelled");
    if (rows_.empty())
        return finish();
    auto key = findApiKey(request_.settings);
    if (!key)
        return end(std::move(key.error()));
    client_ = std::make_unique<LlmClient>(request_.settings, std::move(*key));
    clock_.restart();
    connect(&tick_, &QTimer::timeout, this, [this] { next(); });
    tick_.start(200);
    next();
}

/// Which rows have to be asked, and which refused ones there are.
Result<void> LabellingWorker::lookAtAll() {
    std::int64_t looked = 0;
    for (const auto row : request_.rows) {
        if (cancelled_)
            return {};
        const std::string key = answerKey(request_.settings, prompt_.ask(data_->text(row)));
        const auto known = answers_.look(key);
        if (!known)
            return fail(known.error());
        if (!known->stored || (known->refused && request_.askAgain)) {
            rows_.push_back(row);
        } else {
            ++state_.known;
            if (known->refused) {
                ++state_.refused;
                if (!isFull(result))
                    if (const auto stored = answers_.find(key); stored && *stored) {
                        const auto replies = readReplies((*stored)->replies);
                        addProblem(
                            result, row, (*stored)->refused,
                            whatWasSaid(replies ? *replies : std::vector<LlmReply>(), (*stored)->replies));
                    }
            }
        }
        if (++looked % 1024 == 0)
            publish();
    }
    publish();
    return {};
}

// ── asking ──────────────────────────────────────────────────────────────────────────────────────────────

void LabellingWorker::next() {
    if (ending_)
        return;
    const auto concurrency = request_.settings.concurrency;
    while (!ending_ && secondsToWait() <= 0 && state_.underWay < concurrency) {
        if (!ready_.empty()) {
            const AskPointer ask = ready_.front();
            ready_.pop_front();
            send(ask);
        } else if (rows_.empty() || static_cast<std::int64_t>(open_.size()) >= 2 * concurrency ||
                   !takeRow()) {
            break;
        }
    }
    if (ending_)
        return;
    publish();
    if (!open_.empty())
        return;
    if (rows_.empty() && !unsent_)
        return finish();
    if (std::string why = spent(); !why.empty())
        end(std::move(why));
}

/// Sends the next row, or finds that it need not be sent. False: the budget does not allow it.
bool LabellingWorker::takeRow() {
    const std::uint32_t row = rows_.front();
    LlmQuestion question = prompt_.ask(data_->text(row));
    std::string key = answerKey(request_.settings, question);
    if (const auto same = open_.find(key); same != open_.end()) {
        same->second->rows.push_back(row);
        rows_.pop_front();
        return true;
    }
    // Another process, or a text like this one, may have been quicker.
    const auto known = answers_.look(key);
    if (!known) {
        end(known.error());
        return false;
    }
    if (known->stored && !(known->refused && request_.askAgain)) {
        rows_.pop_front();
        ++state_.known;
        state_.refused += known->refused ? 1 : 0;
        return true;
    }
    if (!spent().empty())
        return false;
    rows_.pop_front();
    const auto ask = std::make_shared<LabellingAsk>();
    ask->rows = {row};
    ask->key = key;
    ask->question = std::move(question);
    if (request_.settings.ask == LlmAsk::Votes) {
        const auto begun = answers_.begun(key);
        if (!begun) {
            end(begun.error());
            return false;
        }
        ask->goOnFrom(*begun);
    }
    open_.emplace(std::move(key), ask);
    if (ask->missing(request_.settings) > 0)
        send(ask);
    else
        whole(ask);
    return true;
}

void LabellingWorker::send(const AskPointer& ask) {
    const auto& settings = request_.settings;
    if (settings.budgetCalls > 0 && state_.asked >= settings.budgetCalls) { // those under way are waited for
        unsent_ = true;
        open_.erase(ask->key);
        return;
    }
    ask->wanted = oneByOne_ ? 1 : ask->missing(settings);
    if (dialect_.limit != LlmLimitName::MaxTokens)
        ask->dialect.limit = dialect_.limit;
    ask->dialect.schema = ask->dialect.schema && dialect_.schema;
    ++state_.asked;
    ++state_.underWay;
    client_->post(requestBody(settings, ask->question, ask->wanted, ask->dialect),
                  [this, ask](LlmOutcome outcome) { heard(ask, std::move(outcome)); });
}

void LabellingWorker::heard(const AskPointer& ask, LlmOutcome outcome) {
    --state_.underWay;
    if (outcome.wait > 0 && outcome.verdict == Verdict::Again)
        pausedUntil_ = std::max(pausedUntil_, clock_.elapsed() + std::llround(outcome.wait * 1000));
    if (askedOtherwise(ask, outcome))
        return next();
    if (outcome.verdict != Verdict::Answered)
        state_.problem = outcome.sentence;
    switch (outcome.verdict) {
    case Verdict::Answered:
        answered(ask, std::move(outcome));
        break;
    case Verdict::Again:
        again(ask, outcome);
        break;
    case Verdict::RowFailed:
        rowFailed(ask, outcome.sentence, outcome.body);
        break;
    case Verdict::End:
        end(Error{outcome.sentence});
        break;
    }
    next();
}

bool LabellingWorker::askedOtherwise(const AskPointer& ask, const LlmOutcome& outcome) {
    // The other name is everybody's once it was answered: a message may repeat a text that names it.
    if (ask->dialect.limit == LlmLimitName::MaxTokens && namesOtherLimit(outcome))
        ask->dialect.limit = LlmLimitName::MaxCompletionTokens;
    else if (request_.settings.ask == LlmAsk::Stated && ask->dialect.schema && refusesSchema(outcome))
        ask->dialect.schema = false;
    else if (ask->wanted > 1 && refusesMany(outcome))
        oneByOne_ = true;
    else
        return false;
    ready_.push_front(ask);
    return true;
}

void LabellingWorker::answered(const AskPointer& ask, LlmOutcome&& outcome) {
    account_.add(outcome.reply, ask->promptBytes(), state_);
    dialect_.limit = ask->dialect.limit;
    dialect_.schema = dialect_.schema && ask->dialect.schema;
    const auto got = static_cast<std::int64_t>(outcome.reply.choices.size());
    ask->take(outcome.body, std::move(outcome.reply));
    if (ask->missing(request_.settings) == 0)
        return whole(ask);
    oneByOne_ = oneByOne_ || got < ask->wanted;
    ready_.push_front(ask);
    storeSoon();
    votesToStore_.push_back({ask->key, std::move(outcome.body)});
}

void LabellingWorker::whole(const AskPointer& ask) {
    ask->answer = readAnswer(request_.settings, ask->replies, ask->question.choices);
    storeSoon();
    toStore_.push_back(ask);
}

void LabellingWorker::again(const AskPointer& ask, const LlmOutcome& outcome) {
    if (++ask->attempts > request_.settings.retries) {
        const std::string times = ask->attempts == 1 ? "" : fmt::format(" (asked {} times)", ask->attempts);
        return rowFailed(ask, outcome.sentence + times, outcome.body);
    }
    ++state_.retried;
    const double longest =
        std::min(LongestPause, FirstPause * std::pow(2.0, static_cast<double>(ask->attempts - 1)));
    const double pause =
        std::max(outcome.wait, longest * (0.5 + 0.5 * QRandomGenerator::global()->generateDouble()));
    QTimer::singleShot(static_cast<int>(pause * 1000), this, [this, ask] {
        if (ending_)
            return;
        ready_.push_back(ask);
        next();
    });
}

void LabellingWorker::rowFailed(const AskPointer& ask, const std::string& sentence, const std::string& body) {
    open_.erase(ask->key);
    state_.failed += static_cast<std::int64_t>(ask->rows.size());
    for (const auto row : ask->rows)
        addProblem(result, row, sentence, body);
    const auto limit = failuresInARow();
    if (++inARow_ >= limit)
        end(Error{
            fmt::format("the last {} rows all failed, so that asking ended; what is answered is stored. The "
                        "last: {}",
                        limit, sentence)});
}

std::int64_t LabellingWorker::failuresInARow() const {
    return std::max<std::int64_t>(20, 2 * request_.settings.concurrency);
}

// ── storing ─────────────────────────────────────────────────────────────────────────────────────────────

/// With all that arrive in the same turn of the event loop. Before the first of them is there.
void LabellingWorker::storeSoon() {
    if (toStore_.empty() && votesToStore_.empty())
        QMetaObject::invokeMethod(
            this,
            [this] {
                store();
                next();
            },
            Qt::QueuedConnection);
}

void LabellingWorker::store() {
    const std::vector<AskPointer> asks = std::exchange(toStore_, {});
    const std::vector<StoredVotes> votes = std::exchange(votesToStore_, {});
    if (asks.empty() && votes.empty())
        return;
    std::vector<StoredAnswer> answers;
    answers.reserve(asks.size());
    for (const auto& ask : asks)
        answers.push_back(ask->stored(request_.settings.model));
    if (auto put = answers_.put(answers, votes); !put) {
        Error problem = std::move(put.error());
        problem.kind = ErrorKind::Training;
        error = std::move(problem); // of more than one this is the one to know
        if (!ending_)
            finish();
        return;
    }
    if (!asks.empty())
        inARow_ = 0;
    for (const auto& ask : asks) {
        open_.erase(ask->key);
        const auto rows = static_cast<std::int64_t>(ask->rows.size());
        state_.known += rows;
        newRows_ += rows;
        if (ask->answer.refused.empty()) {
            ++newAnswers_;
            outside_ += ask->answer.outside;
            state_.outside = outside_ / static_cast<double>(newAnswers_);
            continue;
        }
        state_.refused += rows;
        state_.problem = ask->answer.refused;
        for (const auto row : ask->rows)
            addProblem(result, row, ask->answer.refused, ask->said());
        newRefused_ += 1;
    }
    publish();
    // Who is asked wrongly pays for nothing.
    if (newAnswers_ == 0 && newRefused_ >= failuresInARow())
        end(Error{
            fmt::format("the first {} answers name no class, so that asking ended: {}; look at the prompt "
                        "(stillroom-cli label EXPERIMENT --dry-run) and at what was replied: {}",
                        newRefused_, asks.back()->answer.refused, shortened(asks.back()->said()))});
}

// ── the budget and the time ────────────────────────────────────────────────────────────────────────────────

/// Requests that rows under way will still need, of votes that are asked one by one.
std::int64_t LabellingWorker::stillToSend() const {
    if (request_.settings.ask != LlmAsk::Votes || !oneByOne_)
        return static_cast<std::int64_t>(ready_.size());
    std::int64_t all = 0;
    for (const auto& [key, ask] : open_)
        all += ask->missing(request_.settings);
    return all - state_.underWay;
}

std::string LabellingWorker::spent() const {
    const auto& settings = request_.settings;
    return account_.spent(state_, stillToSend(),
                          settings.ask == LlmAsk::Votes && oneByOne_ ? settings.samples : 1);
}

double LabellingWorker::secondsToWait() const {
    return static_cast<double>(std::max<qint64>(0, pausedUntil_ - clock_.elapsed())) / 1000;
}

void LabellingWorker::publish() {
    state_.waiting = secondsToWait();
    state_.secondsLeft = secondsLeft(state_, static_cast<double>(clock_.elapsed()) / 1000, newRows_);
    show_(state_);
}

// ── the end ─────────────────────────────────────────────────────────────────────────────────────────────

void LabellingWorker::cancel() {
    end("it was cancelled");
}

void LabellingWorker::end(std::string why) {
    if (ending_)
        return;
    result.ended = std::move(why);
    finish();
}

void LabellingWorker::end(Error problem) {
    if (ending_)
        return;
    error = std::move(problem);
    finish();
}

void LabellingWorker::finish() {
    ending_ = true;
    tick_.stop();
    if (client_)
        client_->drop();
    store(); // what has arrived counts
    state_.underWay = 0;
    state_.secondsLeft = 0;
    state_.finished = true;
    state_.waiting = 0;
    show_(state_);
    result.state = state_;
    over_();
}

} // namespace stillroom
