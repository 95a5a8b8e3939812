#include "core/teacher/llm_client.h"

#include "core/base/number.h"
#include "core/data/utf8.h"
#include "core/teacher/api_key.h"

#include <QDateTime>
#include <QLocale>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QPointer>
#include <QSslError>
#include <QTimer>
#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace stillroom {

namespace {

constexpr int ConnectionsOfAManager = 6;
constexpr double LongestWait = 86'400;
constexpr std::size_t LongestMessage = 300; // bytes of what a server says

using Verdict = LlmOutcome::Verdict;

/// On one line, cut between characters.
std::string shownMessage(std::string message) {
    message.resize(std::min(message.size(), LongestMessage));
    message.resize(message.size() - unfinishedTail(message));
    std::replace_if(
        message.begin(), message.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return message;
}

} // namespace

struct LlmClient::Call {
    QPointer<QNetworkReply> reply; ///< its manager's, and gone with it
    QNetworkAccessManager* manager = nullptr;
    QTimer timer;
    Done done;
    QByteArray body;
    bool late = false, large = false;
    QString certificate; ///< what is wrong with it; empty: nothing

    ~Call() {
        if (reply.isNull())
            return;
        reply->disconnect();
        reply->abort();
        reply->deleteLater();
    }
};

double readRetryAfter(const QByteArray& value) {
    const std::string text = value.trimmed().toStdString();
    if (const auto seconds = readNumber(text); seconds && *seconds >= 0)
        return std::min(*seconds, LongestWait);
    const QDateTime read = QLocale::c().toDateTime(QString::fromStdString(text),
                                                   QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
    if (!read.isValid())
        return -1;
    const QDateTime then(read.date(), read.time(), Qt::UTC);
    const auto seconds = static_cast<double>(QDateTime::currentDateTimeUtc().msecsTo(then)) / 1000;
    return std::clamp(seconds, 0.0, LongestWait);
}

LlmClient::LlmClient(const LlmSettings& settings, std::string key)
    : settings_(settings), key_(std::move(key)) {
    std::string address = settings.baseUrl;
    while (address.ends_with('/'))
        address.pop_back();
    address_ = QUrl(QString::fromStdString(address + "/chat/completions"));
}

LlmClient::~LlmClient() {
    drop();
}

void LlmClient::drop() {
    calls_.clear();
}

QNetworkAccessManager& LlmClient::manager() {
    for (const auto& one : managers_) {
        const auto busy = std::count_if(calls_.begin(), calls_.end(),
                                        [&](const auto& call) { return call->manager == one.get(); });
        if (busy < ConnectionsOfAManager)
            return *one;
    }
    managers_.push_back(std::make_unique<QNetworkAccessManager>());
    managers_.back()->setProxy(QNetworkProxy::NoProxy);
    return *managers_.back();
}

void LlmClient::post(const QByteArray& body, Done done) {
    QNetworkRequest request(address_);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("stillroom/" STILLROOM_VERSION));
    request.setRawHeader("Accept", "application/json");
    if (!key_.empty())
        request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(key_));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);

    auto owned = std::make_unique<Call>();
    Call* call = owned.get();
    call->manager = &manager();
    calls_.push_back(std::move(owned));
    call->done = std::move(done);
    call->reply = call->manager->post(request, body);
    QObject::connect(call->reply, &QNetworkReply::sslErrors, this, [call](const QList<QSslError>& errors) {
        call->certificate = errors.isEmpty() ? QString() : errors.first().errorString();
    });
    QObject::connect(call->reply, &QIODevice::readyRead, this, [call] {
        call->body += call->reply->readAll();
        if (static_cast<std::size_t>(call->body.size()) > LlmReplyLimit) {
            call->large = true;
            call->reply->abort();
        }
    });
    QObject::connect(call->reply, &QNetworkReply::finished, this, [this, call] { finished(*call); });
    // Of the whole answer: a server that drips must not hold a place for ever.
    call->timer.setSingleShot(true);
    QObject::connect(&call->timer, &QTimer::timeout, this, [call] {
        call->late = true;
        call->reply->abort();
    });
    call->timer.start(static_cast<int>(settings_.timeout * 1000));
}

void LlmClient::finished(Call& call) {
    const auto own =
        std::find_if(calls_.begin(), calls_.end(), [&](const auto& one) { return one.get() == &call; });
    const std::shared_ptr<Call> ended = std::move(*own);
    calls_.erase(own);
    ended->timer.stop();
    // It is its own signal that is being answered here: it goes when that is over.
    QMetaObject::invokeMethod(
        this, [ended] {}, Qt::QueuedConnection);
    QNetworkReply& reply = *ended->reply;
    if (!ended->large && reply.isOpen()) // one that was aborted is closed
        ended->body += reply.readAll();

    LlmOutcome outcome;
    outcome.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const int status = outcome.status;
    if (reply.hasRawHeader("Retry-After"))
        outcome.wait = readRetryAfter(reply.rawHeader("Retry-After"));
    std::string raw;
    appendRepaired(raw, {ended->body.constData(), static_cast<std::size_t>(ended->body.size())});
    const bool good = status >= 200 && status < 300;
    outcome.body = good ? withoutKey(raw, key_) : withoutPartsOfKey(raw, key_);
    std::string said = shownMessage(withoutPartsOfKey(readErrorMessage(raw), key_));
    said = said.empty() ? std::string() : ": " + said;
    const auto set = [&](Verdict verdict, std::string sentence) {
        outcome.verdict = verdict;
        outcome.sentence = std::move(sentence);
    };
    if (ended->large || static_cast<std::size_t>(ended->body.size()) > LlmReplyLimit) {
        outcome.body.clear();
        set(Verdict::RowFailed, "the server's reply is longer than 1 MiB, which no answer is");
    } else if (ended->late) {
        set(Verdict::Again, fmt::format("there was no whole answer within {} seconds (teacher.timeout)",
                                        writeNumber(settings_.timeout)));
    } else if (!ended->certificate.isEmpty()) {
        set(Verdict::End,
            fmt::format(
                "the certificate of {} is not trusted ({}); see that teacher.base_url is right, or add the "
                "server's authority to the system's certificates",
                address_.host().toStdString(), ended->certificate.toStdString()));
    } else if (reply.error() == QNetworkReply::SslHandshakeFailedError) {
        set(Verdict::End,
            fmt::format("there is no secure connection to {}; see that teacher.base_url is right",
                        address_.host().toStdString()));
    } else if (status == 0 || (status < 300 && reply.error() != QNetworkReply::NoError)) {
        set(Verdict::Again, fmt::format("the connection to {} failed: {}", address_.host().toStdString(),
                                        withoutPartsOfKey(reply.errorString().toStdString(), key_)));
    } else if (status >= 300 && status < 400) {
        set(Verdict::RowFailed,
            fmt::format(
                "the server sends to another address (status {}), and redirects are not followed; set "
                "teacher.base_url to the address itself",
                status));
    } else if (status == 401 || status == 403) {
        set(Verdict::End,
            fmt::format("the server refused the key (status {}); see that the environment variable {} "
                        "(or the keychain) holds a key for {} that may use the model {}",
                        status, settings_.keyVariable, address_.host().toStdString(), settings_.model));
    } else if (status == 429 && raw.find("insufficient_quota") != std::string::npos) {
        set(Verdict::End, "the server says that the account's quota is spent (status 429)" + said);
    } else if (status == 402 || status == 404 || status == 405 || status == 410) {
        set(Verdict::End,
            fmt::format("the server cannot be asked that way (status {}){}; see teacher.base_url and "
                        "teacher.model",
                        status, said));
    } else if (status == 408 || status == 409 || status == 425 || status == 429 || status >= 500) {
        set(Verdict::Again, fmt::format("the server answered with status {}{}", status, said));
    } else if (status >= 400) {
        set(Verdict::RowFailed, fmt::format("the server refused the request (status {}){}", status, said));
    } else if (auto read = readReply(outcome.body); !read) {
        set(Verdict::Again, std::move(read.error().message));
    } else {
        outcome.verdict = Verdict::Answered;
        outcome.reply = std::move(*read);
    }
    ended->done(std::move(outcome));
}

} // namespace stillroom
