// The choices that an LLM is given: one a class, each with a label that it can answer with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// The choices of one prompt, in the order in which they stand there.
struct LlmChoices {
    std::vector<std::string> labels; ///< "A", "B", …
    std::vector<int> classes;        ///< class number of each
    std::vector<std::string> names;  ///< of each class, by class number
};

/// How many classes can have letters.
inline constexpr int LetteredClasses = 50;

/// Up to 50 classes have one letter each, which every tokenizer has as one token: A to Z, then a to z,
/// without I and i, because "I'm sorry" begins with the token "I". More have the numbers from 1, which can be
/// more than one token: there log-probabilities cannot be asked for.
[[nodiscard]] std::vector<std::string> choiceLabels(int count);

/// The place of the choice that a token stands for, or −1: its label with or without spaces before it and
/// marks such as ( ) . : " * around it. Upper and lower case are different letters: "a" is an article.
[[nodiscard]] int choiceOfToken(const LlmChoices& choices, std::string_view token);

/// The same of what a model wrote: a label or a class's name (of which case, spaces and underscores do not
/// matter), alone, or as the beginning of a line before a mark ("B. flood: the river…"), or after "Answer:";
/// else the one label that follows the word "class", "choice", "option" or "category", where no "not" is
/// about. −1: none, or more than one.
[[nodiscard]] int choiceOfText(const LlmChoices& choices, std::string_view text);

} // namespace stillroom
