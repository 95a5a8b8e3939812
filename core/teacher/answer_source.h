// Who is asked in rounds: an LLM behind a server, or answers that are known already and are given one by one
// as if they were asked for.
#pragma once

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/teacher/teacher_outputs.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

/// Where the asking of some rows is. Plain data.
struct AnswerState {
    std::int64_t rows = 0;  ///< asked for
    std::int64_t known = 0; ///< of them answered
    double secondsLeft = 0; ///< 0: not known
    std::string note;       ///< what people should know of it, one sentence; empty: nothing
};

/// Asked several times a second, on the thread that waits; false: stop.
using AnswerWatch = std::function<bool(const AnswerState&)>;

/// One thread.
class AnswerSource {
  public:
    virtual ~AnswerSource() = default;

    /// The rows of the training split that it can be asked about, ascending.
    [[nodiscard]] virtual std::vector<std::uint32_t> askable() const = 0;
    /// Puts what the teacher says of `rows` into `answers` (of the dataset's size); a row that it refuses to
    /// answer is left without. Errors: cancelled by `watch`; a server or store that fails.
    virtual Result<void> ask(std::span<const std::uint32_t> rows, TeacherOutputs& answers,
                             const AnswerWatch& watch) = 0;
};

/// Answers that are there already, whoever gave them (columns, a file, the simulator, gold): asking costs
/// nothing, and shows what asking would have brought.
class RecordedAnswers : public AnswerSource {
  public:
    RecordedAnswers(std::shared_ptr<const Dataset> data, std::shared_ptr<const TeacherOutputs> teacher);
    [[nodiscard]] std::vector<std::uint32_t> askable() const override;
    Result<void> ask(std::span<const std::uint32_t> rows, TeacherOutputs& answers,
                     const AnswerWatch& watch) override;

  private:
    std::shared_ptr<const Dataset> data_;
    std::shared_ptr<const TeacherOutputs> teacher_;
};

/// What `from` says of a row, as it is; nothing where it says nothing. Both of the same rows and classes.
void copyAnswer(const TeacherOutputs& from, std::uint32_t row, TeacherOutputs& to);

} // namespace stillroom
