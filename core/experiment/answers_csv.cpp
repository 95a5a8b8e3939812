#include "core/experiment/answers_csv.h"

#include "core/base/number.h"
#include "core/files/atomic_file.h"
#include "core/teacher/labelling.h"

#include <QString>

namespace stillroom {

std::string csvCell(std::string_view text) {
    std::string cell(text);
    if (!cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos)
        cell.insert(0, 1, '\'');
    if (cell.find_first_of(",\"\r\n") == std::string::npos)
        return cell;
    std::string quoted = "\"";
    for (const char c : cell)
        quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

Result<std::int64_t> writeAnswersCsv(const LlmSettings& settings, const std::string& folder,
                                     const Dataset& data, const std::string& path) {
    const auto outputs = storedAnswers(settings, folder, data);
    if (!outputs)
        return fail(outputs.error());
    std::string text = "id,label,confidence";
    for (const auto& name : data.classes())
        text += ',' + csvCell("p_" + name);
    text += "\r\n";
    std::vector<float> q(static_cast<std::size_t>(data.classCount()));
    std::int64_t rows = 0;
    for (const auto row : data.rows(Split::Train)) {
        if (!outputs->has(row))
            continue;
        ++rows;
        outputs->distribution(row, q);
        text += csvCell(data.id(row)) + ',' +
                csvCell(data.classes()[static_cast<std::size_t>(outputs->label(row))]) + ',' +
                writeNumber(static_cast<double>(outputs->confidence(row)));
        for (const float p : q)
            text += ',' + writeNumber(static_cast<double>(p));
        text += "\r\n";
    }
    if (auto written = writeFileAtomically(QString::fromStdString(path), text); !written)
        return fail(std::move(written.error()));
    return rows;
}

} // namespace stillroom
