#include "core/lab/crew.h"

#include <QtTest>

using namespace stillroom;

class CrewTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyPartOnce();
    void workersHaveTheirOwn();
};

void CrewTest::everyPartOnce() {
    for (const int threads : {1, 2, 3, 4}) {
        Crew crew(threads);
        QCOMPARE(crew.size(), static_cast<std::size_t>(threads));
        // Many short runs one after the other: a helper that wakes late must not touch the next run's parts.
        for (std::size_t run = 0; run < 500; ++run) {
            const std::size_t parts = run % 7;
            std::vector<std::atomic<int>> done(parts);
            crew.run(parts, [&](std::size_t, std::size_t part) { ++done[part]; });
            for (const auto& times : done)
                QCOMPARE(times.load(), 1);
        }
    }
}

void CrewTest::workersHaveTheirOwn() {
    Crew crew(4);
    std::vector<std::size_t> sums(crew.size(), 0); // no lock: each worker its own
    crew.run(1000, [&](std::size_t worker, std::size_t part) { sums[worker] += part; });
    std::size_t sum = 0;
    for (const auto one : sums)
        sum += one;
    QCOMPARE(sum, std::size_t{999 * 1000 / 2});
}

QTEST_GUILESS_MAIN(CrewTest)
#include "crew_test.moc"
