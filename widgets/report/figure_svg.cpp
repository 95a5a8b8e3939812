#include "widgets/report/figure_svg.h"

#include "core/output/text_template.h"
#include "widgets/report/figure_painter.h"
#include "widgets/report/paper.h"

#include <QBuffer>
#include <QRegularExpression>
#include <QSvgGenerator>
#include <fmt/format.h>

namespace stillroom {

std::string figureSvg(const ReportFigure& figure) {
    const QSize size(static_cast<int>(paper::FigureWidth), static_cast<int>(figureHeight(figure)));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    QPainter painter(&generator);
    paintFigure(painter, figure);
    painter.end();

    QString text = QString::fromUtf8(bytes);
    const auto begin = text.indexOf(u'>', text.indexOf(QLatin1String("<svg"))) + 1;
    text = text.mid(begin);
    static const QRegularExpression about(QStringLiteral("<(title|desc)>.*?</\\1>"),
                                          QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression family(QStringLiteral("font-family=\"[^\"]*\""));
    static const QRegularExpression emptyGroup(QStringLiteral("<g [^>]*>\\s*</g>\\s*"));
    text.remove(about);
    text.replace(family, QStringLiteral("font-family=\"%1\"").arg(paper::cssFamily(paper::Face::Sans)));
    text.remove(emptyGroup);
    const std::string title = escapedForHtml(figure.title), description = escapedForHtml(figure.description);
    const std::string begun = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" "
        "aria-labelledby=\"{}-title {}-desc\"><title id=\"{}-title\">{}</title><desc "
        "id=\"{}-desc\">{}</desc>",
        size.width(), size.height(), figure.id, figure.id, figure.id, title, figure.id, description);
    // A class may have any name; no character that XML does not have comes into a page.
    static const QRegularExpression noCharacter(
        QStringLiteral("[\\x{00}-\\x{08}\\x{0B}\\x{0C}\\x{0E}-\\x{1F}\\x{FFFE}\\x{FFFF}]"));
    QString whole = QString::fromStdString(begun) + text.trimmed();
    return whole.replace(noCharacter, QStringLiteral("\uFFFD")).toStdString();
}

} // namespace stillroom
