// Words that choose among runs: "llkd tag=paper seed=3".
#pragma once

#include "core/experiment/run_index.h"

#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// Every word must be met, letters large or small. A word alone is met where it stands in the run's name,
/// folder, rule, state, tags or note. `key=value` is met by a setting, its key dotted or its last part alone
/// ("selection.decay=0.99", "decay=0.99"): its value must be that one, numbers as numbers. `tag=`, `state=`
/// and `name=` are met where the value stands in them. Quotes keep words together: "two words", name="two
/// words".
class RunFilter {
  public:
    RunFilter() = default;
    explicit RunFilter(std::string_view text);

    [[nodiscard]] bool matches(const IndexedRun& run) const;
    [[nodiscard]] bool empty() const { return terms_.empty(); }

  private:
    struct Term {
        std::string key, value; ///< folded to small letters; no key: a word alone
    };
    std::vector<Term> terms_;
};

} // namespace stillroom
