#include "core/output/export_texts.h"

#include <array>
#include <fmt/format.h>

namespace stillroom {

namespace {

// Built-in texts: each subject with each ending.
constexpr std::array<std::string_view, 10> Subjects{
    "The bridge over the river",      "A friend of mine",          "Our new neighbours",
    "The film that won the prize",    "This small @library",       "My phone's battery",
    "The team from the north",        "A study of 1,200 patients", "The café on the corner",
    "Nobody in the whole department",
};
constexpr std::array<std::string_view, 10> Endings{
    "was closed after the storm last night.",
    "said it was the best thing that ever happened!",
    "needs water, food and blankets; please share #help",
    "did not work at all, and I want my money back.",
    "will be shown again on Friday at 8:30.",
    "made me cry - twice.",
    "is cheaper than it was in 2019, isn't it?",
    "lost 3:2 in the last minute",
    "reduces the risk by 12 % (p < 0.05).",
    "HAS NO IDEA WHAT TO DO NOW http://example.org/a?b=1",
};

std::string longText() {
    std::string text;
    for (int i = 0; i < 60; ++i)
        for (const auto subject : Subjects)
            text += fmt::format("{} {} ", subject, i);
    return text;
}

std::vector<std::string> oddTexts() {
    return {"",
            "?!… -- ;;; ()",
            "x",
            longText(),
            "日本語の文章です。",
            "Привет, МИР! Ωμέγα İstanbul ẞ",
            "👍🏽👩‍👩‍👧 e\u0301\u00A0end\u200B",
            "@@ @name's #tag_2 <s> [SEP] </s>"};
}

} // namespace

std::vector<std::string> exportTexts(const Dataset* data, std::size_t count, std::string& from) {
    std::vector<std::string> texts;
    if (data != nullptr)
        for (const auto split : {Split::Test, Split::Validation, Split::Train}) {
            const auto rows = data->rows(split);
            if (!texts.empty() || rows.empty())
                continue;
            from = fmt::format("the {} split", splitName(split));
            const std::size_t taken = std::min(count, rows.size());
            for (std::size_t i = 0; i < taken; ++i)
                texts.emplace_back(data->text(rows[i * rows.size() / taken]));
        }
    if (texts.empty()) {
        from = "built-in texts";
        for (std::size_t i = 0; i < count; ++i)
            texts.push_back(fmt::format("{} {}", Subjects[i / Endings.size() % Subjects.size()],
                                        Endings[i % Endings.size()]));
    }
    for (auto& text : oddTexts())
        texts.push_back(std::move(text));
    return texts;
}

} // namespace stillroom
