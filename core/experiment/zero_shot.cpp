#include "core/experiment/zero_shot.h"

#include "core/base/number.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string_view>

namespace stillroom {

Result<std::vector<std::string>> zeroShotSentences(const TeacherSettings& teacher,
                                                   const std::vector<std::string>& classes) {
    std::vector<std::string> sentences;
    for (std::string name : classes) {
        std::replace(name.begin(), name.end(), '_', ' ');
        std::string sentence = teacher.sentence;
        if (const auto at = sentence.find("{}"); at != std::string::npos)
            sentence.replace(at, 2, name);
        sentences.push_back(std::move(sentence));
    }
    for (const auto& [name, sentence] : teacher.sentences) {
        const auto found = std::find(classes.begin(), classes.end(), name);
        if (found == classes.end()) {
            const std::vector<std::string_view> known(classes.begin(), classes.end());
            const std::string nearest = nearestWord(name, known);
            return fail(fmt::format("teacher.sentences has one for '{}', which is no class{}", name,
                                    nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
        }
        sentences[static_cast<std::size_t>(found - classes.begin())] = sentence;
    }
    return sentences;
}

Result<TeacherOutputs> zeroShotTeacher(Engine& engine, const Dataset& dataset, const TeacherSettings& teacher,
                                       const EmbedRequest& how, Progress* progress) {
    const auto sentences = zeroShotSentences(teacher, dataset.classes());
    if (!sentences)
        return fail(sentences.error());
    EmbedRequest request = how;
    request.unitLength = true;
    const auto rows = dataset.rows(Split::Train);
    std::vector<std::string_view> texts;
    for (const auto row : rows)
        texts.push_back(dataset.text(row));
    const std::vector<std::string_view> prompts(sentences->begin(), sentences->end());
    const auto classVectors = engine.embed(request, prompts, nullptr);
    if (!classVectors)
        return fail(classVectors.error());
    const auto textVectors = engine.embed(request, texts, progress);
    if (!textVectors)
        return fail(textVectors.error());
    const auto width = static_cast<std::size_t>(textVectors->dimensions), classes = prompts.size();
    TeacherOutputs outputs(dataset.size(), dataset.classCount());
    std::vector<float> q(classes);
    std::vector<double> z(classes);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const float* text = textVectors->values.data() + i * width;
        for (std::size_t k = 0; k < classes; ++k) {
            const float* sentence = classVectors->values.data() + k * width;
            double cosine = 0;
            for (std::size_t d = 0; d < width; ++d)
                cosine += static_cast<double>(text[d]) * static_cast<double>(sentence[d]);
            z[k] = teacher.scale * cosine;
        }
        const double largest = *std::max_element(z.begin(), z.end());
        double sum = 0;
        for (double& value : z)
            sum += value = std::exp(value - largest);
        for (std::size_t k = 0; k < classes; ++k)
            q[k] = static_cast<float>(z[k] / sum);
        outputs.set(rows[i], q, TeacherOrigin::ZeroShot);
    }
    return outputs;
}

} // namespace stillroom
