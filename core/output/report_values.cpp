#include "core/output/report_values.h"

#include "core/base/number.h"

#include <cmath>
#include <fmt/format.h>

namespace stillroom {

std::string figureMarkup(const std::string& figure, double value, const std::string& shown) {
    if (!std::isfinite(value))
        return "–";
    return fmt::format("<data value=\"{}\" data-figure=\"{}\">{}</data>", writeNumber(value),
                       escapedForHtml(figure), escapedForHtml(shown));
}

void putShare(TemplateData& data, const std::string& name, const std::string& figure, double share,
              int digits) {
    data.markup(name, figureMarkup(figure, share, fmt::format("{:.{}f}", 100 * share, digits)));
}

void putCount(TemplateData& data, const std::string& name, const std::string& figure, std::int64_t count) {
    data.markup(name, figureMarkup(figure, static_cast<double>(count), groupThousands(count)));
}

void putReal(TemplateData& data, const std::string& name, const std::string& figure, double value,
             int digits) {
    data.markup(name, figureMarkup(figure, value, fmt::format("{:.{}f}", value, digits)));
}

} // namespace stillroom
