#include "core/data/wordnet_reader.h"

#include "core/base/number.h"

#include <algorithm>
#include <iterator>

namespace stillroom {

namespace {

// lexnames(5WN): the number in a synset's second field names one of these.
constexpr std::string_view LexicographerFiles[] = {
    "adj.all",          "adj.pert",           "adv.all",
    "noun.Tops",        "noun.act",           "noun.animal",
    "noun.artifact",    "noun.attribute",     "noun.body",
    "noun.cognition",   "noun.communication", "noun.event",
    "noun.feeling",     "noun.food",          "noun.group",
    "noun.location",    "noun.motive",        "noun.object",
    "noun.person",      "noun.phenomenon",    "noun.plant",
    "noun.possession",  "noun.process",       "noun.quantity",
    "noun.relation",    "noun.shape",         "noun.state",
    "noun.substance",   "noun.time",          "verb.body",
    "verb.change",      "verb.cognition",     "verb.communication",
    "verb.competition", "verb.consumption",   "verb.contact",
    "verb.creation",    "verb.emotion",       "verb.motion",
    "verb.perception",  "verb.possession",    "verb.social",
    "verb.stative",     "verb.weather",       "adj.ppl"};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

} // namespace

Result<RecordReader::Next> WordNetReader::next(Record& record, std::string& reason) {
    std::string_view line;
    do {
        auto read = lines_.next(line);
        if (!read)
            return fail(std::move(read.error()));
        if (!*read)
            return Next::End;
    } while (line.empty() || line.starts_with("  "));
    record.line = lines_.number();

    // "00001740 03 n 01 entity 0 … | gloss"
    constexpr std::size_t OffsetDigits = 8;
    const std::size_t bar = line.find('|');
    const auto file = line.size() > 13 ? readInteger(line.substr(OffsetDigits + 1, 2)) : std::nullopt;
    if (bar == std::string_view::npos || !file || *file < 0 ||
        *file >= static_cast<long long>(std::size(LexicographerFiles)) || line[OffsetDigits] != ' ' ||
        line[11] != ' ' || !readInteger(line.substr(0, OffsetDigits))) {
        reason =
            "is no synset of WordNet ('00001740 03 n 01 entity … | gloss'); check the file's format setting";
        return Next::Bad;
    }
    id_.assign(line.substr(0, OffsetDigits)).push_back(line[12]);
    fields_ = {id_, trimmed(line.substr(bar + 1)), LexicographerFiles[static_cast<std::size_t>(*file)]};
    record.fields = fields_;
    return Next::Record;
}

} // namespace stillroom
