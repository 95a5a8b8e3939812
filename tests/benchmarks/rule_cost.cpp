// What a selection rule costs beside the training step that it is part of: the time in `observe` (statistics,
// mask, weights; scoring, softmax and entropy belong to the student) as a share of the whole step of the
// `ngram` student, for each rule, at 10 classes (HumAID's) and at 26 (WordNet's). Both times are taken in the
// same steps, of trainings that take turns, all on one student that was trained before and hardly moves; what
// reading the clock takes is taken off.
// Usage: rule_cost [--repeats N] [--samples N] [--threads N] [--limit PERCENT] [--least 1]. Exits 1 when a
// rule's median share is over the limit; with --least 1 the smallest is looked at, for machines that do other
// things beside.
#include "core/base/random.h"
#include "core/student/ngram_network.h"
#include "core/training/trainer.h"
#include "tests/benchmarks/numbers.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <thread>

using namespace stillroom;
using benchmark::median;
using benchmark::numberAfter;

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    int repeats = 7, samples = 50'000, threads = 0;
    double limit = 3;
    bool least = false;
};

/// Texts of about 25 words: some of a class's own, the others as often as words are (Zipf). The teacher is
/// right on 80 %, and surer of itself where it is; like a real one it states few confidences.
DistillationSet makeTexts(int samples, int classes) {
    DatasetBuilder builder;
    Random random(1, "texts");
    std::vector<int> golds;
    std::vector<std::string> names;
    for (int y = 0; y < classes; ++y)
        names.push_back("class " + std::to_string(y));
    const auto classCount = static_cast<std::uint32_t>(classes);
    for (int i = 0; i < samples; ++i) {
        const auto gold = static_cast<int>(random.uniform() * random.uniform() * classes);
        std::string text;
        for (std::uint32_t w = 15 + random.below(20); w > 0; --w)
            text += random.uniform() < 0.1
                        ? fmt::format("own{}x{} ", gold, random.below(60))
                        : fmt::format("word{} ", static_cast<int>(std::exp(random.uniform() * 10.3)));
        golds.push_back(gold);
        builder.add(std::to_string(i), text, gold, Split::Train);
    }
    auto data = std::make_shared<Dataset>(builder.finish(names));
    auto teacher = std::make_shared<TeacherOutputs>(data->size(), classes);
    for (std::size_t row = 0; row < data->size(); ++row) {
        const bool right = random.uniform() < 0.8;
        const int label = right ? golds[row] : static_cast<int>(random.below(classCount));
        const double stated = 0.6 + 0.05 * random.below(right ? 8 : 6);
        teacher->set(row, label, static_cast<float>(stated), TeacherOrigin::Simulated);
    }
    return {data, teacher};
}

/// Seconds that lie between two readings of the clock with nothing between them.
double clockSeconds() {
    std::vector<double> found(10'001);
    for (auto& seconds : found) {
        const auto begin = Clock::now();
        seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    }
    std::nth_element(found.begin(), found.begin() + 5'000, found.end());
    return found[5'000];
}

/// The rule itself, and how long it was in `observe`.
class TimedRule final : public Rule {
  public:
    explicit TimedRule(std::unique_ptr<Rule> rule) : rule_(std::move(rule)) {}
    [[nodiscard]] bool needsScores() const override { return rule_->needsScores(); }
    void observe(const Batch& batch, Decision& decision) override {
        const auto begin = Clock::now();
        rule_->observe(batch, decision);
        taken_ += Clock::now() - begin;
        kept_ += decision.kept;
    }
    [[nodiscard]] Thresholds thresholds() const override { return rule_->thresholds(); }
    [[nodiscard]] RuleState state() const override { return rule_->state(); }
    Result<void> restore(const RuleState& state) override { return rule_->restore(state); }
    void adjust(const SelectionSettings& settings) override { rule_->adjust(settings); }

    [[nodiscard]] double seconds() const { return taken_.count(); }
    [[nodiscard]] std::int64_t kept() const { return kept_; }

  private:
    std::unique_ptr<Rule> rule_;
    std::chrono::duration<double> taken_{};
    std::int64_t kept_ = 0;
};

struct Contestant {
    std::string name;
    SelectionSettings settings;
    std::vector<double> ruleSeconds, stepSeconds, shares; ///< of each repeat, a batch
    double kept = 0;
};

std::vector<Contestant> contestants() {
    std::vector<Contestant> all;
    const auto add = [&](RuleKind rule, const char* variant, const auto& change) {
        Contestant contestant{std::string(ruleName(rule)) + variant, {}, {}, {}, {}, 0};
        contestant.settings.rule = rule;
        change(contestant.settings);
        all.push_back(std::move(contestant));
    };
    add(RuleKind::All, "", [](auto&) {});
    add(RuleKind::Random, "", [](auto& s) { s.ratio = 0.16; });
    add(RuleKind::Teacher, ", cut", [](auto& s) { s.cut = 0.95; });
    add(RuleKind::Teacher, ", ratio", [](auto& s) { s.ratio = 0.5; });
    add(RuleKind::Student, ", cut", [](auto& s) { s.cut = 0.3; });
    add(RuleKind::Student, ", ratio", [](auto& s) { s.ratio = 0.2; });
    add(RuleKind::FixMatch, "", [](auto&) {});
    add(RuleKind::FlexMatch, "", [](auto&) {});
    add(RuleKind::FreeMatch, "", [](auto&) {});
    add(RuleKind::FreeMatch, ", quantile", [](auto& s) { s.quantile = 0.8; });
    add(RuleKind::SoftMatch, "", [](auto&) {});
    add(RuleKind::SmallLoss, "", [](auto& s) { s.ratio = 0.8; });
    add(RuleKind::Oracle, "", [](auto&) {});
    add(RuleKind::Llkd, "", [](auto&) {});
    add(RuleKind::Llkd, ", quantile", [](auto& s) { s.quantile = 0.8; });
    add(RuleKind::Llkd, ", weights", [](auto& s) { s.weight = Weighting::Product; });
    add(RuleKind::Llkd, ", class factors", [](auto& s) {
        s.teacherClassScales = {{"class 1", 0.9}, {"class 2", 1.1}};
        s.studentClassScales = {{"class 0", 1.1}};
    });
    add(RuleKind::Llkd, ", fixed ratio", [](auto& s) { s.fixedRatio = 0.16; });
    return all;
}

/// An epoch of training with the contestant's settings.
void train(SessionSpec spec, const Samples& samples, Network& network, double clock, Contestant& contestant) {
    spec.selection = contestant.settings;
    auto rule = makeRule(spec.selection, samples.population(1));
    if (!rule) {
        fmt::print(stderr, "{}: {}\n", contestant.name, rule.error().message);
        std::exit(1);
    }
    TimedRule timed(*std::move(rule));
    Trainer trainer(spec, samples, network, timed);
    const auto begin = Clock::now();
    while (!trainer.done())
        trainer.step();
    const std::chrono::duration<double> taken = Clock::now() - begin;
    const auto steps = static_cast<double>(trainer.stepsDone());
    const double ruleSeconds = timed.seconds() / steps - clock;
    const double stepSeconds = taken.count() / steps - 2 * clock;
    contestant.ruleSeconds.push_back(ruleSeconds);
    contestant.stepSeconds.push_back(stepSeconds);
    contestant.shares.push_back(ruleSeconds / stepSeconds);
    contestant.kept = static_cast<double>(timed.kept()) / static_cast<double>(samples.size());
}

bool measure(const Options& options, double clock, int classes) {
    SessionSpec spec;
    spec.set = makeTexts(options.samples, classes);
    spec.training.epochs = 1;
    const Samples samples(spec.set);
    NgramSetup setup;
    setup.recipe = {spec.student.buckets, spec.student.wordNgrams, 0, 0};
    setup.texts = std::make_shared<const NgramTexts>(
        readNgrams(*spec.set.data, samples.rows, setup.recipe, options.threads));
    setup.classes = spec.set.data->classes();
    setup.dimensions = spec.student.dimensions;
    const auto network = makeNgramNetwork(std::move(setup));
    Contestant teacher{"all", {}, {}, {}, {}, 0};
    teacher.settings.rule = RuleKind::All;
    spec.training.learningRate = 1.0;
    train(spec, samples, *network, clock, teacher);
    spec.training.learningRate = 1e-4;

    auto all = contestants();
    for (int repeat = 0; repeat < options.repeats; ++repeat)
        for (auto& contestant : all)
            train(spec, samples, *network, clock, contestant);

    fmt::print("\n{} classes, batch {}, {} samples, {} threads, median of {} epochs\n", classes,
               spec.training.batch, samples.size(), options.threads, options.repeats);
    fmt::print("{:<22} {:>6} {:>13} {:>11} {:>9} {:>9}\n", "rule", "keeps", "rule, ns/batch", "step, µs",
               "share", "smallest");
    bool good = true;
    for (const auto& contestant : all) {
        const double share = 100 * median(contestant.shares);
        const double least = 100 * *std::min_element(contestant.shares.begin(), contestant.shares.end());
        const bool within = (options.least ? least : share) <= options.limit;
        good = good && within;
        fmt::print("{:<22} {:>5.0f}% {:>13.0f} {:>11.1f} {:>8.2f}% {:>8.2f}%{}\n", contestant.name,
                   100 * contestant.kept, 1e9 * median(contestant.ruleSeconds),
                   1e6 * median(contestant.stepSeconds), share, least, within ? "" : "  OVER");
    }
    return good;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    const auto number = [&](const char* name, double otherwise, double least = 0) {
        return numberAfter(argc, argv, name, otherwise, least);
    };
    options.repeats = static_cast<int>(number("--repeats", options.repeats, 1));
    options.samples = static_cast<int>(number("--samples", options.samples, 64));
    options.threads = static_cast<int>(number("--threads", options.threads));
    options.limit = number("--limit", options.limit);
    options.least = number("--least", 0) != 0;
    if (options.threads <= 0)
        options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    at::set_num_threads(options.threads);
    const double clock = clockSeconds();
    bool good = true;
    for (const int classes : {10, 26})
        good = measure(options, clock, classes) && good;
    fmt::print("\nlimit {} % of a step: {}\n", options.limit, good ? "ok" : "OVER");
    return good ? 0 : 1;
}
