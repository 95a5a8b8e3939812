// What an LLM is asked about a text: a template with places for the choices, the examples and the text.
//
// A template is a text file. In it {text} is the text, {choices} the classes ("A. flood: what belongs to it",
// a line each), {examples} the examples ("Text: …", "Answer: B", an empty line after each; nothing where
// there are none), {labels} the labels ("A, B or C") and {first} the first of them. All else in braces that
// is no word of small letters stands for itself. A line [system], [user] or [assistant] begins a message;
// what stands before the first such line is the user's. What is put in is never looked at again: a text with
// {choices} in it is asked about as it is.
#pragma once

#include "core/base/result.h"
#include "core/teacher/llm_choices.h"
#include "core/teacher/llm_settings.h"

#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

struct LlmMessage {
    std::string role;
    std::string content;
};

struct LlmQuestion {
    std::vector<LlmMessage> messages;
    LlmChoices choices;
};

/// Templates that come with Stillroom, by name.
[[nodiscard]] std::vector<std::string> promptNames();

/// The path of a template: a file (from the root, else below `folder` or the current folder), else one by its
/// name: in prompts/ here, beside the installed program, in the source tree. Errors: neither is there.
Result<std::string> findPrompt(const std::string& nameOrPath, const std::string& folder);

/// Immutable once made; any thread.
class LlmPrompt {
  public:
    /// Reads the settings' template. Errors: no such template; those of `make`.
    static Result<LlmPrompt> load(const LlmSettings& settings, const std::string& folder,
                                  const std::vector<std::string>& classes);
    /// Errors: no {text}; a place that is unknown; examples or descriptions without a place for them; a
    /// description or an example of no class; log-probabilities of more than 50 classes. `where` begins them.
    static Result<LlmPrompt> make(std::string_view text, const std::string& where,
                                  const LlmSettings& settings, const std::vector<std::string>& classes);

    [[nodiscard]] LlmQuestion ask(std::string_view text) const;

  private:
    enum class Place { Literal, Text, Choices, Examples, Labels, First };
    struct Piece {
        Place place;
        std::string literal;
    };
    struct Message {
        std::string role;
        std::vector<Piece> pieces;
    };
    struct Example {
        std::string text;
        int label;
    };
    Result<void> read(std::string_view text, const std::string& where);
    Result<void> readPieces(std::string_view text, const std::string& where, std::vector<Piece>& pieces);
    Result<void> readSettings(const LlmSettings& settings, const std::string& where);
    [[nodiscard]] bool has(Place place) const;
    [[nodiscard]] std::string choicesText(const LlmChoices& choices) const;
    [[nodiscard]] std::string examplesText(const LlmChoices& choices) const;

    std::vector<Message> messages_;
    std::vector<std::string> classes_, descriptions_, labels_;
    std::vector<Example> examples_;
    LlmAsk how_ = LlmAsk::LogProbabilities;
    bool shuffle_ = false;
    std::uint64_t seed_ = 0;
};

} // namespace stillroom
