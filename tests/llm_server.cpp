#include "llm_server.h"

#include "llm_server_answers.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTcpSocket>
#include <QThread>
#include <QTimer>
#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

namespace stillroom::test {

namespace {

/// A request of HTTP/1.1 with a Content-Length, which is all that a client of ours sends.
struct Request {
    QByteArray authorization, body;
};

QByteArray http(int status, const QByteArray& headers, const QByteArray& body) {
    return "HTTP/1.1 " + QByteArray::number(status) + " Said\r\nContent-Type: application/json\r\n" +
           headers + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

} // namespace

struct LlmServer::Private {
    QStringList classes;
    QThread thread;
    QTcpServer* server = nullptr; ///< lives in `thread`
    QString baseUrl;
    QElapsedTimer clock;

    mutable std::mutex mutex; ///< over what follows
    Rule rule;
    int delay = 0;
    int mostAnswers = 1000;
    bool refuseMore = false;
    bool refuseMaxTokens = false;
    std::vector<Asked> asked;
    std::map<int, int> times;
    QByteArray lastBody;

    std::atomic<qint64> answered{0};
    std::atomic<int> connections{0}, mostConnections{0};

    void accept();
    void read(QTcpSocket* socket, QByteArray& buffer);
    void handle(QTcpSocket* socket, const Request& request);
    void answer(QTcpSocket* socket, const Request& request, const Behaviour& behaviour,
                const QByteArray& good);
};

void LlmServer::Private::accept() {
    while (auto* socket = server->nextPendingConnection()) {
        const int open = ++connections;
        mostConnections = std::max(mostConnections.load(), open); // this thread alone writes it
        auto buffer = std::make_shared<QByteArray>();
        QObject::connect(socket, &QTcpSocket::readyRead, socket,
                         [this, socket, buffer] { read(socket, *buffer); });
        QObject::connect(socket, &QTcpSocket::disconnected, socket, [this, socket] {
            --connections;
            socket->deleteLater();
        });
        read(socket, *buffer); // of an encrypted one there may be something already
        if (socket->state() == QAbstractSocket::UnconnectedState) { // gone before we looked
            --connections;
            socket->deleteLater();
        }
    }
}

void LlmServer::Private::read(QTcpSocket* socket, QByteArray& buffer) {
    buffer += socket->readAll();
    for (;;) {
        const auto end = buffer.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        Request request;
        qsizetype length = 0;
        for (const auto& line : buffer.left(end).split('\n')) {
            const auto colon = line.indexOf(':');
            const QByteArray name = line.left(colon).trimmed().toLower();
            if (name == "content-length")
                length = line.mid(colon + 1).trimmed().toLongLong();
            else if (name == "authorization")
                request.authorization = line.mid(colon + 1).trimmed();
        }
        if (buffer.size() < end + 4 + length)
            return;
        request.body = buffer.mid(end + 4, length);
        buffer.remove(0, end + 4 + length);
        handle(socket, request);
    }
}

void LlmServer::Private::handle(QTcpSocket* socket, const Request& request) {
    auto json = QJsonDocument::fromJson(request.body).object();
    const auto messages = json.value("messages").toArray();
    QString prompt;
    for (const auto& message : messages)
        prompt += message.toObject().value("content").toString() + u'\n';
    const int row = rowOf(prompt);
    int time = 0, wait = 0, most = 0;
    bool refuse = false, refuseLimit = false;
    Rule decide;
    {
        const std::lock_guard lock(mutex);
        time = times[row]++;
        asked.push_back({row, clock.elapsed(), request.authorization});
        lastBody = request.body;
        decide = rule;
        wait = delay;
        most = mostAnswers;
        refuse = refuseMore;
        refuseLimit = refuseMaxTokens && json.contains("max_tokens");
    }
    Behaviour behaviour = decide ? decide(row, time) : Behaviour{};
    if (json.value("n").toInt() > most) {
        if (refuse)
            behaviour = {Fault::Status, 400, {}, R"({"error": {"message": "n is too large"}})"};
        json.insert("n", most);
    }
    if (refuseLimit)
        behaviour = {Fault::Status,
                     400,
                     {},
                     R"({"error": {"message": "'max_tokens' is unsupported; use 'max_completion_tokens'"}})"};
    const QByteArray good = http(200, {}, goodAnswer(json, row, time, classes, prompt));
    if (wait == 0)
        return answer(socket, request, behaviour, good);
    QTimer::singleShot(wait, socket, [=, this] { answer(socket, request, behaviour, good); });
}

void LlmServer::Private::answer(QTcpSocket* socket, const Request& request, const Behaviour& behaviour,
                                const QByteArray& good) {
    QByteArray body = behaviour.body;
    body.replace("$AUTHORIZATION", request.authorization);
    switch (behaviour.fault) {
    case Fault::None:
        socket->write(good);
        ++answered;
        return;
    case Fault::Status:
        socket->write(http(behaviour.status, behaviour.headers, body));
        return;
    case Fault::Hang:
        return;
    case Fault::Drip: {
        auto left = std::make_shared<QByteArray>(good);
        socket->write(left->left(left->indexOf("\r\n\r\n") + 4));
        left->remove(0, left->indexOf("\r\n\r\n") + 4);
        auto* timer = new QTimer(socket);
        QObject::connect(timer, &QTimer::timeout, socket, [socket, left] {
            if (left->size() > 1) {
                socket->write(left->left(1));
                left->remove(0, 1);
            }
        });
        return timer->start(100);
    }
    case Fault::CloseMidway:
        if (body.isEmpty())
            socket->write(good.left(good.indexOf("\r\n\r\n") + 40));
        else
            socket->write(http(behaviour.status, {}, body + "more").chopped(4));
        return socket->disconnectFromHost();
    case Fault::CloseAtOnce:
        return socket->disconnectFromHost();
    case Fault::WrongJson:
        socket->write(http(200, {}, "{\"choices\": [{\"message\": "));
        return;
    case Fault::WrongSchema:
        socket->write(http(200, {}, R"({"choices": {"0": "A"}, "usage": "much"})"));
        return;
    case Fault::Huge: {
        const QByteArray head = "{\"choices\": [{\"message\": {\"content\": \"";
        socket->write(http(200, {}, head + QByteArray(behaviour.bytes, 'x') + "\"}}]}"));
        return;
    }
    case Fault::Reply:
        socket->write(http(200, {}, completionOf(QString::fromUtf8(body))));
        return;
    case Fault::NotHttp:
        socket->write("220 mail.example ESMTP\r\n");
        return socket->disconnectFromHost();
    }
}

LlmServer::LlmServer(QStringList classes, Rule rule, const QString& certificate, const QString& key)
    : d_(std::make_unique<Private>()) {
    d_->classes = std::move(classes);
    d_->rule = std::move(rule);
    d_->clock.start();
    auto* context = new QObject;
    context->moveToThread(&d_->thread);
    QObject::connect(&d_->thread, &QThread::finished, context, &QObject::deleteLater);
    d_->thread.start();
    QMetaObject::invokeMethod(
        context,
        [this, context, certificate, key] {
            if (certificate.isEmpty()) {
                d_->server = new QTcpServer(context);
            } else {
                QFile certificateFile(certificate), keyFile(key);
                if (!certificateFile.open(QIODevice::ReadOnly) || !keyFile.open(QIODevice::ReadOnly))
                    return;
                auto encrypted = new QSslServer(context);
                auto configuration = QSslConfiguration::defaultConfiguration();
                configuration.setPeerVerifyMode(
                    QSslSocket::VerifyNone); // of the client, which has no certificate
                configuration.setLocalCertificate(QSslCertificate(&certificateFile));
                configuration.setPrivateKey(QSslKey(&keyFile, QSsl::Rsa));
                encrypted->setSslConfiguration(configuration);
                d_->server = encrypted;
            }
            d_->server->setMaxPendingConnections(256);
            QObject::connect(d_->server, &QTcpServer::pendingConnectionAvailable, context,
                             [this] { d_->accept(); });
            if (d_->server->listen(QHostAddress::LocalHost))
                d_->baseUrl = QStringLiteral("%1://127.0.0.1:%2/v1")
                                  .arg(certificate.isEmpty() ? "http" : "https")
                                  .arg(d_->server->serverPort());
        },
        Qt::BlockingQueuedConnection);
}

LlmServer::~LlmServer() {
    d_->thread.quit();
    d_->thread.wait();
}

QString LlmServer::baseUrl() const {
    return d_->baseUrl;
}

void LlmServer::setRule(Rule rule) {
    const std::lock_guard lock(d_->mutex);
    d_->rule = std::move(rule);
}

void LlmServer::setDelay(int milliseconds) {
    const std::lock_guard lock(d_->mutex);
    d_->delay = milliseconds;
}

void LlmServer::setMostAnswers(int most, bool refuseMore) {
    const std::lock_guard lock(d_->mutex);
    d_->mostAnswers = most;
    d_->refuseMore = refuseMore;
}

void LlmServer::refuseMaxTokens() {
    const std::lock_guard lock(d_->mutex);
    d_->refuseMaxTokens = true;
}

std::vector<Asked> LlmServer::asked() const {
    const std::lock_guard lock(d_->mutex);
    return d_->asked;
}

std::vector<int> LlmServer::timesAsked(int rows) const {
    const std::lock_guard lock(d_->mutex);
    std::vector<int> times(static_cast<std::size_t>(rows));
    for (const auto& [row, count] : d_->times)
        if (row >= 0 && row < rows)
            times[static_cast<std::size_t>(row)] = count;
    return times;
}

qint64 LlmServer::requests() const {
    const std::lock_guard lock(d_->mutex);
    return static_cast<qint64>(d_->asked.size());
}

qint64 LlmServer::answered() const {
    return d_->answered;
}

int LlmServer::connections() const {
    return d_->connections;
}

int LlmServer::mostConnections() const {
    return d_->mostConnections;
}

QByteArray LlmServer::lastBody() const {
    const std::lock_guard lock(d_->mutex);
    return d_->lastBody;
}

bool LlmServer::waitUntilAlone() const {
    int quiet = 0; // ten looks in a row: a connection may still wait to be accepted
    for (int i = 0; i < 1000 && quiet < 10; ++i) {
        QThread::msleep(10);
        quiet = connections() == 0 ? quiet + 1 : 0;
    }
    return quiet == 10;
}

} // namespace stillroom::test
