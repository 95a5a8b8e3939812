// A student as Engine::openStudent gives it: what may be asked of it beside labels.
#pragma once

#include "core/engine/engine.h"

namespace stillroom {

class OpenedStudent : public Student {
  public:
    ~OpenedStudent() override;

    /// Several threads may call at once, each taking one core; else one call at a time, which takes as many
    /// as useThreads says.
    [[nodiscard]] virtual bool shared() const = 0;
    /// Before the first call; else what LibTorch takes by itself.
    virtual void useThreads(int threads) = 0;
    /// Length of a text's vector, which is what the last layer labels it by.
    [[nodiscard]] virtual std::int64_t dimensions() const = 0;
    /// These vectors row by row into `out`, N×dimensions().
    virtual Result<void> embed(std::span<const std::string_view> texts, std::span<float> out) const = 0;
};

/// Null: it is a student of another kind (one that a test made up, say).
[[nodiscard]] OpenedStudent* openedStudent(Student& student);
[[nodiscard]] const OpenedStudent* openedStudent(const Student& student);

} // namespace stillroom
