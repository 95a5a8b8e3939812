#include "core/teacher/llm_prompt.h"

#include "core/base/number.h"
#include "core/base/random.h"
#include "core/data/utf8.h"
#include "core/files/read_text_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view ending = ".txt";
constexpr std::size_t TemplateLimit = std::size_t{1} << 20;
constexpr std::array<std::string_view, 5> places{"text", "choices", "examples", "labels", "first"};
constexpr std::array<std::string_view, 3> roles{"system", "user", "assistant"};

std::vector<fs::path> folders() {
    std::error_code ignored;
    std::vector<fs::path> found{"prompts"};
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    if (!program.empty())
        found.push_back((program.parent_path() / "../share/stillroom/prompts").lexically_normal());
    found.emplace_back(STILLROOM_PROMPTS_DIR);
    return found;
}

bool isFile(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored) && !fs::is_directory(path, ignored);
}

/// On one line, as a choice must be.
std::string onOneLine(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return text;
}

Result<int> classOf(const std::string& name, const std::vector<std::string>& classes,
                    std::string_view setting) {
    const auto found = std::find(classes.begin(), classes.end(), name);
    if (found != classes.end())
        return static_cast<int>(found - classes.begin());
    const std::vector<std::string_view> known(classes.begin(), classes.end());
    const std::string nearest = nearestWord(name, known);
    return fail(fmt::format("{} names '{}', which is no class of the data{}", setting, name,
                            nearest.empty() ? fmt::format("; the classes are {}", fmt::join(classes, ", "))
                                            : fmt::format("; did you mean '{}'?", nearest)));
}

/// "A, B or C"
std::string listed(const std::vector<std::string>& labels) {
    std::string text;
    for (std::size_t i = 0; i < labels.size(); ++i)
        text += (i == 0 ? "" : i + 1 == labels.size() ? " or " : ", ") + labels[i];
    return text;
}

} // namespace

std::vector<std::string> promptNames() {
    std::vector<std::string> names;
    for (const auto& folder : folders()) {
        std::error_code error;
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
            if (entry->path().extension() == ending && isFile(entry->path()))
                names.push_back(entry->path().stem().string());
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Result<std::string> findPrompt(const std::string& nameOrPath, const std::string& folder) {
    if (nameOrPath.empty())
        return fail("teacher.prompt is empty; name a template");
    for (const fs::path& path : {fs::path(folder) / nameOrPath, fs::path(nameOrPath)})
        if (isFile(path))
            return path.string();
    if (nameOrPath.find('/') == std::string::npos)
        for (const auto& known : folders())
            if (const fs::path path = known / (nameOrPath + std::string(ending)); isFile(path))
                return path.string();
    const auto names = promptNames();
    const std::vector<std::string_view> known(names.begin(), names.end());
    const std::string nearest = nearestWord(nameOrPath, known);
    return fail(fmt::format("teacher.prompt is '{}': there is no such file{} and no template of that name{}",
                            nameOrPath, folder.empty() ? "" : fmt::format(" (nor below {})", folder),
                            nearest.empty() ? fmt::format("; by name there are {}", fmt::join(names, ", "))
                                            : fmt::format("; did you mean '{}'?", nearest)));
}

Result<LlmPrompt> LlmPrompt::load(const LlmSettings& settings, const std::string& folder,
                                  const std::vector<std::string>& classes) {
    const auto path = findPrompt(promptNameOf(settings), folder);
    if (!path)
        return fail(path.error());
    auto text = readTextFile(*path, TemplateLimit, "a prompt's template is a page of text");
    if (!text)
        return fail(std::move(text.error()));
    return make(*text, *path, settings, classes);
}

Result<LlmPrompt> LlmPrompt::make(std::string_view text, const std::string& where,
                                  const LlmSettings& settings, const std::vector<std::string>& classes) {
    LlmPrompt prompt;
    prompt.classes_ = classes;
    prompt.labels_ = choiceLabels(static_cast<int>(classes.size()));
    prompt.how_ = settings.ask;
    prompt.shuffle_ = settings.shuffleChoices;
    prompt.seed_ = static_cast<std::uint64_t>(settings.shuffleSeed);
    if (settings.ask == LlmAsk::LogProbabilities && classes.size() > LetteredClasses)
        return fail(fmt::format("there are {} classes, but only {} letters to ask log-probabilities of; set "
                                "teacher.ask to stated or votes",
                                classes.size(), LetteredClasses));
    std::string valid;
    appendRepaired(valid, text);
    if (auto read = prompt.read(valid, where); !read)
        return fail(std::move(read.error()));
    if (auto read = prompt.readSettings(settings, where); !read)
        return fail(std::move(read.error()));
    return prompt;
}

Result<void> LlmPrompt::read(std::string_view text, const std::string& where) {
    std::string role = "user";
    std::string content;
    const auto close = [&]() -> Result<void> {
        const auto end = content.find_last_not_of(" \r\n");
        content.resize(end == std::string::npos ? 0 : end + 1);
        if (content.empty())
            return {};
        Message message{role, {}};
        if (auto read = readPieces(content, where, message.pieces); !read)
            return read;
        messages_.push_back(std::move(message));
        content.clear();
        return {};
    };
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const auto heading = std::find_if(roles.begin(), roles.end(), [&](std::string_view known) {
            return line.size() == known.size() + 2 && line.front() == '[' && line.back() == ']' &&
                   line.substr(1, known.size()) == known;
        });
        if (heading == roles.end()) {
            content.append(line).push_back('\n');
            continue;
        }
        if (auto closed = close(); !closed)
            return closed;
        role = *heading;
    }
    return close();
}

Result<void> LlmPrompt::readPieces(std::string_view text, const std::string& where,
                                   std::vector<Piece>& pieces) {
    std::string literal;
    const auto flush = [&] {
        if (!literal.empty())
            pieces.push_back({Place::Literal, std::exchange(literal, {})});
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto close = text[i] == '{' ? text.find('}', i) : std::string_view::npos;
        const std::string_view word =
            close == std::string_view::npos ? std::string_view() : text.substr(i + 1, close - i - 1);
        const bool named = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || c == '_';
        });
        if (!named) {
            literal += text[i];
            continue;
        }
        const auto known = std::find(places.begin(), places.end(), word);
        if (known == places.end()) {
            const std::string nearest = nearestWord(word, places);
            return fail(fmt::format("{}: there is no place {{{}}}; {}", where, word,
                                    nearest.empty()
                                        ? fmt::format("there are {{{}}}", fmt::join(places, "}, {"))
                                        : fmt::format("did you mean {{{}}}?", nearest)));
        }
        flush();
        pieces.push_back({static_cast<Place>(1 + (known - places.begin())), {}});
        i = close;
    }
    flush();
    return {};
}

Result<void> LlmPrompt::readSettings(const LlmSettings& settings, const std::string& where) {
    if (!has(Place::Text))
        return fail(
            fmt::format("{}: there is no {{text}} in it, where the text to be classified goes", where));
    if (!settings.descriptions.empty() && !has(Place::Choices))
        return fail(fmt::format("{}: there is no {{choices}} in it, where teacher.descriptions go", where));
    if (settings.shuffleChoices && !has(Place::Choices))
        return fail(fmt::format(
            "{}: there is no {{choices}} in it that teacher.shuffle_choices could shuffle", where));
    if (!settings.examples.empty() && !has(Place::Examples))
        return fail(fmt::format("{}: there is no {{examples}} in it, where teacher.examples go", where));
    descriptions_.assign(classes_.size(), {});
    for (const auto& [name, words] : settings.descriptions) {
        const auto number = classOf(name, classes_, "teacher.descriptions");
        if (!number)
            return fail(number.error());
        descriptions_[static_cast<std::size_t>(*number)] = onOneLine(words);
    }
    for (const auto& [text, label] : settings.examples) {
        const auto number = classOf(label, classes_, "teacher.examples");
        if (!number)
            return fail(number.error());
        examples_.push_back({text, *number});
    }
    return {};
}

bool LlmPrompt::has(Place place) const {
    return std::any_of(messages_.begin(), messages_.end(), [&](const Message& message) {
        return std::any_of(message.pieces.begin(), message.pieces.end(),
                           [&](const Piece& piece) { return piece.place == place; });
    });
}

std::string LlmPrompt::choicesText(const LlmChoices& choices) const {
    std::string text;
    for (std::size_t i = 0; i < choices.labels.size(); ++i) {
        const auto number = static_cast<std::size_t>(choices.classes[i]);
        text += fmt::format("{}{}. {}", i == 0 ? "" : "\n", choices.labels[i], onOneLine(classes_[number]));
        if (!descriptions_[number].empty())
            text += ": " + descriptions_[number];
    }
    return text;
}

std::string LlmPrompt::examplesText(const LlmChoices& choices) const {
    std::string text;
    for (const auto& example : examples_) {
        const auto place = std::find(choices.classes.begin(), choices.classes.end(), example.label);
        const std::string& label = choices.labels[static_cast<std::size_t>(place - choices.classes.begin())];
        // As the answer is wanted; an example cannot say how sure somebody was, so it is sure.
        text += fmt::format(
            "Text: {}\n\nAnswer: {}\n\n", example.text,
            how_ == LlmAsk::Stated ? fmt::format(R"({{"label": "{}", "confidence": 1.0}})", label) : label);
    }
    return text;
}

LlmQuestion LlmPrompt::ask(std::string_view text) const {
    LlmQuestion question;
    question.choices.labels = labels_;
    question.choices.names = classes_;
    question.choices.classes.resize(classes_.size());
    std::iota(question.choices.classes.begin(), question.choices.classes.end(), 0);
    if (shuffle_) {
        Random random(seed_, "choices", fnv1a(text));
        shuffle(question.choices.classes, random);
    }
    for (const auto& message : messages_) {
        std::string content;
        for (const auto& piece : message.pieces) {
            switch (piece.place) {
            case Place::Literal:
                content += piece.literal;
                break;
            case Place::Text:
                content += text;
                break;
            case Place::Choices:
                content += choicesText(question.choices);
                break;
            case Place::Examples:
                content += examplesText(question.choices);
                break;
            case Place::Labels:
                content += listed(labels_);
                break;
            case Place::First:
                content += labels_.front();
                break;
            }
        }
        question.messages.push_back({message.role, std::move(content)});
    }
    return question;
}

} // namespace stillroom
