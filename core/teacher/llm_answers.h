// An LLM behind a server as who is asked in rounds. What it answered before is in its store, and costs
// nothing.
#pragma once

#include "core/teacher/answer_source.h"
#include "core/teacher/llm_settings.h"

namespace stillroom {

class LlmAnswers : public AnswerSource {
  public:
    /// `folder`: where relative prompt files begin.
    LlmAnswers(LlmSettings settings, std::string folder, std::shared_ptr<const Dataset> data);
    /// All of the training split.
    [[nodiscard]] std::vector<std::uint32_t> askable() const override;
    /// Errors: those of Labelling; teacher.budget, which holds for all that this object asks together, was
    /// spent before all rows were answered.
    Result<void> ask(std::span<const std::uint32_t> rows, TeacherOutputs& answers,
                     const AnswerWatch& watch) override;

  private:
    /// The settings, with what is left of the budget. Errors: nothing is.
    [[nodiscard]] Result<LlmSettings> withBudgetLeft() const;

    LlmSettings settings_;
    std::string folder_;
    std::shared_ptr<const Dataset> data_;
    std::int64_t spentCalls_ = 0, spentTokens_ = 0;
    double spentMoney_ = 0;
};

} // namespace stillroom
