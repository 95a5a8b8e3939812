#include "widgets/file_probe.h"

#include "core/data/file_patterns.h"
#include "core/data/open_records.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace stillroom {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

/// The first word of the list that is a column's whole name, else that a name begins or ends with. A column
/// is taken once.
std::string take(std::vector<std::string>& columns, std::initializer_list<std::string_view> words) {
    const auto find = [&](auto matches) {
        for (const auto word : words)
            for (auto column = columns.begin(); column != columns.end(); ++column)
                if (matches(lower(*column), word)) {
                    std::string name = *column;
                    columns.erase(column);
                    return name;
                }
        return std::string();
    };
    std::string found = find([](const std::string& name, std::string_view word) { return name == word; });
    if (found.empty())
        found = find([](const std::string& name, std::string_view word) {
            return word.size() > 2 && (name.starts_with(word) || name.ends_with(word));
        });
    return found;
}

std::string sharedPrefix(const std::vector<std::string>& columns) {
    for (const std::string_view prefix : {"p_", "prob_", "proba_", "probability_", "score_"})
        if (std::count_if(columns.begin(), columns.end(),
                          [&](const std::string& name) { return lower(name).starts_with(prefix); }) >= 2) {
            const auto first = std::find_if(columns.begin(), columns.end(), [&](const std::string& name) {
                return lower(name).starts_with(prefix);
            });
            return first->substr(0, prefix.size());
        }
    return {};
}

} // namespace

Result<std::vector<std::string>> probeColumns(const SplitSettings& split, const std::string& root,
                                              const std::string& setting) {
    auto files = expandPatterns(split.files, root, setting);
    if (!files)
        return fail(files.error());
    if (files->empty())
        return std::vector<std::string>();
    auto reader = openRecords(
        recordSourceOf(split, pathBelow(root, files->front()), shownPath(root, files->front()), setting));
    if (!reader)
        return fail(reader.error());
    return (*reader)->columns();
}

ColumnGuess guessColumns(const std::vector<std::string>& columns) {
    std::vector<std::string> left = columns;
    ColumnGuess guess;
    guess.probabilities = sharedPrefix(left);
    if (!guess.probabilities.empty())
        std::erase_if(left, [&](const std::string& name) { return name.starts_with(guess.probabilities); });
    // What a teacher said first: "predicted_label" must not be taken for gold.
    guess.label = take(left, {"teacher_label", "predicted_label", "pseudo_label", "llm_label", "prediction",
                              "predicted", "pred", "teacher", "pseudo"});
    guess.confidence =
        take(left, {"confidence", "teacher_confidence", "conf", "probability", "prob", "score"});
    guess.text = take(left, {"text", "sentence", "content", "tweet", "document", "body", "message", "review",
                             "gloss", "question", "abstract", "title"});
    guess.gold = take(
        left, {"gold", "gold_label", "class_label", "true_label", "label", "class", "category", "target"});
    guess.id = take(left, {"id", "uid", "uuid", "key", "_id"});
    return guess;
}

} // namespace stillroom
