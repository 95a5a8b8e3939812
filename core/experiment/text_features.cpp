#include "core/experiment/text_features.h"

#include "core/text/ngrams.h"

#include <algorithm>
#include <cmath>

namespace stillroom {

SparseTexts textFeatures(const Dataset& data, std::span<const std::uint32_t> rows) {
    NgramRecipe recipe;
    recipe.wordNgrams = 1;
    NgramReader reader(recipe);
    SparseTexts texts;
    std::vector<std::uint32_t> counts(static_cast<std::size_t>(recipe.buckets), 0);
    std::vector<std::uint32_t> words;
    for (const auto row : rows) {
        words.clear();
        reader.read(data.text(row), words);
        std::sort(words.begin(), words.end());
        words.erase(std::unique(words.begin(), words.end()), words.end());
        for (const auto word : words)
            ++counts[word];
        texts.features.insert(texts.features.end(), words.begin(), words.end());
        texts.ends.push_back(texts.features.size());
    }
    texts.weights.resize(texts.features.size());
    std::size_t begin = 0;
    for (const std::size_t end : texts.ends) {
        double squares = 0;
        for (std::size_t i = begin; i < end; ++i) {
            const double weight =
                std::log(static_cast<double>(rows.size()) / static_cast<double>(counts[texts.features[i]]));
            texts.weights[i] = static_cast<float>(weight);
            squares += weight * weight;
        }
        for (std::size_t i = begin; i < end && squares > 0; ++i)
            texts.weights[i] = static_cast<float>(static_cast<double>(texts.weights[i]) / std::sqrt(squares));
        begin = end;
    }
    return texts;
}

} // namespace stillroom
