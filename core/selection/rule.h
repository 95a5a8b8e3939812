// Which samples of a candidate batch teach: the interface that every rule has.
// Pure C++: no Torch, no Qt. A rule is used by one thread. Statistics are kept in double; `≥` allows 1e-6
// relative, so that rounding does not decide a tie.
#pragma once

#include "core/base/result.h"
#include "core/base/schedule.h"
#include "core/selection/selection_settings.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// The whole training set, as a rule may know it before the first step. N samples, K classes.
struct Population {
    int classCount = 0;
    std::span<const std::int32_t> labels; ///< pseudo-labels ŷ, N
    std::span<const float> confidences;   ///< c, N
    std::span<const std::int32_t> gold;   ///< N or empty; only `oracle` looks
    std::uint64_t seed = 0;
    std::span<const std::string> classNames; ///< K, or empty: settings that name a class then find none
};

/// One candidate batch of B samples. What a rule does not need (Rule::needsScores) may be empty.
struct Batch {
    std::int64_t step = 0;                  ///< from 0
    std::int64_t epoch = 0;                 ///< from 0
    RunPlace place;                         ///< in the run: where schedules stand
    std::span<const std::uint32_t> samples; ///< sample numbers, 0 … N−1
    std::span<const std::int32_t> labels;   ///< ŷ
    std::span<const float> confidences;     ///< c
    std::span<const float> probabilities;   ///< the student's p, B×K, row by row
    std::span<const float> uncertainties;   ///< u ∈ [0, 1]
    std::span<const float> losses;          ///< cross-entropy against ŷ
    std::span<const std::int32_t> gold;     ///< −1 where unknown; only `oracle` looks
};

/// Why a sample is used or not. At most 16, because snapshots keep it in four bits (sample_trace.h); the
/// numbers are in files, so new ones come last.
enum class Verdict : std::uint8_t {
    Unseen,        ///< no candidate yet; no rule says this
    Kept,          ///< it teaches
    TeacherUnsure, ///< the teacher's confidence is below its threshold
    StudentSure,   ///< the student's uncertainty is below its threshold: nothing left to learn
    BothRefuse,    ///< both of them
    StudentUnsure, ///< the student's largest probability is below its threshold (FixMatch and its kin)
    NotDrawn,      ///< chance left it out
    NotInShare,    ///< not in the top share that the rule keeps
    LossHigh,      ///< its loss is too large to be trusted (small_loss)
    LabelWrong,    ///< its pseudo-label is not gold's (oracle)
    NoGold,        ///< it has no gold to compare with (oracle)
};
inline constexpr int VerdictCount = 11;

struct Decision {
    std::vector<Verdict> verdicts;  ///< B
    std::vector<std::uint8_t> keep; ///< B; 1 exactly where the verdict is Kept
    /// B; 0 for those that are not kept. Of the kept mean 1 (weights.h), save for `softmatch`, whose own
    /// weights are those of its paper, at most 1, and stay so.
    std::vector<float> weights;
    std::int64_t kept = 0;
};

/// For plots and explanations. Empty vectors: the rule has no such threshold.
struct Thresholds {
    std::vector<double> teacher = {}; ///< by class: confidence at least
    std::vector<double> student = {}; ///< by class: uncertainty at least
    /// By class of the student's own argmax: its largest probability at least (FixMatch and its kin).
    std::vector<double> studentConfidence = {};
};

/// Everything a rule remembers, for checkpoints: named rows of numbers.
struct RuleState {
    struct Entry {
        std::string name;
        std::vector<double> values;
        friend bool operator==(const Entry&, const Entry&) = default;
    };
    std::vector<Entry> entries;
    friend bool operator==(const RuleState&, const RuleState&) = default;
};

class Rule {
  public:
    virtual ~Rule() = default;

    /// True when `observe` looks at the student's probabilities, uncertainties or losses: then every
    /// candidate batch is scored first. A rule that does not need it costs no forward pass. `adjust` may
    /// change it.
    [[nodiscard]] virtual bool needsScores() const = 0;

    /// Updates the statistics from the whole candidate batch, then decides with them (flexmatch: the other
    /// way round). An empty batch changes nothing.
    virtual void observe(const Batch& batch, Decision& decision) = 0;

    /// Those that judged the last observed batch.
    [[nodiscard]] virtual Thresholds thresholds() const = 0;

    [[nodiscard]] virtual RuleState state() const = 0;
    /// Errors: a state of another rule or another number of classes; the rule is then as it was.
    virtual Result<void> restore(const RuleState& state) = 0;

    /// Settings changed in flight: from the next batch on; statistics are kept. `settings.rule` is the same,
    /// and `settings` has passed checkSelection and checkClassNames.
    virtual void adjust(const SelectionSettings& settings) = 0;
};

/// The spans of `population` stay valid as long as the rule lives. Errors: a setting the rule needs is
/// missing or out of range, a class that is none, gold missing for `oracle`.
Result<std::unique_ptr<Rule>> makeRule(const SelectionSettings& settings, const Population& population);

/// The sentence for a setting that is out of range for its rule, without making one. It names the key as in
/// the YAML ("selection.cut"). Settings that the rule does not look at are not looked at here either.
Result<void> checkSelection(const SelectionSettings& settings);

/// The sentence for a setting that names a class which is none of `classes`, with the nearest that is one. As
/// long as no classes are known (empty) there is nothing to complain of.
Result<void> checkClassNames(const SelectionSettings& settings, std::span<const std::string> classes);

/// "llkd": as in the YAML.
[[nodiscard]] std::string_view ruleName(RuleKind rule);
/// "LLKD (reconstructed)": for people.
[[nodiscard]] std::string_view ruleTitle(RuleKind rule);

/// At least, with the tolerance above.
[[nodiscard]] constexpr bool atLeast(double value, double threshold) {
    const double slack = 1e-6 * (threshold < 0 ? -threshold : threshold);
    return value >= threshold - slack;
}

} // namespace stillroom
