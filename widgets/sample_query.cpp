#include "widgets/sample_query.h"

#include "core/lab/what_if.h"
#include "widgets/lab_model.h"

#include <algorithm>
#include <array>
#include <mutex>

namespace stillroom {
namespace {

constexpr int CollectPeriod = 50; // ms

SampleColumn sorted(SampleCells::Column column) {
    switch (column) {
    case SampleCells::Id:
        return SampleColumn::Id;
    case SampleCells::Text:
        return SampleColumn::Text;
    case SampleCells::Gold:
        return SampleColumn::Gold;
    case SampleCells::Teacher:
        return SampleColumn::TeacherLabel;
    case SampleCells::Confidence:
        return SampleColumn::Confidence;
    case SampleCells::Student:
        return SampleColumn::StudentLabel;
    case SampleCells::Uncertainty:
        return SampleColumn::Uncertainty;
    case SampleCells::KeptTimes:
        return SampleColumn::KeptTimes;
    case SampleCells::FirstKept:
        return SampleColumn::FirstKept;
    case SampleCells::LastKept:
        return SampleColumn::LastKept;
    default:
        return SampleColumn::Number;
    }
}

/// Stable: one bucket a verdict.
void sortByVerdict(bool ascending, std::span<const SampleTrace> traces, std::vector<std::uint32_t>& rows) {
    if (traces.empty())
        return;
    std::array<std::vector<std::uint32_t>, VerdictCount> buckets;
    for (const auto row : rows)
        buckets[static_cast<std::size_t>(traces[row].verdict())].push_back(row);
    if (!ascending)
        std::reverse(buckets.begin(), buckets.end());
    rows.clear();
    for (const auto& bucket : buckets)
        rows.insert(rows.end(), bucket.begin(), bucket.end());
}

} // namespace

/// A question, and the place where its worker leaves what it finds.
struct SampleQuery::Job {
    SampleFilter filter;
    Order order;
    SampleCells cells;
    Thresholds baseline, supposed;
    Progress progress;
    bool searching = false;
    bool listed = false; ///< something was listed for it (GUI thread)

    std::mutex mutex;
    std::vector<std::uint32_t> found;
    bool begun = false; ///< the search itself

    void work() {
        if (progress.cancelled() || !cells.table)
            return;
        FilterInput input;
        input.table = cells.table.get();
        if (cells.snapshot && cells.snapshot->traces().size() == cells.table->size())
            input.traces = cells.snapshot->traces();
        input.history = cells.history.get();
        std::vector<std::uint8_t> now, then;
        if (filter.show == SampleFilter::Show::Enters || filter.show == SampleFilter::Show::Leaves) {
            WhatIf whatIf;
            whatIf.compute(*cells.table, input.traces, supposed, &baseline, &then, &now);
            input.keptNow = now;
            input.keptThen = then;
        }
        std::vector<std::uint32_t> rows;
        filterColumns(filter, input, rows);
        if (progress.cancelled())
            return;
        if (order.column == SampleCells::VerdictNow)
            sortByVerdict(order.ascending, input.traces, rows);
        else if (order.column != SampleCells::Number || !order.ascending)
            sortSamples(sorted(order.column), order.ascending, input, rows);
        if (!searching) {
            const std::lock_guard lock(mutex);
            found = std::move(rows);
            return;
        }
        {
            const std::lock_guard lock(mutex);
            begun = true;
        }
        progress.expect(static_cast<std::int64_t>(rows.size()));
        searchTexts(*cells.table, rows, filter.text, progress, [this](std::span<const std::uint32_t> some) {
            const std::lock_guard lock(mutex);
            found.insert(found.end(), some.begin(), some.end());
            return true;
        });
    }
};

SampleQuery::SampleQuery(LabModel* lab, QObject* parent) : QObject(parent), lab_(lab) {
    collecting_.setInterval(CollectPeriod);
    connect(&collecting_, &QTimer::timeout, this, &SampleQuery::collect);
}

SampleQuery::~SampleQuery() {
    cancel();
    pool_.finish();
}

void SampleQuery::cancel() {
    if (job_)
        job_->progress.cancel();
    job_.reset();
    collecting_.stop();
}

double SampleQuery::progress() const {
    if (!job_ || job_->progress.total() == 0)
        return -1;
    return static_cast<double>(job_->progress.done()) / static_cast<double>(job_->progress.total());
}

void SampleQuery::ask(const SampleFilter& filter, Order order) {
    cancel();
    job_ = std::make_shared<Job>();
    job_->filter = filter;
    job_->order = order;
    job_->cells = {lab_->table(), lab_->snapshot(), lab_->history()};
    job_->baseline = lab_->baseline().thresholds;
    job_->supposed = lab_->supposed();
    job_->searching = !filter.text.empty();
    if (job_->searching)
        collecting_.start();
    Q_EMIT began();
    asking_.ask(
        [job = job_] {
            job->work();
            return job;
        },
        [this](const std::shared_ptr<Job>& job) { done(job); });
}

void SampleQuery::collect() {
    std::vector<std::uint32_t> some;
    bool begun = false;
    {
        const std::lock_guard lock(job_->mutex);
        some.swap(job_->found);
        begun = job_->begun;
    }
    if (!job_->listed && (begun || !some.empty())) {
        job_->listed = true;
        Q_EMIT listed(some);
    } else if (!some.empty()) {
        Q_EMIT found(some);
    }
}

void SampleQuery::done(const std::shared_ptr<Job>& job) {
    if (job != job_)
        return; // another question was asked meanwhile
    collecting_.stop();
    if (job->searching)
        collect();
    if (!job->listed)
        Q_EMIT listed(job->found);
    else if (!job->found.empty())
        Q_EMIT found(job->found);
    job_.reset();
    Q_EMIT finished();
}

} // namespace stillroom
