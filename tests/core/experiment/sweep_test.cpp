#include "core/experiment/sweep.h"

#include <QtTest>

using namespace stillroom;

namespace {

const std::string Base = "name: s\ndata: {train: {files: a.csv}}\nselection: {rule: random, ratio: 0.5}\n";

/// Of a sweep whose section is `sweep`, in line 4; "accepted" when there is no sentence.
std::string sentenceOf(const std::string& sweep) {
    const auto parsed = parseSweep(Base + "sweep: " + sweep + "\n", "s.yaml");
    return parsed ? "accepted" : parsed.error().message;
}

Sweep sweepOf(const std::string& sweep) {
    auto parsed = parseSweep(Base + "sweep: " + sweep + "\n", "s.yaml");
    if (!parsed)
        qFatal("%s", parsed.error().message.c_str());
    return *std::move(parsed);
}

} // namespace

class SweepTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void readsAGrid();
    void settingsThatChangeTogether();
    void aListAndDraws();
    void badInput_data();
    void badInput();
    void writesWhatItReads_data();
    void writesWhatItReads();
    void aRunRefusesIt();
    void comesWithStillroom();
};

void SweepTest::readsAGrid() {
    const Sweep sweep =
        sweepOf("{over: {selection.rule: [all, llkd], seed: 2..4, selection.decay: [~, 0.9]}, workers: 3}");
    QCOMPARE(sweep.base.name, std::string("s"));
    QVERIFY(sweep.how == SweepHow::Grid);
    QCOMPARE(sweep.workers, std::int64_t{3});
    QCOMPARE(sweep.axes.size(), std::size_t{3});
    QCOMPARE(sweep.axes[0].values.size(), std::size_t{2});
    QVERIFY(sweep.axes[0].values[1] == (SweepValue{"rule llkd", {{"selection.rule", "llkd"}}}));
    QCOMPARE(sweep.axes[1].key, std::string("training.seed"));
    QCOMPARE(sweep.axes[1].values.size(), std::size_t{3});
    QCOMPARE(sweep.axes[1].values[2].settings[0].value, std::string("4"));
    QVERIFY(sweep.axes[2].values[0] == (SweepValue{"decay ~", {{"selection.decay", ""}}}));
}

void SweepTest::settingsThatChangeTogether() {
    const Sweep sweep =
        sweepOf("{over: {variant: [{name: half, selection.rule: random, selection: {ratio: 0.5}}, "
                "{name: llkd, selection.rule: llkd, selection.ratio: ~}], "
                "student: [{kind: probe, model: minilm}, {kind: ngram}]}}");
    QCOMPARE(sweep.axes.size(), std::size_t{2});
    QVERIFY(
        sweep.axes[0].values[0] ==
        (SweepValue{"half", {{"name", "half"}, {"selection.rule", "random"}, {"selection.ratio", "0.5"}}}));
    QVERIFY(
        sweep.axes[1].values[0] ==
        (SweepValue{"kind probe, model minilm", {{"student.kind", "probe"}, {"student.model", "minilm"}}}));
}

void SweepTest::aListAndDraws() {
    const Sweep list = sweepOf("{how: list, over: [{selection.rule: all, seed: 7}, {training.epochs: 3}]}");
    QVERIFY(list.how == SweepHow::List);
    QCOMPARE(list.axes.size(), std::size_t{1});
    QVERIFY(list.axes[0].values[0] ==
            (SweepValue{"rule all, seed 7", {{"selection.rule", "all"}, {"training.seed", "7"}}}));
    const Sweep random =
        sweepOf("{how: random, samples: 20, seed: 5, over: {selection.ratio: {from: 0.01, to: 1, "
                "scale: log}, training.batch: [16, 32..33]}}");
    QVERIFY(random.how == SweepHow::Random);
    QCOMPARE(random.samples, std::int64_t{20});
    QCOMPARE(random.seed, std::int64_t{5});
    QVERIFY(random.axes[0].span == (SweepSpan{0.01, 1, true}));
    QCOMPARE(random.axes[1].values.size(), std::size_t{3});
}

void SweepTest::badInput_data() {
    QTest::addColumn<QString>("sweep");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* sweep, const char* sentence) {
        QTest::newRow(name) << sweep << QStringLiteral("s.yaml, line 4, column ") + sentence;
    };
    row("a text", "all", "8: sweep: expected a map (over, how, samples, seed, workers), found 'all'");
    row("unknown key", "{ovr: {seed: [1]}}", "9: unknown key 'ovr'; did you mean 'over'?");
    row("nothing to do", "{workers: 2}", "8: sweep needs 'over': the settings, and their values");
    row("unknown setting", "{over: {selection.rul: [all]}}",
        "16: unknown setting 'selection.rul'; did you mean 'selection.rule'?");
    row("no section", "{over: {rule: [all]}}", "16: unknown setting 'rule'; did you mean 'selection.rule'?");
    row("bad value", "{over: {selection.rule: [all, lkd]}}",
        "38: selection.rule: expected one of all, random, teacher, student, fixmatch, flexmatch, freematch, "
        "softmatch, small_loss, oracle, llkd, found 'lkd'; did you mean 'llkd'?");
    row("one value", "{over: {selection.rule: all}}",
        "32: selection.rule: expected a list of values, or a range such as 1..5, found 'all'");
    row("empty list", "{over: {seed: []}}", "22: seed: the list is empty");
    row("downwards", "{over: {seed: 5..1}}", "22: 5..1 goes downwards; write the smaller number first");
    row("endless", "{over: {seed: 1..100000}}", "22: 1..100000 are more than 10,000 values");
    row("a range of fractions", "{over: {selection.ratio: 0.1..0.5}}",
        "33: selection.ratio: expected a list of values, or a range such as 1..5, found '0.1..0.5'");
    row("variant without a name", "{over: {variant: [{selection.rule: all}]}}",
        "26: a variant needs a name: {name: half, selection.ratio: 0.5}");
    row("variant that is none", "{over: {variant: [all]}}",
        "26: expected a map of settings such as {selection.rule: llkd, seed: 1}, found 'all'");
    row("twice in a variant", "{over: {variant: [{name: a, seed: 1, training: {seed: 2}}]}}",
        "26: training.seed is set twice; keep one of the two");
    row("by two axes", "{over: {training.seed: [1], variant: [{name: a, seed: 2}]}}",
        "36: training.seed is set by 'training.seed' too; keep one of the two");
    row("samples of a grid", "{over: {seed: [1]}, samples: 3}",
        "37: samples does nothing without how: random; leave it out");
    row("no samples", "{how: random, over: {seed: [1]}}",
        "8: how: random needs 'samples', the number of runs");
    row("a list without its how", "{over: [{seed: 1}]}",
        "15: over: expected a map from settings to lists of values, found a list; for a list of maps write "
        "how: "
        "list");
    row("a list that is none", "{how: list, over: {seed: [1]}}",
        "26: how: list takes a list of maps such as [{selection.rule: all, seed: 1}], found a map");
    row("draws of nothing", "{how: random, samples: 2, over: {selection.ratio: {from: 1, to: 0.5}}}",
        "58: 'from' must be less than 'to'");
    row("workers", "{over: {seed: [1]}, workers: 0}",
        "37: workers: expected a whole number from 1 to 1024, found '0'");
}

void SweepTest::badInput() {
    QFETCH(QString, sweep);
    QFETCH(QString, sentence);
    QCOMPARE(QString::fromStdString(sentenceOf(sweep.toStdString())), sentence);
}

void SweepTest::writesWhatItReads_data() {
    QTest::addColumn<QString>("sweep");
    QTest::newRow("grid") << "{over: {selection.rule: [all, llkd], seed: 1..3, selection.decay: [~, 0.9], "
                             "training.learning_rate: [{from: 1, to: 0}, 0.5]}, workers: 2}";
    QTest::newRow("variants")
        << "{over: {variant: [{name: \"a: b\", selection.rule: all, selection.decay: ~}, "
           "{name: c, selection.ratio: 0.25}], student: [{dimensions: 8}, {dimensions: 16}]}}";
    QTest::newRow("list") << "{how: list, over: [{selection.rule: all}, {seed: 9, name: x}]}";
    QTest::newRow("random")
        << "{how: random, samples: 4, seed: 3, over: {selection.ratio: {from: 0.1, to: 1}, "
           "seed: 1..9}}";
}

void SweepTest::writesWhatItReads() {
    QFETCH(QString, sweep);
    const Sweep read = sweepOf(sweep.toStdString());
    const std::string written = writeSweep(read);
    const auto again = parseSweep(written, "again");
    QVERIFY2(again, again ? "" : (again.error().message + "\n" + written).c_str());
    QVERIFY2(*again == read, written.c_str());
}

void SweepTest::aRunRefusesIt() {
    const auto experiment = parseExperiment(Base + "sweep: {over: {seed: 1..5}}\n", "s.yaml");
    QVERIFY(!experiment);
    QCOMPARE(
        experiment.error().message,
        std::string("s.yaml, line 4, column 1: with 'sweep' these are many runs, which `stillroom-cli sweep` "
                    "does; take it out to do one of them"));
    QCOMPARE(
        parseSweep(Base, "s.yaml").error().message,
        std::string("s.yaml: there is no 'sweep' in it; add sweep: {over: {seed: 1..5}}, or do it once with "
                    "`stillroom-cli run`"));
}

void SweepTest::comesWithStillroom() {
    const auto sweep = readSweep(STILLROOM_SOURCE_DIR "/experiments/humaid-rules.yaml");
    QVERIFY2(sweep, sweep ? "" : sweep.error().message.c_str());
    QCOMPARE(sweep->axes.size(), std::size_t{2});
}

QTEST_APPLESS_MAIN(SweepTest)
#include "sweep_test.moc"
