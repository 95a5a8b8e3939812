// Which of the training texts that were kept a student sees as most like another text: by the cosine of the
// vectors that its last layer labels them by.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/opened_student.h"

#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

namespace stillroom {

/// Immutable once made; any thread may ask.
class KeptNeighbours {
  public:
    /// Of more texts than fit in so many numbers every n-th is taken: 256 MiB.
    static constexpr std::int64_t MostNumbers = std::int64_t{64} << 20;

    /// The vectors of `samples`, whose texts `textOf` gives. `student` is asked some texts at a time, holding
    /// `asking`, so that others may ask it in between. `progress` counts texts; may cancel. Errors: those of
    /// the student, cancelled.
    static Result<KeptNeighbours> make(const OpenedStudent& student, std::mutex& asking,
                                       std::span<const std::uint32_t> samples,
                                       const std::function<std::string_view(std::uint32_t)>& textOf,
                                       Progress& progress);

    struct Neighbour {
        std::uint32_t sample = 0;
        float cosine = 0;
    };
    /// The nearest ones, the most alike first; fewer where there are not so many. None of a vector of zeros,
    /// which is what a text without a word that the student knows has.
    [[nodiscard]] std::vector<Neighbour> nearest(std::span<const float> vector, std::size_t count) const;

    [[nodiscard]] std::size_t size() const { return samples_.size(); }

  private:
    std::size_t width_ = 0;
    std::vector<std::uint32_t> samples_;
    std::vector<float> vectors_; ///< of length 1 each, or 0
};

} // namespace stillroom
