#include "widgets/what_if_model.h"

#include <QElapsedTimer>
#include <algorithm>
#include <thread>

namespace stillroom {
namespace {
constexpr int LivePeriod = 200; // ms between counts while a run goes on
} // namespace

/// What a worker remembers between questions: what the thresholds as they are keep does not change while a
/// hand drags.
struct WhatIfModel::Worker {
    WhatIf whatIf{static_cast<int>(std::clamp(std::thread::hardware_concurrency() / 2, 1U, 4U))};
    std::shared_ptr<const SampleTable> table;
    std::shared_ptr<const Snapshot> snapshot;
    Thresholds thresholds;
    WhatIfResult now;

    void count(const std::shared_ptr<const SampleTable>& ofTable,
               const std::shared_ptr<const Snapshot>& ofSnapshot, const Thresholds& by) {
        const bool same = table == ofTable && snapshot == ofSnapshot && thresholds.teacher == by.teacher &&
                          thresholds.student == by.student;
        if (same)
            return;
        table = ofTable;
        snapshot = ofSnapshot;
        thresholds = by;
        now = whatIf.compute(*table, traces(), thresholds);
    }
    [[nodiscard]] std::span<const SampleTrace> traces() const {
        return snapshot && snapshot->traces().size() == table->size() ? snapshot->traces()
                                                                      : std::span<const SampleTrace>();
    }
};

WhatIfModel::WhatIfModel(LabModel* lab, QObject* parent)
    : QObject(parent), lab_(lab), worker_(std::make_shared<Worker>()) {
    soon_.setSingleShot(true);
    soon_.setInterval(LivePeriod);
    connect(&soon_, &QTimer::timeout, this, &WhatIfModel::ask);
    connect(lab_, &LabModel::hypothesisChanged, this, &WhatIfModel::ask);
    connect(lab_, &LabModel::tableChanged, this, &WhatIfModel::ask);
    connect(lab_, &LabModel::snapshotChanged, this, &WhatIfModel::askSoon);
    connect(lab_, &LabModel::baselineChanged, this, &WhatIfModel::askSoon);
}

WhatIfModel::~WhatIfModel() {
    pool_.finish();
}

void WhatIfModel::setWatched(bool watched) {
    watched_ = watched;
    if (watched_ && stale_)
        ask();
}

void WhatIfModel::askSoon() {
    stale_ = true;
    if (watched_ && !soon_.isActive())
        soon_.start();
}

void WhatIfModel::ask() {
    stale_ = true;
    if (!watched_)
        return;
    stale_ = false;
    const auto& table = lab_->table();
    const Baseline& baseline = lab_->baseline();
    if (!table || (baseline.thresholds.teacher.empty() && baseline.thresholds.student.empty())) {
        asking_.forget();
        if (answer_) {
            answer_.reset();
            Q_EMIT changed();
        }
        return;
    }
    asking_.ask(
        [worker = worker_, table, snapshot = lab_->snapshot(), asked = lab_->asked(),
         baseline = baseline.thresholds, supposed = lab_->supposed(), any = lab_->hypothesis().any()] {
            Answer answer;
            worker->count(table, snapshot, baseline);
            answer.table = table;
            answer.now = worker->now;
            answer.supposed = any;
            answer.asked = asked;
            if (any) {
                QElapsedTimer timer;
                timer.start();
                answer.then = worker->whatIf.compute(*table, worker->traces(), supposed, &baseline);
                answer.milliseconds = static_cast<double>(timer.nsecsElapsed()) / 1e6;
            } else {
                answer.then = answer.now;
            }
            return answer;
        },
        [this](Answer answer) {
            answer_ = std::move(answer);
            Q_EMIT changed();
        });
}

} // namespace stillroom
