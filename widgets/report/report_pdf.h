// The report's page as a PDF.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/output/report_figure.h"

#include <span>
#include <string>

namespace stillroom {

/// As ReportDrawer::writePdf says.
Result<void> writeReportPdf(const std::string& html, std::span<const ReportFigure> figures,
                            const std::string& path, Progress& progress);

} // namespace stillroom
