#include "core/data/label_lines_reader.h"

namespace stillroom {

Result<RecordReader::Next> LabelLinesReader::next(Record& record, std::string& reason) {
    std::string_view line;
    do {
        auto read = lines_.next(line);
        if (!read)
            return fail(std::move(read.error()));
        if (!*read)
            return Next::End;
        if (lines_.number() == 1 && (line == "text;label" || line == "text;label_name"))
            line = {};
    } while (line.empty());
    record.line = lines_.number();
    const std::size_t semicolon = line.rfind(';');
    if (semicolon == std::string_view::npos) {
        reason = "has no ';' between text and label; write the line as text;label";
        return Next::Bad;
    }
    fields_ = {line.substr(0, semicolon), line.substr(semicolon + 1)};
    record.fields = fields_;
    return Next::Record;
}

} // namespace stillroom
