#include "core/data/pubmed_reader.h"

namespace stillroom {

Result<RecordReader::Next> PubMedReader::next(Record& record, std::string& reason) {
    constexpr std::string_view Mark = "###";
    std::string_view line;
    for (;;) {
        auto read = lines_.next(line);
        if (!read)
            return fail(std::move(read.error()));
        if (!*read)
            return Next::End;
        if (line.starts_with(Mark)) {
            abstract_ = line.substr(Mark.size());
            sentence_ = 0;
        } else if (!line.empty()) {
            break;
        }
    }
    record.line = lines_.number();
    ++sentence_;
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) {
        reason = "has no tab between label and text; write the line as LABEL, a tab, and the sentence";
        return Next::Bad;
    }
    if (abstract_.empty()) {
        reason = "belongs to no abstract; a line of ### and the abstract's number must stand before it";
        return Next::Bad;
    }
    id_.assign(abstract_).append(1, '-').append(std::to_string(sentence_));
    fields_ = {id_, line.substr(tab + 1), line.substr(0, tab)};
    record.fields = fields_;
    return Next::Record;
}

} // namespace stillroom
