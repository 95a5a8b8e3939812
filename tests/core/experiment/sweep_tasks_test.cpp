#include "core/experiment/sweep_tasks.h"

#include "core/base/number.h"
#include "core/selection/rule.h"

#include <QtTest>
#include <cmath>
#include <set>

using namespace stillroom;

namespace {

Sweep sweepOf(const std::string& sweep) {
    auto parsed = parseSweep("name: s\ndata: {train: {files: a.csv}}\n"
                             "teacher: {label: l, confidence: c}\nsweep: " +
                                 sweep + "\n",
                             "s.yaml");
    if (!parsed)
        qFatal("%s", parsed.error().message.c_str());
    return *std::move(parsed);
}

std::vector<SweepTask> tasksOf(const std::string& sweep) {
    auto tasks = stillroom::tasksOf(sweepOf(sweep));
    if (!tasks)
        qFatal("%s", tasks.error().message.c_str());
    return *std::move(tasks);
}

std::string sentenceOf(const std::string& sweep) {
    const auto tasks = stillroom::tasksOf(sweepOf(sweep));
    return tasks ? "accepted" : tasks.error().message;
}

} // namespace

class SweepTasksTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void theLastAxisChangesFastest();
    void aTaskIsTheBaseWithItsSettings();
    void defaultsThatFollowTheRule();
    void everyRuleOfHumaid();
    void drawsAreTheSameEveryTime();
    void drawsAreDistinctAndWithin();
    void whatIsWrong();
};

void SweepTasksTest::theLastAxisChangesFastest() {
    const auto tasks = tasksOf("{over: {selection.rule: [all, llkd], seed: 1..3}}");
    QCOMPARE(tasks.size(), std::size_t{6});
    QVERIFY(tasks[4] ==
            (SweepTask{5, "rule llkd, seed 2", {{"selection.rule", "llkd"}, {"training.seed", "2"}}}));
    QCOMPARE(tasks[2].label, std::string("rule all, seed 3"));
    QCOMPARE(tasksOf("{how: list, over: [{seed: 4}, {seed: 2}]}")[1].label, std::string("seed 2"));
}

void SweepTasksTest::aTaskIsTheBaseWithItsSettings() {
    const Sweep sweep =
        sweepOf("{over: {variant: [{name: few, training: {epochs: 2, stop: {minutes: 1}}}, {name: many}]}}");
    const auto tasks = stillroom::tasksOf(sweep);
    QVERIFY(tasks);
    Experiment expected = sweep.base;
    expected.name = "few";
    expected.training.epochs = 2;
    expected.training.stop.minutes = 1;
    QVERIFY(*experimentOf(sweep, (*tasks)[0]) == expected);
    QCOMPARE((*tasks)[1].label, std::string("many"));
}

/// A rule's own decay stays its own: nothing of the base is written out for all of them.
void SweepTasksTest::defaultsThatFollowTheRule() {
    const auto written =
        parseSweep(writeSweep(sweepOf("{over: {selection.rule: [llkd, freematch]}}")), "again");
    QVERIFY(written);
    const auto tasks = stillroom::tasksOf(*written);
    QVERIFY(tasks);
    QVERIFY(!experimentOf(*written, (*tasks)[1])->selection.decay);
}

void SweepTasksTest::everyRuleOfHumaid() {
    const auto sweep = readSweep(STILLROOM_SOURCE_DIR "/experiments/humaid-rules.yaml");
    QVERIFY(sweep);
    const auto tasks = stillroom::tasksOf(*sweep);
    QVERIFY2(tasks, tasks ? "" : tasks.error().message.c_str());
    std::set<RuleKind> rules;
    for (const auto& task : *tasks)
        rules.insert(experimentOf(*sweep, task)->selection.rule);
    QCOMPARE(rules.size(), std::size_t{RuleCount});
    QCOMPARE(tasks->size() % 5, std::size_t{0});
}

void SweepTasksTest::drawsAreTheSameEveryTime() {
    const std::string drawn =
        "{how: random, samples: 9, seed: 4, over: {selection.teacher_scale: {from: 0.1, to: "
        "10, scale: log}, seed: 1..3}}";
    QVERIFY(tasksOf(drawn) == tasksOf(drawn));
    QVERIFY(!(tasksOf(drawn) ==
              tasksOf("{how: random, samples: 9, seed: 5, over: {selection.teacher_scale: {from: "
                      "0.1, to: 10, scale: log}, seed: 1..3}}")));
}

void SweepTasksTest::drawsAreDistinctAndWithin() {
    std::set<std::string> all;
    int below = 0;
    for (const auto& task :
         tasksOf("{how: random, samples: 400, over: {selection.teacher_scale: {from: 0.01, to: "
                 "100, scale: log}}}")) {
        const double value = *readNumber(task.settings[0].value);
        QVERIFY(value >= 0.01 && value <= 100);
        below += value < 1 ? 1 : 0;
        all.insert(task.label);
    }
    QCOMPARE(all.size(), std::size_t{400});
    // Half of them below the geometric middle: 200 ± 5 standard deviations.
    QVERIFY2(std::abs(below - 200) < 50, qPrintable(QString::number(below)));
    // As many as there are: each once.
    QCOMPARE(tasksOf("{how: random, samples: 6, over: {seed: 1..3, training.epochs: [1, 2]}}").size(),
             std::size_t{6});
}

void SweepTasksTest::whatIsWrong() {
    QCOMPARE(sentenceOf("{over: {seed: [1, 2, 1]}}"),
             std::string("runs 1 and 3 of the sweep are the same (seed 1); leave one of them out"));
    QCOMPARE(sentenceOf("{over: {seed: 1..101, training.batch: 1..100}}"),
             std::string(
                 "sweep.over makes more than 10,000 runs; leave some values out, or draw some of them with "
                 "how: random"));
    QCOMPARE(
        sentenceOf("{how: random, samples: 7, over: {seed: 1..3, training.epochs: [1, 2]}}"),
        std::string("sweep.samples is 7, but there are only 6 combinations; lower it, or write how: grid"));
    QCOMPARE(
        sentenceOf("{over: {training.clip_norm: [1, 2]}}"),
        std::string("run 1 of the sweep (clip_norm 1): training.clip_norm does nothing without student.kind: "
                    "encoder or probe; leave it out there, with a variant say"));
    const std::string bad = sentenceOf("{over: {training.epochs: [1, 0]}}");
    QVERIFY2(bad.starts_with("run 2 of the sweep (epochs 0): training.epochs is 0; it must be"), bad.c_str());
}

QTEST_APPLESS_MAIN(SweepTasksTest)
#include "sweep_tasks_test.moc"
