#include "widgets/figure_print.h"

#include "widgets/custom_plot.h"
#include "widgets/theme.h"

#include <QBuffer>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

constexpr double Inch = 25.4; // millimetres
constexpr int PdfDots = 1200; // an inch: how finely coordinates are written
constexpr int SvgDots = 2540; // an inch: hundredths of a millimetre
constexpr int LongestName = 60;

/// `scale`: dots of the device for a pixel of the figure.
void print(Figure& figure, QPaintDevice& device, const PlotSheet& sheet, double scale) {
    QCPPainter painter(&device);
    // For dots too: nothing is rounded to whole pixels.
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(scale, scale);
    painter.fillRect(QRectF(QPointF(), sheet.pixels), Theme::paper().surface);
    figure.print(painter, sheet.pixels);
}

QByteArray svgOf(Figure& figure, const PlotSheet& sheet) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setResolution(SvgDots);
    svg.setSize((sheet.millimetres() * SvgDots / Inch).toSize());
    svg.setViewBox(QRectF(QPointF(), sheet.pixels));
    svg.setTitle(figure.figureTitle());
    svg.setDescription(QStringLiteral("Stillroom"));
    print(figure, svg, sheet, 1);
    return bytes;
}

QByteArray pdfOf(Figure& figure, const PlotSheet& sheet) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter pdf(&buffer);
    pdf.setTitle(figure.figureTitle());
    pdf.setCreator(QStringLiteral("Stillroom"));
    pdf.setResolution(PdfDots);
    pdf.setPageSize(QPageSize(sheet.millimetres(), QPageSize::Millimeter, QString(), QPageSize::ExactMatch));
    pdf.setPageMargins({0, 0, 0, 0});
    print(figure, pdf, sheet, sheet.millimetre / Inch * PdfDots);
    return bytes;
}

} // namespace

QString plotFormatKey(PlotFormat format) {
    switch (format) {
    case PlotFormat::Png:
        return QStringLiteral("png");
    case PlotFormat::Svg:
        return QStringLiteral("svg");
    case PlotFormat::Pdf:
        return QStringLiteral("pdf");
    case PlotFormat::Csv:
        break;
    }
    return QStringLiteral("csv");
}

PlotSheet sheetFor(Figure& figure, PlotSize size) {
    const PlotPaper paper = plotPaper(size, figure.seenSize());
    int notePixels = 11;
    {
        const DeskScale desk;
        notePixels = textFont(TextSize::Note).pixelSize();
    }
    PlotSheet sheet;
    sheet.millimetre = paper.words * Inch / 72 / notePixels;
    double height = 0;
    for (int i = 0; i < 40; ++i) {
        const double width = paper.width / sheet.millimetre;
        height = std::max(paper.height / sheet.millimetre, figure.leastHeight(width));
        sheet.pixels = {width, height};
        if (height * sheet.millimetre <= paper.mostHeight + 1e-6)
            break;
        sheet.millimetre *= 0.93;
    }
    return sheet;
}

QImage pictureOf(Figure& figure, PlotSize size) {
    const PlotSheet sheet = sheetFor(figure, size);
    const double dots = plotPaper(size, figure.seenSize()).dotsPerInch / Inch; // a millimetre
    QImage image((sheet.millimetres() * dots).toSize(), QImage::Format_RGB32);
    image.fill(Qt::white);
    image.setDotsPerMeterX(static_cast<int>(std::lround(dots * 1000)));
    image.setDotsPerMeterY(static_cast<int>(std::lround(dots * 1000)));
    print(figure, image, sheet, sheet.millimetre * dots);
    return image;
}

std::function<QByteArray()> printFigure(Figure& figure, PlotFormat format, PlotSize size) {
    switch (format) {
    case PlotFormat::Csv:
        return [table = figure.table()] { return table.csv(); };
    case PlotFormat::Svg:
        return [bytes = svgOf(figure, sheetFor(figure, size))] { return bytes; };
    case PlotFormat::Pdf:
        return [bytes = pdfOf(figure, sheetFor(figure, size))] { return bytes; };
    case PlotFormat::Png:
        break;
    }
    return [image = pictureOf(figure, size)] {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        return bytes;
    };
}

QString figureFileName(const QString& title) {
    QString name;
    for (const QChar letter : title.toLower().normalized(QString::NormalizationForm_KD)) {
        if (letter.isLetterOrNumber())
            name += letter;
        else if (!letter.isMark() && letter != u'\'' && letter != u'’' && !name.isEmpty() &&
                 !name.endsWith(u'-'))
            name += u'-';
    }
    name.truncate(LongestName);
    while (name.endsWith(u'-'))
        name.chop(1);
    return name.isEmpty() ? QStringLiteral("plot") : name;
}

} // namespace stillroom
