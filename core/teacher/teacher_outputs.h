// What the teacher said of each row of a Dataset: pseudo-label, confidence and, where it gave one, the whole
// probability vector. Immutable once built; any thread may read. 9 bytes a row without vectors, 4·K more
// with.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// Where a row's numbers come from.
enum class TeacherOrigin : std::uint8_t {
    None,
    Stated,
    Probabilities,
    Simulated,
    Gold,
    ZeroShot,
    LogProbabilities,        ///< of an LLM's answer over lettered choices, all classes among what it returned
    PartialLogProbabilities, ///< the same, but some classes were not returned and share the unseen mass
                             ///< evenly
    Votes,                   ///< shares of several answers
};

class TeacherOutputs {
  public:
    static constexpr int NoLabel = -1;

    TeacherOutputs() = default;
    /// `rows` is the Dataset's size: teacher and data share row numbers.
    TeacherOutputs(std::size_t rows, int classCount);

    [[nodiscard]] std::size_t size() const { return labels_.size(); }
    [[nodiscard]] int classCount() const { return classCount_; }
    [[nodiscard]] bool has(std::size_t row) const { return labels_[row] != NoLabel; }
    [[nodiscard]] int label(std::size_t row) const {
        return labels_[row];
    } ///< argmax of the vector, or stated
    [[nodiscard]] float confidence(std::size_t row) const { return confidences_[row]; } ///< its probability
    [[nodiscard]] TeacherOrigin origin(std::size_t row) const { return origins_[row]; }
    /// False: only labels and confidences were given, and `distribution` fills the vector in.
    [[nodiscard]] bool hasVectors() const { return !vectors_.empty(); }
    /// q of shape K, summing to 1, of a row that `has` one. Filled in: c on the label and (1 − c)/(K − 1) on
    /// each other class. (Where c < 1/K the others are then above the label; the label stays the teacher's.)
    void distribution(std::size_t row, std::span<float> q) const;

    /// `confidence` in [0, 1].
    void set(std::size_t row, int label, float confidence, TeacherOrigin origin);
    /// `q` of shape K, checked by the caller; label and confidence follow from it (of equals the first). Rows
    /// that were set without a vector are filled in.
    void set(std::size_t row, std::span<const float> q, TeacherOrigin origin);

  private:
    std::span<float> vectorOf(std::size_t row);

    int classCount_ = 0;
    std::vector<std::int32_t> labels_;
    std::vector<float> confidences_;
    std::vector<TeacherOrigin> origins_;
    std::vector<float> vectors_;
};

} // namespace stillroom
