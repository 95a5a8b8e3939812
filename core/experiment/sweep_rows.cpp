#include "core/experiment/sweep_rows.h"

#include <QDateTime>
#include <algorithm>
#include <utility>

namespace stillroom {

namespace {

using State = SweepStatus::State;

QDateTime timeOf(const std::string& text) {
    return QDateTime::fromString(QString::fromStdString(text), Qt::ISODateWithMs);
}

} // namespace

double SweepRow::shareDone() const {
    if (status.state == State::Completed)
        return 1;
    const auto steps = summary ? summary->stepsPerEpoch * summary->epochs : 0;
    return steps > 0 ? std::min(1.0, static_cast<double>(summary->steps) / static_cast<double>(steps)) : 0;
}

const Score* SweepRow::score() const {
    if (!summary)
        return nullptr;
    return summary->test ? &*summary->test : summary->validation ? &*summary->validation : nullptr;
}

double SweepRow::seconds() const {
    const QDateTime began = timeOf(status.began);
    if (!began.isValid())
        return 0;
    const bool goesOn = status.state == State::Running;
    const QDateTime ended = goesOn ? QDateTime::currentDateTime() : timeOf(status.ended);
    return ended.isValid() ? static_cast<double>(began.msecsTo(ended)) / 1000 : 0;
}

Result<std::vector<SweepRow>> sweepRows(const SweepFolder& folder, std::vector<SweepRow> before) {
    std::vector<SweepRow> rows;
    rows.reserve(folder.tasks().size());
    for (std::size_t i = 0; i < folder.tasks().size(); ++i) {
        const SweepTask& task = folder.tasks()[i];
        auto status = folder.status(task.number);
        if (!status)
            return fail(std::move(status.error()));
        if (i < before.size() && before[i].status.over() && before[i].status.ended == status->ended) {
            rows.push_back(std::move(before[i]));
            continue;
        }
        SweepRow row{task, *std::move(status), false, {}};
        row.cancelRequested = !row.status.over() && folder.cancelRequested(task.number);
        if (!row.status.run.empty())
            if (auto summary = summarizeRun(folder.runFolder(row.status)))
                row.summary = *std::move(summary);
        rows.push_back(std::move(row));
    }
    return rows;
}

SweepCounts countStates(const std::vector<SweepRow>& rows) {
    SweepCounts counts;
    for (const auto& row : rows)
        switch (row.status.state) {
        case State::Waiting:
            ++counts.waiting;
            break;
        case State::Running:
            ++counts.running;
            break;
        case State::CutOff:
            ++counts.cutOff;
            break;
        case State::Completed:
            ++counts.completed;
            break;
        case State::Failed:
            ++counts.failed;
            break;
        case State::Cancelled:
            ++counts.cancelled;
            break;
        }
    return counts;
}

std::optional<double> secondsLeft(const std::vector<SweepRow>& rows, int workers) {
    double done = 0, seconds = 0, left = 0;
    int runsLeft = 0;
    for (const auto& row : rows) {
        const double share = row.shareDone();
        if (row.status.state == State::Completed || (row.status.state == State::Running && share > 0)) {
            done += share;
            seconds += row.seconds();
        }
        if (!row.status.over()) {
            left += 1 - share;
            ++runsLeft;
        }
    }
    if (done < 0.5)
        return std::nullopt;
    return left * seconds / done / std::clamp(workers, 1, std::max(1, runsLeft));
}

} // namespace stillroom
