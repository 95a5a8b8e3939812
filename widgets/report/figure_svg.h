// A figure as an <svg> element for a page.
#pragma once

#include "core/output/report_figure.h"

#include <string>

namespace stillroom {

/// As wide as the place it stands in. Its title and description are said to people who cannot see it; texts
/// are texts, in a font that the reader has.
[[nodiscard]] std::string figureSvg(const ReportFigure& figure);

} // namespace stillroom
