// The door to what draws a report's figures and its PDF: widgets/report, a module that needs Qt Gui and is
// loaded by name when it is first needed, so that the command line starts without it.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/output/report_figure.h"

#include <span>
#include <string>

class QCoreApplication;

namespace stillroom {

/// Any thread, once there is an application object that draws.
class ReportDrawer {
  public:
    virtual ~ReportDrawer() = default;
    /// An <svg> element to stand in a page; its texts are texts.
    [[nodiscard]] virtual Result<std::string> svg(const ReportFigure& figure) const = 0;
    /// The page as a PDF of A4. `html` is well-formed XML of the elements that the templates use; in the
    /// place of each <svg> in a <figure> the figure of its id is drawn. Errors: not well-formed (says where),
    /// disk, Cancelled.
    [[nodiscard]] virtual Result<void> writePdf(const std::string& html,
                                                std::span<const ReportFigure> figures,
                                                const std::string& path, Progress& progress) const = 0;
    /// The process's application object, for a program that has none yet: it draws without a display.
    [[nodiscard]] virtual QCoreApplication* makeApplication(int& argc, char** argv) const = 0;
};

/// Loads the module once; later calls return at once. Any thread. Errors: the module or its libraries are
/// missing.
Result<ReportDrawer*> loadReportDrawer();

} // namespace stillroom
