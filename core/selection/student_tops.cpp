#include "core/selection/student_tops.h"

#include <cassert>

namespace stillroom {

namespace {

/// The best of `Rows` rows at once: each row's search waits for its own last comparison, so several are under
/// way side by side, and none of them guesses (a branch here is wrong several times a row).
template <std::size_t Rows>
void topsOf(const float* rows, std::size_t classes, std::int32_t* labels, float* confidences) {
    float best[Rows];
    std::int32_t at[Rows] = {};
    for (std::size_t r = 0; r < Rows; ++r)
        best[r] = rows[r * classes];
    for (std::size_t k = 1; k < classes; ++k)
        for (std::size_t r = 0; r < Rows; ++r) {
            const float p = rows[r * classes + k];
            const bool better = p > best[r];
            best[r] = better ? p : best[r];
            at[r] = better ? static_cast<std::int32_t>(k) : at[r];
        }
    for (std::size_t r = 0; r < Rows; ++r) {
        labels[r] = at[r];
        confidences[r] = best[r];
    }
}

} // namespace

void StudentTops::look(std::span<const float> probabilities, std::size_t classes) {
    assert(probabilities.size() % classes == 0);
    const std::size_t size = probabilities.size() / classes;
    labels_.resize(size);
    confidences_.resize(size);
    constexpr std::size_t Together = 8;
    const float* rows = probabilities.data();
    std::size_t i = 0;
    for (; i + Together <= size; i += Together)
        topsOf<Together>(rows + i * classes, classes, labels_.data() + i, confidences_.data() + i);
    for (; i < size; ++i)
        topsOf<1>(rows + i * classes, classes, labels_.data() + i, confidences_.data() + i);
}

} // namespace stillroom
