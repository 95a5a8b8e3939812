#include "core/experiment/run_filter.h"

#include "core/base/number.h"

#include <QString>
#include <algorithm>

namespace stillroom {

namespace {

std::string folded(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toCaseFolded().toStdString();
}

bool contains(const std::string& text, const std::string& word) {
    return folded(text).find(word) != std::string::npos;
}

bool sameValue(const std::string& value, const std::string& wanted) {
    if (folded(value) == wanted)
        return true;
    const auto a = readNumber(value), b = readNumber(wanted);
    return a && b && *a == *b;
}

/// "decay" and "selection.decay" both mean selection.decay.
bool means(const std::string& wanted, const std::string& key) {
    if (key.size() == wanted.size())
        return key == wanted;
    return key.size() > wanted.size() && key.ends_with(wanted) && key[key.size() - wanted.size() - 1] == '.';
}

bool hasTag(const IndexedRun& run, const std::string& word) {
    return std::any_of(run.about.tags.begin(), run.about.tags.end(),
                       [&](const std::string& tag) { return contains(tag, word); });
}

std::string folderName(const std::string& folder) {
    return folder.substr(folder.rfind('/') + 1);
}

} // namespace

RunFilter::RunFilter(std::string_view text) {
    std::string word;
    std::size_t equals = std::string::npos; // where the word's = stands
    bool quoted = false;
    const auto end = [&] {
        if (word.empty())
            return;
        Term term;
        if (equals != std::string::npos && equals > 0)
            term.key = folded(word.substr(0, equals));
        term.value = folded(term.key.empty() ? word : word.substr(equals + 1));
        if (!term.value.empty()) // "seed=" is still being typed
            terms_.push_back(std::move(term));
        word.clear();
        equals = std::string::npos;
    };
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ' ' || c == '\t')) {
            end();
        } else {
            if (c == '=' && !quoted && equals == std::string::npos)
                equals = word.size();
            word += c;
        }
    }
    end();
}

bool RunFilter::matches(const IndexedRun& run) const {
    const RunSummary& summary = run.summary;
    return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) {
        if (term.key.empty())
            return contains(summary.name, term.value) || contains(folderName(summary.folder), term.value) ||
                   contains(summary.rule, term.value) || contains(stateName(summary.state), term.value) ||
                   hasTag(run, term.value) || contains(run.about.note, term.value);
        if (term.key == "tag")
            return hasTag(run, term.value);
        if (term.key == "state")
            return contains(stateName(summary.state), term.value);
        if (term.key == "name")
            return contains(summary.name, term.value);
        return std::any_of(summary.settings.begin(), summary.settings.end(), [&](const auto& setting) {
            return means(term.key, setting.first) && sameValue(setting.second, term.value);
        });
    });
}

} // namespace stillroom
