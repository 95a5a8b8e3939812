#include "core/training/step_reporter.h"

#include <QTest>
#include <thread>

using namespace stillroom;

namespace {

/// Thresholds that say which step they are of.
class CountingRule : public Rule {
  public:
    [[nodiscard]] bool needsScores() const override { return false; }
    void observe(const Batch&, Decision&) override {}
    [[nodiscard]] Thresholds thresholds() const override { return {{step, 0.5}, {}}; }
    [[nodiscard]] RuleState state() const override { return {}; }
    Result<void> restore(const RuleState&) override { return {}; }
    void adjust(const SelectionSettings&) override {}
    double step = 0;
};

/// Two candidates, of classes 0 and 1, the second kept.
void addStep(StepReporter& reporter, CountingRule& rule, std::int64_t step) {
    static const std::vector<std::int32_t> labels = {0, 1};
    static const std::vector<float> confidences = {0.95F, 1.0F};
    static const std::vector<std::uint8_t> keep = {0, 1};
    StepRecord record;
    record.step = step;
    record.candidates = 2;
    record.kept = 1;
    rule.step = static_cast<double>(step);
    reporter.startClock();
    reporter.add({record, labels, confidences, keep}, rule);
}

} // namespace

class StepReporterTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void windowsCloseByNumber() {
        StepReporter reporter(2, 3, 10);
        CountingRule rule;
        for (int step = 1; step <= 8; ++step)
            addStep(reporter, rule, step);
        reporter.closeWindow(rule);
        const auto event = reporter.take({}, 0);
        QCOMPARE(event.steps.size(), std::size_t(8));
        QCOMPARE(event.windows.size(), std::size_t(3));
        const auto& second = event.windows[1];
        QCOMPARE(second.firstStep, 4);
        QCOMPARE(second.lastStep, 6);
        QCOMPARE(second.thresholds.teacher[0], 6.0);
        QCOMPARE(second.candidatesByClass, (std::vector<std::int32_t>{3, 3}));
        QCOMPARE(second.keptByClass, (std::vector<std::int32_t>{0, 3}));
        QCOMPARE(second.confidenceAll[95], 3); // 0.95 is a little less as a float, and counts as 0.95
        QCOMPARE(second.confidenceAll[99], 3); // 1 belongs to the last bin
        QCOMPARE(second.confidenceKept[95], 0);
        QCOMPARE(event.windows[2].lastStep, 8); // closed early
    }

    void takeEmpties() {
        StepReporter reporter(2, 100, 10);
        CountingRule rule;
        QVERIFY(!reporter.due());
        addStep(reporter, rule, 1);
        QCOMPARE(reporter.take({}, 0).steps.size(), std::size_t(1));
        QVERIFY(reporter.take({}, 0).steps.empty());
    }

    void dueAfterAWhileOrMany() {
        StepReporter reporter(2, 100, 100000);
        CountingRule rule;
        for (int step = 1; step <= 4096; ++step)
            addStep(reporter, rule, step);
        QVERIFY(reporter.due());
        static_cast<void>(reporter.take({}, 0));
        QVERIFY(!reporter.due());
        std::this_thread::sleep_for(std::chrono::milliseconds(40));
        addStep(reporter, rule, 4097);
        QVERIFY(reporter.due());
    }

    void clockCountsOnlyTraining() {
        StepReporter reporter(2, 100, 10);
        CountingRule rule;
        reporter.startClock();
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        addStep(reporter, rule, 1); // a step of 30 ms
        reporter.stopClock();
        std::this_thread::sleep_for(std::chrono::milliseconds(200)); // a pause
        addStep(reporter, rule, 2);
        const auto event = reporter.take({}, 0);
        QVERIFY(event.secondsTrained >= 0.03);
        QVERIFY(event.secondsTrained < 0.2);
        QVERIFY(event.samplesPerSecond > 0);
        QVERIFY(event.secondsLeft > 0);
    }
};

QTEST_GUILESS_MAIN(StepReporterTest)
#include "step_reporter_test.moc"
