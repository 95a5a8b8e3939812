// What thresholds would keep, without training: over the teacher's confidences and the uncertainties of a
// snapshot. One pass over N samples, fast enough for every move of a slider at a million samples.
#pragma once

#include "core/lab/sample_table.h"
#include "core/selection/rule.h"
#include "core/selection/sample_trace.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace stillroom {

struct WhatIfCounts {
    std::int64_t samples = 0;  ///< of the class (by pseudo-label)
    std::int64_t withGold = 0; ///< of them
    std::int64_t right = 0;    ///< of those with gold, pseudo-label equals gold
    std::int64_t kept = 0;
    std::int64_t refusedByTeacher = 0; ///< confidence below its threshold, whatever the student says
    std::int64_t refusedByStudent = 0; ///< uncertainty below its threshold, whatever the teacher says
    std::int64_t refusedByBoth = 0;    ///< counted in both of the above too
    std::int64_t keptWithGold = 0;
    std::int64_t keptRight = 0; ///< of those with gold, pseudo-label equals gold
    std::int64_t enters = 0;    ///< kept now, not by the baseline
    std::int64_t leaves = 0;    ///< kept by the baseline, not now
};

struct WhatIfResult {
    std::vector<WhatIfCounts> byClass; ///< K, by pseudo-label
    WhatIfCounts all;
    std::int64_t notScored = 0; ///< samples without an uncertainty: the student's threshold lets them pass
};

/// `thresholds` and `baseline` as of Thresholds (empty sides refuse nothing; studentConfidence is not looked
/// at). `traces` may be empty: the student was never asked, and the teacher's side decides alone; else N.
/// Counting follows `atLeast` (core/selection/rule.h). `keep`, when not null, gets N bytes: 1 kept,
/// 0 refused; `keepBaseline` the same of the baseline (only with one).
/// One thread at a time uses a WhatIf; it may use up to `threads` threads inside. The result is valid until
/// the next call.
class WhatIf {
  public:
    explicit WhatIf(int threads = 1);
    ~WhatIf();
    WhatIf(const WhatIf&) = delete;
    WhatIf& operator=(const WhatIf&) = delete;
    const WhatIfResult& compute(const SampleTable& table, std::span<const SampleTrace> traces,
                                const Thresholds& thresholds, const Thresholds* baseline = nullptr,
                                std::vector<std::uint8_t>* keep = nullptr,
                                std::vector<std::uint8_t>* keepBaseline = nullptr);

  private:
    struct Private;
    std::unique_ptr<Private> d_;
};

} // namespace stillroom
