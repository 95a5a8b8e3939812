#include "core/output/text_template.h"

#include "core/data/utf8.h"
#include "core/files/read_text_file.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <kainjow/mustache.hpp>

namespace stillroom {

namespace fs = std::filesystem;
namespace mustache = kainjow::mustache;

namespace {

constexpr std::size_t TemplateLimit = std::size_t{1} << 20;
/// Before what is printed as it is. No text has it: XML has no such character.
constexpr char MarkupSign = '\x02';

bool isNoCharacterOfXml(char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

/// Valid UTF-8 of characters that XML has.
std::string cleaned(std::string_view text) {
    std::string valid;
    appendRepaired(valid, text);
    std::string clean;
    clean.reserve(valid.size());
    for (std::size_t i = 0; i < valid.size(); ++i)
        if (isNoCharacterOfXml(valid[i]))
            clean += "\uFFFD";
        else if (valid.compare(i, 3, "\uFFFE") == 0 || valid.compare(i, 3, "\uFFFF") == 0) {
            clean += "\uFFFD";
            i += 2;
        } else
            clean += valid[i];
    return clean;
}

std::string escapedUnlessMarkup(const std::string& text) {
    return !text.empty() && text.front() == MarkupSign ? text.substr(1) : escapedForHtml(text);
}

std::vector<fs::path> folders() {
    std::error_code ignored;
    std::vector<fs::path> found;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    if (!program.empty())
        found.push_back((program.parent_path() / "../share/stillroom/report").lexically_normal());
    found.emplace_back(STILLROOM_REPORT_DIR);
    return found;
}

} // namespace

std::string escapedForHtml(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size() + text.size() / 8);
    for (const char c : text)
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += c;
        }
    return escaped;
}

void TemplateData::text(const std::string& name, std::string_view value) {
    values_[name] = cleaned(value);
}

void TemplateData::markup(const std::string& name, std::string value) {
    values_[name] = Markup{std::move(value)};
}

void TemplateData::flag(const std::string& name, bool value) {
    values_[name] = value;
}

void TemplateData::list(const std::string& name, std::vector<TemplateData> items) {
    values_[name] = std::move(items);
}

TemplateData& TemplateData::part(const std::string& name) {
    Value& value = values_[name];
    if (!std::holds_alternative<std::shared_ptr<TemplateData>>(value))
        value = std::make_shared<TemplateData>();
    return *std::get<std::shared_ptr<TemplateData>>(value);
}

Result<TemplateSet> TemplateSet::read(const std::string& folder) {
    TemplateSet set;
    set.folder_ = folder;
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, error);
    for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
        if (entry.depth() > 1)
            entry.disable_recursion_pending();
        if (entry->path().extension() != ".html")
            continue;
        auto text = readTextFile(entry->path().string(), TemplateLimit, "a template is a page of text");
        if (!text)
            return fail(std::move(text.error()));
        std::string name = entry->path().lexically_relative(folder).string();
        name.resize(name.size() - std::string_view(".html").size());
        set.texts_.emplace(std::move(name), cleaned(*text));
    }
    if (error)
        return fail(fmt::format("{} cannot be read: {}", folder, error.message()));
    return set;
}

TemplateSet TemplateSet::of(std::map<std::string, std::string> texts) {
    TemplateSet set;
    set.texts_ = std::move(texts);
    return set;
}

std::string TemplateSet::file(const std::string& name) const {
    auto text = readTextFile((fs::path(folder_) / name).string(), TemplateLimit, "it is a page of text");
    return text ? cleaned(*text) : std::string();
}

Result<std::string> TemplateSet::fill(const std::string& name, const TemplateData& data) const {
    const auto found = texts_.find(name);
    if (found == texts_.end())
        return fail(
            fmt::format("{} holds no {}.html; put it back, or install Stillroom again", folder_, name));
    /// kainjow's values from ours.
    struct Converter {
        static mustache::data of(const TemplateData& from) {
            mustache::data to(mustache::data::type::object);
            for (const auto& [key, value] : from.values_)
                if (const auto* text = std::get_if<std::string>(&value))
                    to.set(key, mustache::data(*text));
                else if (const auto* markup = std::get_if<TemplateData::Markup>(&value))
                    to.set(key, mustache::data(MarkupSign + markup->html));
                else if (const auto* flag = std::get_if<bool>(&value))
                    to.set(key, mustache::data(*flag));
                else if (const auto* part = std::get_if<std::shared_ptr<TemplateData>>(&value))
                    to.set(key, of(**part));
                else {
                    mustache::data list(mustache::data::type::list);
                    for (const auto& item : std::get<std::vector<TemplateData>>(value))
                        list.push_back(of(item));
                    to.set(key, list);
                }
            return to;
        }
    };
    mustache::data values = Converter::of(data);
    for (const auto& [part, text] : texts_)
        if (values.get(part) == nullptr)
            values.set(part, mustache::data(mustache::partial([&text = text] { return text; })));
    mustache::mustache filled(found->second);
    filled.set_custom_escape(escapedUnlessMarkup);
    std::string out;
    if (filled.is_valid())
        out = filled.render(values);
    if (!filled.is_valid())
        return fail(fmt::format("{}.html of {} is no template: {}", name, folder_.empty() ? "this" : folder_,
                                filled.error_message()));
    // Where a template printed markup with three braces, its sign is still there.
    out.erase(std::remove(out.begin(), out.end(), MarkupSign), out.end());
    return out;
}

Result<std::string> findReportTemplates() {
    std::error_code ignored;
    for (const auto& folder : folders())
        if (fs::exists(folder / "report.html", ignored))
            return folder.string();
    return fail(
        fmt::format("the report's templates are not there: neither {} nor {} holds a report.html; install "
                    "Stillroom again",
                    folders().front().string(), folders().back().string()));
}

} // namespace stillroom
