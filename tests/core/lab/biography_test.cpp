#include "core/lab/biography.h"

#include "made_table.h"

#include <QtTest>
#include <algorithm>
#include <numeric>

using namespace stillroom;

namespace {

/// A run of its own making: 3 epochs of 4 steps, batches of 3, 10 samples, a window every 2 steps.
struct MadeRun {
    static constexpr std::size_t Samples = 10;
    static constexpr std::int64_t Seed = 5;
    SampleTable table;
    std::vector<std::string> classes = {"flood", "storm"};
    std::vector<std::shared_ptr<const Snapshot>> snapshots;
    std::vector<WindowRecord> windows;

    MadeRun() : table(make()) {
        for (std::int64_t epoch = 1; epoch <= 3; ++epoch) {
            auto traces = std::make_shared<std::vector<SampleTrace>>(
                Samples, SampleTrace(Verdict::StudentSure, 0.125F, 1));
            snapshots.push_back(Snapshot::of({epoch, 4 * epoch, true, 2}, traces));
        }
        for (std::int64_t last = 2; last <= 12; last += 2) {
            WindowRecord window;
            window.firstStep = last - 1;
            window.lastStep = last;
            const double step = static_cast<double>(last);
            window.thresholds.teacher = {0.1 + 0.01 * step, 0.5};
            window.thresholds.student = {0.9 - 0.02 * step, 0.6};
            windows.push_back(window);
        }
    }
    static SampleTable make() {
        std::vector<test::Made> samples;
        for (std::size_t i = 0; i < Samples; ++i)
            samples.push_back(
                {static_cast<std::int32_t>(i % 2), 0.9F, static_cast<std::int32_t>(i % 3 == 0)});
        return test::madeTable(2, samples);
    }
    [[nodiscard]] BiographyInput input() const {
        BiographyInput input;
        input.table = &table;
        input.classes = &classes;
        input.snapshots = snapshots;
        input.windows = windows;
        input.stepsPerEpoch = 4;
        input.batch = 3;
        input.seed = Seed;
        return input;
    }
};

bool near(double a, double b) {
    return std::abs(a - b) < 1e-12;
}

bool same(const BiographyEntry& a, const BiographyEntry& b) {
    return a.epoch == b.epoch && a.step == b.step && a.trace == b.trace && a.sentence == b.sentence &&
           a.teacherBar.has_value() == b.teacherBar.has_value() &&
           (!a.teacherBar ||
            (a.teacherBar->low == b.teacherBar->low && a.teacherBar->high == b.teacherBar->high));
}

} // namespace

class BiographyTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void orderOfTraining();
    void stepsOfEverySample();
    void barsOfItsWindow();
    void windowsThatAreMissing();
    void notSeen();
    void studentsOwnClass();
    void makerSaysTheSame();
};

/// Word by word what the training loop does at the beginning of an epoch (core/training/trainer.cpp); that
/// the two stay the same is tested with a real session in tests/core/training.
void BiographyTest::orderOfTraining() {
    for (const std::size_t samples : {0, 1, 2, 100, 1001}) {
        std::vector<std::uint32_t> order(samples);
        std::iota(order.begin(), order.end(), 0U);
        Random random(17, "order", 4);
        shuffle(order, random);
        QCOMPARE(epochOrder(samples, 17, 4), order);
    }
    QVERIFY(epochOrder(100, 17, 4) != epochOrder(100, 17, 5));
    QVERIFY(epochOrder(100, 17, 4) != epochOrder(100, 18, 4));
}

void BiographyTest::stepsOfEverySample() {
    const MadeRun run;
    const auto input = run.input();
    for (std::uint32_t sample = 0; sample < MadeRun::Samples; ++sample) {
        const auto entries = biographyOf(input, sample);
        QCOMPARE(entries.size(), std::size_t{3});
        for (std::size_t e = 0; e < 3; ++e) {
            const auto order = epochOrder(MadeRun::Samples, MadeRun::Seed, static_cast<std::int64_t>(e));
            const auto place = std::find(order.begin(), order.end(), sample) - order.begin();
            QCOMPARE(entries[e].epoch, static_cast<std::int64_t>(e) + 1);
            QCOMPARE(entries[e].step, static_cast<std::int64_t>(e) * 4 + place / 3 + 1);
            QCOMPARE(entries[e].trace.verdict(), Verdict::StudentSure);
            QVERIFY(
                entries[e].sentence.starts_with("Refused: the student is sure already (uncertainty 0.13, "));
        }
    }
}

void BiographyTest::barsOfItsWindow() {
    const MadeRun run;
    const auto input = run.input();
    for (std::uint32_t sample = 0; sample < MadeRun::Samples; ++sample)
        for (const auto& entry : biographyOf(input, sample)) {
            QVERIFY(entry.teacherBar && entry.studentBar && !entry.studentConfidenceBar);
            if (sample % 2 == 1) {
                QVERIFY(near(entry.teacherBar->low, 0.5) && near(entry.teacherBar->high, 0.5));
                continue;
            }
            const double end = static_cast<double>((entry.step + 1) / 2 * 2);
            const double begin = end > 2 ? end - 2 : end; // before the first window there is nothing
            QVERIFY(near(entry.teacherBar->low, 0.1 + 0.01 * begin));
            QVERIFY(near(entry.teacherBar->high, 0.1 + 0.01 * end));
            QVERIFY(near(entry.studentBar->low, 0.9 - 0.02 * end));
            QVERIFY(near(entry.studentBar->high, 0.9 - 0.02 * begin));
        }
}

void BiographyTest::windowsThatAreMissing() {
    MadeRun run;
    run.windows.erase(run.windows.begin() + 1); // steps 3 and 4
    run.windows.pop_back();                     // 11 and 12
    run.windows[2].thresholds.teacher.clear();  // 7 and 8: the teacher's threshold was turned off
    for (std::uint32_t sample = 0; sample < MadeRun::Samples; sample += 2)
        for (const auto& entry : biographyOf(run.input(), sample)) {
            const bool gone = entry.step == 3 || entry.step == 4 || entry.step > 10;
            QCOMPARE(entry.studentBar.has_value(), !gone);
            if (gone)
                QCOMPARE(entry.sentence, std::string("Refused: the student is sure already."));
            if (entry.step == 5 || entry.step == 6) // of the window before nothing is known
                QVERIFY(near(entry.studentBar->low, 0.78) && near(entry.studentBar->high, 0.78));
            if (entry.step == 7 || entry.step == 8) // what is known of its beginning
                QVERIFY(near(entry.teacherBar->low, 0.16) && near(entry.teacherBar->high, 0.16));
        }
}

void BiographyTest::notSeen() {
    MadeRun run;
    run.snapshots.pop_back();
    run.snapshots.push_back(
        Snapshot::of({3, 9, false, 2}, std::make_shared<std::vector<SampleTrace>>(MadeRun::Samples)));
    const auto entry = biographyOf(run.input(), 4).back();
    QCOMPARE(entry.epoch, 3);
    QCOMPARE(entry.step, 0);
    QVERIFY(!entry.teacherBar && !entry.studentBar);
    QCOMPARE(entry.sentence, std::string("Not seen in this epoch: its turn had not come."));
}

void BiographyTest::studentsOwnClass() {
    MadeRun run;
    for (auto& window : run.windows)
        window.thresholds = {{}, {}, {0.25, 0.75}};
    auto traces = std::make_shared<std::vector<SampleTrace>>(MadeRun::Samples,
                                                             SampleTrace(Verdict::StudentUnsure, 0.5F, 1));
    run.snapshots = {Snapshot::of({1, 4, true, 2}, traces)};
    const auto entry = biographyOf(run.input(), 0).front(); // the teacher says class 0, the student class 1
    QVERIFY(near(entry.studentConfidenceBar->low, 0.75));
    QVERIFY(entry.sentence.find("'storm'") != std::string::npos);
    QVERIFY(entry.sentence.find("0.75") != std::string::npos);
}

void BiographyTest::makerSaysTheSame() {
    const MadeRun run;
    BiographyMaker maker(run.input());
    for (const std::size_t snapshot : {std::size_t{0}, std::size_t{2}, std::size_t{1}, std::size_t{0}})
        for (std::uint32_t sample = 0; sample < MadeRun::Samples; ++sample)
            QVERIFY(same(maker.entry(snapshot, sample), biographyOf(run.input(), sample)[snapshot]));
}

QTEST_GUILESS_MAIN(BiographyTest)
#include "biography_test.moc"
