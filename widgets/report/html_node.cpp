#include "widgets/report/html_node.h"

#include <QStringList>
#include <QXmlStreamReader>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr int DeepestElement = 100;

bool readChildren(QXmlStreamReader& reader, HtmlNode& parent, int depth) {
    while (!reader.atEnd()) {
        switch (reader.readNext()) {
        case QXmlStreamReader::StartElement: {
            if (depth == DeepestElement) {
                reader.raiseError(QStringLiteral("elements lie too deep in each other"));
                return false;
            }
            HtmlNode child;
            child.name = reader.qualifiedName().toString();
            for (const auto& attribute : reader.attributes())
                child.attributes.insert(attribute.qualifiedName().toString(), attribute.value().toString());
            if (child.is("svg") || child.is("style"))
                reader.skipCurrentElement();
            else if (!readChildren(reader, child, depth + 1))
                return false;
            parent.children.push_back(std::move(child));
            break;
        }
        case QXmlStreamReader::Characters:
            parent.children.push_back({{}, reader.text().toString(), {}, {}});
            break;
        case QXmlStreamReader::EndElement:
            return true;
        default:
            break;
        }
    }
    return !reader.hasError();
}

} // namespace

bool HtmlNode::hasClass(const char* wanted) const {
    return attributes.value(QStringLiteral("class")).split(u' ').contains(QLatin1String(wanted));
}

const HtmlNode* HtmlNode::child(const char* element) const {
    for (const auto& node : children)
        if (node.is(element))
            return &node;
    return nullptr;
}

QString HtmlNode::allText() const {
    if (name.isEmpty())
        return text;
    QString all;
    for (const auto& node : children)
        all += node.allText();
    return all;
}

Result<HtmlNode> readHtml(const std::string& html) {
    QXmlStreamReader reader(QByteArray::fromStdString(html));
    HtmlNode root;
    if (!readChildren(reader, root, 0) || reader.hasError())
        return fail(fmt::format(
            "the report's page is not well-formed (line {}, column {}: {}); see the last change to its "
            "templates",
            reader.lineNumber(), reader.columnNumber(), reader.errorString().toStdString()));
    for (auto& node : root.children)
        if (node.is("html"))
            return std::move(node);
    return fail("the report's page has no <html>; see the last change to its templates");
}

} // namespace stillroom
