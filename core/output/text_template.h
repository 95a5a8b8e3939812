// Texts with places in them, Mustache's way (mustache.github.io): what is put into a place is escaped for
// HTML, so that texts from data stay texts. Kept by Debian's libkainjow-mustache.
#pragma once

#include "core/base/result.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stillroom {

/// What a template can name. A name that was not put is not there: `{{#name}}` is skipped and `{{^name}}` is
/// not.
class TemplateData {
  public:
    /// A text, escaped where it is printed; what is not UTF-8 or no character of XML becomes U+FFFD.
    void text(const std::string& name, std::string_view value);
    /// HTML of our own making: printed as it is.
    void markup(const std::string& name, std::string value);
    /// False: as if it were not there.
    void flag(const std::string& name, bool value);
    void list(const std::string& name, std::vector<TemplateData> items);
    /// The names below `name`, made when they are not there yet.
    TemplateData& part(const std::string& name);
    [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }

  private:
    friend class TemplateSet;
    struct Markup {
        std::string html;
    };
    using Value =
        std::variant<std::string, Markup, bool, std::vector<TemplateData>, std::shared_ptr<TemplateData>>;
    std::map<std::string, Value> values_;
};

/// For HTML and for XML, between tags and in attributes.
[[nodiscard]] std::string escapedForHtml(std::string_view text);

/// The .html files of a folder. One can be part of another: `{{> name}}` is name.html.
class TemplateSet {
  public:
    /// Of the folder and those in it, one level deep; "rules/llkd.html" is called rules/llkd. Errors:
    /// unreadable.
    static Result<TemplateSet> read(const std::string& folder);
    /// Of texts by name: for tests.
    static TemplateSet of(std::map<std::string, std::string> texts);

    [[nodiscard]] bool has(const std::string& name) const { return texts_.contains(name); }
    /// A file as it stands, "style.css" too. Empty: there is none.
    [[nodiscard]] std::string file(const std::string& name) const;
    /// Errors: no such template; an open section, a name that does not end (says where).
    Result<std::string> fill(const std::string& name, const TemplateData& data) const;

  private:
    std::string folder_;
    std::map<std::string, std::string> texts_;
};

/// resources/report, beside the installed program or in the source tree. Errors: it is nowhere.
Result<std::string> findReportTemplates();

} // namespace stillroom
