// A student against gold.
#include "core/engine/engine.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <unordered_map>

namespace stillroom {

namespace {

/// So many texts are predicted at once: enough to keep all cores busy, few megabytes.
constexpr std::size_t chunkRows = 4096;

/// The data set's number of each of the student's classes: the two may order them differently.
Result<std::vector<std::size_t>> matchClasses(const Student& student, const Dataset& data) {
    std::unordered_map<std::string_view, std::size_t> numbers;
    for (std::size_t k = 0; k < data.classes().size(); ++k)
        numbers.emplace(data.classes()[k], k);
    std::vector<std::size_t> matched;
    for (const auto& name : student.classes()) {
        const auto found = numbers.find(name);
        if (found == numbers.end())
            return fail(
                fmt::format("the student knows a class '{}' that the data do not have; it was trained on "
                            "other classes",
                            name));
        matched.push_back(found->second);
    }
    return matched;
}

} // namespace

Result<Metrics> evaluateStudent(const Student& student, const Dataset& data, Split split) {
    const auto matched = matchClasses(student, data);
    if (!matched)
        return fail(matched.error());
    std::vector<std::uint32_t> rows;
    for (const auto row : data.rows(split))
        if (data.gold(row) != Dataset::NoLabel)
            rows.push_back(row);
    if (rows.empty())
        return fail(fmt::format("the {} data have no gold labels to evaluate against", splitName(split)));

    const auto classCount = static_cast<std::size_t>(data.classCount());
    const std::size_t known = matched->size();
    std::vector<std::int64_t> confusion(classCount * classCount, 0);
    std::vector<std::string_view> texts;
    std::vector<float> probabilities;
    double loss = 0;
    for (std::size_t begin = 0; begin < rows.size(); begin += chunkRows) {
        const std::size_t count = std::min(chunkRows, rows.size() - begin);
        texts.clear();
        for (std::size_t i = 0; i < count; ++i)
            texts.push_back(data.text(rows[begin + i]));
        probabilities.assign(count * known, 0.0F);
        if (auto predicted = student.predict(texts, probabilities); !predicted)
            return fail(std::move(predicted.error()));
        for (std::size_t i = 0; i < count; ++i) {
            const auto p = std::span(probabilities).subspan(i * known, known);
            const auto gold = static_cast<std::size_t>(data.gold(rows[begin + i]));
            const auto best = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
            confusion[gold * classCount + (*matched)[best]] += 1;
            double right = 0; // a class that the student never heard of has no probability
            for (std::size_t k = 0; k < known; ++k)
                if ((*matched)[k] == gold)
                    right = static_cast<double>(p[k]);
            loss -= std::log(std::max(right, 1e-12));
        }
    }
    Metrics metrics = metricsOf(std::move(confusion), data.classCount());
    metrics.loss = loss / static_cast<double>(rows.size());
    return metrics;
}

} // namespace stillroom
