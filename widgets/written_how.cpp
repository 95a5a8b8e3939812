#include "widgets/written_how.h"

#include "widgets/text.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

namespace stillroom {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::written_how", text);
}

} // namespace

const WordChoices& formatChoices() {
    static const WordChoices choices = {{"csv", tr("CSV")},
                                        {"tsv", tr("TSV")},
                                        {"jsonl", tr("JSON Lines")},
                                        {"label_lines", tr("text;label lines")},
                                        {"pubmed_rct", tr("PubMed-RCT")},
                                        {"wordnet", tr("WordNet")}};
    return choices;
}

const WordChoices& delimiterChoices() {
    static const WordChoices choices = {{",", tr("comma")}, {";", tr("semicolon")}, {"tab", tr("tab")},
                                        {"|", tr("bar |")}, {":", tr("colon")},     {"^", tr("caret ^")}};
    return choices;
}

const WordChoices& quotingChoices() {
    static const WordChoices choices = {{"double", tr("double quotes")}, {"none", tr("none")}};
    return choices;
}

const WordChoices& encodingChoices() {
    static const WordChoices choices = {
        {"utf-8", tr("UTF-8")}, {"utf-16", tr("UTF-16")}, {"windows-1252", tr("Windows-1252")}};
    return choices;
}

QString wordFor(const WordChoices& choices, const std::string& value) {
    const std::string asked = value == "\t" ? "tab" : value;
    const auto found = std::find_if(choices.begin(), choices.end(),
                                    [&](const auto& choice) { return choice.first == asked; });
    return found == choices.end() ? toQString(value) : found->second;
}

bool isDelimited(const std::string& format) {
    return format.empty() || format == "csv" || format == "tsv";
}

QString described(const SniffedFile& file) {
    const SplitSettings& how = file.settings;
    QStringList words{wordFor(formatChoices(), how.format)};
    if (isDelimited(how.format)) {
        words << wordFor(delimiterChoices(), !how.delimiter.empty() ? how.delimiter
                                             : how.format == "tsv"  ? std::string("tab")
                                                                    : std::string(","));
        if (how.quoting == "none")
            words << tr("no quoting");
        if (!how.header)
            words << tr("no header");
    }
    words << wordFor(encodingChoices(), how.encoding.empty() ? std::string("utf-8") : how.encoding);
    words << QCoreApplication::translate("stillroom::written_how", "%n column(s)", nullptr,
                                         static_cast<int>(file.columns.size()))
                 .replace(QLatin1String("(s)"), file.columns.size() == 1 ? QString() : QStringLiteral("s"));
    return words.join(QStringLiteral(" · "));
}

} // namespace stillroom
