// FixMatch, FlexMatch, FreeMatch and SoftMatch step by step against the update rules quoted in
// shared/method.md (Microsoft's Semi-supervised-learning at 1ef4cbe), written down a second time: plain,
// float64, counted anew from scratch in every step.
#include "tests/core/selection/given_batches.h"

#include <QtTest>
#include <map>

using namespace stillroom;

namespace {

constexpr int K = 6;
constexpr std::uint32_t N = 500;

/// The student's rows in double, with their largest.
struct Rows {
    std::vector<std::vector<double>> p;
    std::vector<double> top;
    std::vector<int> label;

    explicit Rows(const Given& g) {
        for (std::size_t i = 0; i < g.samples.size(); ++i) {
            p.emplace_back();
            for (int k = 0; k < K; ++k)
                p.back().push_back(static_cast<double>(g.probabilities[i * K + static_cast<std::size_t>(k)]));
            int best = 0;
            for (int k = 0; k < K; ++k)
                if (p.back()[static_cast<std::size_t>(k)] > p.back()[static_cast<std::size_t>(best)])
                    best = k;
            label.push_back(best);
            top.push_back(p.back()[static_cast<std::size_t>(best)]);
        }
    }
    [[nodiscard]] double mean() const {
        double sum = 0;
        for (const double value : top)
            sum += value;
        return sum / static_cast<double>(top.size());
    }
};

/// 1, 0, or −1 where rounding decides.
int passes(double value, double threshold) {
    if (std::abs(value - threshold) < 3e-6)
        return -1;
    return value > threshold ? 1 : 0;
}

struct FlexReference {
    double cut;
    bool classScaling = true;
    std::vector<int> selected = std::vector<int>(N, -1);
    std::vector<double> accuracy = std::vector<double>(K, 0.0);

    [[nodiscard]] double threshold(int y) const {
        const double beta = accuracy[static_cast<std::size_t>(y)];
        return classScaling ? cut * (beta / (2 - beta)) : cut;
    }
    void update(const Given& g, const Rows& rows) {
        for (std::size_t i = 0; i < g.samples.size(); ++i)
            if (rows.top[i] >= cut)
                selected[g.samples[i]] = rows.label[i];
        std::map<int, int> counter;
        for (const int label : selected)
            ++counter[label];
        int largest = 0;
        for (const auto& [label, count] : counter)
            largest = std::max(largest, count);
        if (largest < static_cast<int>(N))
            for (int y = 0; y < K; ++y)
                accuracy[static_cast<std::size_t>(y)] = static_cast<double>(counter[y]) / largest;
    }
};

struct FreeReference {
    double momentum;
    std::optional<double> quantile;
    double low = 0, high = 1;
    double time = 1.0 / K;
    std::vector<double> model = std::vector<double>(K, 1.0 / K);
    std::vector<double> histogram = std::vector<double>(K, 1.0 / K);

    void update(const Rows& rows) {
        double statistic = rows.mean();
        if (quantile) {
            auto sorted = rows.top;
            std::sort(sorted.begin(), sorted.end());
            const double at = *quantile * static_cast<double>(sorted.size() - 1);
            const auto left = static_cast<std::size_t>(at);
            const auto right = std::min(left + 1, sorted.size() - 1);
            statistic = sorted[left] + (sorted[right] - sorted[left]) * (at - std::floor(at));
        }
        time = std::min(std::max(time * momentum + (1 - momentum) * statistic, low), high);
        const auto size = static_cast<double>(rows.p.size());
        for (std::size_t k = 0; k < K; ++k) {
            double sum = 0;
            double count = 0;
            for (std::size_t i = 0; i < rows.p.size(); ++i) {
                sum += rows.p[i][k];
                count += rows.label[i] == static_cast<int>(k) ? 1 : 0;
            }
            model[k] = model[k] * momentum + (1 - momentum) * sum / size;
            histogram[k] = histogram[k] * momentum + (1 - momentum) * count / size;
        }
    }
    [[nodiscard]] double threshold(int y) const {
        return time * model[static_cast<std::size_t>(y)] / *std::max_element(model.begin(), model.end());
    }
};

struct SoftReference {
    double momentum;
    double mean = 1.0 / K;
    double variance = 1;

    void update(const Rows& rows) {
        const double now = rows.mean();
        mean = momentum * mean + (1 - momentum) * now;
        if (rows.top.size() < 2)
            return;
        double squares = 0;
        for (const double value : rows.top)
            squares += (value - now) * (value - now);
        variance =
            momentum * variance + (1 - momentum) * squares / (static_cast<double>(rows.top.size()) - 1);
    }
    [[nodiscard]] double weight(double top) const {
        const double below = std::min(top - mean, 0.0);
        return std::exp(-(below * below) / (2 * variance / (2.0 * 2.0)));
    }
};

bool nearAll(const std::vector<double>& found, const std::vector<double>& expected) {
    return std::ranges::equal(found, expected, [](double a, double b) { return near(a, b, 1e-9); });
}

/// A thousand batches of a student that becomes surer, some of them of one sample.
class Batches {
  public:
    explicit Batches(std::uint64_t seed) : random_(seed, "peers") {}
    static constexpr int Count = 1000;
    Given next() {
        Given g = fullBatch(random_, K, step_ % 50 == 7 ? 1 : 64, N, 1 + 9.0 * step_ / Count);
        g.step = step_++;
        g.place = RunPlace(static_cast<double>(g.step), 100, Count);
        return g;
    }

  private:
    Random random_;
    int step_ = 0;
};

/// What was compared outside ties, and how many of those were kept. The comparison would mean nothing if
/// (nearly) all were, or none.
struct Tally {
    int decided = 0, kept = 0, wrong = 0;
    void count(int expected, std::uint8_t keep) {
        if (expected < 0)
            return;
        ++decided;
        kept += expected;
        wrong += expected != keep ? 1 : 0;
    }
    [[nodiscard]] bool good() const {
        return wrong == 0 && decided > 55000 && kept > 500 && decided - kept > 500;
    }
    [[nodiscard]] std::string words() const {
        return std::to_string(decided) + " decided, " + std::to_string(kept) + " kept, " +
               std::to_string(wrong) + " wrong";
    }
};

People people() {
    return {std::vector<std::int32_t>(N), std::vector<float>(N, 0.5F)};
}

} // namespace

class PeersReferenceTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void fixMatch() {
        auto settings = settingsOf(RuleKind::FixMatch);
        settings.cut = 0.6;
        const auto rule = made(settings, people().population(K));
        Batches batches(1);
        Tally tally;
        Decision decision;
        for (int step = 0; step < Batches::Count; ++step) {
            const Given g = batches.next();
            const Rows rows(g);
            rule->observe(g.batch(), decision);
            for (std::size_t i = 0; i < g.samples.size(); ++i)
                tally.count(passes(rows.top[i], 0.6), decision.keep[i]);
        }
        QVERIFY2(tally.good(), tally.words().c_str());
    }

    void flexMatch_data() {
        QTest::addColumn<bool>("classScaling");
        QTest::newRow("with class scaling") << true;
        QTest::newRow("without") << false;
    }

    void flexMatch() {
        QFETCH(bool, classScaling);
        auto settings = settingsOf(RuleKind::FlexMatch);
        settings.cut = 0.7;
        settings.classScaling = classScaling;
        const auto rule = made(settings, people().population(K));
        FlexReference reference{0.7, classScaling};
        Batches batches(2);
        Tally tally;
        Decision decision;
        for (int step = 0; step < Batches::Count; ++step) {
            const Given g = batches.next();
            const Rows rows(g);
            rule->observe(g.batch(), decision);
            // The mask first, with what was learned before.
            for (std::size_t i = 0; i < g.samples.size(); ++i)
                tally.count(passes(rows.top[i], reference.threshold(rows.label[i])), decision.keep[i]);
            for (int y = 0; y < K; ++y)
                QVERIFY(near(rule->thresholds().studentConfidence[static_cast<std::size_t>(y)],
                             reference.threshold(y), 1e-9));
            reference.update(g, rows);
            QVERIFY(nearAll(statisticsOf(*rule, "learned"), reference.accuracy));
            QVERIFY(std::ranges::equal(statisticsOf(*rule, "memory"), reference.selected));
        }
        QVERIFY2(tally.good(), tally.words().c_str());
        QVERIFY(*std::max_element(reference.accuracy.begin(), reference.accuracy.end()) > 0.5);
    }

    void freeMatch_data() {
        QTest::addColumn<int>("variant");
        for (int variant = 0; variant < 4; ++variant)
            QTest::newRow(std::to_string(variant).c_str()) << variant;
    }

    void freeMatch() {
        QFETCH(int, variant);
        auto settings = settingsOf(RuleKind::FreeMatch);
        FreeReference reference{0.999, std::nullopt};
        if (variant == 1)
            settings.decay = reference.momentum = 0.9;
        if (variant == 2)
            settings.quantile = reference.quantile = 0.8;
        if (variant == 3) {
            settings.decay = reference.momentum = 0.95;
            settings.clipLow = reference.low = 0.3;
            settings.clipHigh = reference.high = 0.5;
        }
        const auto rule = made(settings, people().population(K));
        Batches batches(3);
        Tally tally;
        Decision decision;
        for (int step = 0; step < Batches::Count; ++step) {
            const Given g = batches.next();
            const Rows rows(g);
            rule->observe(g.batch(), decision);
            reference.update(rows); // before the mask of the same step
            QVERIFY(nearAll(statisticsOf(*rule, "threshold"), {reference.time}));
            QVERIFY(nearAll(statisticsOf(*rule, "probability"), reference.model));
            QVERIFY(nearAll(statisticsOf(*rule, "histogram"), reference.histogram));
            for (int y = 0; y < K; ++y)
                QVERIFY(near(rule->thresholds().studentConfidence[static_cast<std::size_t>(y)],
                             reference.threshold(y), 1e-9));
            for (std::size_t i = 0; i < g.samples.size(); ++i)
                tally.count(passes(rows.top[i], reference.threshold(rows.label[i])), decision.keep[i]);
        }
        QVERIFY2(tally.good(), tally.words().c_str());
    }

    void softMatch_data() {
        QTest::addColumn<double>("decay");
        QTest::newRow("the peer's") << 0.999;
        QTest::newRow("fast") << 0.9;
    }

    void softMatch() {
        QFETCH(double, decay);
        auto settings = settingsOf(RuleKind::SoftMatch);
        if (decay != 0.999)
            settings.decay = decay;
        const auto rule = made(settings, people().population(K));
        SoftReference reference{decay};
        Batches batches(4);
        Decision decision;
        int lighter = 0;
        for (int step = 0; step < Batches::Count; ++step) {
            const Given g = batches.next();
            const Rows rows(g);
            rule->observe(g.batch(), decision);
            reference.update(rows);
            QVERIFY(nearAll(statisticsOf(*rule, "gaussian"), {reference.mean, reference.variance}));
            QCOMPARE(decision.kept, static_cast<std::int64_t>(g.samples.size()));
            for (std::size_t i = 0; i < g.samples.size(); ++i) {
                const double weight = reference.weight(rows.top[i]);
                QVERIFY(near(static_cast<double>(decision.weights[i]), weight, 1e-6)); // a float
                lighter += weight < 0.99 ? 1 : 0;
            }
        }
        QVERIFY2(lighter > 500, std::to_string(lighter).c_str());
    }
};

QTEST_GUILESS_MAIN(PeersReferenceTest)
#include "peers_reference_test.moc"
