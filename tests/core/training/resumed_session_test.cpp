// A session that goes on from a checkpoint ends, bit by bit, as the one that was never interrupted: for every
// rule, every kind of student, and whatever waits between two steps.
#include "ended_session.h"

#include "core/engine/checkpoint_folder.h"
#include "core/engine/checkpoint_manifest.h"
#include "tests/core/student/tiny_encoder.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <filesystem>

using namespace stillroom;

namespace {

Ended completed(SessionSpec spec, const QString& folder) {
    Ended ended = runToEnd(std::move(spec), folder);
    if (ended.end.outcome != Outcome::Completed)
        qFatal("%s", ended.end.error.c_str());
    return ended;
}

void copyTree(const QString& from, const QString& to) {
    std::filesystem::copy(from.toStdString(), to.toStdString(),
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::copy_symlinks);
}

template <class T>
bool sameBits(const T& a, const T& b) {
    return std::memcmp(&a, &b, sizeof(T)) == 0;
}

bool operator==(const WindowRecord& a, const WindowRecord& b) {
    return a.firstStep == b.firstStep && a.lastStep == b.lastStep &&
           a.candidatesByClass == b.candidatesByClass && a.keptByClass == b.keptByClass &&
           a.confidenceAll == b.confidenceAll && a.confidenceKept == b.confidenceKept &&
           a.thresholds.teacher == b.thresholds.teacher && a.thresholds.student == b.thresholds.student &&
           a.thresholds.studentConfidence == b.thresholds.studentConfidence;
}

std::vector<WindowRecord> windowsOf(EventLog& log) {
    std::vector<WindowRecord> windows;
    for (auto& event : log.all<StepsEvent>())
        windows.insert(windows.end(), event.windows.begin(), event.windows.end());
    return windows;
}

/// The last of `whole` are those of `part`; `first` tells where a record begins.
template <class T, class Same>
void compareTail(const std::vector<T>& whole, const std::vector<T>& part, Same same) {
    QVERIFY(part.size() <= whole.size());
    const std::size_t begin = whole.size() - part.size();
    for (std::size_t i = 0; i < part.size(); ++i)
        QVERIFY2(same(whole[begin + i], part[i]),
                 qPrintable(QStringLiteral("record %1 of %2, %3 from the end")
                                .arg(begin + i)
                                .arg(whole.size())
                                .arg(part.size() - i)));
}

} // namespace

class ResumedSessionTest : public QObject {
    Q_OBJECT
    const DistillationSet task_ = makeTask(1500);
    QTemporaryDir model_, cache_;

    SessionSpec ngram(RuleKind rule) {
        SessionSpec spec = specFor(task_);
        spec.selection.rule = rule;
        if (rule == RuleKind::Random || rule == RuleKind::SmallLoss)
            spec.selection.ratio = 0.4;
        else
            spec.selection.cut = rule == RuleKind::Student ? 0.3 : 0.7;
        return spec;
    }

    SessionSpec reader(StudentKind kind) {
        SessionSpec spec = ngram(RuleKind::Llkd);
        spec.student.kind = kind;
        spec.student.model = model_.path().toStdString();
        spec.student.length = 32;
        spec.student.headDropout = 0.2;
        spec.training.learningRate =
            Schedule(kind == StudentKind::Encoder ? 4e-3 : 1e-2, 0.0, ScheduleShape::Linear);
        return spec;
    }

    void compare(const SessionSpec& spec, std::int64_t every);

  private Q_SLOTS:
    void initTestCase() {
        qputenv("STILLROOM_CACHE", cache_.path().toUtf8());
        writeTinyEncoder(model_.path());
    }

    void everyRule_data() {
        QTest::addColumn<int>("rule");
        for (int rule = 0; rule < RuleCount; ++rule)
            QTest::newRow(std::string(ruleName(static_cast<RuleKind>(rule))).c_str()) << rule;
    }
    void everyRule() {
        QFETCH(int, rule);
        compare(ngram(static_cast<RuleKind>(rule)), 13);
    }

    void whatWaitsForPacking() {
        auto spec = ngram(RuleKind::Llkd);
        spec.training.packing = true;
        compare(spec, 13);
    }

    void scoresOfEarlierVisits() {
        auto spec = ngram(RuleKind::Llkd);
        spec.training.scoreEvery = 3;
        spec.training.epochs = 5;
        compare(spec, 17);
    }

    void settingsEditedOnTheWay() {
        auto spec = ngram(RuleKind::Random);
        spec.selection.resample = true;
        PlannedEdit edit;
        edit.step = 40;
        edit.edit = {spec.selection, spec.loss, learningRateOf(spec.training, spec.student.kind), {}};
        edit.edit.selection.ratio = 0.7;
        spec.plannedEdits = {edit};
        compare(spec, 13);
    }

    void withoutValidation() {
        auto spec = ngram(RuleKind::Llkd);
        spec.set = makeTask(1500, false);
        compare(spec, 13);
    }

    void onABudget() {
        auto spec = ngram(RuleKind::Llkd);
        spec.training.stop.gradientSamples = 700;
        compare(spec, 5);
    }

    void readers_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("accumulate");
        QTest::newRow("encoder") << int(StudentKind::Encoder) << 1;
        QTest::newRow("encoder whose gradients wait") << int(StudentKind::Encoder) << 4;
        QTest::newRow("probe") << int(StudentKind::Probe) << 1;
        QTest::newRow("probe whose gradients wait") << int(StudentKind::Probe) << 4;
    }
    void readers() {
        QFETCH(int, kind);
        QFETCH(int, accumulate);
        auto spec = reader(static_cast<StudentKind>(kind));
        spec.training.optimizer.accumulate = accumulate;
        spec.student.hidden = spec.student.kind == StudentKind::Probe ? 12 : 0;
        compare(spec, 23);
    }

    void scoredInHalf() {
        auto spec = reader(StudentKind::Encoder);
        spec.training.scoring = Precision::Bf16;
        compare(spec, 19);
    }

    void otherDataIsRefused() {
        QTemporaryDir folder;
        auto spec = ngram(RuleKind::Llkd);
        completed(spec, folder.path());
        const auto steps = checkpointSteps(folder.path().toStdString());
        QCOMPARE(steps.size(), std::size_t(1));
        spec.resumeFrom = checkpointName(steps.front());
        spec.checkpointFolder = folder.path().toStdString();
        spec.training.epochs = 5;
        spec.set = makeTask(1505);
        EventLog log;
        auto session = startTrainingSession(spec, log.sink());
        QVERIFY(session.has_value());
        QVERIFY(log.waitForEnd());
        QVERIFY(log.end().outcome == Outcome::Failed);
        QVERIFY2(log.end().error.find("training texts") != std::string::npos, log.end().error.c_str());
    }
};

void ResumedSessionTest::compare(const SessionSpec& spec, std::int64_t every) {
    QTemporaryDir plainFolder, folder;
    SessionSpec written = spec;
    written.training.checkpoint.everySteps = every;
    written.training.checkpoint.keep = 1000;
    const Ended whole = completed(written, folder.path());
    SessionSpec plain = spec;
    plain.training.checkpoint.everySteps = 1'000'000;
    plain.training.checkpoint.keep = 0;
    const Ended without = completed(plain, plainFolder.path());
    QVERIFY(!whole.student.isEmpty());
    QVERIFY(whole.student == without.student); // checkpoints change nothing
    QCOMPARE(
        QDir(plainFolder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(),
        2); // the best student and its link

    auto steps = checkpointSteps(folder.path().toStdString());
    QVERIFY(steps.size() >= 4);
    for (std::size_t i = 1; i < steps.size(); i += std::max<std::size_t>(1, steps.size() / 5)) {
        const std::int64_t step = steps[i];
        QTemporaryDir copied;
        const QString place = copied.filePath("checkpoints");
        copyTree(folder.path(), place);
        const auto manifest =
            readManifest((place + "/").toStdString() + checkpointName(step), ManifestCheck::Files);
        QVERIFY2(manifest, manifest ? "" : manifest.error().message.c_str());
        removeOthers(place.toStdString(), {step}, {});
        SessionSpec resumed = written;
        resumed.resumeFrom = checkpointName(step);
        resumed.plannedEdits.clear();
        for (const auto& edit : spec.plannedEdits)
            if (edit.step > step) {
                resumed.plannedEdits.push_back(edit);
            } else {
                resumed.selection = edit.edit.selection;
                resumed.loss = edit.edit.loss;
                resumed.training.learningRate = edit.edit.learningRate;
            }
        const Ended again = completed(resumed, place);
        QVERIFY2(again.student == whole.student, qPrintable(QStringLiteral("from step %1").arg(step)));
        const auto tail = again.log->steps();
        QVERIFY(!tail.empty());
        QCOMPARE(tail.front().step, step + 1);
        compareTail(whole.log->steps(), tail, [](const StepRecord& a, const StepRecord& b) {
            return a.step == b.step && a.candidates == b.candidates && a.kept == b.kept &&
                   a.keptRight == b.keptRight && sameBits(a.loss, b.loss) &&
                   sameBits(a.learningRate, b.learningRate);
        });
        compareTail(windowsOf(*whole.log), windowsOf(*again.log),
                    [](const WindowRecord& a, const WindowRecord& b) { return a == b; });
        compareTail(whole.log->all<EvaluationEvent>(), again.log->all<EvaluationEvent>(),
                    [](const EvaluationEvent& a, const EvaluationEvent& b) {
                        return a.step == b.step && a.best == b.best &&
                               sameBits(a.metrics.loss, b.metrics.loss) &&
                               a.metrics.confusion == b.metrics.confusion &&
                               sameBits(a.meanUncertainty, b.meanUncertainty) &&
                               a.counts.distinct == b.counts.distinct &&
                               sameBits(a.counts.trainingFlops, b.counts.trainingFlops);
                    });
        QCOMPARE(static_cast<std::int64_t>(whole.log->all<EvaluationEvent>().size() -
                                           again.log->all<EvaluationEvent>().size()),
                 manifest->evaluations);
        const auto lastTraces = [](EventLog& log) {
            std::shared_ptr<const std::vector<SampleTrace>> last;
            for (auto& snapshot : log.all<SnapshotEvent>())
                if (isStored(snapshot))
                    last = snapshot.traces;
            return last;
        };
        QVERIFY(*lastTraces(*again.log) == *lastTraces(*whole.log));
        QCOMPARE(again.end.step, whole.end.step);
        QCOMPARE(again.end.counts.seen, whole.end.counts.seen);
        QCOMPARE(again.end.counts.gradient, whole.end.counts.gradient);
        QCOMPARE(again.end.counts.distinct, whole.end.counts.distinct);
        QCOMPARE(again.end.keptRight, whole.end.keptRight);
        QCOMPARE(again.end.keptWithGold, whole.end.keptWithGold);
        QVERIFY(sameBits(again.end.validation.loss, whole.end.validation.loss));
        QVERIFY(again.end.validation.confusion == whole.end.validation.confusion);
        QVERIFY(sameBits(again.end.test.loss, whole.end.test.loss));
        QVERIFY(again.end.test.confusion == whole.end.test.confusion);
    }
}

QTEST_GUILESS_MAIN(ResumedSessionTest)
#include "resumed_session_test.moc"
