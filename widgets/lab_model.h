// What Plane and Samples look at: the samples, what an epoch did with each of them, the thresholds that go
// with it, and what the two tabs share: the epoch and the class that are looked at, and what is supposed of
// the thresholds.
// GUI thread; tables, snapshots and histories are made and read by a worker and shared as immutable. Of the
// snapshots only the newest are in memory, all others are mapped from the run folder.
#pragma once

#include "core/lab/sample_history.h"
#include "core/lab/sample_table.h"
#include "core/lab/snapshot_file.h"
#include "widgets/background.h"
#include "widgets/hypothesis.h"
#include "widgets/latest_job.h"
#include "widgets/run_archive.h"
#include "widgets/run_state.h"

#include <QObject>
#include <optional>

namespace stillroom {

class RunController;

class LabModel : public QObject {
    Q_OBJECT
  public:
    static constexpr int AllClasses = Hypothesis::AllClasses;

    /// The controller outlives it.
    explicit LabModel(RunController* controller, QObject* parent = nullptr);
    ~LabModel() override;

    [[nodiscard]] RunController* controller() const { return controller_; }

    // The samples. Null until the data were read.
    [[nodiscard]] const std::shared_ptr<const SampleTable>& table() const { return table_; }
    [[nodiscard]] const std::vector<std::string>& classes() const { return classes_; }
    [[nodiscard]] QString className(int label) const; ///< empty for none

    // The epoch looked at. Samples that an epoch under way has not come to yet are as the one before left
    // them.
    [[nodiscard]] const std::shared_ptr<const Snapshot>& snapshot() const { return shown_.snapshot; }
    /// Whether the student was asked of any sample.
    [[nodiscard]] bool asked() const { return shown_.asked; }
    [[nodiscard]] std::int64_t epoch() const { return epoch_; } ///< from 1; 0: there is none yet
    [[nodiscard]] std::int64_t epochs() const { return static_cast<std::int64_t>(ends_.size()); }
    [[nodiscard]] bool follows() const { return follows_; } ///< the newest, whichever it is
    /// The newest is followed from then on.
    void look(std::int64_t epoch);
    void follow() { look(epochs()); }
    /// Over all epochs so far; null before there is one.
    [[nodiscard]] const std::shared_ptr<const SampleHistory>& history() const { return history_; }

    // The thresholds.
    [[nodiscard]] const Baseline& baseline() const { return baseline_; }
    [[nodiscard]] const Hypothesis& hypothesis() const { return hypothesis_; }
    [[nodiscard]] Thresholds supposed() const { return stillroom::supposed(hypothesis_, baseline_); }
    void suppose(const Hypothesis& hypothesis);
    void forget() { suppose({}); }
    /// What is supposed becomes settings, as one undo step; a run under way gets it as an edit. Says so.
    void apply();

    [[nodiscard]] int chosenClass() const { return class_; } ///< by pseudo-label, or AllClasses
    void chooseClass(int label);

    /// What a sample's biography is made from.
    struct Life {
        std::shared_ptr<RunArchive> archive;      ///< null: nothing has run
        std::int64_t stored = 0;                  ///< epochs 1 … stored are in the archive
        std::shared_ptr<const Snapshot> underWay; ///< what the epoch after them did so far; may be null
        std::int64_t step = 0;                    ///< the newest that is told of
        std::int64_t stepsPerEpoch = 0, batch = 0, seed = 0;
        SelectionSettings selection; ///< with the edits so far
    };
    [[nodiscard]] Life life() const;

  Q_SIGNALS:
    void tableChanged();
    void snapshotChanged(); ///< another epoch, or the same further on; the history with it
    void epochsChanged();   ///< how many there are, or which is looked at
    void baselineChanged();
    void hypothesisChanged();
    void classChosen();
    void said(const QString& text, stillroom::MessageKind kind);

  private:
    struct Shown {
        std::shared_ptr<const Snapshot> snapshot;
        bool asked = false;
    };
    struct Taken { ///< what a worker made of a SnapshotEvent
        std::shared_ptr<const SampleHistory> history;
        std::shared_ptr<const Snapshot> raw;
        Shown shown;
    };
    struct Chain; ///< history and last whole epoch, for the worker alone

    void examplesChanged();
    void forgetRun();
    void happened(const Event& event);
    void take(const SnapshotEvent& event);
    void taken(const SnapshotInfo& info, bool stored, Taken taken);
    void show(Shown shown);
    void updateBaseline();
    void askStart();

    RunController* controller_;
    std::shared_ptr<const SampleTable> table_;
    std::vector<std::string> classes_;

    // Of the present or last run.
    std::shared_ptr<RunArchive> archive_;
    std::shared_ptr<Chain> chain_;
    std::shared_ptr<const SampleHistory> history_;
    Shown newest_, shown_;
    std::shared_ptr<const Snapshot> underWay_;
    std::vector<Baseline> ends_; ///< at the end of each epoch, or where it stands
    std::int64_t stored_ = 0;
    std::int64_t epoch_ = 0;
    bool follows_ = true;
    SelectionSettings effective_;   ///< of the run, with its edits so far
    std::optional<Baseline> run_;   ///< its thresholds as they stand
    std::uint64_t seenWindows_ = 0; ///< of the live model
    int runs_ = 0;                  ///< so that what a worker made of an earlier run is dropped

    Baseline start_, baseline_;
    Hypothesis hypothesis_;
    int class_ = AllClasses;

    Background pool_{1};
    LatestJob building_{pool_}, opening_{pool_}, starting_{pool_};
};

} // namespace stillroom
