// A small data set that a test writes for itself: texts whose words give their class away now and then, gold,
// and a teacher that is right as often as it says it is.
#pragma once

#include "core/base/random.h"

#include <QFile>
#include <QString>
#include <array>
#include <string>

namespace stillroom::test {

/// Class names as users have them: long, with underscores, in another script.
inline const std::array<std::string, 9> ClassNames = {"requests_or_urgent_needs",
                                                      "rescue_volunteering_or_donation_effort",
                                                      "infrastructure_and_utility_damage",
                                                      "sympathy_and_support",
                                                      "injured_or_dead_people",
                                                      "caution_and_advice",
                                                      "not_humanitarian",
                                                      "missing_or_found_people",
                                                      "その他の関連情報"};

/// `rows` lines of id,text,gold,label,confidence. False: it could not be written.
inline bool writeData(const QString& path, int rows, std::uint64_t seed = 1) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return false;
    Random random(seed, "made up");
    constexpr auto classes = static_cast<std::uint32_t>(ClassNames.size());
    static constexpr std::array<double, 7> confidences = {0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98};
    std::string text = "id,text,gold,predicted_label,confidence\n";
    for (int row = 0; row < rows; ++row) {
        // A long tail: class k comes up about half as often as class k − 1.
        std::uint32_t gold = 0;
        while (gold + 1 < classes && random.uniform() > 0.3)
            ++gold;
        const double confidence =
            confidences[static_cast<std::size_t>(7 * std::max(random.uniform(), random.uniform()))];
        const bool right = random.uniform() < confidence - 0.12;
        const std::uint32_t label = right ? gold : random.below(classes);
        text += std::to_string(row) + ",";
        for (int word = 0; word < 12; ++word)
            text += random.uniform() < 0.22
                        ? "c" + std::to_string(gold) + "w" + std::to_string(random.below(40)) + " "
                        : "w" + std::to_string(random.below(3000)) + " ";
        text += "," + ClassNames[gold] + "," + ClassNames[label] + "," + std::to_string(confidence) + "\n";
    }
    return file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size());
}

#if defined(__SANITIZE_THREAD__)
inline constexpr const char* Threads = "1"; // libgomp was not built for the sanitizer either
#else
inline constexpr const char* Threads = "0"; // all cores
#endif

/// An experiment over it.
inline std::string experimentYaml(const QString& file, int epochs, const std::string& more = {}) {
    return "name: made-up\ndata:\n  train: {files: \"" + file.toStdString() +
           "\", id: id, text: text, gold: gold}\n  holdout: {validation: 0.15, test: 0.1}\n"
           "teacher: {kind: columns, label: predicted_label, confidence: confidence}\n"
           "student: {dimensions: 16, buckets: 65536}\n"
           "training: {threads: " +
           Threads + ", epochs: " + std::to_string(epochs) +
           ", learning_rate: {from: 0.8, to: 0, shape: linear}}\n" + more;
}

} // namespace stillroom::test
