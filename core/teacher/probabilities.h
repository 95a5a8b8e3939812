// Numbers between 0 and 1 as teachers write them, checked: a confidence, and a probability for each class.
// Every function answers with a reason for a bad row ("confidence 1.7 is not between 0 and 1; …"), empty when
// all is well.
#pragma once

#include "core/data/labels.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

struct Probability {
    std::int32_t label; ///< number in a Labels
    float value;
};

/// `text` as a number in [0, 1]. `what` begins the reason: "confidence", "probability".
[[nodiscard]] std::string readShare(std::string_view text, std::string_view what, float& share);

/// Whether they sum to 1 within 1e-3; then they are scaled to do so exactly. A sum that is off by rounding
/// alone (1e-6) is left as it is, so that a stated 0.95 stays 0.95.
[[nodiscard]] std::string completeVector(std::vector<Probability>& vector);

/// A cell as a sentence shows it: at most 40 bytes, cut between characters.
[[nodiscard]] std::string shortened(std::string_view text);

/// Reads {"class": p, …} and [p, …]. One thread.
class JsonProbabilities {
  public:
    /// `listed`: data.classes, whose order an array follows. `labels` outlives this.
    JsonProbabilities(std::vector<std::string> listed, Labels& labels);
    ~JsonProbabilities();

    /// `vector` then holds what was written; it is not checked by completeVector yet.
    [[nodiscard]] std::string read(std::string_view json, std::vector<Probability>& vector);

  private:
    struct Parser;
    std::vector<std::string> listed_;
    Labels& labels_;
    std::unique_ptr<Parser> parser_;
};

} // namespace stillroom
