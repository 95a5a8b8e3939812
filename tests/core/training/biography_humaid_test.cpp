// What a biography says of a sample is what training did with it: for every sample and every epoch of the
// experiment humaid-llkd, against a witness that stood beside the rule and knows every number in full.
#include "core/experiment/prepare.h"
#include "core/lab/biography.h"
#include "core/student/ngram_network.h"
#include "core/training/trainer.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace stillroom;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int Epochs = 2;
#else
constexpr int Epochs = 10; // the experiment's
#endif

/// What the rule was asked and said of one sample in one epoch.
struct Testimony {
    bool kept = false;
    double teacherBar = 0, studentBar = 0; ///< of its class
    float confidence = 0, uncertainty = 0;
    int studentLabel = -1;
};

/// Passes everything on to a rule and remembers it.
class Witness : public Rule {
  public:
    Witness(std::unique_ptr<Rule> rule, std::size_t samples, int classes)
        : rule_(std::move(rule)), seen_(samples), classes_(static_cast<std::size_t>(classes)) {}

    [[nodiscard]] bool needsScores() const override { return rule_->needsScores(); }
    void observe(const Batch& batch, Decision& decision) override {
        rule_->observe(batch, decision);
        const Thresholds bars = rule_->thresholds(); // those of the mask
        for (std::size_t i = 0; i < batch.samples.size(); ++i) {
            const auto y = static_cast<std::size_t>(batch.labels[i]);
            const auto p = batch.probabilities.subspan(i * classes_, classes_);
            seen_[batch.samples[i]] = {
                decision.keep[i] != 0,  bars.teacher[y],
                bars.student[y],        batch.confidences[i],
                batch.uncertainties[i], static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin())};
        }
    }
    [[nodiscard]] Thresholds thresholds() const override { return rule_->thresholds(); }
    [[nodiscard]] RuleState state() const override { return rule_->state(); }
    Result<void> restore(const RuleState& state) override { return rule_->restore(state); }
    void adjust(const SelectionSettings& settings) override { rule_->adjust(settings); }

    [[nodiscard]] const std::vector<Testimony>& seen() const { return seen_; }

  private:
    std::unique_ptr<Rule> rule_;
    std::vector<Testimony> seen_;
    std::size_t classes_;
};

/// A run with everything that a biography is made from, and what really happened, by epoch and sample.
struct Witnessed {
    std::vector<std::shared_ptr<const Snapshot>> snapshots;
    std::vector<WindowRecord> windows;
    std::vector<std::vector<Testimony>> truth;
    std::int64_t stepsPerEpoch = 0;
};

Witnessed train(const SessionSpec& spec, const QTemporaryDir& folder) {
    Witnessed run;
    const Samples samples(spec.set);
    auto rule = makeRule(spec.selection, samples.population(static_cast<std::uint64_t>(spec.training.seed)));
    if (!rule)
        qFatal("%s", rule.error().message.c_str());
    Witness witness(*std::move(rule), samples.size(), samples.classCount);
    NgramSetup setup;
    setup.recipe = {spec.student.buckets, spec.student.wordNgrams, spec.student.charNgramsMin,
                    spec.student.charNgramsMax};
    setup.texts =
        std::make_shared<const NgramTexts>(readNgrams(*spec.set.data, samples.rows, setup.recipe, 2));
    setup.classes = spec.set.data->classes();
    setup.dimensions = spec.student.dimensions;
    const auto network = makeNgramNetwork(std::move(setup));
    Trainer trainer(spec, samples, *network, witness);
    StepReporter reporter(samples.classCount, std::max<std::int64_t>(1, trainer.stepsPerEpoch() / 100),
                          trainer.totalSteps());
    while (!trainer.done()) {
        reporter.startClock();
        reporter.add(trainer.step(), witness);
        if (!trainer.atEpochEnd())
            continue;
        reporter.closeWindow(witness);
        const auto event = reporter.take(trainer.counts(), 0);
        run.windows.insert(run.windows.end(), event.windows.begin(), event.windows.end());
        run.truth.push_back(witness.seen());
        // Through the disk, as in a run folder.
        const auto epoch = static_cast<std::int64_t>(run.truth.size());
        const std::string path = folder.filePath(QString::number(epoch)).toStdString();
        const SnapshotInfo info{epoch, trainer.stepsDone(), true, samples.classCount};
        if (auto written = writeSnapshot(path, info, trainer.takeTraces()); !written)
            qFatal("%s", written.error().message.c_str());
        auto snapshot = Snapshot::open(path, samples.size());
        if (!snapshot)
            qFatal("%s", snapshot.error().message.c_str());
        run.snapshots.push_back(*std::move(snapshot));
    }
    run.stepsPerEpoch = trainer.stepsPerEpoch();
    return run;
}

/// Of "uncertainty 0.64, bar 0.43": 0.64 and the bars.
struct Numbers {
    std::optional<double> value;
    int digits = 0;
    std::vector<double> bars;
};

Numbers numbersAfter(const QString& sentence, const QRegularExpression& name) {
    const auto match = name.match(sentence);
    Numbers numbers;
    if (!match.hasMatch())
        return numbers;
    numbers.value = match.captured(1).toDouble();
    numbers.digits = static_cast<int>(match.captured(1).size()) - 2;
    static const QRegularExpression number(QStringLiteral("\\d\\.\\d+"));
    for (auto bars = number.globalMatch(match.captured(2)); bars.hasNext();)
        numbers.bars.push_back(bars.next().captured().toDouble());
    return numbers;
}

/// What is printed of a signal is it, to the digits printed; its printed bars do not contradict what
/// happened, and lie where the bar was.
QString wrongNumbers(const Numbers& numbers, double value, double bar, bool passed, double exactness) {
    if (!numbers.value)
        return {};
    const double rounding = 0.5 * std::pow(10, -numbers.digits) + exactness;
    if (std::abs(*numbers.value - value) > rounding)
        return QStringLiteral("says %1, was %2").arg(*numbers.value).arg(value);
    if (numbers.bars.empty())
        return {};
    const auto [low, high] = std::minmax_element(numbers.bars.begin(), numbers.bars.end());
    if (passed ? *numbers.value < *high : *numbers.value >= *low)
        return QStringLiteral("%1 against a bar of %2 to %3 contradicts what happened")
            .arg(*numbers.value)
            .arg(*low)
            .arg(*high);
    // A window's ends do not hold what its bar did in between; it moves little in a hundredth of an epoch.
    if (bar < *low - 0.02 || bar > *high + 0.02)
        return QStringLiteral("says a bar of %1 to %2, it was %3").arg(*low).arg(*high).arg(bar);
    return {};
}

/// What is wrong with an entry; empty: it is true.
QString untrue(const BiographyEntry& entry, const Testimony& truth) {
    static const QRegularExpression confidence(QStringLiteral("confidence (\\d\\.\\d+)([^)]*)\\)"));
    static const QRegularExpression uncertainty(QStringLiteral("uncertainty (\\d\\.\\d+)([^)]*)\\)"));
    const QString sentence = QString::fromStdString(entry.sentence);
    const bool teacherRefused = !atLeast(truth.confidence, truth.teacherBar);
    const bool studentRefused = !atLeast(truth.uncertainty, truth.studentBar);
    if (truth.kept == (teacherRefused || studentRefused))
        return QStringLiteral("the witness contradicts itself");
    if (sentence.startsWith(QLatin1String("Kept: ")) != truth.kept ||
        sentence.startsWith(QLatin1String("Refused: ")) == truth.kept)
        return QStringLiteral("kept: %1").arg(truth.kept);
    if (sentence.contains(QLatin1String("teacher is not sure enough")) != teacherRefused)
        return QStringLiteral("teacher refused: %1").arg(teacherRefused);
    if (sentence.contains(QLatin1String("student is sure already")) != studentRefused)
        return QStringLiteral("student refused: %1").arg(studentRefused);
    if (auto wrong = wrongNumbers(numbersAfter(sentence, confidence), truth.confidence, truth.teacherBar,
                                  !teacherRefused, 1e-7);
        !wrong.isEmpty())
        return "confidence " + wrong;
    if (auto wrong = wrongNumbers(numbersAfter(sentence, uncertainty), truth.uncertainty, truth.studentBar,
                                  !studentRefused, 0.0003); // binary16 near 1
        !wrong.isEmpty())
        return "uncertainty " + wrong;
    if (entry.trace.studentLabel() != truth.studentLabel)
        return QStringLiteral("the student's label was %1").arg(truth.studentLabel);
    return {};
}

} // namespace

class BiographyHumaidTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everySentenceIsTrue() {
        const QString root = QStringLiteral(STILLROOM_SOURCE_DIR "/../shared/data");
        if (!QFileInfo::exists(root + "/humaid"))
            QSKIP("HumAID is not there: its files belong into ../shared/data/humaid");
        auto experiment = readExperiment(std::string(STILLROOM_SOURCE_DIR) + "/experiments/humaid-llkd.yaml");
        QVERIFY(experiment);
        LoadContext context;
        context.root = root.toStdString();
        const auto prepared = prepare(*experiment, context);
        QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
        SessionSpec spec;
        spec.set = prepared->set;
        spec.student = experiment->student;
        spec.selection = experiment->selection;
        spec.training = experiment->training;
        spec.training.epochs = Epochs;
        const QTemporaryDir folder;
        const Witnessed run = train(spec, folder);
        const SampleTable table(spec.set);

        BiographyInput input;
        input.table = &table;
        input.classes = &spec.set.data->classes();
        input.snapshots = run.snapshots;
        input.windows = run.windows;
        input.stepsPerEpoch = run.stepsPerEpoch;
        input.batch = spec.training.batch;
        input.seed = spec.training.seed;
        input.selection = &spec.selection;
        BiographyMaker maker(input);
        std::int64_t all = 0;
        std::int64_t withBars = 0;
        std::int64_t wrong = 0;
        for (std::size_t epoch = 0; epoch < run.truth.size(); ++epoch)
            for (std::uint32_t sample = 0; sample < table.size(); ++sample) {
                const auto entry = maker.entry(epoch, sample);
                const QString complaint = untrue(entry, run.truth[epoch][sample]);
                ++all;
                withBars += entry.sentence.find("bar") != std::string::npos;
                if (!complaint.isEmpty() && ++wrong <= 5)
                    qWarning("epoch %zu, sample %u: %s — «%s»", epoch + 1, sample, qPrintable(complaint),
                             entry.sentence.c_str());
            }
        qInfo("%lld sentences of %zu samples over %d epochs, %lld not true; %.1f %% of them with the bar",
              static_cast<long long>(all), table.size(), Epochs, static_cast<long long>(wrong),
              100.0 * static_cast<double>(withBars) / static_cast<double>(all));
        QCOMPARE(wrong, 0);
        QCOMPARE(all, static_cast<std::int64_t>(table.size()) * Epochs);
        QVERIFY(withBars > all * 9 / 10); // true because silent would not do
    }
};

QTEST_GUILESS_MAIN(BiographyHumaidTest)
#include "biography_humaid_test.moc"
