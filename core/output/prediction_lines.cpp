#include "core/output/prediction_lines.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace stillroom {

namespace {

/// A probability of float32, shortest: 0.93, 1.2e-05.
void appendNumber(std::string& out, float value) {
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    if (error == std::errc())
        out.append(buffer, end);
}

/// Ids are seldom more than digits and letters: those need no look at every rule of CSV.
bool isPlain(std::string_view text) {
    for (const char c : text)
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'))
            return false;
    return true;
}

/// By RFC 4180, and as it is: whoever joins by ids must find them again, and so a cell that a spreadsheet
/// would run as a formula has no apostrophe in front.
std::string quotedCell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string quoted = "\"";
    for (const char c : text)
        quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

/// Two columns of one name are one too many for whoever reads them.
bool isOurs(const std::string& name, const std::vector<std::string>& classes) {
    return name == "label" || name == "confidence" ||
           (name.starts_with("p_") &&
            std::find(classes.begin(), classes.end(), name.substr(2)) != classes.end());
}

std::string jsonText(std::string_view text) {
    std::string out;
    appendJsonText(out, text);
    return out;
}

} // namespace

void appendJsonText(std::string& out, std::string_view text) {
    out += '"';
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\')
            continue;
        out.append(text, begin, i - begin);
        begin = i + 1;
        switch (c) {
        case '"':
        case '\\':
            out += '\\';
            out += c;
            break;
        case '\n':
            out += "\\n";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        }
    }
    out.append(text, begin);
    out += '"';
}

PredictionLines::PredictionLines(PredictionFormat format, bool probabilities,
                                 const std::vector<std::string>& classes, const std::string& idColumn)
    : format_(format), probabilities_(probabilities) {
    const std::string idName = isOurs(idColumn, classes) ? "id" : idColumn;
    const bool csv = format == PredictionFormat::Csv;
    if (csv)
        head_ = quotedCell(idName) + ",label,confidence";
    for (const auto& name : classes) {
        labels_.push_back(csv ? quotedCell(name) : jsonText(name));
        keys_.push_back(csv ? std::string(",") : ',' + jsonText("p_" + name) + ':');
        if (csv && probabilities)
            head_ += ',' + quotedCell("p_" + name);
    }
    if (csv)
        head_ += "\r\n";
    idKey_ = csv ? std::string() : '{' + jsonText(idName) + ':';
    confidenceKey_ = csv ? "," : ",\"confidence\":";
}

void PredictionLines::add(std::string_view id, std::size_t label, std::span<const float> p,
                          std::string& out) const {
    const bool csv = format_ == PredictionFormat::Csv;
    out += idKey_;
    if (!csv)
        appendJsonText(out, id);
    else if (isPlain(id))
        out += id;
    else
        out += quotedCell(id);
    out += csv ? "," : ",\"label\":";
    out += labels_[label];
    out += confidenceKey_;
    appendNumber(out, p[label]);
    if (probabilities_)
        for (std::size_t k = 0; k < p.size(); ++k) {
            out += keys_[k];
            appendNumber(out, p[k]);
        }
    out += csv ? "\r\n" : "}\n";
}

} // namespace stillroom
