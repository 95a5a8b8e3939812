// The test server itself: what it counts, what it says, and that it is fast enough not to be what is
// measured.
#include "llm_server.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QUrl>
#include <QtTest>
#include <cmath>

using namespace stillroom::test;

namespace {

QByteArray post(const QByteArray& body) {
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Length: " +
           QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

QByteArray asking(int row, const QByteArray& more) {
    return post(R"({"messages": [{"role": "user", "content": "row-0 is an example\nrow-)" +
                QByteArray::number(row) + R"( is it"}], )" + more + "}");
}

/// A client in the simplest way: all that comes within a second, or until the body is as long as was said.
QByteArray answerTo(const LlmServer& server, const QByteArray& request, int milliseconds = 1000) {
    QTcpSocket socket;
    socket.connectToHost("127.0.0.1", static_cast<quint16>(QUrl(server.baseUrl()).port()));
    socket.write(request);
    QByteArray all;
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < milliseconds) {
        socket.waitForReadyRead(50);
        all += socket.readAll();
        const auto end = all.indexOf("\r\n\r\n");
        const auto length = all.indexOf("Content-Length: ");
        if (socket.state() == QAbstractSocket::UnconnectedState ||
            (end > 0 &&
             all.size() >= end + 4 + all.mid(length + 16, all.indexOf('\r', length) - length - 16).toInt()))
            break;
    }
    return all;
}

QJsonValue choiceOf(const QByteArray& answer) {
    return QJsonDocument::fromJson(answer.mid(answer.indexOf("\r\n\r\n") + 4))
        .object()
        .value("choices")
        .toArray()
        .at(0);
}

} // namespace

class LlmServerTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void distributionsSumToOne();
    void answersInThreeWays();
    void countsByRow();
    void misbehaves();
    void isFast();
};

void LlmServerTest::distributionsSumToOne() {
    for (int row = 0; row < 100; ++row) {
        double sum = 0;
        for (const double p : LlmServer::distribution(row, 7))
            sum += p;
        QVERIFY(std::abs(sum - 1) < 1e-12);
    }
}

void LlmServerTest::answersInThreeWays() {
    const LlmServer server({"cat", "dog", "cow"});
    QVERIFY(!server.baseUrl().isEmpty());
    const auto q = LlmServer::distribution(7, 3);
    const auto best = std::max_element(q.begin(), q.end()) - q.begin();
    const auto logprobs = choiceOf(answerTo(server, asking(7, R"("logprobs": true, "top_logprobs": 20)")));
    const auto tops = logprobs["logprobs"]["content"][0]["top_logprobs"].toArray();
    QCOMPARE(tops.size(), 4);
    QCOMPARE(tops[0].toObject().value("token").toString(),
             QString(QChar(u'A' + static_cast<char16_t>(best))));
    QVERIFY(std::abs(std::exp(tops[0].toObject().value("logprob").toDouble()) -
                     (1 - LlmServer::Outside) * q[static_cast<std::size_t>(best)]) < 1e-12);
    const QString stated =
        choiceOf(answerTo(server, asking(7, R"("temperature": 0)")))["message"]["content"].toString();
    QVERIFY2(stated.contains(QString("\"%1\"").arg(QChar(u'A' + static_cast<char16_t>(best)))),
             qPrintable(stated));
    // As the prompt has the choices, whatever their order.
    const auto listed = choiceOf(answerTo(
        server,
        post(R"({"messages": [{"content": "q. cow\nr. dog: it barks\ns. cat"}, {"content": "row-7"}]})")));
    QVERIFY2(listed["message"].toObject()["content"].toString().contains(QStringList{"s", "r", "q"}[best]),
             QJsonDocument(listed.toObject()).toJson().constData());
    const auto votes = answerTo(server, asking(7, R"("temperature": 1, "n": 5)"));
    QCOMPARE(votes.count("\"assistant\""), 5);
}

void LlmServerTest::countsByRow() {
    const LlmServer server({"cat", "dog"});
    answerTo(server, asking(3, R"("n": 1)"));
    answerTo(server, asking(3, R"("n": 1)"));
    answerTo(server, asking(1, R"("n": 1)"));
    QCOMPARE(server.timesAsked(5), (std::vector<int>{0, 1, 0, 2, 0}));
    QCOMPARE(server.requests(), 3);
    QCOMPARE(server.asked()[2].row, 1);
    QCOMPARE(server.asked()[2].authorization, QByteArray("Bearer k"));
    QVERIFY(server.waitUntilAlone());
}

void LlmServerTest::misbehaves() {
    LlmServer server({"cat", "dog"});
    const auto with = [&](const Behaviour& behaviour, int milliseconds = 1000) {
        server.setRule([=](int, int) { return behaviour; });
        return answerTo(server, asking(1, R"("n": 1)"), milliseconds);
    };
    const auto tooMany = with({Fault::Status, 429, "Retry-After: 2\r\n", "no, $AUTHORIZATION"});
    QVERIFY(tooMany.startsWith("HTTP/1.1 429 "));
    QVERIFY(tooMany.contains("\r\nRetry-After: 2\r\n"));
    QVERIFY(tooMany.endsWith("no, Bearer k"));
    QCOMPARE(with({Fault::Hang}, 300), QByteArray());
    const auto dripped = with({Fault::Drip}, 500);
    const auto body = dripped.size() - dripped.indexOf("\r\n\r\n") - 4;
    QVERIFY2(body >= 1 && body < 20, dripped.constData());
    QVERIFY(with({Fault::CloseMidway}).size() > 40);
    QCOMPARE(with({Fault::CloseAtOnce}), QByteArray());
    Behaviour huge{Fault::Huge};
    QVERIFY(with(huge, 5000).size() > 10'000'000);
    QVERIFY(with({Fault::Reply, 200, {}, "I would rather not"}).contains("I would rather not"));
    QCOMPARE(server.answered(), 0);
}

/// 32 clients that keep their connections, each asking as soon as it was answered.
void LlmServerTest::isFast() {
    const LlmServer server({"cat", "dog", "cow"});
    constexpr int clients = 32, each = 200;
    std::vector<std::unique_ptr<QTcpSocket>> sockets;
    QEventLoop loop;
    int answers = 0;
    QElapsedTimer clock;
    clock.start();
    for (int c = 0; c < clients; ++c) {
        sockets.push_back(std::make_unique<QTcpSocket>());
        auto* socket = sockets.back().get();
        auto left = std::make_shared<int>(each);
        const auto ask = [=] {
            if ((*left)-- > 0)
                socket->write(asking(*left * clients + c, R"("logprobs": true, "top_logprobs": 20)"));
        };
        QObject::connect(socket, &QTcpSocket::connected, socket, ask);
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [&, socket, ask] {
            // An answer is small and comes in one piece over loopback, but need not.
            if (!socket->peek(100'000).endsWith("}"))
                return;
            socket->readAll();
            if (++answers == clients * each)
                loop.quit();
            ask();
        });
        socket->connectToHost("127.0.0.1", static_cast<quint16>(QUrl(server.baseUrl()).port()));
    }
    QTimer::singleShot(60'000, &loop, &QEventLoop::quit);
    loop.exec();
    QCOMPARE(answers, clients * each);
    QCOMPARE(server.mostConnections(), clients);
    const double seconds = static_cast<double>(clock.elapsed()) / 1000;
    qInfo("%d requests over %d connections in %.2f s: %.0f a second", answers, clients, seconds,
          answers / seconds);
    for (const int times : server.timesAsked(clients * each))
        QCOMPARE(times, 1);
}

QTEST_GUILESS_MAIN(LlmServerTest)
#include "llm_server_test.moc"
