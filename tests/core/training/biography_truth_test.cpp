// That a biography tells what training did: order, verdicts, thresholds, sentence, for every sample, every
// epoch and every rule, against the batches as the session itself showed them.
#include "core/lab/biography.h"
#include "session_fixture.h"

#include <QtTest>

using namespace stillroom;

namespace {

/// A session stepped to its end: each batch in full, the windows, and the snapshots of the epochs.
struct Watched {
    std::vector<BatchEvent> batches;
    std::vector<WindowRecord> windows;
    std::vector<std::shared_ptr<const Snapshot>> snapshots;
    StartedEvent started;
};

Watched watch(SessionSpec spec) {
    EventLog log;
    spec.startPaused = true;
    auto session = startTrainingSession(std::move(spec), log.sink());
    if (!session)
        qFatal("%s", session.error().message.c_str());
    const auto isThere = [](const StartedEvent&) { return true; };
    if (!log.waitFor<StartedEvent>(isThere))
        qFatal("the session did not start");
    Watched watched;
    watched.started = log.all<StartedEvent>().front();
    for (std::int64_t step = 0; step < watched.started.epochs * watched.started.stepsPerEpoch; ++step)
        (*session)->send(StepCommand{});
    if (!log.waitForEnd())
        qFatal("the session did not end");
    watched.batches = log.all<BatchEvent>();
    for (const auto& event : log.all<StepsEvent>())
        watched.windows.insert(watched.windows.end(), event.windows.begin(), event.windows.end());
    for (const auto& event : log.all<SnapshotEvent>())
        if (event.complete)
            watched.snapshots.push_back(
                Snapshot::of({event.epoch, event.step, true, watched.started.classCount}, event.traces));
    return watched;
}

bool holds(const std::optional<BiographyEntry::Bar>& bar, const std::vector<double>& thresholds,
           std::int32_t label) {
    if (thresholds.empty() || label < 0)
        return true;
    const double threshold = thresholds[static_cast<std::size_t>(label)];
    return bar && bar->low <= threshold && threshold <= bar->high;
}

} // namespace

class BiographyTruthTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everySampleEveryEpoch_data();
    void everySampleEveryEpoch();
};

void BiographyTruthTest::everySampleEveryEpoch_data() {
    QTest::addColumn<int>("rule");
    for (int rule = 0; rule < RuleCount; ++rule)
        QTest::newRow(std::string(ruleName(static_cast<RuleKind>(rule))).c_str()) << rule;
}

void BiographyTruthTest::everySampleEveryEpoch() {
    QFETCH(int, rule);
    auto spec = specFor(makeTask(700));
    spec.selection.rule = static_cast<RuleKind>(rule);
    if (spec.selection.rule == RuleKind::Teacher)
        spec.selection.cut = 0.75;
    if (spec.selection.rule == RuleKind::Student || spec.selection.rule == RuleKind::Random ||
        spec.selection.rule == RuleKind::SmallLoss)
        spec.selection.ratio = 0.4;
    if (spec.selection.rule == RuleKind::FixMatch || spec.selection.rule == RuleKind::FlexMatch)
        spec.selection.cut = Schedule(0.3, 0.7, ScheduleShape::Linear); // it begins with nothing learned
    const auto watched = watch(spec);
    const SampleTable table(spec.set);
    QCOMPARE(watched.snapshots.size(), static_cast<std::size_t>(spec.training.epochs));
    QCOMPARE(watched.batches.size(),
             static_cast<std::size_t>(watched.started.epochs * watched.started.stepsPerEpoch));

    BiographyInput input;
    input.table = &table;
    input.classes = &spec.set.data->classes();
    input.snapshots = watched.snapshots;
    input.windows = watched.windows;
    input.stepsPerEpoch = watched.started.stepsPerEpoch;
    input.batch = watched.started.batch;
    input.seed = spec.training.seed;
    input.selection = &spec.selection;
    BiographyMaker maker(input);

    std::size_t seen = 0;
    std::size_t kept = 0;
    for (const auto& batch : watched.batches) {
        // The place in the batch too, not only the batch.
        const auto order = epochOrder(table.size(), input.seed, batch.epoch - 1);
        const auto begin = static_cast<std::size_t>((batch.step - 1) % input.stepsPerEpoch * input.batch);
        for (std::size_t i = 0; i < batch.samples.size(); ++i) {
            const auto& sample = batch.samples[i];
            QCOMPARE(order[begin + i], sample.sample);
            const auto entry = maker.entry(static_cast<std::size_t>(batch.epoch - 1), sample.sample);
            QCOMPARE(entry.step, batch.step);
            QCOMPARE(entry.epoch, batch.epoch);
            QCOMPARE(entry.trace.verdict(), sample.verdict);
            QCOMPARE(entry.trace.studentLabel(), sample.studentLabel);
            QVERIFY(holds(entry.teacherBar, batch.after.teacher, sample.label));
            QVERIFY(holds(entry.studentBar, batch.after.student, sample.label));
            // What FlexMatch's thresholds are after a batch is not what it judged the batch by.
            if (spec.selection.rule != RuleKind::FlexMatch)
                QVERIFY(
                    holds(entry.studentConfidenceBar, batch.after.studentConfidence, sample.studentLabel));
            const auto says = [&](const char* words) {
                return entry.sentence.find(words) != std::string::npos;
            };
            QCOMPARE(entry.sentence.starts_with("Kept"), sample.verdict == Verdict::Kept);
            QCOMPARE(entry.sentence.starts_with("Refused"), sample.verdict != Verdict::Kept);
            if (sample.verdict == Verdict::TeacherUnsure || sample.verdict == Verdict::BothRefuse)
                QVERIFY(says("the teacher is not sure enough"));
            if (sample.verdict == Verdict::StudentSure || sample.verdict == Verdict::BothRefuse)
                QVERIFY(says("the student is sure already"));
            ++seen;
            kept += sample.verdict == Verdict::Kept;
        }
    }
    QCOMPARE(seen, table.size() * static_cast<std::size_t>(spec.training.epochs));
    QVERIFY(kept > 0);
    const bool keepsAll = spec.selection.rule == RuleKind::All || spec.selection.rule == RuleKind::SoftMatch;
    if (spec.selection.rule != RuleKind::FreeMatch) // its thresholds begin at 1/K, and stay there for a while
        QCOMPARE(kept == seen, keepsAll);
}

QTEST_GUILESS_MAIN(BiographyTruthTest)
#include "biography_truth_test.moc"
