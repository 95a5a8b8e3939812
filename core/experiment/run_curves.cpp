#include "core/experiment/run_curves.h"

#include "core/base/number.h"
#include "core/experiment/open_run.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace stillroom {

namespace {

/// What a step cost so far: straight lines between the moments at which it was counted.
class Cost {
  public:
    void add(double step, double cost) {
        if (!moments_.empty() && step <= moments_.back().step)
            return;
        moments_.push_back({step, cost});
    }
    /// Steps come in ascending order.
    double at(double step) {
        while (next_ < moments_.size() && moments_[next_].step < step)
            ++next_;
        if (moments_.empty())
            return 0;
        if (next_ == moments_.size())
            return moments_.back().cost;
        const Moment before = next_ == 0 ? Moment{} : moments_[next_ - 1];
        const Moment& after = moments_[next_];
        return before.cost +
               (after.cost - before.cost) * (step - before.step) / std::max(1.0, after.step - before.step);
    }

  private:
    struct Moment {
        double step = 0, cost = 0;
    };
    std::vector<Moment> moments_;
    std::size_t next_ = 0;
};

Result<double> number(Database& database, std::string_view sql) {
    const auto text = database.value(sql);
    if (!text)
        return fail(text.error());
    return readNumber(*text).value_or(0);
}

class Reader {
  public:
    Reader(Database& database, CurveAxis axis, const Progress& progress, int mostBuckets)
        : database_(database), axis_(axis), progress_(progress), mostBuckets_(std::max(1, mostBuckets)) {}

    Result<RunCurve> evaluations(const char* column) {
        const auto rows = number(database_, "SELECT COUNT(*) FROM evaluations WHERE split = 'validation'");
        if (!rows)
            return fail(rows.error());
        if (auto ready = prepare(); !ready)
            return fail(std::move(ready.error()));
        const double inBucket = std::max(1.0, std::ceil(*rows / mostBuckets_));
        double row = 0;
        auto read = forEachRow(
            database_,
            fmt::format("SELECT step, epoch, gradient, distinct_samples, {} FROM evaluations "
                        "WHERE split = 'validation' AND rows > 0 ORDER BY evaluation",
                        column),
            [&](const Statement& at) {
                const double step = at.real(0);
                const double x = axis_ == CurveAxis::Epochs     ? at.real(1)
                                 : axis_ == CurveAxis::Gradient ? at.real(2)
                                 : axis_ == CurveAxis::Distinct ? at.real(3)
                                                                : xOf(step);
                put(std::floor(row++ / inBucket), x, at.real(4));
            },
            &progress_);
        return finish(std::move(read));
    }

    Result<RunCurve> steps(const char* value) {
        const auto last = number(database_, "SELECT MAX(step) FROM steps");
        if (!last)
            return fail(last.error());
        if (auto ready = prepare(); !ready)
            return fail(std::move(ready.error()));
        if (axis_ == CurveAxis::Epochs && stepsPerEpoch_ <= 0)
            return RunCurve{};
        const double inBucket = std::max(1.0, std::ceil(*last / mostBuckets_));
        auto read = forEachRow(
            database_, fmt::format("SELECT step, {} FROM steps ORDER BY step", value),
            [&](const Statement& at) {
                const double step = at.real(0);
                put(std::floor((step - 1) / inBucket), step, at.real(1));
            },
            &progress_);
        auto curve = finish(std::move(read));
        if (curve && axis_ != CurveAxis::Steps) // costs grow evenly within a bucket
            for (auto& bucket : curve->buckets)
                bucket.x = xOf(bucket.x);
        return curve;
    }

  private:
    /// What the axis needs.
    Result<void> prepare() {
        if (axis_ == CurveAxis::Epochs) {
            const auto perEpoch = number(database_, "SELECT value FROM meta WHERE key = 'steps_per_epoch'");
            if (!perEpoch)
                return fail(perEpoch.error());
            stepsPerEpoch_ = *perEpoch;
            return {};
        }
        const char* column = axis_ == CurveAxis::Seconds    ? "seconds"
                             : axis_ == CurveAxis::Gradient ? "gradient"
                             : axis_ == CurveAxis::Distinct ? "distinct_samples"
                                                            : nullptr;
        if (column == nullptr)
            return {};
        return forEachRow(
            database_, fmt::format("SELECT step, {} FROM progress ORDER BY step", column),
            [this](const Statement& at) { cost_.add(at.real(0), at.real(1)); }, &progress_);
    }
    double xOf(double step) {
        if (axis_ == CurveAxis::Steps)
            return step;
        return axis_ == CurveAxis::Epochs ? step / stepsPerEpoch_ : cost_.at(step);
    }
    /// x and mean of a bucket are sums until all is read.
    void put(double number, double x, double value) {
        if (!std::isfinite(value) || !std::isfinite(x))
            return;
        ++curve_.points;
        auto& buckets = curve_.buckets;
        if (buckets.empty() || number != latest_) {
            latest_ = number;
            buckets.push_back({x, value, value, value, 1, false});
            return;
        }
        CurveBucket& bucket = buckets.back();
        bucket.x += x;
        bucket.mean += value;
        ++bucket.count;
        if (value < bucket.low) {
            bucket.low = value;
            bucket.lowFirst = false;
        }
        if (value > bucket.high) {
            bucket.high = value;
            bucket.lowFirst = true;
        }
    }
    Result<RunCurve> finish(Result<void> read) {
        if (!read)
            return fail(std::move(read.error()));
        for (auto& bucket : curve_.buckets) {
            bucket.mean /= bucket.count;
            bucket.x /= bucket.count;
        }
        return std::move(curve_);
    }

    Database& database_;
    CurveAxis axis_;
    const Progress& progress_;
    int mostBuckets_;
    double stepsPerEpoch_ = 0;
    double latest_ = -1;
    Cost cost_;
    RunCurve curve_;
};

} // namespace

Result<RunCurve> readRunCurve(const std::string& runFolder, CurveValue value, CurveAxis axis,
                              const Progress& progress, int mostBuckets) {
    Database database;
    if (auto opened = openRun(database, runFolder); !opened)
        return fail(std::move(opened.error()));
    Reader reader(database, axis, progress, mostBuckets);
    switch (value) {
    case CurveValue::Accuracy:
        return reader.evaluations("accuracy");
    case CurveValue::MacroF1:
        return reader.evaluations("macro_f1");
    case CurveValue::Loss:
        return reader.evaluations("loss");
    case CurveValue::TrainingLoss:
        return reader.steps("loss");
    case CurveValue::KeptShare:
        break;
    }
    return reader.steps("CAST(kept AS REAL) / candidates");
}

} // namespace stillroom
