#include "core/base/channel.h"

#include <QtTest>
#include <atomic>
#include <memory>
#include <thread>

using namespace stillroom;
using namespace std::chrono_literals;

class ChannelTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void keepsTheOrder();
    void movesWhatCannotBeCopied();
    void aFullChannelMakesTheSenderWait();
    void closingWakesASenderThatWaitsForRoom();
    void closingWakesAReceiver();
    void whatWasSentBeforeClosingIsReceived();
    void patienceEnds();
    void losesNothingBetweenManyThreads();
};

void ChannelTest::keepsTheOrder() {
    Channel<int> channel(10);
    for (int i = 0; i < 5; ++i)
        QVERIFY(channel.send(i));
    QCOMPARE(channel.takeAll(), (std::vector<int>{0, 1, 2, 3, 4}));
    QVERIFY(channel.takeAll().empty());
}

void ChannelTest::movesWhatCannotBeCopied() {
    Channel<std::unique_ptr<int>> channel(1);
    QVERIFY(channel.send(std::make_unique<int>(7)));
    const auto taken = channel.waitAll();
    QCOMPARE(taken.size(), std::size_t{1});
    QCOMPARE(*taken[0], 7);
}

void ChannelTest::aFullChannelMakesTheSenderWait() {
    Channel<int> channel(2);
    QVERIFY(channel.send(1));
    QVERIFY(channel.send(2));
    std::atomic<bool> sent{false};
    std::thread sender([&] {
        channel.send(3);
        sent = true;
    });
    std::this_thread::sleep_for(50ms);
    QVERIFY(!sent);
    QCOMPARE(channel.takeAll(), (std::vector<int>{1, 2}));
    QCOMPARE(channel.waitAll(), std::vector<int>{3});
    sender.join();
    QVERIFY(sent);
}

void ChannelTest::closingWakesASenderThatWaitsForRoom() {
    Channel<int> channel(1);
    QVERIFY(channel.send(1));
    std::atomic<int> answer{-1};
    std::thread sender([&] { answer = channel.send(2) ? 1 : 0; });
    std::this_thread::sleep_for(20ms);
    QCOMPARE(answer.load(), -1);
    channel.close();
    sender.join();
    QCOMPARE(answer.load(), 0);
    QCOMPARE(channel.takeAll(), std::vector<int>{1}); // and what it wanted to send is not in it
}

void ChannelTest::closingWakesAReceiver() {
    Channel<int> channel(1);
    std::thread closer([&] {
        std::this_thread::sleep_for(20ms);
        channel.close();
    });
    QVERIFY(channel.waitAll().empty());
    closer.join();
    QVERIFY(channel.closed());
}

void ChannelTest::whatWasSentBeforeClosingIsReceived() {
    Channel<int> channel(4);
    QVERIFY(channel.send(1));
    channel.close();
    QVERIFY(!channel.send(2));
    QCOMPARE(channel.waitAll(), std::vector<int>{1});
    QVERIFY(channel.waitAll().empty());
}

void ChannelTest::patienceEnds() {
    Channel<int> channel(1);
    QVERIFY(channel.waitAll(10ms).empty());
    QVERIFY(!channel.closed());
}

void ChannelTest::losesNothingBetweenManyThreads() {
    constexpr int Senders = 4, Each = 5000;
    Channel<int> channel(8);
    std::vector<std::thread> senders;
    for (int sender = 0; sender < Senders; ++sender)
        senders.emplace_back([&channel, sender] {
            for (int i = 0; i < Each; ++i)
                channel.send(sender * Each + i);
        });
    std::vector<int> next(Senders);
    int received = 0;
    bool inOrder = true;
    while (received < Senders * Each)
        for (const int item : channel.waitAll()) {
            int& expected = next.at(static_cast<std::size_t>(item / Each));
            inOrder = inOrder && item % Each == expected;
            ++expected;
            ++received;
        }
    for (auto& sender : senders)
        sender.join();
    QVERIFY(inOrder);
    QVERIFY(channel.takeAll().empty());
}

QTEST_GUILESS_MAIN(ChannelTest)
#include "channel_test.moc"
