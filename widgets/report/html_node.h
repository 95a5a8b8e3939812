// A page of the report as a tree, read as the XML that it is. Private to widgets/report.
#pragma once

#include "core/base/result.h"

#include <QMap>
#include <QString>
#include <string>
#include <vector>

namespace stillroom {

struct HtmlNode {
    QString name; ///< of an element; empty: a text
    QString text; ///< of a text
    QMap<QString, QString> attributes;
    std::vector<HtmlNode> children;

    [[nodiscard]] bool is(const char* element) const { return name == QLatin1String(element); }
    [[nodiscard]] bool hasClass(const char* wanted) const;
    [[nodiscard]] const HtmlNode* child(const char* element) const; ///< the first; null: none
    [[nodiscard]] QString allText() const;
};

/// Without what <svg> and <style> hold. Errors: not well-formed (line and column), deeper than 100 elements.
Result<HtmlNode> readHtml(const std::string& html);

} // namespace stillroom
