#include "core/experiment/comparison.h"

#include "core/base/number.h"
#include "core/experiment/bootstrap.h"
#include "core/experiment/comparison_words.h"
#include "core/experiment/experiment.h"
#include "core/experiment/test_set_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom {

namespace {

using Wanted = std::vector<std::pair<std::string, std::string>>;

bool sameValue(const std::string& a, const std::string& b) {
    const auto x = readNumber(a);
    const auto y = readNumber(b);
    return a == b || (x && y && *x == *y);
}

/// The whole keys that are meant by what a user wrote: "rule" is "selection.rule".
std::vector<std::string> keysMeant(const std::string& written) {
    std::vector<std::string> meant;
    for (const auto& key : settingKeys())
        if (key == written || key.ends_with("." + written))
            meant.push_back(key);
    return meant;
}

bool has(const Configuration& configuration, const Wanted& wanted) {
    const auto& settings = configuration.runs.front()->settings;
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& one) {
        const auto keys = keysMeant(one.first);
        return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
            const auto found = settings.find(key);
            return found != settings.end() && sameValue(found->second, one.second);
        });
    });
}

std::string quoted(const Wanted& wanted) {
    std::vector<std::string> words;
    for (const auto& [key, value] : wanted)
        words.push_back(key + "=" + value);
    return fmt::format("{}", fmt::join(words, ", "));
}

std::string labelsOf(const std::vector<Configuration>& configurations,
                     const std::vector<std::size_t>& which) {
    std::vector<std::string> labels;
    for (const std::size_t i : which)
        labels.push_back(configurations[i].label);
    return fmt::format("{}", fmt::join(labels, "; "));
}

Result<void> checkWanted(const Wanted& wanted) {
    for (const auto& [key, value] : wanted) {
        if (!keysMeant(key).empty())
            continue;
        const std::vector<std::string_view> known(settingKeys().begin(), settingKeys().end());
        const std::string nearest = nearestWord(key, known);
        return fail(fmt::format("--baseline {}={}: there is no setting '{}'{}", key, value, key,
                                nearest.empty() ? "; write it as in experiment.yaml, selection.rule=all"
                                                : fmt::format("; did you mean '{}'?", nearest)),
                    ErrorKind::Usage);
    }
    return {};
}

/// Nothing: none is what was wanted.
Result<std::optional<std::size_t>> findBaseline(const std::vector<Configuration>& configurations,
                                                const Wanted& wanted) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < configurations.size(); ++i)
        if (has(configurations[i], wanted))
            found.push_back(i);
    if (found.size() > 1 && !wanted.empty())
        return fail(fmt::format("--baseline {} is true of {} configurations ({}); give another --baseline "
                                "KEY=VALUE that is true of one of them",
                                quoted(wanted), found.size(), labelsOf(configurations, found)),
                    ErrorKind::Usage);
    return found.empty() ? std::nullopt : std::optional(found.front());
}

std::size_t defaultBaseline(const std::vector<Configuration>& configurations) {
    for (std::size_t i = 0; i < configurations.size(); ++i)
        if (configurations[i].runs.front()->rule == "all")
            return i;
    return 0;
}

class Comparer {
  public:
    Comparer(Comparison& comparison, const PredictionReader& predictions, Progress* progress)
        : comparison_(comparison), options_(comparison.options), predictions_(predictions),
          progress_(progress) {}

    Result<void> compare(const SortedRuns& sorted) {
        if (auto checked = checkWanted(options_.baseline); !checked)
            return checked;
        if (progress_ != nullptr)
            progress_->expect(count(sorted));
        bool anyBaseline = false;
        for (const auto& set : sorted.dataSets) {
            const auto wanted = findBaseline(set.configurations, options_.baseline);
            if (!wanted)
                return fail(wanted.error());
            const bool found = wanted->has_value();
            anyBaseline = anyBaseline || found;
            const bool given = !options_.baseline.empty();
            const std::size_t baseline = given && found ? **wanted : defaultBaseline(set.configurations);
            if (given && !found)
                comparison_.remarks.push_back(
                    fmt::format("On {} no configuration has {}: {} is the baseline there.", set.dataSet,
                                quoted(options_.baseline), set.configurations[baseline].label));
            if (auto done = compareOn(set, baseline); !done)
                return done;
        }
        if (!anyBaseline)
            return fail(fmt::format("--baseline {}: no configuration has that; there are {}",
                                    quoted(options_.baseline), everyLabel(sorted)),
                        ErrorKind::Usage);
        rank();
        return {};
    }

  private:
    static std::int64_t count(const SortedRuns& sorted) {
        std::size_t all = 0;
        for (const auto& set : sorted.dataSets)
            all += set.configurations.size();
        return static_cast<std::int64_t>(all);
    }

    static std::string everyLabel(const SortedRuns& sorted) {
        std::vector<std::string> labels;
        for (const auto& set : sorted.dataSets)
            for (const auto& configuration : set.configurations)
                if (std::find(labels.begin(), labels.end(), configuration.label) == labels.end())
                    labels.push_back(configuration.label);
        return fmt::format("{}", fmt::join(labels, "; "));
    }

    Result<void> compareOn(const ComparableRuns& set, std::size_t baseline) {
        ComparedDataSet compared;
        compared.name = set.dataSet;
        compared.baseline = baseline;
        for (std::size_t i = 0; i < set.configurations.size(); ++i) {
            if (progress_ != nullptr && progress_->cancelled())
                return fail("the comparison was cancelled", ErrorKind::Cancelled);
            auto& one = compared.configurations.emplace_back();
            one.configuration = set.configurations[i];
            for (const RunMetric metric : AllRunMetrics)
                one.metrics[static_cast<std::size_t>(metric)] = summarize(one.configuration, metric);
            if (i != baseline) {
                one.difference = differenceOf(one.configuration, set.configurations[baseline],
                                              options_.metric, options_.level, predictions_);
                one.alsoDifferent = alsoDifferent(one.configuration, set.configurations[baseline]);
            }
            if (progress_ != nullptr)
                progress_->advance(1);
        }
        decide(compared);
        comparison_.dataSets.push_back(std::move(compared));
        return {};
    }

    MetricSummary summarize(const Configuration& configuration, RunMetric metric) const {
        MetricSummary summary;
        std::vector<double> values;
        const RunSummary* last = nullptr;
        for (const RunSummary* run : configuration.runs)
            if (const auto value = metricOf(*run, metric); value && std::isfinite(*value)) {
                values.push_back(*value);
                last = run;
            }
        summary.said = describe(values);
        summary.interval = meanInterval(values, options_.level);
        if (values.size() >= 2) {
            BootstrapSettings settings;
            settings.level = options_.level;
            summary.bootstrap = bootstrapMeanInterval(values, settings);
        }
        if (values.size() == 1 && hasTestRows(metric) && last->test && !last->testConfusion.empty()) {
            TestSetSettings settings;
            settings.level = options_.level;
            const auto drawn = testSetIntervals(last->testConfusion, settings);
            summary.interval = metric == RunMetric::Accuracy ? drawn.accuracy : drawn.macroF1;
            summary.fromTestSet = true;
        }
        return summary;
    }

    void decide(ComparedDataSet& compared) const {
        std::vector<Difference*> differences;
        std::size_t tested = 0;
        for (std::size_t i = 0; i < compared.configurations.size(); ++i)
            if (i != compared.baseline) {
                differences.push_back(&compared.configurations[i].difference);
                tested += differences.back()->p ? 1U : 0U;
            }
        decideFindings(differences, options_.level);
        const std::string& baseline = compared.configurations[compared.baseline].configuration.label;
        for (std::size_t i = 0; i < compared.configurations.size(); ++i)
            if (auto& one = compared.configurations[i]; i != compared.baseline)
                one.sentence = differenceSentence(one.configuration.label, baseline, one.difference,
                                                  options_.metric, options_.level, tested);
    }

    /// Over data sets; what only some of them have is left out.
    void rank() {
        if (comparison_.dataSets.size() < 2)
            return;
        comparison_.remarks.push_back(fmt::format(
            "The runs are of {} data sets. Figures of different data sets are not compared with each "
            "other, only ranks within each.",
            comparison_.dataSets.size()));
        ComparedRanks ranks;
        std::vector<std::vector<double>> values(comparison_.dataSets.size());
        for (const auto& candidate : comparison_.dataSets.front().configurations) {
            std::vector<double> means;
            for (const auto& set : comparison_.dataSets)
                for (const auto& one : set.configurations)
                    if (one.configuration.label == candidate.configuration.label &&
                        comparison_.metric(one).said.count > 0)
                        means.push_back(comparison_.metric(one).said.mean);
            if (means.size() != values.size())
                continue;
            ranks.labels.push_back(candidate.configuration.label);
            for (std::size_t set = 0; set < means.size(); ++set)
                values[set].push_back(higherIsBetter(options_.metric) ? means[set] : -means[set]);
        }
        const auto friedman = friedmanTest(values);
        if (!friedman)
            return;
        ranks.friedman = *friedman;
        ranks.criticalDifference = nemenyiDifference(ranks.labels.size(), values.size(), options_.level);
        ranks.sentence = ranksSentence(ranks, options_.metric, options_.level);
        comparison_.ranks = std::move(ranks);
    }

    Comparison& comparison_;
    const ComparisonOptions& options_;
    const PredictionReader& predictions_;
    Progress* progress_;
};

} // namespace

Result<Comparison> compareRuns(std::span<const RunSummary> runs, const ComparisonOptions& options,
                               const PredictionReader& predictions, Progress* progress) {
    Comparison comparison;
    comparison.options = options;
    SortedRuns sorted = sortRuns(runs);
    comparison.remarks = sorted.remarks;
    if (sorted.dataSets.empty()) {
        Error error{"no run here was completed, so there is nothing to compare", ErrorKind::BadInput, {}};
        error.details = sorted.remarks;
        return fail(std::move(error));
    }
    if (auto compared = Comparer(comparison, predictions, progress).compare(sorted); !compared)
        return fail(std::move(compared.error()));
    return comparison;
}

} // namespace stillroom
