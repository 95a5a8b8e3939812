#include "widgets/background.h"

#include <QTest>
#include <QThread>
#include <atomic>
#include <memory>

using namespace stillroom;

class BackgroundTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void resultsComeToTheThreadThatAsked() {
        Background background(2);
        QThread* worker = nullptr;
        QThread* handed = nullptr;
        std::unique_ptr<int> result;
        background.run(
            [&worker] {
                worker = QThread::currentThread();
                return std::make_unique<int>(42); // move-only
            },
            [&](std::unique_ptr<int> value) {
                handed = QThread::currentThread();
                result = std::move(value);
            });
        QTRY_VERIFY(result != nullptr);
        QCOMPARE(*result, 42);
        QCOMPARE(handed, thread());
        QVERIFY(worker != thread());
    }

    void oneThreadKeepsTheOrder() {
        Background background(1);
        std::vector<int> order;
        for (int i = 0; i < 100; ++i)
            background.run([i] { return i; }, [&order](int value) { order.push_back(value); });
        QTRY_COMPARE(order.size(), 100U);
        for (int i = 0; i < 100; ++i)
            QCOMPARE(order[static_cast<std::size_t>(i)], i);
    }

    void aSlowJobHoldsNobodyUp() {
        Background background(2);
        std::atomic<bool> go = false;
        bool slow = false, quick = false;
        background.run(
            [&go] {
                while (!go)
                    QThread::msleep(1);
                return 0;
            },
            [&slow](int) { slow = true; });
        background.run([] { return 0; }, [&quick](int) { quick = true; });
        QTRY_VERIFY(quick);
        QVERIFY(!slow);
        go = true;
        QTRY_VERIFY(slow);
    }

    void theEndWaitsForJobsAndDropsResults() {
        std::atomic<int> ran = 0;
        bool handed = false;
        {
            Background background(1);
            for (int i = 0; i < 5; ++i)
                background.run(
                    [&ran] {
                        QThread::msleep(5);
                        return ++ran;
                    },
                    [&handed](int) { handed = true; });
        }
        QCOMPARE(ran.load(), 5);
        QCoreApplication::processEvents();
        QVERIFY(!handed);
    }
};

QTEST_GUILESS_MAIN(BackgroundTest)
#include "background_test.moc"
