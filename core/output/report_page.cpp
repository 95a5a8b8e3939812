#include "core/output/report_page.h"

#include <fmt/format.h>
#include <functional>
#include <string_view>

namespace stillroom {

namespace {

/// What stands between the quotes after `from`, and where it ends.
std::string quotedFrom(const std::string& html, std::size_t from) {
    const auto end = html.find('"', from);
    return end == std::string::npos ? std::string() : html.substr(from, end - from);
}

Result<std::map<std::string, std::string>> numbered(const std::string& html, FinishedPage& page) {
    constexpr std::string_view figure = "<figure id=\"", table = "<table id=\"";
    std::map<std::string, std::string> names;
    for (std::size_t at = 0;;) {
        const auto nextFigure = html.find(figure, at), nextTable = html.find(table, at);
        at = std::min(nextFigure, nextTable);
        if (at == std::string::npos)
            return names;
        const bool isFigure = at == nextFigure;
        at += isFigure ? figure.size() : table.size();
        const std::string id = quotedFrom(html, at);
        const std::string name =
            isFigure ? fmt::format("Figure {}", ++page.figures) : fmt::format("Table {}", ++page.tables);
        if (!names.emplace(id, name).second)
            return fail(
                fmt::format("the report's templates have two elements with the id '{}'; rename one", id));
    }
}

using Replacement = std::function<Result<std::string>(const std::string& id)>;

/// Each `<name attribute="id"></name>`.
Result<std::string> replaced(const std::string& html, const std::string& name, const std::string& attribute,
                             const Replacement& replacement) {
    const std::string begin = fmt::format("<{} {}=\"", name, attribute), end = fmt::format("</{}>", name);
    std::string out;
    std::size_t from = 0;
    for (auto at = html.find(begin); at != std::string::npos; at = html.find(begin, from)) {
        out.append(html, from, at - from);
        const std::string id = quotedFrom(html, at + begin.size());
        const auto closed = html.find(end, at);
        if (closed == std::string::npos)
            return fail(
                fmt::format("the report's templates have a <{}> that does not end with {}", name, end));
        auto text = replacement(id);
        if (!text)
            return fail(std::move(text.error()));
        out += *text;
        from = closed + end.size();
    }
    return out.append(html, from);
}

} // namespace

Result<FinishedPage> finishPage(const std::string& html, const std::map<std::string, std::string>& drawings) {
    FinishedPage page;
    const auto names = numbered(html, page);
    if (!names)
        return fail(names.error());
    const auto named = [&](const std::string& id, const std::function<std::string(const std::string&)>& as) {
        const auto found = names->find(id);
        if (found == names->end())
            return Result<std::string>(fail(fmt::format(
                "the report's templates speak of '{}', which is the id of no figure or table", id)));
        return Result<std::string>(as(found->second));
    };
    auto text = replaced(html, "number", "of", [&](const std::string& id) {
        return named(id,
                     [](const std::string& name) { return fmt::format("<b class=\"number\">{}</b>", name); });
    });
    if (text)
        text = replaced(*text, "ref", "to", [&](const std::string& id) {
            return named(
                id, [&](const std::string& name) { return fmt::format("<a href=\"#{}\">{}</a>", id, name); });
        });
    if (text)
        text = replaced(*text, "drawing", "of", [&](const std::string& id) -> Result<std::string> {
            const auto found = drawings.find(id);
            if (found == drawings.end())
                return fail(
                    fmt::format("the report's templates want a drawing of '{}', and there is none", id));
            return found->second;
        });
    if (!text)
        return fail(std::move(text.error()));
    page.html = *std::move(text);
    return page;
}

} // namespace stillroom
