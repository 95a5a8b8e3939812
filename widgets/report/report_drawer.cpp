// What core/output/report_drawer.h opens.
#include "core/output/report_drawer.h"

#include "widgets/report/figure_svg.h"
#include "widgets/report/report_pdf.h"

#include <QGuiApplication>
#include <cstdio>

namespace stillroom {

namespace {

tl::unexpected<Error> noApplication() {
    return fail("this program was not started for drawing, which a report needs", ErrorKind::Training);
}

class Drawer final : public ReportDrawer {
  public:
    Result<std::string> svg(const ReportFigure& figure) const override {
        if (qobject_cast<QGuiApplication*>(QCoreApplication::instance()) == nullptr)
            return noApplication();
        return figureSvg(figure);
    }

    Result<void> writePdf(const std::string& html, std::span<const ReportFigure> figures,
                          const std::string& path, Progress& progress) const override {
        if (qobject_cast<QGuiApplication*>(QCoreApplication::instance()) == nullptr)
            return noApplication();
        return writeReportPdf(html, figures, path, progress);
    }

    QCoreApplication* makeApplication(int& argc, char** argv) const override {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        // Qt's remarks on sessions and fonts are no output of a command; what goes wrong is said as a Result.
        qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& text) {
            if (type == QtCriticalMsg || type == QtFatalMsg)
                std::fprintf(stderr, "%s\n", qPrintable(text));
        });
        return new QGuiApplication(argc, argv);
    }
};

} // namespace

} // namespace stillroom

extern "C" Q_DECL_EXPORT stillroom::ReportDrawer* stillroom_report_drawer() {
    static stillroom::Drawer drawer;
    return &drawer;
}
