// From what an LLM said to a distribution over the classes. Pure; any thread.
#pragma once

#include "core/teacher/llm_choices.h"
#include "core/teacher/llm_reply.h"
#include "core/teacher/llm_settings.h"
#include "core/teacher/teacher_outputs.h"

#include <span>
#include <string>
#include <vector>

namespace stillroom {

struct LlmAnswer {
    std::string refused;  ///< empty: it names a class; else why not, one sentence
    std::vector<float> q; ///< of shape K, summing to 1; empty where label and confidence were stated
    int label = 0;        ///< stated
    float confidence = 0; ///< stated
    double outside = 0;   ///< share of the probability (or of the votes) that was for no class
    TeacherOrigin origin = TeacherOrigin::None;

    void putInto(TeacherOutputs& outputs, std::size_t row) const;
};

/// Of all labels that mean a class the probabilities are summed. Classes of which none is among the
/// alternatives share evenly what 1 lacks of the sum of all alternatives, and the origin says so
/// (PartialLogProbabilities). Then all are divided by their sum; what was for other tokens is `outside`.
[[nodiscard]] LlmAnswer fromLogProbabilities(const LlmReply::Alternatives& alternatives,
                                             const LlmChoices& choices);

/// The first JSON object in `text` that has a label: {"label": "B" or "flood", "confidence": 0.8, 80 or "80
/// %"}. What is around it does not matter. A confidence above 1 is in percent.
[[nodiscard]] LlmAnswer fromStated(const std::string& text, const LlmChoices& choices);

/// Shares of the answers that name a class; the others are `outside`.
[[nodiscard]] LlmAnswer fromVotes(std::span<const std::string> texts, const LlmChoices& choices);

/// By `ask`. Of votes all choices of all replies count, up to `samples`; of the others the first.
[[nodiscard]] LlmAnswer readAnswer(const LlmSettings& settings, std::span<const LlmReply> replies,
                                   const LlmChoices& choices);

} // namespace stillroom
