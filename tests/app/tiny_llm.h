// A server on this machine that speaks as much of OpenAI's protocol as a window needs to be driven: it states
// the class whose words it finds in a text of made_up_data.h, refuses some, and can be made to hold its
// answers back.
#pragma once

#include "tests/app/made_up_data.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <functional>
#include <vector>

namespace stillroom::test {

/// Lives in the test's own thread; whoever asks has another one.
class TinyLlm {
  public:
    TinyLlm() {
        server_.listen(QHostAddress::LocalHost);
        QObject::connect(&server_, &QTcpServer::newConnection, &server_, [this] {
            while (auto* socket = server_.nextPendingConnection()) {
                QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { read(socket); });
                QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            }
        });
    }

    [[nodiscard]] QString baseUrl() const {
        return QStringLiteral("http://127.0.0.1:%1/v1").arg(server_.serverPort());
    }
    [[nodiscard]] int asked() const { return asked_; }
    /// After so many answers it is silent; −1: never.
    void holdAfter(int answers) { holdAfter_ = answers; }
    void release() {
        holdAfter_ = -1;
        auto held = std::move(held_);
        held_.clear();
        for (auto& answer : held)
            answer();
    }
    /// Of each so many texts one is refused; 0: none.
    void refuseEvery(int texts) { refuseEvery_ = texts; }

  private:
    void read(QTcpSocket* socket) {
        QByteArray& buffer = buffers_[socket];
        buffer += socket->readAll();
        for (;;) {
            const auto end = buffer.indexOf("\r\n\r\n");
            if (end < 0)
                return;
            const QByteArray head = buffer.left(end).toLower();
            const auto at = head.indexOf("content-length:");
            const auto length = at < 0 ? 0 : head.mid(at + 15).split('\r')[0].trimmed().toLongLong();
            if (buffer.size() < end + 4 + length)
                return;
            const QByteArray body = buffer.mid(end + 4, length);
            buffer.remove(0, end + 4 + length);
            ++asked_;
            const QPointer<QTcpSocket> to = socket;
            const auto answer = [to, reply = replyTo(body)] {
                if (to)
                    to->write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                              QByteArray::number(reply.size()) + "\r\n\r\n" + reply);
            };
            if (holdAfter_ >= 0 && asked_ > holdAfter_)
                held_.emplace_back(answer);
            else
                answer();
        }
    }

    [[nodiscard]] QByteArray replyTo(const QByteArray& body) const {
        const QByteArray content = statement(body);
        const QJsonObject choice{
            {"index", 0},
            {"finish_reason", "stop"},
            {"message", QJsonObject{{"role", "assistant"}, {"content", QString::fromUtf8(content)}}}};
        const QJsonObject usage{{"prompt_tokens", static_cast<int>(body.size() / 4)},
                                {"completion_tokens", static_cast<int>(content.size() / 4)}};
        return QJsonDocument(QJsonObject{{"id", "tiny"},
                                         {"object", "chat.completion"},
                                         {"choices", QJsonArray{choice}},
                                         {"usage", usage}})
            .toJson(QJsonDocument::Compact);
    }

    [[nodiscard]] QByteArray statement(const QByteArray& body) const {
        if (refuseEvery_ > 0 && qHash(body, std::size_t{7}) % static_cast<std::size_t>(refuseEvery_) == 0)
            return "I am sorry, but I cannot help with texts of this kind.";
        std::size_t best = 0;
        qsizetype most = 0;
        for (std::size_t k = 0; k < ClassNames.size(); ++k)
            if (const auto words = body.count("c" + QByteArray::number(static_cast<int>(k)) + "w");
                words > most) {
                most = words;
                best = k;
            }
        const double sure = most == 0 ? 0.6 : most == 1 ? 0.8 : 0.95;
        return QJsonDocument(
                   QJsonObject{{"label", QString::fromStdString(ClassNames[best])}, {"confidence", sure}})
            .toJson(QJsonDocument::Compact);
    }

    QTcpServer server_;
    QHash<QTcpSocket*, QByteArray> buffers_;
    std::vector<std::function<void()>> held_;
    int asked_ = 0, holdAfter_ = -1, refuseEvery_ = 0;
};

/// An experiment whose teacher is asked there.
inline std::string llmExperimentYaml(const QString& file, const QString& baseUrl, const QString& answers) {
    return "name: asked\ndata:\n  train: {files: \"" + file.toStdString() +
           "\", id: id, text: text, gold: gold}\n"
           "teacher:\n  kind: llm\n  base_url: " +
           baseUrl.toStdString() +
           "\n  model: tiny-instruct\n  ask: stated\n  prompt_price: 0.15\n"
           "  answer_price: 0.6\n  answers: \"" +
           answers.toStdString() + "\"\n";
}

} // namespace stillroom::test
