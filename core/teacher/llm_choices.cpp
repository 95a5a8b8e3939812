#include "core/teacher/llm_choices.h"

#include <algorithm>

namespace stillroom {

namespace {

constexpr std::string_view spaces = " \t\r\n";
constexpr std::string_view before = "([{\"'`*#";
constexpr std::string_view after = ")]}\"'`*.:,;!";

std::string_view trimmed(std::string_view text, std::string_view front, std::string_view back) {
    const auto begin = text.find_first_not_of(front);
    if (begin == std::string_view::npos)
        return {};
    const auto end = text.find_last_not_of(back);
    return end == std::string_view::npos || end < begin ? std::string_view()
                                                        : text.substr(begin, end - begin + 1);
}

/// Without spaces and marks around it. Tokenizers' own signs of a space are spaces.
std::string_view bare(std::string_view text) {
    for (const std::string_view space : {"\u0120", "\u2581", "\u010A"}) // Ġ of byte-level BPE, ▁, Ċ
        while (text.starts_with(space))
            text.remove_prefix(space.size());
    text = trimmed(text, spaces, spaces);
    return trimmed(trimmed(text, before, ""), "", after);
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string sameName(std::string_view name) {
    std::string made;
    for (const char c : trimmed(name, spaces, spaces))
        made += c == '_' || c == '-' ? ' ' : lower(c);
    return made;
}

int placeOfLabel(const LlmChoices& choices, std::string_view label, bool anyCase) {
    for (std::size_t i = 0; i < choices.labels.size(); ++i) {
        const std::string& own = choices.labels[i];
        if (own == label ||
            (anyCase && own.size() == 1 && label.size() == 1 && lower(own[0]) == lower(label[0])))
            return static_cast<int>(i);
    }
    return -1;
}

/// A whole word or line.
int placeOfWords(const LlmChoices& choices, std::string_view words) {
    words = bare(words);
    if (words.empty())
        return -1;
    const bool anyCase = choices.labels.size() <= LetteredClasses / 2;
    if (const int place = placeOfLabel(choices, words, anyCase); place >= 0)
        return place;
    const std::string name = sameName(words);
    for (std::size_t i = 0; i < choices.classes.size(); ++i)
        if (sameName(bare(choices.names[static_cast<std::size_t>(choices.classes[i])])) == name)
            return static_cast<int>(i);
    return -1;
}

/// "B. flood", "B) …", "B: …", "flood: …"
int placeOfBeginning(const LlmChoices& choices, std::string_view line) {
    line = trimmed(line, spaces, spaces);
    const auto mark = line.find_first_of(".):-,");
    if (mark == std::string_view::npos || mark == 0)
        return -1;
    return placeOfWords(choices, line.substr(0, mark));
}

/// "The text belongs to class A (animals)." Small models talk like that. More than one class, and a "not",
/// which may say the opposite, are no answer.
int placeOfMention(const LlmChoices& choices, std::string_view text) {
    constexpr std::string_view words = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    int found = -1;
    std::string previous;
    for (std::string_view rest = text;;) {
        const auto begin = rest.find_first_of(words);
        if (begin == std::string_view::npos)
            return found;
        rest.remove_prefix(begin);
        const std::string_view word = rest.substr(0, rest.find_first_not_of(words));
        rest.remove_prefix(word.size());
        const std::string small = sameName(word);
        if (small == "not" || small == "neither" || (small == "t" && previous.ends_with('n'))) // isn't
            return -1;
        if (previous == "class" || previous == "choice" || previous == "option" || previous == "category")
            if (const int place = placeOfLabel(choices, word, false); place >= 0) {
                if (found >= 0 && place != found)
                    return -1;
                found = place;
            }
        previous = small;
    }
}

} // namespace

std::vector<std::string> choiceLabels(int count) {
    std::vector<std::string> labels;
    if (count > LetteredClasses) {
        for (int i = 1; i <= count; ++i)
            labels.push_back(std::to_string(i));
        return labels;
    }
    for (const char first : {'A', 'a'})
        for (char letter = first; letter < first + 26 && static_cast<int>(labels.size()) < count; ++letter)
            if (lower(letter) != 'i')
                labels.emplace_back(1, letter);
    return labels;
}

int choiceOfToken(const LlmChoices& choices, std::string_view token) {
    const std::string_view label = bare(token);
    return label.empty() ? -1 : placeOfLabel(choices, label, false);
}

int choiceOfText(const LlmChoices& choices, std::string_view text) {
    if (const auto thought = text.rfind("</think>"); thought != std::string_view::npos)
        text.remove_prefix(thought + std::string_view("</think>").size());
    text = trimmed(text, spaces, spaces);
    if (const int place = placeOfWords(choices, text); place >= 0)
        return place;
    int found = -1;
    for (std::string_view rest = text; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        int place = placeOfWords(choices, line);
        if (place < 0)
            place = placeOfBeginning(choices, line);
        if (place < 0) {
            const auto colon = line.rfind(':');
            const std::string said =
                colon == std::string_view::npos ? "" : sameName(bare(line.substr(0, colon)));
            if (said.ends_with("answer") || said.ends_with("class") || said.ends_with("label"))
                place = placeOfWords(choices, line.substr(colon + 1));
        }
        if (place >= 0 && found >= 0 && place != found)
            return -1;
        if (place >= 0)
            found = place;
    }
    return found >= 0 ? found : placeOfMention(choices, text);
}

} // namespace stillroom
