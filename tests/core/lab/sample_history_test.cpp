#include "core/lab/sample_history.h"

#include "core/base/random.h"

#include <QtTest>
#include <algorithm>

using namespace stillroom;

namespace {

std::vector<SampleTrace> keptAre(const std::vector<bool>& kept) {
    std::vector<SampleTrace> traces;
    for (const bool one : kept)
        traces.emplace_back(one ? Verdict::Kept : Verdict::StudentSure, 0.5F, 0);
    return traces;
}

} // namespace

class SampleHistoryTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand();
    void lastEpochReplaced();
    void sameAsCounting();
};

void SampleHistoryTest::byHand() {
    SampleHistory history(3);
    QCOMPARE(history.epochs(), 0);
    history.add(1, keptAre({true, false, false}));
    history.add(2, keptAre({true, false, true}));
    history.add(4, keptAre({false, false, true})); // of epoch 3 there is no snapshot
    QCOMPARE(history.epochs(), 4);
    QCOMPARE(history.keptTimes(0), 2);
    QCOMPARE(history.firstKept(0), 1);
    QCOMPARE(history.lastKept(0), 2);
    QCOMPARE(history.keptTimes(1), 0);
    QCOMPARE(history.firstKept(1), 0);
    QCOMPARE(history.lastKept(1), 0);
    QCOMPARE(history.keptTimes(2), 2);
    QCOMPARE(history.firstKept(2), 2);
    QCOMPARE(history.lastKept(2), 4);
}

void SampleHistoryTest::lastEpochReplaced() {
    SampleHistory history(2);
    history.add(1, keptAre({true, false}));
    history.add(2, keptAre({false, true})); // so far
    history.add(2, keptAre({true, false})); // later
    QCOMPARE(history.keptTimes(0), 2);
    QCOMPARE(history.lastKept(0), 2);
    QCOMPARE(history.keptTimes(1), 0);
    QCOMPARE(history.firstKept(1), 0);
    history.add(2, keptAre({false, false}));
    QCOMPARE(history.keptTimes(0), 1);
    QCOMPARE(history.firstKept(0), 1);
    QCOMPARE(history.lastKept(0), 1);
}

void SampleHistoryTest::sameAsCounting() {
    constexpr std::size_t Samples = 200;
    Random random(5, "history");
    SampleHistory history(Samples);
    std::vector<std::vector<SampleTrace>> epochs;
    for (std::int64_t epoch = 1; epoch <= 40; ++epoch) {
        for (int time = 0; time < 3; ++time) { // the first two are what the epoch did so far
            std::vector<bool> kept;
            for (std::size_t i = 0; i < Samples; ++i)
                kept.push_back(random.uniform() < 0.3);
            epochs.resize(static_cast<std::size_t>(epoch));
            epochs.back() = keptAre(kept);
            history.add(epoch, epochs.back());
        }
        for (std::size_t i = 0; i < Samples; ++i) {
            int times = 0;
            int first = 0;
            int last = 0;
            for (std::size_t e = 0; e < epochs.size(); ++e)
                if (epochs[e][i].kept()) {
                    ++times;
                    last = static_cast<int>(e) + 1;
                    first = first == 0 ? last : first;
                }
            QCOMPARE(history.keptTimes(i), times);
            QCOMPARE(history.firstKept(i), first);
            QCOMPARE(history.lastKept(i), last);
        }
    }
}

QTEST_GUILESS_MAIN(SampleHistoryTest)
#include "sample_history_test.moc"
