// Which column is what: the import wizard's guesses.
#include "core/base/number.h"
#include "widgets/file_probe.h"
#include "widgets/import_reading.h"
#include "widgets/text.h"

#include <QStringList>
#include <algorithm>

namespace stillroom {
namespace {

double meanLength(const SniffedFile& file, std::size_t column) {
    double sum = 0;
    for (const auto& row : file.rows)
        sum += static_cast<double>(row[column].size());
    return file.rows.empty() ? 0 : sum / static_cast<double>(file.rows.size());
}

/// A few short values that come again and again.
bool looksLikeClasses(const SniffedFile& file, std::size_t column) {
    std::vector<std::string> values;
    for (const auto& row : file.rows)
        values.push_back(row[column]);
    const auto rows = values.size();
    const bool fraction = std::any_of(values.begin(), values.end(), [](const std::string& value) {
        return value.find('.') != std::string::npos && readNumber(value);
    });
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return !fraction && rows >= 4 && values.size() >= 2 && values.size() * 2 <= rows &&
           meanLength(file, column) <= 40;
}

std::optional<std::size_t> longestColumn(const SniffedFile& file, const std::vector<ColumnRole>& roles) {
    std::optional<std::size_t> longest;
    for (std::size_t i = 0; i < file.columns.size(); ++i)
        if (roles[i] == ColumnRole::Nothing && (!longest || meanLength(file, i) > meanLength(file, *longest)))
            longest = i;
    return longest;
}

/// Titles and abstracts are one text, and so are questions and their answers.
void addTextParts(const SniffedFile& file, std::vector<ColumnRole>& roles) {
    static const QStringList parts = {"title",          "abstract",         "body",        "question",
                                      "question_title", "question_content", "best_answer", "answer"};
    const auto part = [&](std::size_t i) { return parts.contains(toQString(file.columns[i]).toLower()); };
    bool isPart = false;
    for (std::size_t i = 0; i < roles.size(); ++i)
        isPart = isPart || (roles[i] == ColumnRole::Text && part(i));
    for (std::size_t i = 0; isPart && i < roles.size(); ++i)
        if (roles[i] == ColumnRole::Nothing && part(i))
            roles[i] = ColumnRole::Text;
}

void setRole(const SniffedFile& file, std::vector<ColumnRole>& roles, const std::string& name,
             ColumnRole role) {
    const auto found = std::find(file.columns.begin(), file.columns.end(), name);
    if (!name.empty() && found != file.columns.end())
        roles[static_cast<std::size_t>(found - file.columns.begin())] = role;
}

} // namespace

std::vector<ColumnRole> guessRoles(const SniffedFile& file) {
    std::vector<ColumnRole> roles(file.columns.size(), ColumnRole::Nothing);
    const ColumnGuess guess = guessColumns(file.columns);
    setRole(file, roles, guess.id, ColumnRole::Id);
    setRole(file, roles, guess.gold, ColumnRole::Gold);
    if (!guess.probabilities.empty()) {
        for (std::size_t i = 0; i < roles.size(); ++i)
            if (file.columns[i].starts_with(guess.probabilities))
                roles[i] = ColumnRole::Probabilities;
    } else if (!guess.label.empty()) {
        setRole(file, roles, guess.label, ColumnRole::Label);
        setRole(file, roles, guess.confidence, ColumnRole::Confidence);
    }
    setRole(file, roles, guess.text, ColumnRole::Text);
    addTextParts(file, roles);
    if (guess.text.empty())
        if (const auto longest = longestColumn(file, roles))
            roles[*longest] = ColumnRole::Text;
    if (guess.gold.empty() && guess.label.empty())
        for (std::size_t i = 0; i < roles.size(); ++i)
            if (roles[i] == ColumnRole::Nothing && looksLikeClasses(file, i)) {
                roles[i] = ColumnRole::Gold;
                break;
            }
    return roles;
}

std::vector<ColumnRole> followRoles(const SniffedFile& file, const ImportSplit& train) {
    const SniffedFile* first = train.sample();
    std::vector<ColumnRole> roles(file.columns.size(), ColumnRole::Nothing);
    if (first != nullptr)
        for (std::size_t i = 0; i < train.roles.size() && i < first->columns.size(); ++i)
            if (const ColumnRole role = train.roles[i];
                role == ColumnRole::Text || role == ColumnRole::Id || role == ColumnRole::Gold)
                setRole(file, roles, first->columns[i], role);
    if (std::find(roles.begin(), roles.end(), ColumnRole::Text) != roles.end())
        return roles;
    roles = guessRoles(file);
    for (auto& role : roles)
        if (role != ColumnRole::Text && role != ColumnRole::Id && role != ColumnRole::Gold)
            role = ColumnRole::Nothing;
    return roles;
}

bool hasHtmlEntities(const SniffedFile& file) {
    for (const auto& row : file.rows)
        for (const auto& cell : row)
            for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#x27;"})
                if (cell.find(entity) != std::string::npos)
                    return true;
    return false;
}

} // namespace stillroom
