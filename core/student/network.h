// A student while it is trained: what the loop needs of it, whatever kind it is.
#pragma once

#include "core/base/result.h"
#include "core/engine/training_settings.h"
#include "core/student/training_state.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

/// What the kept samples of an update are pulled towards. B samples, K classes.
struct Targets {
    std::span<const std::int32_t> labels; ///< pseudo-labels, B
    std::span<const float> teacher;       ///< q, B×K; needed by soft and mix, else may be empty
    std::span<const float> weights;       ///< B
};

/// One thread at a time; it may use more threads inside. Rows are the Dataset's row numbers.
/// LibTorch's exceptions pass through: the session's thread turns them into an error event.
class Network {
  public:
    virtual ~Network() = default;

    [[nodiscard]] virtual int classCount() const = 0;

    /// Forward only, dropout off: p of each row, B×K.
    virtual void score(std::span<const std::uint32_t> rows, std::span<float> probabilities) = 0;

    /// The same with the weights as they are kept, whatever scoring makes do with: for evaluations.
    virtual void evaluate(std::span<const std::uint32_t> rows, std::span<float> probabilities) {
        score(rows, probabilities);
    }

    /// One update on the weighted mean loss. Returns that loss, before the step.
    /// `scored`: `rows` are these positions of the batch that was scored last, with no update in between:
    /// what is still known from there need not be computed again. Empty: nothing is known of them.
    virtual double update(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> scored,
                          const Targets& targets, double learningRate) = 0;

    /// Makes the optimizer's step that updates still wait for, where several make one: at an epoch's end.
    virtual void flush(double /*learningRate*/) {}

    /// From the next update on.
    virtual void setLoss(const LossSettings& loss) = 0;

    /// Estimated floating-point operations of a forward pass over these rows, and of an update beyond it.
    [[nodiscard]] virtual double forwardFlops(std::span<const std::uint32_t> rows) const = 0;
    [[nodiscard]] virtual double backwardFlops(std::span<const std::uint32_t> rows) const = 0;

    /// The weights of now become the best; `useBest` puts them back.
    virtual void keepAsBest() = 0;
    virtual void useBest() = 0;

    /// Writes these weights, with all that `Engine::openStudent` needs, to `path`. The best ones: those of
    /// `keepAsBest`, which must have been called. Errors: disk.
    enum class Which { Now, Best };
    [[nodiscard]] virtual Result<void> save(const std::string& path, Which which) const = 0;

    /// Adds all that updates go on from: the weights of now, the optimizer's moments, gradients that wait for
    /// others, counters. Of the best weights only what their file (Which::Best) does not give back exactly.
    virtual void putState(TrainingState& state) const = 0;
    /// Back to where the state was taken, bit by bit on a CPU. `best`: the file of the best weights of then;
    /// empty: there were none. Errors: the state or the file is of another student; training must then not
    /// go on.
    [[nodiscard]] virtual Result<void> takeState(const TrainingState& state, const std::string& best) = 0;
};

} // namespace stillroom
