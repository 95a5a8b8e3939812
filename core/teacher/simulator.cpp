#include "core/teacher/simulator.h"

#include "core/base/number.h"
#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <vector>

namespace stillroom {

namespace {

constexpr double ClassSpread = 1.2;
constexpr double RowSpread = 0.9;
constexpr double Largest = 0.95; // of another class's probability, as a share of the label's
constexpr double Root3 = 1.7320508075688772;

double squash(double x) {
    return 0.5 * (1 + x / std::sqrt(1 + x * x));
}

/// Variance 1, within ±2√3.
double bell(Random& random) {
    double sum = -2;
    for (int i = 0; i < 4; ++i)
        sum += random.uniform();
    return sum * Root3;
}

/// Which class is mistaken for which, and how easy each one is.
class Confusion {
  public:
    Confusion(std::size_t classCount, double strength, std::uint64_t seed)
        : strength_(strength), ring_(classCount), place_(classCount), easiness_(classCount) {
        Random random(seed, "simulated teacher: classes");
        std::iota(ring_.begin(), ring_.end(), std::size_t{0});
        shuffle(ring_, random);
        for (std::size_t i = 0; i < classCount; ++i)
            place_[ring_[i]] = i;
        std::vector<std::size_t> order(ring_);
        shuffle(order, random);
        for (std::size_t i = 0; i < classCount; ++i)
            easiness_[order[i]] =
                Root3 * ((2 * static_cast<double>(i) + 1) / static_cast<double>(classCount) - 1);
    }

    [[nodiscard]] double easiness(std::size_t g) const { return strength_ * easiness_[g]; }

    /// A class other than `g`, as errors choose.
    std::size_t draw(std::size_t g, Random& random) const {
        if (random.uniform() >= strength_) {
            const auto other = random.below(static_cast<std::uint32_t>(ring_.size() - 1));
            return other < g ? other : other + 1;
        }
        const double u = random.uniform();
        return u < 0.55 ? next(g) : u < 0.85 ? before(g) : afterNext(g);
    }

    /// Adds `mass` to the classes other than `g`, in the shares in which errors choose them.
    void spread(std::size_t g, double mass, std::vector<double>& weights) const {
        const double each = mass * (1 - strength_) / static_cast<double>(ring_.size() - 1);
        for (std::size_t k = 0; k < weights.size(); ++k)
            if (k != g)
                weights[k] += each;
        weights[next(g)] += mass * strength_ * 0.55;
        weights[before(g)] += mass * strength_ * 0.3;
        weights[afterNext(g)] += mass * strength_ * 0.15;
    }

  private:
    [[nodiscard]] std::size_t at(std::size_t g, std::size_t steps) const {
        return ring_[(place_[g] + steps) % ring_.size()];
    }
    [[nodiscard]] std::size_t next(std::size_t g) const { return at(g, 1); }
    [[nodiscard]] std::size_t before(std::size_t g) const { return at(g, ring_.size() - 1); }
    /// With two classes the next but one is `g` itself: then the next.
    [[nodiscard]] std::size_t afterNext(std::size_t g) const { return at(g, ring_.size() > 2 ? 2 : 1); }

    double strength_;
    std::vector<std::size_t> ring_, place_;
    std::vector<double> easiness_;
};

/// The μ at which the mean of S(μ + x) is `share`: Newton's steps, halved intervals where they leave the
/// bracket.
double centre(const std::vector<double>& x, double share) {
    double low = -1e4;
    double high = 1e4;
    double mu = 0;
    for (int round = 0; round < 100; ++round) {
        double sum = 0;
        double slope = 0;
        for (const double value : x) {
            const double at = mu + value;
            const double square = 1 + at * at;
            const double root = std::sqrt(square);
            sum += 0.5 * (1 + at / root);
            slope += 0.5 / (square * root);
        }
        const double excess = sum - share * static_cast<double>(x.size());
        if (std::abs(excess) <= 1e-9 * static_cast<double>(x.size()))
            break;
        (excess > 0 ? high : low) = mu;
        const double step = mu - excess / slope;
        mu = slope > 0 && step > low && step < high ? step : 0.5 * (low + high);
    }
    return mu;
}

/// For each row how likely it is right.
std::vector<double> chances(const std::vector<std::size_t>& gold, const Confusion& confusion,
                            std::size_t classCount, const TeacherSettings& settings) {
    const double accuracy = settings.accuracy;
    const double guess = 1.0 / static_cast<double>(classCount);
    const double low = std::min(guess + 0.2 * (1 - guess), 0.5 * (guess + accuracy));
    const double high = std::max(0.99, 0.5 * (1 + accuracy));
    const double share = (accuracy - low) / (high - low);
    if (share < 1e-6 || share > 1 - 1e-6)
        return std::vector<double>(gold.size(), accuracy);
    Random random(static_cast<std::uint64_t>(settings.seed), "simulated teacher: rows");
    std::vector<double> values(gold.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = ClassSpread * confusion.easiness(gold[i]) + RowSpread * bell(random);
    const double mu = centre(values, share);
    for (auto& value : values)
        value = low + (high - low) * squash(mu + value);
    return values;
}

/// Which rows are right, spread evenly over equal chances.
std::vector<bool> outcomes(const std::vector<double>& chance) {
    std::vector<std::uint32_t> order(chance.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return chance[a] != chance[b] ? chance[a] < chance[b] : a < b; });
    std::vector<bool> right(chance.size());
    double sum = 0.5; // so that what is left over at the end is rounded, not cut
    for (const auto row : order) {
        const double before = std::floor(sum);
        sum += chance[row];
        right[row] = std::floor(sum) > before;
    }
    return right;
}

double stated(double chance, double overconfidence, double guess) {
    const double confidence = overconfidence >= 0 ? 1 - (1 - chance) * (1 - 0.8 * overconfidence)
                                                  : guess + (chance - guess) * (1 + 0.6 * overconfidence);
    return std::min(std::max(confidence, 1.01 * guess), 1.0);
}

/// Levels what is left beside the label until nothing comes near it.
void level(std::size_t label, double confidence, std::vector<double>& q) {
    const double even = (1 - confidence) / static_cast<double>(q.size() - 1);
    double largest = 0;
    for (std::size_t k = 0; k < q.size(); ++k)
        if (k != label)
            largest = std::max(largest, q[k]);
    const double limit = Largest * confidence;
    if (largest <= limit)
        return;
    const double share = even >= limit ? 1.0 : (largest - limit) / (largest - even);
    for (std::size_t k = 0; k < q.size(); ++k)
        if (k != label)
            q[k] += share * (even - q[k]);
}

Result<void> check(const Dataset& dataset, const TeacherSettings& settings) {
    const double guess = 1.0 / static_cast<double>(dataset.classCount());
    if (!dataset.hasGold(Split::Train))
        return fail(
            "a simulated teacher is made from gold labels, but no training text has one; set data.train.gold "
            "to their column, or take another teacher.kind");
    if (!(settings.accuracy >= guess - 1e-12 && settings.accuracy <= 1))
        return fail(
            fmt::format("teacher.accuracy is {}; with {} classes it must be from {:.4g} (guessing) to 1",
                        writeNumber(settings.accuracy), dataset.classCount(), guess));
    if (!(settings.overconfidence >= -1 && settings.overconfidence <= 1))
        return fail(
            fmt::format("teacher.overconfidence is {}; it must be from -1 (too modest) to 1 (too sure)",
                        writeNumber(settings.overconfidence)));
    if (!(settings.confusion >= 0 && settings.confusion <= 1))
        return fail(
            fmt::format("teacher.confusion is {}; it must be from 0 to 1", writeNumber(settings.confusion)));
    return {};
}

} // namespace

Result<TeacherOutputs> simulateTeacher(const Dataset& dataset, const TeacherSettings& settings) {
    if (auto good = check(dataset, settings); !good)
        return fail(std::move(good.error()));
    const auto classCount = static_cast<std::size_t>(dataset.classCount());
    const double guess = 1.0 / static_cast<double>(classCount);
    const auto seed = static_cast<std::uint64_t>(settings.seed);

    std::vector<std::uint32_t> rows;
    std::vector<std::size_t> gold;
    for (const auto row : dataset.rows(Split::Train))
        if (dataset.gold(row) != Dataset::NoLabel) {
            rows.push_back(row);
            gold.push_back(static_cast<std::size_t>(dataset.gold(row)));
        }
    const Confusion confusion(classCount, settings.confusion, seed);
    const auto chance = chances(gold, confusion, classCount, settings);
    const auto right = outcomes(chance);

    Random random(seed, "simulated teacher: answers");
    TeacherOutputs outputs(dataset.size(), dataset.classCount());
    std::vector<double> q(classCount);
    std::vector<float> answer(classCount);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t label = right[i] ? gold[i] : confusion.draw(gold[i], random);
        const std::size_t drawn = confusion.draw(label, random);
        const bool goldIsSecond = random.uniform() < 0.7;
        const std::size_t second = !right[i] && goldIsSecond ? gold[i] : drawn;
        const double confidence = stated(chance[i], settings.overconfidence, guess);
        const double rest = 1 - confidence;
        const double share = 0.4 + 0.4 * random.uniform();
        std::fill(q.begin(), q.end(), rest * (1 - share) * 0.2 / static_cast<double>(classCount - 1));
        confusion.spread(label, rest * (1 - share) * 0.8, q);
        q[second] += rest * share;
        q[label] = confidence;
        level(label, confidence, q);
        for (std::size_t k = 0; k < classCount; ++k)
            answer[k] = static_cast<float>(q[k]);
        outputs.set(rows[i], answer, TeacherOrigin::Simulated);
    }
    return outputs;
}

} // namespace stillroom
