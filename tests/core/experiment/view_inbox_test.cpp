#include "core/experiment/view_inbox.h"

#include <QElapsedTimer>
#include <QtTest>
#include <cmath>
#include <limits>
#include <thread>

using namespace stillroom;
using namespace std::chrono_literals;

namespace {

StepRecord step(std::int64_t number, int kept = 2, float loss = 1.0F) {
    return {number, 4, kept, 2, 1, loss, 0.5F};
}

StepsEvent steps(std::int64_t first, std::int64_t last, bool window = false) {
    StepsEvent event;
    for (std::int64_t number = first; number <= last; ++number)
        event.steps.push_back(step(number));
    if (window) {
        WindowRecord record;
        record.firstStep = first;
        record.lastStep = last;
        record.candidatesByClass = {3, 1};
        record.keptByClass = {1, 0};
        record.confidenceAll[99] = 4;
        record.confidenceKept[0] = 1;
        record.thresholds.teacher = {static_cast<double>(last), 0.5};
        event.windows.push_back(record);
    }
    event.counts.seen = last * 4;
    event.secondsLeft = static_cast<double>(last);
    event.memoryBytes = 1000 * last;
    return event;
}

template <class What>
const What& at(const std::vector<Event>& events, std::size_t i) {
    return std::get<What>(events.at(i));
}

} // namespace

class ViewInboxTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void mergesNeighbours();
    void rareEventsStayInOrder();
    void mergedStepsAreSums();
    void mergedWindowsAreSums();
    void memoryIsBounded();
    void windowsAreBounded();
    void rareEventsAreNeverDropped();
    void waits();
    void takesWhatOtherThreadsAdd();
};

void ViewInboxTest::mergesNeighbours() {
    ViewInbox inbox;
    inbox.add({steps(1, 3), steps(4, 4)});
    inbox.add({steps(5, 6, true)});
    const auto events = inbox.drain();
    QCOMPARE(events.size(), std::size_t{1});
    const auto& merged = at<StepsEvent>(events, 0);
    QCOMPARE(merged.steps.size(), std::size_t{6});
    QCOMPARE(merged.steps.back().step, std::int64_t{6});
    QCOMPARE(merged.windows.size(), std::size_t{1});
    QCOMPARE(merged.counts.seen, std::int64_t{24}); // of the last
    QCOMPARE(merged.secondsLeft, 6.0);
    QCOMPARE(merged.memoryBytes, std::int64_t{6000});
    QVERIFY(inbox.drain().empty());
}

void ViewInboxTest::rareEventsStayInOrder() {
    ViewInbox inbox;
    inbox.add(
        {steps(1, 1), MessageEvent{"a"}, steps(2, 2), steps(3, 3), EvaluationEvent{}, MessageEvent{"b"}});
    const auto events = inbox.drain();
    QCOMPARE(events.size(), std::size_t{5});
    QCOMPARE(at<MessageEvent>(events, 1).text, std::string("a"));
    QCOMPARE(at<StepsEvent>(events, 2).steps.size(), std::size_t{2});
    QVERIFY(std::holds_alternative<EvaluationEvent>(events[3]));
    QCOMPARE(at<MessageEvent>(events, 4).text, std::string("b"));
}

void ViewInboxTest::mergedStepsAreSums() {
    const StepRecord merged = mergeSteps({1, 10, 4, 3, 2, 1.0F, 0.5F}, {2, 20, 12, 5, 4, 3.0F, 0.25F});
    QCOMPARE(merged.step, std::int64_t{2});
    QCOMPARE(merged.candidates, 30);
    QCOMPARE(merged.kept, 16);
    QCOMPARE(merged.keptWithGold, 8);
    QCOMPARE(merged.keptRight, 6);
    QCOMPARE(merged.loss, 2.5F); // (4·1 + 12·3) / 16
    QCOMPARE(merged.learningRate, 0.25F);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    QCOMPARE(mergeSteps(step(1, 0, nan), step(2, 2, 3)).loss, 3.0F);
    QCOMPARE(mergeSteps(step(1, 2, 3), step(2, 0, nan)).loss, 3.0F);
    QVERIFY(std::isnan(mergeSteps(step(1, 0, nan), step(2, 0, nan)).loss));
}

void ViewInboxTest::mergedWindowsAreSums() {
    const WindowRecord a = steps(1, 5, true).windows[0];
    const WindowRecord b = steps(6, 9, true).windows[0];
    const WindowRecord merged = mergeWindows(a, b);
    QCOMPARE(merged.firstStep, std::int64_t{1});
    QCOMPARE(merged.lastStep, std::int64_t{9});
    QCOMPARE(merged.candidatesByClass, (std::vector<std::int32_t>{6, 2}));
    QCOMPARE(merged.keptByClass, (std::vector<std::int32_t>{2, 0}));
    QCOMPARE(merged.confidenceAll[99], 8);
    QCOMPARE(merged.confidenceKept[0], 2);
    QCOMPARE(merged.thresholds.teacher, (std::vector<double>{9, 0.5})); // at its end
}

void ViewInboxTest::memoryIsBounded() {
    ViewInbox inbox;
    constexpr std::int64_t total = 1'000'003;
    for (std::int64_t first = 1; first <= total; first += 1000)
        inbox.add({steps(first, std::min(first + 999, total))});
    const auto events = inbox.drain();
    QCOMPARE(events.size(), std::size_t{1});
    const auto& merged = at<StepsEvent>(events, 0);
    QVERIFY(merged.steps.size() <= ViewInbox::MaxSteps);
    QVERIFY(merged.steps.size() > ViewInbox::MaxSteps / 4);
    std::int64_t candidates = 0;
    std::int64_t kept = 0;
    std::int64_t last = 0;
    for (const auto& record : merged.steps) {
        QVERIFY(record.step > last);
        last = record.step;
        candidates += record.candidates;
        kept += record.kept;
        QCOMPARE(record.loss, 1.0F);
    }
    QCOMPARE(last, total);
    QCOMPARE(candidates, 4 * total);
    QCOMPARE(kept, 2 * total);
}

void ViewInboxTest::windowsAreBounded() {
    ViewInbox inbox;
    for (std::int64_t i = 0; i < 5001; ++i)
        inbox.add({steps(i + 1, i + 1, true)});
    const auto events = inbox.drain();
    const auto& merged = at<StepsEvent>(events, 0);
    QVERIFY(merged.windows.size() <= ViewInbox::MaxWindows);
    std::int64_t sum = 0;
    std::int64_t next = 1;
    for (const auto& window : merged.windows) {
        QCOMPARE(window.firstStep, next); // no gap, no overlap
        next = window.lastStep + 1;
        sum += window.candidatesByClass[0];
    }
    QCOMPARE(next, std::int64_t{5002});
    QCOMPARE(sum, std::int64_t{5001 * 3});
}

void ViewInboxTest::rareEventsAreNeverDropped() {
    ViewInbox inbox;
    for (std::int64_t i = 0; i < 2000; ++i)
        inbox.add({steps(i * 100 + 1, i * 100 + 100, true), MessageEvent{std::to_string(i)}});
    const auto events = inbox.drain();
    std::size_t records = 0;
    std::int64_t messages = 0;
    for (const auto& event : events)
        if (const auto* message = std::get_if<MessageEvent>(&event))
            QCOMPARE(message->text, std::to_string(messages++));
        else
            records += std::get<StepsEvent>(event).steps.size();
    QCOMPARE(messages, std::int64_t{2000});
    QVERIFY(records <= ViewInbox::MaxSteps);
}

void ViewInboxTest::waits() {
    ViewInbox inbox;
    QElapsedTimer timer;
    timer.start();
    QVERIFY(inbox.wait(30ms).empty());
    QVERIFY(timer.elapsed() >= 29);
    std::thread other([&] {
        std::this_thread::sleep_for(20ms);
        inbox.add({MessageEvent{"now"}});
    });
    QCOMPARE(inbox.wait(10s).size(), std::size_t{1});
    QVERIFY(timer.elapsed() < 5000);
    other.join();
}

void ViewInboxTest::takesWhatOtherThreadsAdd() {
    ViewInbox inbox;
    std::thread other([&] {
        for (std::int64_t i = 1; i <= 10000; ++i)
            inbox.add({steps(i, i)});
    });
    std::int64_t seen = 0;
    while (seen < 10000)
        for (const auto& event : inbox.wait(10s))
            for (const auto& record : std::get<StepsEvent>(event).steps)
                QCOMPARE(record.step, ++seen);
    other.join();
}

QTEST_GUILESS_MAIN(ViewInboxTest)
#include "view_inbox_test.moc"
