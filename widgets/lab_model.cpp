#include "widgets/lab_model.h"

#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <algorithm>
#include <atomic>

namespace stillroom {

/// A worker's memory of a run: what the next epoch goes on top of.
struct LabModel::Chain {
    std::shared_ptr<RunArchive> archive;
    std::atomic<int> newest{0}; ///< of the events that were handed over

    std::shared_ptr<const SampleHistory> history;
    std::shared_ptr<const Snapshot> whole; ///< the last epoch that is complete

    Taken take(const SnapshotInfo& info, const std::shared_ptr<const std::vector<SampleTrace>>& traces);
};

namespace {

bool anyScored(std::span<const SampleTrace> traces) {
    return std::any_of(traces.begin(), traces.end(), [](const SampleTrace& t) { return t.scored(); });
}

/// What is known of each sample: from the epoch under way, or else from the one before it.
std::shared_ptr<const std::vector<SampleTrace>> newestOf(std::span<const SampleTrace> underWay,
                                                         std::span<const SampleTrace> before) {
    auto merged = std::make_shared<std::vector<SampleTrace>>(underWay.begin(), underWay.end());
    for (std::size_t i = 0; i < merged->size(); ++i)
        if ((*merged)[i].verdict() == Verdict::Unseen)
            (*merged)[i] = before[i];
    return merged;
}

} // namespace

LabModel::Taken LabModel::Chain::take(const SnapshotInfo& info,
                                      const std::shared_ptr<const std::vector<SampleTrace>>& traces) {
    Taken taken;
    taken.raw = Snapshot::of(info, traces);
    // A copy: whoever looks at the one before goes on looking at it.
    auto next =
        history ? std::make_shared<SampleHistory>(*history) : std::make_shared<SampleHistory>(traces->size());
    // A run that went on where another had ended begins with a later epoch than the first.
    for (std::int64_t epoch = next->epochs() + 1; epoch < info.epoch; ++epoch) {
        const auto earlier = archive->snapshot(epoch);
        if (!earlier)
            break;
        next->add(epoch, (*earlier)->traces());
    }
    next->add(info.epoch, *traces);
    history = next;
    taken.history = next;
    taken.shown.snapshot = taken.raw;
    if (!info.complete && whole)
        taken.shown.snapshot = Snapshot::of(info, newestOf(*traces, whole->traces()));
    if (info.complete)
        whole = taken.raw;
    taken.shown.asked = anyScored(taken.shown.snapshot->traces());
    return taken;
}

LabModel::LabModel(RunController* controller, QObject* parent) : QObject(parent), controller_(controller) {
    connect(controller_, &RunController::examplesChanged, this, &LabModel::examplesChanged);
    connect(controller_, &RunController::runBegan, this, [this] {
        forgetRun();
        effective_ = controller_->running().selection;
        updateBaseline();
    });
    connect(controller_, &RunController::happened, this, &LabModel::happened);
    connect(controller_, &RunController::drained, this, [this] {
        if (controller_->live().windowsRevision() != seenWindows_) {
            seenWindows_ = controller_->live().windowsRevision();
            updateBaseline();
        }
    });
    connect(controller_->document(), &ExperimentDocument::changed, this, [this](const QString& key) {
        if (!key.startsWith(QLatin1String("selection.")))
            return;
        askStart();
        updateBaseline();
    });
    connect(controller_->document(), &ExperimentDocument::replaced, this, [this] {
        forget();
        askStart();
        updateBaseline();
    });
    examplesChanged();
}

LabModel::~LabModel() {
    pool_.finish();
}

QString LabModel::className(int label) const {
    return label >= 0 && label < static_cast<int>(classes_.size())
               ? toQString(classes_[static_cast<std::size_t>(label)])
               : QString();
}

// ── the samples ─────────────────────────────────────────────────────────────────────────────────────────

void LabModel::examplesChanged() {
    const auto examples = controller_->sharedExamples();
    if (examples && table_ && table_->set.data == examples->set.data &&
        table_->set.teacher == examples->set.teacher)
        return;
    // What ran over other data says nothing of these.
    table_.reset();
    classes_ = examples ? examples->set.data->classes() : std::vector<std::string>();
    class_ = AllClasses;
    forgetRun();
    forget();
    building_.forget();
    Q_EMIT classChosen();
    Q_EMIT tableChanged();
    updateBaseline();
    if (!examples || examples->summary.taught == 0)
        return;
    building_.ask([set = examples->set] { return std::make_shared<const SampleTable>(set); },
                  [this](std::shared_ptr<const SampleTable> table) {
                      table_ = std::move(table);
                      Q_EMIT tableChanged();
                      askStart();
                  });
}

void LabModel::askStart() {
    if (!table_)
        return;
    const Experiment& now = controller_->document()->experiment();
    starting_.ask([settings = now.selection, seed = now.training.seed,
                   table = table_] { return startOf(settings, seed, *table); },
                  [this](Baseline start) {
                      start_ = std::move(start);
                      updateBaseline();
                  });
}

// ── a run ───────────────────────────────────────────────────────────────────────────────────────────────

void LabModel::forgetRun() {
    ++runs_;
    opening_.forget();
    archive_.reset();
    chain_.reset();
    history_.reset();
    underWay_.reset();
    newest_ = {};
    ends_.clear();
    stored_ = epoch_ = 0;
    follows_ = true;
    run_.reset();
    show({});
    Q_EMIT epochsChanged();
}

void LabModel::happened(const Event& event) {
    const LiveModel& live = controller_->live();
    if (const auto* started = std::get_if<StartedEvent>(&event)) {
        archive_ = std::make_shared<RunArchive>(controller_->runFolder().toStdString(),
                                                static_cast<std::size_t>(started->samples));
        chain_ = std::make_shared<Chain>();
        chain_->archive = archive_;
    } else if (const auto* edited = std::get_if<EditedEvent>(&event)) {
        Experiment experiment;
        experiment.selection = effective_;
        for (const auto& change : edited->changes)
            if (change.key.starts_with("selection.")) [[maybe_unused]]
                const auto set = setSetting(experiment, change.key, change.to);
        effective_ = experiment.selection;
    } else if (const auto* steps = std::get_if<StepsEvent>(&event)) {
        if (!steps->windows.empty())
            run_ = Baseline{live.thresholds(), effective_,
                            RunPlace(static_cast<double>(live.step()),
                                     static_cast<double>(live.started().stepsPerEpoch),
                                     static_cast<double>(live.totalSteps()), steps->done),
                            false};
    } else if (const auto* snapshot = std::get_if<SnapshotEvent>(&event)) {
        take(*snapshot);
    }
}

void LabModel::take(const SnapshotEvent& event) {
    if (!chain_ || !event.traces || event.epoch < 1)
        return;
    const auto index = static_cast<std::size_t>(event.epoch - 1);
    if (ends_.size() <= index)
        ends_.resize(index + 1);
    ends_[index] = run_.value_or(start_);
    SnapshotInfo info;
    info.epoch = event.epoch;
    info.step = event.step;
    info.complete = event.complete;
    info.classCount = static_cast<int>(classes_.size());
    const int number = ++chain_->newest;
    pool_.run(
        [chain = chain_, info, number, traces = event.traces]() -> std::optional<Taken> {
            // What an epoch did so far is of no interest when there is something newer.
            if (!info.complete && number != chain->newest)
                return std::nullopt;
            return chain->take(info, traces);
        },
        [this, run = runs_, info, stored = isStored(event)](std::optional<Taken> made) {
            if (made && run == runs_)
                taken(info, stored, std::move(*made));
        });
}

void LabModel::taken(const SnapshotInfo& info, bool stored, Taken taken) {
    history_ = std::move(taken.history);
    newest_ = std::move(taken.shown);
    underWay_ = stored ? nullptr : std::move(taken.raw);
    if (stored)
        stored_ = info.epoch;
    if (follows_) {
        epoch_ = info.epoch;
        show(newest_);
    } else {
        Q_EMIT snapshotChanged(); // the history is another
    }
    Q_EMIT epochsChanged();
}

void LabModel::show(Shown shown) {
    shown_ = std::move(shown);
    Q_EMIT snapshotChanged();
}

void LabModel::look(std::int64_t epoch) {
    opening_.forget();
    follows_ = epoch >= epochs();
    epoch_ = std::clamp<std::int64_t>(epoch, std::min<std::int64_t>(1, epochs()), epochs());
    updateBaseline();
    Q_EMIT epochsChanged();
    if (follows_) {
        show(newest_);
        return;
    }
    opening_.ask(
        [archive = archive_, wanted = epoch_]() -> Result<Shown> {
            auto snapshot = archive->snapshot(wanted);
            if (!snapshot)
                return fail(std::move(snapshot.error()));
            return Shown{*snapshot, anyScored((*snapshot)->traces())};
        },
        [this](Result<Shown> opened) {
            if (opened)
                show(std::move(*opened));
            else
                Q_EMIT said(toQString(opened.error().message), MessageKind::Error);
        });
}

LabModel::Life LabModel::life() const {
    Life life;
    life.archive = archive_;
    life.stored = stored_;
    life.underWay = underWay_;
    life.step = newest_.snapshot ? newest_.snapshot->info().step : 0;
    life.stepsPerEpoch = controller_->live().started().stepsPerEpoch;
    life.batch = controller_->live().started().batch;
    life.seed = controller_->running().training.seed;
    life.selection = effective_;
    return life;
}

// ── the thresholds ──────────────────────────────────────────────────────────────────────────────────────

void LabModel::updateBaseline() {
    const SelectionSettings& selection = controller_->document()->experiment().selection;
    Baseline now;
    if (!follows_ && epoch_ >= 1)
        now = ends_[static_cast<std::size_t>(epoch_ - 1)]; // history stands as it was
    else if (run_ && run_->settings.rule == selection.rule)
        now = rescaled(*run_, selection, classes_);
    else if (start_.settings.rule == selection.rule)
        now = start_;
    else
        now.settings = selection; // a worker is finding out
    if (now == baseline_)
        return;
    const bool another = now.settings.rule != baseline_.settings.rule;
    baseline_ = std::move(now);
    if (another)
        forget();
    Q_EMIT baselineChanged();
}

void LabModel::suppose(const Hypothesis& hypothesis) {
    if (hypothesis == hypothesis_)
        return;
    hypothesis_ = hypothesis;
    Q_EMIT hypothesisChanged();
}

void LabModel::apply() {
    const auto changes = changesFor(hypothesis_, baseline_, classes_);
    if (changes.isEmpty())
        return;
    const QString what = describe(hypothesis_, baseline_, classes_);
    const auto set = controller_->document()->setAll(tr("what-if: %1").arg(what), changes);
    if (!set) {
        Q_EMIT said(toQString(set.error().message), MessageKind::Error);
        return;
    }
    forget();
    follow();
    if (!underWay(controller_->state())) // a run says itself what was edited
        Q_EMIT said(tr("Applied: %1 (undo with Ctrl+Z)").arg(what), MessageKind::Info);
}

void LabModel::chooseClass(int label) {
    if (label < 0 || label >= static_cast<int>(classes_.size()))
        label = AllClasses;
    if (label == class_)
        return;
    class_ = label;
    Q_EMIT classChosen();
}

} // namespace stillroom
