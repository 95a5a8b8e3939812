// The page as a PDF, as poppler reads it: nothing is lost, headings do not stand alone, heads of tables come
// again.
#include "widgets/report/report_pdf.h"

#include "widgets/report/figure_painter.h"
#include "widgets/report/figure_svg.h"
#include "widgets/report/math_box.h"
#include "widgets/report/page_pieces.h"
#include "widgets/report/paper.h"

#include <QImage>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <QtTest>
#include <set>

using namespace stillroom;

namespace {

std::string page(const QString& body) {
    return ("<!DOCTYPE html>\n<html><head><title>A test</title></head><body>" + body + "</body></html>")
        .toStdString();
}

ReportFigure figure(const std::string& id) {
    ReportFigure made;
    made.id = id;
    made.title = "A <curve>";
    made.description = "It rises & falls.";
    FigureSeries line{"first", 0, FigureSeries::Mark::Line, {}, {}};
    for (int i = 0; i <= 100; ++i) {
        line.x.push_back(i);
        line.y.push_back(i % 10 == 9 ? std::nan("") : i * 0.5);
        line.low.push_back(i * 0.4);
        line.high.push_back(i * 0.6);
    }
    FigureSeries other = line;
    other.name = "second <b>";
    other.style = 1;
    FigurePanel panel{"", {"across"}, {"upwards"}};
    panel.series = {line, other};
    panel.marks.push_back({true, 40, 3, "here", false});
    FigurePanel cells{"cells", {"x", 0, 1}, {"y", 0, 1}};
    cells.cells.push_back({3, 2, {0, 1, 2, 3, 40, 500}, 0, 1, 0, 1, true, "texts"});
    made.panels = {panel, cells};
    return made;
}

} // namespace

class ReportPdfTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    /// Pages of text; empty: it could not be written.
    QStringList pagesOf(const std::string& html, const std::vector<ReportFigure>& figures = {}) {
        const QString path = folder_.filePath("page.pdf");
        Progress progress;
        const auto written = writeReportPdf(html, figures, path.toStdString(), progress);
        if (!written) {
            qWarning("%s", written.error().message.c_str());
            return {};
        }
        QProcess reader;
        reader.start("pdftotext", {"-layout", path, "-"});
        if (!reader.waitForFinished() || reader.exitCode() != 0)
            return {};
        QStringList pages = QString::fromUtf8(reader.readAllStandardOutput()).split('\f');
        pages.removeLast();
        return pages;
    }

  private Q_SLOTS:
    void initTestCase() {
        if (QStandardPaths::findExecutable("pdftotext").isEmpty())
            QSKIP("there is no pdftotext here (package poppler-utils)");
    }

    void saysWhatThePageSays() {
        const auto pages = pagesOf(
            page("<h1>Title &lt;1&gt;</h1><p>Some <b>bold</b>,\n  <i>slanted</i> and <code>code</code>, "
                 "H<sub>2</sub>.</p><ul><li>one</li><li>two</li></ul><pre>a:  1\n  b: 2</pre>"
                 "<p class=\"screen\">not here</p>"));
        QCOMPARE(pages.size(), 1);
        for (const char* text :
             {"Title <1>", "Some bold, slanted and code, H", "• one", "• two", "a: 1", "b: 2", "1/1"})
            QVERIFY2(pages[0].simplified().replace(" / ", "/").contains(QString::fromUtf8(text)),
                     qPrintable(text + ("\n" + pages[0])));
        QVERIFY(!pages[0].contains("not here"));
    }

    void noHeadingStandsAlone() {
        // Whatever comes before it, the heading is on the page of the first two lines that follow.
        const QString words = QString("word ").repeated(60);
        for (int lines = 30; lines < 60; ++lines) {
            QString body;
            for (int i = 0; i < lines; ++i)
                body += "<p>filler</p>";
            const auto pages = pagesOf(page(body + "<h2>Heading</h2><p>follows " + words + "</p>"));
            QVERIFY(!pages.isEmpty());
            for (const auto& one : pages)
                QCOMPARE(one.contains("Heading"), one.contains("follows"));
        }
    }

    void aTablesHeadComesAgain() {
        QString rows;
        for (int i = 0; i < 200; ++i)
            rows += QStringLiteral("<tr><th>row%1</th><td class=\"n\">%2</td><td>%3</td></tr>")
                        .arg(i)
                        .arg(1000 + i)
                        .arg(i % 3 == 0 ? QString("many words ").repeated(30) : QString("few"));
        const auto pages =
            pagesOf(page("<table><caption>Caption</caption><thead><tr><th>name</th><th class=\"n\">count</th>"
                         "<th>said</th></tr></thead><tbody>" +
                         rows + "</tbody></table>"));
        QVERIFY(pages.size() > 3);
        const QString all = pages.join(' ');
        for (int i = 0; i < 200; ++i)
            QCOMPARE(all.count(QRegularExpression(QStringLiteral("\\brow%1\\b").arg(i))), 1);
        for (const auto& one : pages)
            QVERIFY2(one.contains("count"), qPrintable(one));
        QCOMPARE(all.count("Caption"), 1);
    }

    void longNamesAndWordsAreNotLost() {
        const QString name = QString("x").repeated(400);
        const auto pages = pagesOf(page("<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><th>" +
                                        name + "</th><td>" + name + "</td></tr></tbody></table>"));
        QVERIFY(!pages.isEmpty());
        QCOMPARE(pages.join(' ').count('x'), 800);
    }

    void figuresAreDrawnWithTheirCaption() {
        const auto pages =
            pagesOf(page("<figure id=\"f\"><svg><text>of the screen</text></svg><figcaption>It is "
                         "captioned</figcaption></figure>"),
                    {figure("f")});
        QCOMPARE(pages.size(), 1);
        for (const char* text : {"It is captioned", "across", "first", "second <b>", "cells"})
            QVERIFY2(pages[0].contains(text), qPrintable(text + ("\n" + pages[0])));
        QVERIFY(!pages[0].contains("of the screen"));
    }

    void textFlowsBeforeAFigureThatDoesNotFit() {
        const QString drawn = "<figure id=\"f\"><svg></svg><figcaption>It is captioned</figcaption></figure>";
        QString rows;
        for (int i = 0; i < 40; ++i)
            rows += QStringLiteral("<tr><th>row%1</th><td>said</td></tr>").arg(i);
        for (int lines = 26; lines < 34; ++lines) { // there is no room for the figure, but for rows
            QString body;
            for (int i = 0; i < lines; ++i)
                body += QStringLiteral("<p>before%1</p>").arg(i);
            body += drawn + "<table><thead><tr><th>name</th><th>what</th></tr></thead><tbody>" + rows +
                    "</tbody></table><p>behind</p>";
            const auto pages = pagesOf(page(body), {figure("f")});
            QVERIFY(pages.size() > 1);
            const QString all = pages.join(' ');
            for (int i = 0; i < 40; ++i)
                QCOMPARE(all.count(QRegularExpression(QStringLiteral("\\brow%1\\b").arg(i))), 1);
            QCOMPARE(all.count("It is captioned"), 1);
            QCOMPARE(all.count("behind"), 1);
            // The picture stays with its caption, and the first page is filled with what follows.
            for (const auto& one : pages)
                QCOMPARE(one.contains("It is captioned"), one.contains("across"));
            QVERIFY2(pages[0].contains("row0"), qPrintable(QString::number(lines) + "\n" + pages[0]));
            for (const auto& one : pages)
                QCOMPARE(one.contains(QRegularExpression("\\brow\\d")), one.contains("what"));
        }
    }

    void whatNoFontHasIsABox() {
        const auto pages = pagesOf(page("<p>an \U0010fffd odd\u200d one</p>")); // no character of any font
        QCOMPARE(pages.size(), 1);
        QVERIFY2(pages[0].contains(QStringLiteral("an \u25a1 odd")), qPrintable(pages[0]));
        QCOMPARE(paper::drawable("plain – text", paper::Face::Serif), QString("plain – text"));
    }

    void rowsAreAsHighAsTheirText() {
        const auto heights = [](const QString& more) {
            const auto tree =
                readHtml(page("<table><tbody><tr><th><code>selection.teacher_class_scales</code></th>"
                              "<td><code>a: 1</code><br/></td></tr><tr><th>b</th><td>" +
                              more + "</td></tr></tbody></table>"));
            std::vector<double> all;
            if (tree)
                for (const auto& piece : piecesOf(*tree, {}))
                    all.push_back(piece.height);
            return all;
        };
        const auto low = heights("2"), high = heights(QString("many words ").repeated(60));
        QCOMPARE(low.size(), std::size_t(3)); // two rows, and the space below
        QCOMPARE(high.size(), low.size());
        QCOMPARE(low[0], low[1]);  // a line break at the end is none
        QCOMPARE(high[0], low[0]); // the name of a setting is not broken for a long neighbour
        QVERIFY(high[1] > 3 * low[1]);
    }

    void sixteenStylesDifferWithoutColour() {
        std::set<std::pair<int, bool>> markers;
        for (int style = 0; style < 16; ++style)
            markers.insert({paper::marker(style), paper::isOpen(style)});
        QCOMPARE(markers.size(), std::size_t(16));
    }

    void formulasAreSet() {
        const auto pages = pagesOf(
            page("<math display=\"block\"><msub><mi>g</mi><mi>t</mi></msub><mo>=</mo><mfrac><mi>a</mi>"
                 "<mrow><mi>log</mi><mi>K</mi></mrow></mfrac></math>"));
        QCOMPARE(pages.size(), 1);
        for (const char* part : {"g", "=", "log", "K"})
            QVERIFY(pages[0].contains(part));
    }

    void aFractionIsAboveAndBelow() {
        const auto tree = readHtml("<html><mfrac><mi>a</mi><mi>b</mi></mfrac></html>");
        QVERIFY(tree);
        const MathBox box = layOutMath(*tree, 100);
        QCOMPARE(box.glyphs.size(), std::size_t(2));
        QCOMPARE(box.bars.size(), std::size_t(1));
        QVERIFY(box.glyphs[0].at.y() < box.bars[0].top() && box.glyphs[1].at.y() > box.bars[0].bottom());
        QVERIFY(box.ascent > 60 && box.descent > 20);
    }

    void whatIsNotWellFormedIsSaid() {
        Progress progress;
        const QString path = folder_.filePath("broken.pdf");
        const auto written = writeReportPdf(page("<p>open"), {}, path.toStdString(), progress);
        QVERIFY(!written);
        QVERIFY2(QString::fromStdString(written.error().message).contains("line 2"),
                 written.error().message.c_str());
        QVERIFY(!QFile::exists(path));
        progress.cancel();
        const auto cancelled = writeReportPdf(page("<p>a</p>"), {}, path.toStdString(), progress);
        QVERIFY(!cancelled && cancelled.error().kind == ErrorKind::Cancelled);
        QVERIFY(!QFile::exists(path));
    }

    void anSvgIsXmlAndNamed() {
        ReportFigure odd = figure("fig-odd");
        odd.panels[0].series[0].name = "bad \x01 \"name\"";
        const std::string svg = figureSvg(odd);
        QXmlStreamReader reader(QByteArray::fromStdString(svg));
        QStringList texts;
        while (!reader.atEnd())
            if (reader.readNext() == QXmlStreamReader::Characters)
                texts << reader.text().toString();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QVERIFY(texts.contains("A <curve>"));
        QVERIFY(texts.contains("It rises & falls."));
        QVERIFY(texts.contains("across")); // texts are texts
        QVERIFY(QString::fromStdString(svg).contains("aria-labelledby=\"fig-odd-title fig-odd-desc\""));
    }

    /// Not every paint device clips: nothing may be drawn beside the figure's own rectangle.
    void nothingIsDrawnOutside() {
        const ReportFigure made = figure("f");
        const int margin = 60, height = static_cast<int>(figureHeight(made));
        QImage image(1880 + 2 * margin, height + 2 * margin, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.translate(margin, margin);
        paintFigure(painter, made);
        painter.end();
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (x < margin - 2 || y < margin - 2 || x > image.width() - margin + 2 ||
                    y > image.height() - margin + 2)
                    QVERIFY2(image.pixelColor(x, y) == Qt::white,
                             qPrintable(QStringLiteral("%1, %2").arg(x).arg(y)));
    }
};

QTEST_MAIN(ReportPdfTest)
#include "report_pdf_test.moc"
