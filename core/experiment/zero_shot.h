// A teacher without an LLM: what a text is about is read off how near its vector is to that of a sentence
// about each class.
#pragma once

#include "core/data/dataset.h"
#include "core/engine/engine.h"
#include "core/teacher/teacher_outputs.h"
#include "core/teacher/teacher_settings.h"

#include <string>
#include <vector>

namespace stillroom {

/// The sentence of each class: its own, or teacher.sentence with its name in it. Errors: a sentence for a
/// class that there is not.
Result<std::vector<std::string>> zeroShotSentences(const TeacherSettings& teacher,
                                                   const std::vector<std::string>& classes);

/// q_k = exp(scale · cos_k) / Σ exp(scale · cos_j) for every training text (as CLIP reads off classes,
/// Radford et al., arXiv 2103.00020; there the scale is learned, here it is a setting, and the confidence is
/// what the scale makes it: look at the calibration). `folder` is the encoder's. Vectors come from the user's
/// cache when they are there. Errors: those of zeroShotSentences and Engine::embed.
Result<TeacherOutputs> zeroShotTeacher(Engine& engine, const Dataset& dataset, const TeacherSettings& teacher,
                                       const EmbedRequest& how, Progress* progress);

} // namespace stillroom
