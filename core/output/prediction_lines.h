// How a prediction is written. Private to core/output.
#pragma once

#include "core/output/predictions.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// What is the same in every line is made once. Any thread.
class PredictionLines {
  public:
    PredictionLines(PredictionFormat format, bool probabilities, const std::vector<std::string>& classes,
                    const std::string& idColumn);
    /// Before the first line; empty for JSONL.
    [[nodiscard]] const std::string& head() const { return head_; }
    /// Appends a text's line. `p`: K probabilities, `label` the largest of them.
    void add(std::string_view id, std::size_t label, std::span<const float> p, std::string& out) const;

  private:
    PredictionFormat format_;
    bool probabilities_;
    std::string head_;
    std::string idKey_, confidenceKey_;
    std::vector<std::string> labels_; ///< as cells, or as "label":"…"
    std::vector<std::string> keys_;   ///< ,"p_…":
};

/// `text` as a string of JSON, quotes included.
void appendJsonText(std::string& out, std::string_view text);

} // namespace stillroom
