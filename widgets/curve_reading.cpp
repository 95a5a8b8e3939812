#include "widgets/curve_reading.h"

#include "widgets/text.h"

#include <algorithm>
#include <set>

namespace stillroom {
namespace {
// All curves together are drawn in this many buckets, so that a hundred are drawn as fast as five.
constexpr int BucketsOfAll = 40'000, LeastBuckets = 250;
constexpr std::size_t MostKnown = 2000; // curves
} // namespace

CurveReading::CurveReading(QObject* parent) : QObject(parent) {}

CurveReading::~CurveReading() {
    if (progress_)
        progress_->cancel();
    pool_.finish();
}

void CurveReading::ask(const std::vector<SharedRun>& runs, CurveValue value, CurveAxis axis) {
    if (progress_)
        progress_->cancel();
    progress_ = std::make_shared<Progress>();
    waiting_ = 0;
    problem_.clear();
    runs_ = runs;
    const auto count = static_cast<int>(std::max<std::size_t>(1, runs.size()));
    asked_ = {value, axis, std::clamp(BucketsOfAll / count, LeastBuckets, MostBuckets)};
    // What nobody asks for any more need not be kept.
    if (known_.size() > MostKnown) {
        const std::set<SharedRun> wanted(runs.begin(), runs.end());
        std::erase_if(known_, [&](const auto& known) { return !wanted.contains(known.first.first); });
    }
    for (const auto& run : runs_) {
        if (known_.contains({run, asked_}))
            continue;
        ++waiting_;
        pool_.run(
            [folder = run->summary.folder, question = asked_, progress = progress_] {
                if (progress->cancelled())
                    return Result<RunCurve>(RunCurve{});
                return readRunCurve(folder, question.value, question.axis, *progress, question.buckets);
            },
            [this, run, mine = progress_](Result<RunCurve> curve) {
                if (mine != progress_)
                    return;
                if (!curve && problem_.isEmpty())
                    problem_ = toQString(curve.error().message);
                known_[{run, asked_}] = curve ? std::make_shared<const RunCurve>(std::move(*curve)) : nullptr;
                if (--waiting_ == 0)
                    answer();
            });
    }
    if (waiting_ == 0)
        answer();
}

void CurveReading::answer() {
    answered_ = asked_;
    curves_.clear();
    for (const auto& run : runs_)
        curves_.push_back({run, known_.at({run, asked_})});
    Q_EMIT changed();
}

} // namespace stillroom
